"""Advances to producers: money, or our own goods, given before anything was earned.

What must stay true: an advance is given back in parts that never exceed it, oldest first, each part
naming the settlement, payout or repayment it came by; the advances account of a producer is what
is still out.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select

from accounting.rules.entry import NewEntry, NewLine
from accounting.services import ledger
from core import clock
from core.actor import Actor
from core.db import db, insert_rows, serialise_on, sum_int
from core.documents import content_of, differences, digest_of
from core.errors import N_, DifferentContent, DomainError, NotFound
from core.ids import uuid_or_none
from core.numbering import buddhist_year, next_numbers
from core.paging import Page, Window, page_of
from core.sought import NOTHING, Sought, matching
from inventory.models import Advance, AdvanceLine, AdvanceNetting
from inventory.rules.advances import MoreThanOutstanding, oldest_first
from inventory.rules.payout_posting import Purse, Whose, money_advance_lines
from inventory.services import advance_goods, drawer
from inventory.services.advance_goods import GoodsAsked, PricedGoods
from members.services import access, delivering, finding, producers
from members.services.producers import ProducerCard

__all__ = [
    "AdvanceDiffers",
    "AdvanceDoc",
    "GiveAdvance",
    "GoodsAsked",
    "MoreThanOutstanding",
    "Outstanding",
    "get",
    "give",
    "listing",
    "net",
    "outstanding",
]

SOURCE = "advance"
LINES_MAX = 50


class AdvanceDiffers(DifferentContent):
    """The advance's id came again with other content; the first one stands."""

    code, title = "advance-differs", N_("This advance was already recorded with other content")


class AdvanceOfNothing(DomainError):
    """An advance is money, or goods, and not both."""

    code, status, title = "advance-of-nothing", 422, N_("Say how much, or which goods")
    detail = N_("Enter an amount of money, or goods with their quantities.")


@dataclass(frozen=True, slots=True)
class GiveAdvance:
    """An advance to give: `money` from till, safe or bank, or `goods` from our shelf."""

    id: UUID
    producer_id: UUID
    kind: str
    paid_from: str
    amount_satang: int = 0
    shift_id: UUID | None = None
    lines: tuple[GoodsAsked, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Outstanding:
    """What of an advance is still out."""

    advance_id: UUID
    advance_no: str
    kind: str
    business_date: date
    amount_satang: int
    left_satang: int


@dataclass(frozen=True, slots=True)
class GivenBack:
    """A part of an advance given back, and the document it came by."""

    document_type: str
    document_id: UUID
    amount_satang: int
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class AdvanceDoc:
    """An advance as it was given, and what is still out of it."""

    id: UUID
    advance_no: str
    producer: ProducerCard
    kind: str
    paid_from: str
    till_id: UUID | None
    amount_satang: int
    left_satang: int
    note: str
    business_date: date
    recorded_at: datetime
    recorded_name: str
    lines: tuple[PricedGoods, ...] = ()
    given_back: tuple[GivenBack, ...] = ()


# --- what is still out -----------------------------------------------------------------------


def outstanding(
    centre_id: int, producer_ids: Collection[UUID] | None = None
) -> dict[UUID, list[Outstanding]]:
    """Return each producer's advances still out, oldest first; who has none is missing."""
    query = _with_left(centre_id).order_by(Advance.recorded_at, Advance.id)
    if producer_ids is not None:
        query = query.where(Advance.producer_id.in_(sorted(producer_ids)))
    found: dict[UUID, list[Outstanding]] = {}
    for row in db.session.execute(query):
        if row.left_satang:
            found.setdefault(row.producer_id, []).append(
                Outstanding(
                    row.id,
                    row.advance_no,
                    row.kind,
                    row.business_date,
                    row.amount_satang,
                    row.left_satang,
                )
            )
    return found


def net(
    centre_id: int,
    document_type: str,
    document_id: UUID,
    producer_id: UUID,
    amount_satang: int,
    advance_id: UUID | None = None,
) -> None:
    """Give advances back by a document, oldest first (or one alone); the caller posts.

    The producer stays locked until the transaction ends. Raises MoreThanOutstanding.
    """
    serialise_on(producer_id)
    left = [
        (one.advance_id, one.left_satang)
        for one in outstanding(centre_id, [producer_id]).get(producer_id, ())
        if advance_id in {None, one.advance_id}
    ]
    now = clock.now()
    insert_rows(
        AdvanceNetting,
        [
            {
                "centre_id": centre_id,
                "document_type": document_type,
                "document_id": document_id,
                "advance_id": advance,
                "amount_satang": part,
                "recorded_at": now,
            }
            for advance, part in oldest_first(left, amount_satang)
        ],
    )


# --- giving ----------------------------------------------------------------------------------


def give(command: GiveAdvance, actor: Actor) -> AdvanceDoc:
    """Give an advance; the same command again changes nothing.

    Raises AdvanceDiffers, AdvanceOfNothing, NotFromThere, ShiftNeeded, ShiftClosed,
    NotEnoughInDrawer, NotOurGoods, OutOfStock, WholePieces, ProducerSuspended, ProducerInactive,
    PeriodClosed, NotFound, Forbidden.
    """
    access.require(actor, "advance.give")
    serialise_on(command.producer_id)
    content = content_of(command)
    earlier = db.session.scalar(
        select(Advance.content).where(
            Advance.centre_id == actor.centre_id, Advance.id == command.id
        )
    )
    if earlier is not None:
        if differs := differences(earlier, content):
            raise AdvanceDiffers(differs=differs)
        return _doc(actor.centre_id, command.id)
    producer = delivering.require(actor.centre_id, command.producer_id)
    _require_sense(command)
    purse = _purse(command, actor)
    now = clock.now()
    drawn = (
        advance_goods.draw(command.id, command.lines, now, actor)
        if command.kind == "goods"
        else None
    )
    amount = drawn.amount_satang if drawn else command.amount_satang
    year = buddhist_year(clock.business_date(now))
    [number] = next_numbers(actor.centre_id, [(SOURCE, year)])
    db.session.execute(
        insert(Advance).values(
            centre_id=actor.centre_id,
            id=command.id,
            advance_no=f"AV-{year}-{number:05d}",
            producer_id=producer.id,
            kind=command.kind,
            paid_from=command.paid_from,
            till_id=purse.till_id,
            shift_id=command.shift_id,
            amount_satang=amount,
            note=command.note,
            business_date=clock.business_date(now),
            recorded_at=now,
            recorded_by=actor.user_id,
            recorded_name=actor.name,
            digest=digest_of(content),
            content=content,
        )
    )
    whose = Whose(producer.id, producer.member_id)
    if drawn:
        advance_goods.store(actor.centre_id, command.id, drawn)
        lines = advance_goods.posted(whose, drawn)
    else:
        lines = money_advance_lines(whose, amount, purse)
    _post(command, lines, now, actor)
    return _doc(actor.centre_id, command.id)


def _require_sense(command: GiveAdvance) -> None:
    goods = command.kind == "goods"
    if goods != (command.paid_from == "shelf"):
        raise drawer.NotFromThere(field="paid_from")
    if goods:
        if not command.lines or command.amount_satang:
            raise AdvanceOfNothing(field="product_1")
    elif command.lines or command.amount_satang <= 0:
        raise AdvanceOfNothing(field="amount_satang")


def _purse(command: GiveAdvance, actor: Actor) -> Purse:
    if command.kind == "goods":
        return Purse("shelf")
    amount = command.amount_satang
    return drawer.purse(command.paid_from, command.shift_id, actor, out_satang=amount)


def _post(command: GiveAdvance, lines: Sequence[NewLine], now: datetime, actor: Actor) -> None:
    ledger.post(
        NewEntry(
            kind="advance",
            source_type=SOURCE,
            source_id=command.id,
            business_date=clock.business_date(now),
            occurred_at=now,
            lines=lines,
            memo=command.note,
        ),
        actor,
    )


# --- reading ---------------------------------------------------------------------------------


def get(advance_id: UUID, actor: Actor) -> AdvanceDoc:
    """Return an advance; a producer's own is open to that producer. Raises NotFound, Forbidden."""
    whose = db.session.scalar(
        select(Advance.producer_id).where(
            Advance.centre_id == actor.centre_id, Advance.id == advance_id
        )
    )
    own = whose is not None and whose == actor.producer_id
    access.require(actor, "producer_account.read" if own else "payout.read")
    return _doc(actor.centre_id, advance_id)


def listing(actor: Actor, window: Window, sought: Sought = NOTHING) -> Page[AdvanceDoc]:
    """Return advances, newest first, without their lines; raise `Forbidden`."""
    access.require(actor, "payout.read")
    named = finding.of_producer(actor.centre_id, Advance.producer_id)
    texts = (Advance.advance_no, Advance.note, named)
    query = _with_left(actor.centre_id).where(
        *matching(sought, day=Advance.business_date, text=texts)
    )
    last = uuid_or_none(window.after)
    if last is not None:
        query = query.where(Advance.id < last)
    rows = db.session.execute(query.order_by(Advance.id.desc()).limit(window.limit + 1)).all()
    page = page_of(rows, window, lambda row: str(row.id))
    people = producers.names(actor.centre_id, {row.producer_id for row in page.items})
    return Page(tuple(_of_row(row, people[row.producer_id]) for row in page.items), page.next)


def _with_left(centre_id: int) -> Any:
    back = (
        select(
            AdvanceNetting.advance_id,
            sum_int(AdvanceNetting.amount_satang).label("satang"),
        )
        .where(AdvanceNetting.centre_id == centre_id)
        .group_by(AdvanceNetting.advance_id)
        .subquery()
    )
    left = Advance.amount_satang - func.coalesce(back.c.satang, 0)
    return (
        select(*(column for column in Advance.__table__.c if column.name != "content"))
        .add_columns(left.label("left_satang"))
        .outerjoin(back, back.c.advance_id == Advance.id)
        .where(Advance.centre_id == centre_id)
    )


def _of_row(row: Any, producer: ProducerCard, **more: Any) -> AdvanceDoc:
    return AdvanceDoc(
        id=row.id,
        advance_no=row.advance_no,
        producer=producer,
        kind=row.kind,
        paid_from=row.paid_from,
        till_id=row.till_id,
        amount_satang=row.amount_satang,
        left_satang=int(row.left_satang),
        note=row.note,
        business_date=row.business_date,
        recorded_at=row.recorded_at,
        recorded_name=row.recorded_name,
        **more,
    )


def _doc(centre_id: int, advance_id: UUID) -> AdvanceDoc:
    row = db.session.execute(_with_left(centre_id).where(Advance.id == advance_id)).one_or_none()
    if row is None:
        raise NotFound(what="advance")
    names = PricedGoods.__dataclass_fields__
    lines = db.session.execute(
        select(*(getattr(AdvanceLine, name) for name in names))
        .where(AdvanceLine.centre_id == centre_id, AdvanceLine.advance_id == advance_id)
        .order_by(AdvanceLine.line_no)
    )
    back = db.session.execute(
        select(
            AdvanceNetting.document_type,
            AdvanceNetting.document_id,
            AdvanceNetting.amount_satang,
            AdvanceNetting.recorded_at,
        )
        .where(AdvanceNetting.centre_id == centre_id, AdvanceNetting.advance_id == advance_id)
        .order_by(AdvanceNetting.recorded_at, AdvanceNetting.document_id)
    )
    return _of_row(
        row,
        producers.get(centre_id, row.producer_id),
        lines=tuple(PricedGoods(*line) for line in lines),
        given_back=tuple(GivenBack(*one) for one in back),
    )
