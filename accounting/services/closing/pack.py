"""The paper of a closed month for the meeting: gathered from what is locked and what was signed.

What must stay true: nothing in it can change once the month is locked (the ledger's figures are
locked, names and steps are those that were signed), so the same close always makes the same paper.
What came late afterwards is shown with the close on its page, not here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from accounting.rules.closing_tasks import CLOSE_PACK
from accounting.rules.periods import first_day
from accounting.rules.stretches import Stretch
from accounting.services import financial_statements
from accounting.services.closing import checklist, signing
from accounting.services.closing.signing import CloseCard
from accounting.services.financial_statements import Ask, Month, Shown
from core import jobs
from core.actor import Actor, Centre, system_actor
from core.dates import format_month
from core.errors import NotFound
from core.jobs import JobCard
from members.services import access

STATEMENTS = ("income", "balance", "cash_flow")
PLOTTED_MONTHS = 12
FAILURES_MAX = 3


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything the paper shows; `names` gives an account's code and Thai name by its id."""

    close: CloseCard
    letterhead: Mapping[str, str]
    names: Mapping[UUID, tuple[str, str]]
    statements: tuple[Shown, ...]
    months: tuple[Month, ...]


def gather(close_id: UUID, actor: Actor) -> Pack:
    """Gather the paper of a close. Raises Forbidden, NotFound (also for one not in force)."""
    access.require(actor, "close.read")
    close = signing.get(close_id, actor)
    if not close.in_force or "letterhead" not in close.content:
        raise NotFound(what="month_close")
    month = Stretch("month", close.period_id, close.period_id)
    start = close.content["fiscal_year_start_month"]
    return Pack(
        close,
        close.content["letterhead"],
        {UUID(key): (code, name) for key, (code, name) in close.content["accounts"].items()},
        tuple(
            financial_statements.of_centre(Ask(kind, month), actor.centre_id, start)
            for kind in STATEMENTS
        ),
        financial_statements.over_months(actor.centre_id, close.period_id, PLOTTED_MONTHS),
    )


def made_or_asked(centre_id: int, close_id: UUID) -> JobCard | None:
    """Return the job of a close's paper, made or under way; None when there is none.

    One that failed is asked for again, a few times.
    """
    return jobs.last_asked(centre_id, CLOSE_PACK, "close_id", str(close_id), FAILURES_MAX)


def request(period_id: int, actor: Actor) -> UUID:
    """Ask the worker for the paper of a locked month; return its job.

    Raises Forbidden, NotFound, TooManyJobs.
    """
    access.require(actor, "close.read")
    close = signing.in_force(actor.centre_id, period_id)
    if close is None:
        raise NotFound(what="month_close")
    return _request(close.id, period_id, actor)


def request_missing(centre: Centre) -> int:
    """Ask for the paper of every locked month that has none; return how many. For the schedule."""
    asked = 0
    for period_id, state in checklist.states(centre.id).items():
        close = signing.in_force(centre.id, period_id) if state == "closed" else None
        if close is None or "letterhead" not in close.content:
            continue
        if made_or_asked(centre.id, close.id) is None:
            _request(close.id, period_id, system_actor(centre))
            asked += 1
    return asked


def _request(close_id: UUID, period_id: int, actor: Actor) -> UUID:
    return jobs.request(
        actor,
        CLOSE_PACK,
        {
            "close_id": str(close_id),
            "period_id": period_id,
            "subject": format_month(first_day(period_id), "th"),
            "locale": "th",
        },
    )
