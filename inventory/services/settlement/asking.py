"""Ask for a settlement to be prepared, posted or printed: what can be refused is refused now.

What must stay true: the right is asked for here and again when the worker acts; asking changes
nothing but the queue, so asking twice does the thing once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from core import clock, jobs
from core.actor import Actor
from core.errors import NotFound
from inventory.rules.settlement_tasks import POST, PREPARE, STATEMENTS
from inventory.services.settlement import statements
from inventory.services.settlement.posting import NotApproved, RunIsOver
from inventory.services.settlement.preparing import CutOffAhead, PrepareSettlement
from members.services import access, producers

EVERYONE = "all"


def ask_prepare(command: PrepareSettlement, actor: Actor) -> UUID:
    """Queue the preparing of a run and return the job's id.

    Raises CutOffAhead, NotFound for a producer, TooManyJobs, Forbidden.
    """
    access.require(actor, "settlement.prepare")
    if command.cut_off > clock.today():
        raise CutOffAhead(field="cut_off")
    if command.producer_ids is not None:
        known = producers.names(actor.centre_id, command.producer_ids)
        if len(known) != len(set(command.producer_ids)):
            raise NotFound(what="producer")
    params = {"subject": command.cut_off.isoformat(), **params_of(command)}
    return jobs.request(actor, PREPARE, {**params, "locale": actor.locale})


def ask_post(run_id: UUID, actor: Actor) -> UUID:
    """Queue the posting of an approved run and return the job's id.

    Raises NotApproved, RunIsOver, NotFound, TooManyJobs, Forbidden.
    """
    access.require(actor, "settlement.prepare")
    run = statements.run(run_id, actor)
    if run.state in ("posted", "cancelled"):
        raise RunIsOver(kind=run.state)
    if run.state != "approved":
        raise NotApproved
    return jobs.request(actor, POST, _about(run_id, run.run_no, actor))


def ask_statements(run_id: UUID, actor: Actor) -> UUID:
    """Queue the drawing of a run's statements and return the job's id; asked again while they are
    being drawn, it is the same job. Raises NotFound, TooManyJobs, Forbidden.
    """
    access.require(actor, "report.request")
    run = statements.run(run_id, actor)
    known = jobs.last_asked(actor.centre_id, STATEMENTS, "run_id", str(run_id))
    if known is not None and not known.finished:
        return known.id
    count = str(len(statements.of_run(run_id, actor)))
    return jobs.request(actor, STATEMENTS, {**_about(run_id, run.run_no, actor), "count": count})


def params_of(command: PrepareSettlement) -> dict[str, str]:
    """Return a command as a job's params."""
    some = command.producer_ids
    return {
        "run_id": str(command.id),
        "cut_off": command.cut_off.isoformat(),
        "producer_ids": EVERYONE if some is None else ",".join(map(str, some)),
    }


def command_of(params: Mapping[str, Any]) -> PrepareSettlement:
    """Return the command a job's params hold."""
    some = params["producer_ids"]
    return PrepareSettlement(
        id=UUID(params["run_id"]),
        cut_off=date.fromisoformat(params["cut_off"]),
        producer_ids=None if some == EVERYONE else tuple(map(UUID, some.split(","))),
    )


def _about(run_id: UUID, subject: str, actor: Actor) -> dict[str, str]:
    return {"run_id": str(run_id), "subject": subject, "locale": actor.locale}
