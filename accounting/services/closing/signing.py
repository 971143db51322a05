"""Two signatures close a month: prepared by one person, signed and locked by another.

What must stay true: the second signature locks exactly what the first one saw; with it, in one
transaction, the year is carried where it ends, everything is sealed, and the database takes nothing
more for that month. A close killed half-way leaves nothing but an open month.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from accounting.models import MonthClose, MonthCloseApproval, MonthReopeningApproval
from accounting.rules import closing
from accounting.rules.closing import FiguresMoved, SamePersonSigns
from accounting.rules.periods import PeriodClosed, first_day
from accounting.rules.seals import BEGINNING
from accounting.services import periods, sealing
from accounting.services.closing import checklist, year
from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import DifferentContent, NotFound
from members.services import access, users


@dataclass(frozen=True, slots=True)
class PrepareClose:
    """The preparer's signature under a month."""

    id: UUID
    period_id: int


@dataclass(frozen=True, slots=True)
class CloseCard:
    """A close: who prepared it and, once signed, who signed and what seal stands under it."""

    id: UUID
    period_id: int
    prepared_by: UUID
    prepared_by_name: str
    prepared_at: datetime
    digest: str
    content: dict[str, Any]
    signed_by: UUID | None = None
    signed_by_name: str = ""
    signed_at: datetime | None = None
    sealed_to: int = 0
    seal_hash: str = ""
    content_hash: str = ""
    undone: bool = False

    @property
    def in_force(self) -> bool:
        """Tell whether this close keeps its month locked."""
        return self.signed_at is not None and not self.undone


def prepare(command: PrepareClose, actor: Actor) -> CloseCard:
    """Sign as the preparer that a month is ready. The same id again returns the same close.

    Raises Forbidden, NotNextToClose, MonthNotOver, StepsOpen, PeriodClosed, DifferentContent.
    """
    access.require(actor, "close.prepare")
    assert actor.user_id is not None, "a person signs"
    earlier = _find(actor.centre_id, command.id)
    if earlier is not None:
        if earlier.period_id != command.period_id:
            raise DifferentContent(differs=["period_id"])
        return earlier
    _require_turn(command.period_id, actor.centre_id)
    found = checklist.worked_out(command.period_id, actor.centre_id)
    closing.require_ready(found.steps)
    periods.ensure(actor.centre_id, first_day(command.period_id))
    content = checklist.content_of(found, actor.centre)
    db.session.execute(
        insert(MonthClose).values(
            centre_id=actor.centre_id,
            id=command.id,
            period_id=command.period_id,
            prepared_at=clock.now(),
            prepared_by=actor.user_id,
            content=content,
            digest=checklist.digest(content),
        )
    )
    audit.record(actor, "close.prepare", "accounting_period", command.period_id)
    card = _find(actor.centre_id, command.id)
    assert card is not None
    return card


def sign(close_id: UUID, actor: Actor) -> CloseCard:
    """Sign second: lock the month, carry the year where it ends, and seal the books.

    Signing again what this person signed returns the same close. Postings into the month wait
    meanwhile. Raises Forbidden, NotFound, SamePersonSigns, FiguresMoved, StepsOpen,
    NotNextToClose, PeriodClosed.
    """
    access.require(actor, "close.sign")
    assert actor.user_id is not None, "a person signs"
    card = get(close_id, actor)
    if card.signed_by == actor.user_id and not card.undone:
        return card
    if card.prepared_by == actor.user_id:
        raise SamePersonSigns
    if periods.hold(actor.centre_id, card.period_id) != "open" or card.signed_at is not None:
        raise PeriodClosed(period_id=card.period_id)
    _require_turn(card.period_id, actor.centre_id)
    if latest(actor.centre_id, card.period_id) != card.id:
        raise FiguresMoved
    found = checklist.worked_out(card.period_id, actor.centre_id)
    closing.require_ready(found.steps)
    if checklist.digest(checklist.content_of(found, actor.centre)) != card.digest:
        raise FiguresMoved
    ending = year.ends_with(card.period_id, actor)
    if ending is not None:
        year.carry(ending, close_id, actor)
    head = sealing.seal_all(actor.centre_id)
    seal_hash = head.hash if head else BEGINNING
    db.session.execute(
        insert(MonthCloseApproval).values(
            centre_id=actor.centre_id,
            close_id=close_id,
            prepared_by=card.prepared_by,
            signed_by=actor.user_id,
            signed_at=clock.now(),
            sealed_to=head.sequence if head else 0,
            seal_hash=seal_hash,
            content_hash=checklist.content_hash(seal_hash, card.content),
        )
    )
    periods.lock(actor.centre_id, card.period_id, actor.user_id)
    audit.record(actor, "period.closed", "accounting_period", card.period_id)
    return get(close_id, actor)


def get(close_id: UUID, actor: Actor) -> CloseCard:
    """Return a close. Raises Forbidden, NotFound."""
    access.require(actor, "close.read")
    card = _find(actor.centre_id, close_id)
    if card is None:
        raise NotFound(what="month_close")
    return card


def in_force(centre_id: int, period_id: int) -> CloseCard | None:
    """Return the close that keeps a month locked, if any."""
    return next((card for card in of_period(centre_id, period_id) if card.in_force), None)


def latest(centre_id: int, period_id: int) -> UUID | None:
    """Return the close of a month that was prepared last, if any."""
    found = of_period(centre_id, period_id)
    return found[-1].id if found else None


def of_period(centre_id: int, period_id: int) -> list[CloseCard]:
    """Return every close of a month, in the order prepared."""
    return _cards(MonthClose.centre_id == centre_id, MonthClose.period_id == period_id)


def _require_turn(period_id: int, centre_id: int) -> None:
    known = checklist.states(centre_id)
    if known.get(period_id) == "closed":
        raise PeriodClosed(period_id=period_id)
    closing.require_turn(period_id, known, clock.today())


def _find(centre_id: int, close_id: UUID) -> CloseCard | None:
    found = _cards(MonthClose.centre_id == centre_id, MonthClose.id == close_id)
    return found[0] if found else None


def _cards(*where: Any) -> list[CloseCard]:
    rows = db.session.execute(
        select(MonthClose, MonthCloseApproval, MonthReopeningApproval.agreed_at)
        .outerjoin(
            MonthCloseApproval,
            (MonthCloseApproval.centre_id == MonthClose.centre_id)
            & (MonthCloseApproval.close_id == MonthClose.id),
        )
        .outerjoin(
            MonthReopeningApproval,
            (MonthReopeningApproval.centre_id == MonthClose.centre_id)
            & (MonthReopeningApproval.close_id == MonthClose.id),
        )
        .where(*where)
        .order_by(MonthClose.prepared_at, MonthClose.id)
    ).all()
    people = {close.prepared_by for close, _signed, _undone in rows}
    people |= {signed.signed_by for _close, signed, _undone in rows if signed is not None}
    names = users.names(people)
    return [_card(close, signed, undone, names) for close, signed, undone in rows]


def _card(
    close: MonthClose,
    signed: MonthCloseApproval | None,
    undone: datetime | None,
    names: dict[UUID, str],
) -> CloseCard:
    card = (
        close.id,
        close.period_id,
        close.prepared_by,
        names.get(close.prepared_by, ""),
        close.prepared_at,
        close.digest,
        close.content,
    )
    if signed is None:
        return CloseCard(*card)
    return CloseCard(
        *card,
        signed_by=signed.signed_by,
        signed_by_name=names.get(signed.signed_by, ""),
        signed_at=signed.signed_at,
        sealed_to=signed.sealed_to,
        seal_hash=signed.seal_hash,
        content_hash=signed.content_hash,
        undone=undone is not None,
    )
