"""Open a locked month again: one asks with a reason, another agrees, and the log keeps both.

What must stay true: only the month locked last can be opened (the later ones build on it); the
database opens it only under the agreement of two people; the year's entry is taken back with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, insert, select

from accounting.models import MonthReopening, MonthReopeningApproval
from accounting.rules.closing import SamePersonSigns
from accounting.services import periods
from accounting.services.closing import checklist, signing, year
from accounting.services.closing.checklist import REASON_MAX, ReasonMissing
from accounting.services.closing.signing import CloseCard
from accounting.services.surplus import years
from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import N_, DifferentContent, DomainError, NotFound
from members.services import access, users


class NotLastLocked(DomainError):
    """Later months are locked on top of this one."""

    code, status, title = "not-last-locked", 409, N_("A later month is locked")
    detail = N_("Months are opened from the last one back. Open the later month first.")


class NotLocked(DomainError):
    """This month is open already."""

    code, status, title = "month-not-locked", 409, N_("This month is open")
    detail = N_("There is nothing to open.")


class SurplusAllocated(DomainError):
    """The year's surplus was used by a resolution; opening the year would take it from under it."""

    code, status, title = "surplus-allocated", 409, N_("The surplus of this year is allocated")
    detail = N_(
        "%(allocation_no)s stands on it. Take the allocation back first, or enter the correction in"
        " an open month."
    )


@dataclass(frozen=True, slots=True)
class AskReopening:
    """A request to open a locked month, with the reason."""

    id: UUID
    period_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class ReopeningCard:
    """A request to open a month; once agreed, by whom and when."""

    id: UUID
    close_id: UUID
    reason: str
    asked_by: UUID
    asked_by_name: str
    asked_at: datetime
    agreed_by_name: str = ""
    agreed_at: datetime | None = None


def ask(command: AskReopening, actor: Actor) -> ReopeningCard:
    """Ask that a locked month be opened. The same id again returns the same request.

    Raises Forbidden, ReasonMissing, NotLocked, NotLastLocked, SurplusAllocated, DifferentContent.
    """
    access.require(actor, "close.reopen")
    assert actor.user_id is not None, "a person asks"
    reason = command.reason.strip()
    if not reason or len(reason) > REASON_MAX:
        raise ReasonMissing(field="reason")
    earlier = _find(actor.centre_id, command.id)
    if earlier is not None:
        if earlier.reason != reason:
            raise DifferentContent(differs=["reason"])
        return earlier
    close = _close_to_undo(command.period_id, actor.centre_id)
    _require_surplus_unused(command.period_id, actor)
    db.session.execute(
        insert(MonthReopening).values(
            centre_id=actor.centre_id,
            id=command.id,
            close_id=close.id,
            reason=reason,
            asked_by=actor.user_id,
            asked_at=clock.now(),
        )
    )
    audit.record(actor, "close.reopen_asked", "accounting_period", command.period_id, reason=reason)
    card = _find(actor.centre_id, command.id)
    assert card is not None
    return card


def agree(reopening_id: UUID, actor: Actor) -> ReopeningCard:
    """Agree as the second person: the month is open again. Agreeing twice changes nothing.

    Raises Forbidden, NotFound, SamePersonSigns, NotLocked, NotLastLocked, SurplusAllocated.
    """
    access.require(actor, "close.reopen")
    assert actor.user_id is not None, "a person agrees"
    card = _find(actor.centre_id, reopening_id)
    if card is None:
        raise NotFound(what="month_reopening")
    if card.agreed_at is not None:
        return card
    if card.asked_by == actor.user_id:
        raise SamePersonSigns
    period_id = signing.get(card.close_id, actor).period_id
    periods.hold(actor.centre_id, period_id)
    close = _close_to_undo(period_id, actor.centre_id)
    if close.id != card.close_id:
        raise NotLocked
    _require_surplus_unused(period_id, actor)
    db.session.execute(
        insert(MonthReopeningApproval).values(
            centre_id=actor.centre_id,
            reopening_id=reopening_id,
            close_id=close.id,
            asked_by=card.asked_by,
            agreed_by=actor.user_id,
            agreed_at=clock.now(),
        )
    )
    periods.unlock(actor.centre_id, period_id)
    year.take_back(period_id, close.id, actor)
    audit.record(actor, "close.reopened", "accounting_period", period_id, reason=card.reason)
    found = _find(actor.centre_id, reopening_id)
    assert found is not None
    return found


def of_period(centre_id: int, period_id: int) -> list[ReopeningCard]:
    """Return every request to open a month, in the order asked."""
    closes = [card.id for card in signing.of_period(centre_id, period_id)]
    return _cards(MonthReopening.centre_id == centre_id, MonthReopening.close_id.in_(closes))


def _require_surplus_unused(period_id: int, actor: Actor) -> None:
    ending = year.ends_with(period_id, actor)
    standing = None if ending is None else years.allocated_by(actor.centre_id, ending)
    if standing is not None:
        raise SurplusAllocated(allocation_no=standing)


def _close_to_undo(period_id: int, centre_id: int) -> CloseCard:
    known = checklist.states(centre_id)
    close = signing.in_force(centre_id, period_id)
    if known.get(period_id) != "closed" or close is None:
        raise NotLocked
    if any(state == "closed" for later, state in known.items() if later > period_id):
        raise NotLastLocked
    return close


def _find(centre_id: int, reopening_id: UUID) -> ReopeningCard | None:
    found = _cards(MonthReopening.centre_id == centre_id, MonthReopening.id == reopening_id)
    return found[0] if found else None


def _cards(*where: ColumnElement[bool]) -> list[ReopeningCard]:
    rows = db.session.execute(
        select(MonthReopening, MonthReopeningApproval)
        .outerjoin(
            MonthReopeningApproval,
            (MonthReopeningApproval.centre_id == MonthReopening.centre_id)
            & (MonthReopeningApproval.reopening_id == MonthReopening.id),
        )
        .where(*where)
        .order_by(MonthReopening.asked_at, MonthReopening.id)
    ).all()
    people = {asked.asked_by for asked, _agreed in rows}
    people |= {agreed.agreed_by for _asked, agreed in rows if agreed is not None}
    names = users.names(people)
    return [
        ReopeningCard(
            asked.id,
            asked.close_id,
            asked.reason,
            asked.asked_by,
            names.get(asked.asked_by, ""),
            asked.asked_at,
            names.get(agreed.agreed_by, "") if agreed else "",
            agreed.agreed_at if agreed else None,
        )
        for asked, agreed in rows
    ]
