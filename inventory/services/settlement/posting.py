"""Approve a settlement, post it whole, or cancel it.

What must stay true: whoever prepared a run does not approve it, unless the centre's waiver says so
and is written down; a run is posted once, every statement of it or none; what changed since it was
prepared is found before anything is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.rules.periods import PeriodClosed, period_of
from accounting.services import ledger, periods
from core import clock
from core.actor import Actor
from core.db import db, insert_rows, serialise_on
from core.errors import N_, DomainError, NotFound
from inventory.models import (
    Recovery,
    SettledMove,
    Settlement,
    SettlementApproval,
    SettlementOutcome,
    SettlementRun,
)
from inventory.rules.advances import MoreThanOutstanding
from inventory.rules.settlement import line_of
from inventory.services import advances, separation
from inventory.services.settlement.gathering import recovered
from members.services import access, duties, producers
from members.services.duties import Document

Progress = Callable[[int, int], None]
SOURCE = "settlement"
CHUNK = 200


class SamePerson(DomainError):
    """Whoever prepared a settlement can't approve it."""

    code, status, title = "same-person", 409, N_("Another person must approve this")
    detail = N_(
        "You prepared it. Ask a colleague, or the manager records a waiver under"
        " “Duties kept apart”."
    )


class NotApproved(DomainError):
    """A settlement is posted after a second person approved it."""

    code, status, title = "settlement-not-approved", 409, N_("This settlement is not approved")
    detail = N_("Ask a second person to look at it and approve it.")


class RunIsOver(DomainError):
    """The run was posted or cancelled before."""

    code, status, title = "settlement-over", 409, N_("This settlement is over")
    detail = N_("It was posted or cancelled before. Prepare a new one if anything is missing.")


class Outdated(DomainError):
    """Something a statement counts on was taken meanwhile."""

    code, status, title = "settlement-outdated", 409, N_("Something changed since it was prepared")
    detail = N_("%(name)s: returns or advances were settled another way. Cancel it, prepare anew.")


@dataclass(frozen=True, slots=True)
class CancelRun:
    """A prepared run given up, with the reason."""

    run_id: UUID
    reason: str


def approve(run_id: UUID, actor: Actor) -> None:
    """Approve a prepared run; again by the same person changes nothing.

    Raises SamePerson, PricedIt, OwnPayout, RunIsOver, NotFound, Forbidden.
    """
    access.require(actor, "settlement.approve")
    serialise_on(run_id)
    run = _run(actor.centre_id, run_id)
    approval = _approval(actor.centre_id, run_id)
    if approval is not None:
        return
    _require_waiting(actor.centre_id, run_id)
    document = Document("settlement_run", run_id, run.run_no)
    waiver = duties.require_apart("settlement", [run.prepared_by], document, actor, SamePerson)
    separation.require_for_run(run, actor)
    db.session.execute(
        insert(SettlementApproval).values(
            centre_id=actor.centre_id,
            run_id=run_id,
            prepared_by=run.prepared_by,
            approved_by=actor.user_id,
            approved_name=actor.name,
            approved_at=clock.now(),
            waiver=waiver,
        )
    )


def cancel(command: CancelRun, actor: Actor) -> None:
    """Give up a run that was not posted; again changes nothing. Raises RunIsOver, NotFound."""
    access.require(actor, "settlement.prepare")
    serialise_on(command.run_id)
    _run(actor.centre_id, command.run_id)
    if _outcome(actor.centre_id, command.run_id) == "cancelled":
        return
    _require_waiting(actor.centre_id, command.run_id)
    _conclude(command.run_id, "cancelled", clock.now(), actor, command.reason)


def post(run_id: UUID, actor: Actor, progress: Progress | None = None) -> bool:
    """Post an approved run; tell whether this call did it (again changes nothing).

    Raises NotApproved, RunIsOver, Outdated, PeriodClosed, NotFound, Forbidden.
    """
    access.require(actor, "settlement.prepare")
    centre_id = actor.centre_id
    serialise_on(run_id)
    _run(centre_id, run_id)
    if _outcome(centre_id, run_id) == "posted":
        return False
    _require_waiting(centre_id, run_id)
    if _approval(centre_id, run_id) is None:
        raise NotApproved
    now = clock.now()
    # The ledger refuses a closed month itself, but most statements net nothing and have no entry.
    if not periods.is_open(centre_id, clock.business_date(now)):
        raise PeriodClosed(period_id=period_of(clock.business_date(now)))
    _conclude(run_id, "posted", now, actor)
    _hold_taken_from(centre_id, run_id)
    taken = recovered(centre_id)
    done = 0
    for statements, total in _chunks(centre_id, run_id):
        for row in statements:
            _require_still_owed(row, taken)
        insert_rows(SettledMove, [one for row in statements for one in _settled(row)])
        insert_rows(Recovery, [one for row in statements for one in _recoveries(row, now)])
        netted = [row for row in statements if row.netted_satang]
        people = producers.names(centre_id, {row.producer_id for row in netted})
        for row in netted:
            _net(row, people[row.producer_id].member_id, now, actor)
        done += len(statements)
        if progress is not None:
            progress(done, total)
    return True


# --- what posting writes ---------------------------------------------------------------------


def _chunks(centre_id: int, run_id: UUID) -> Iterator[tuple[Sequence[Settlement], int]]:
    """Yield the statements of a run a few at a time, with how many there are."""
    wanted = (Settlement.centre_id == centre_id, Settlement.run_id == run_id)
    ids = db.session.scalars(
        select(Settlement.id).where(*wanted).order_by(Settlement.settlement_no)
    ).all()
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        rows = db.session.execute(
            select(
                Settlement.centre_id,
                Settlement.id,
                Settlement.producer_id,
                Settlement.netted_satang,
                Settlement.content,
            )
            .where(Settlement.centre_id == centre_id, Settlement.id.in_(some))
            .order_by(Settlement.settlement_no)
        ).all()
        yield rows, len(ids)  # type: ignore[misc]


def _hold_taken_from(centre_id: int, run_id: UUID) -> None:
    """Let nobody else take returns or advances of the same producers meanwhile."""
    some = db.session.scalars(
        select(Settlement.producer_id)
        .where(
            Settlement.centre_id == centre_id,
            Settlement.run_id == run_id,
            (Settlement.recovered_satang > 0) | (Settlement.netted_satang > 0),
        )
        .order_by(Settlement.producer_id)
    )
    for producer_id in some.all():
        serialise_on(producer_id)


def _require_still_owed(row: Any, taken: dict[tuple[str, UUID, int], int]) -> None:
    for one in row.content["recoveries"]:
        line = line_of(one["line"])
        left = -line.amount_satang - taken.get(line.key, 0)
        if left != one["left_before"]:
            raise Outdated(name=row.content["producer"]["name"])


def _settled(row: Any) -> Iterator[dict[str, Any]]:
    """Yield the moves a statement settles: its lines, and returns it takes the last of."""
    ended = [one["line"] for one in row.content["recoveries"] if one["taken"] == one["left_before"]]
    for kind, document, number, *_ in (*row.content["lines"], *ended):
        yield {
            "centre_id": row.centre_id,
            "source_type": kind,
            "source_id": UUID(document),
            "move_no": number,
            "settlement_id": row.id,
        }


def _recoveries(row: Any, now: datetime) -> Iterator[dict[str, Any]]:
    for one in row.content["recoveries"]:
        if not one["taken"]:
            continue
        kind, document, number, *_ = one["line"]
        yield {
            "centre_id": row.centre_id,
            "document_type": SOURCE,
            "document_id": row.id,
            "source_type": kind,
            "source_id": UUID(document),
            "move_no": number,
            "producer_id": row.producer_id,
            "amount_satang": one["taken"],
            "recorded_at": now,
        }


def _net(row: Any, member_id: UUID | None, now: datetime, actor: Actor) -> None:
    """Take an advance off what is owed: both stand under the producer's key."""
    try:
        advances.net(actor.centre_id, SOURCE, row.id, row.producer_id, row.netted_satang)
    except MoreThanOutstanding:
        raise Outdated(name=row.content["producer"]["name"]) from None
    ledger.post(
        NewEntry(
            kind="settlement",
            source_type=SOURCE,
            source_id=row.id,
            business_date=clock.business_date(now),
            occurred_at=now,
            lines=(
                NewLine(
                    Purpose.CONSIGNMENT_PAYABLE,
                    debit=row.netted_satang,
                    producer_id=row.producer_id,
                    member_id=member_id,
                ),
                NewLine(
                    Purpose.PRODUCER_ADVANCES,
                    credit=row.netted_satang,
                    producer_id=row.producer_id,
                    member_id=member_id,
                ),
            ),
            memo=row.content["settlement_no"],
        ),
        actor,
    )


# --- where a run stands ----------------------------------------------------------------------


def _run(centre_id: int, run_id: UUID) -> SettlementRun:
    run = db.session.get(SettlementRun, (centre_id, run_id))
    if run is None:
        raise NotFound(what="settlement_run")
    return run


def _approval(centre_id: int, run_id: UUID) -> SettlementApproval | None:
    return db.session.get(SettlementApproval, (centre_id, run_id))


def _outcome(centre_id: int, run_id: UUID) -> str | None:
    return db.session.scalar(
        select(SettlementOutcome.kind).where(
            SettlementOutcome.centre_id == centre_id, SettlementOutcome.run_id == run_id
        )
    )


def _require_waiting(centre_id: int, run_id: UUID) -> None:
    outcome = _outcome(centre_id, run_id)
    if outcome is not None:
        raise RunIsOver(kind=outcome)


def _conclude(run_id: UUID, kind: str, now: datetime, actor: Actor, reason: str = "") -> None:
    db.session.execute(
        insert(SettlementOutcome).values(
            centre_id=actor.centre_id,
            run_id=run_id,
            kind=kind,
            business_date=clock.business_date(now),
            recorded_at=now,
            recorded_by=actor.user_id,
            reason=reason,
        )
    )
