"""What a manager looks at in a period: what went another way than usual, each with its document.

What must stay true: each list is found by an index of its own and paged by key; nothing is judged
here, it is only shown. Who may not compare cashiers may not see it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Date, and_, case, func, literal, null, select, text, tuple_

from core import clock
from core.actor import Actor
from core.clock import BANGKOK
from core.db import db
from core.errors import NotFound
from core.ids import uuid_or_none
from core.paging import Page, Window, page_of
from members.services import access, users
from pos.models import HeldSale, ManagerOverride, ReceiptPrint, Refund, Sale, Shift
from pos.models.sales import FLAGGED
from pos.rules.day_figures import Days

FLAGS, LATE, VOIDS, REFUNDS, REPRINTS, OVERRIDES, DRAWERS, HELD, DISCOUNTS = (
    "flagged",
    "late",
    "voids",
    "refunds",
    "reprints",
    "overrides",
    "drawers",
    "held",
    "discounts",
)
KINDS = (FLAGS, OVERRIDES, VOIDS, REFUNDS, DRAWERS, REPRINTS, LATE, HELD, DISCOUNTS)
PERMISSION = "cashier_figures.read"
COUNTED_MAX = 1_000
"""A kind with more than so many is told as so many and more: nobody reads them one by one."""


@dataclass(frozen=True, slots=True)
class Oddity:
    """One thing to look at; `type` and `document_id` say which page shows it."""

    sort: date | datetime
    id: UUID
    type: str
    document_id: UUID
    number: str
    at: datetime
    who: str
    user_id: UUID | None
    satang: int | None
    note: Any
    """Flags, a reason, a label, the number of the copy: as its kind has it."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are of a kind, at most `COUNTED_MAX` of them counted."""

    kind: str
    count: int


def counts(days: Days, actor: Actor) -> list[Count]:
    """Return how many there are of each kind. Raises Forbidden."""
    access.require(actor, PERMISSION)
    found = []
    for kind in KINDS:
        if kind == DISCOUNTS:
            continue  # they are usual: the cashiers' table has their sums
        some = _LISTS[kind](actor.centre_id, days).limit(COUNTED_MAX).subquery()
        found.append(Count(kind, db.session.scalar(select(func.count()).select_from(some)) or 0))
    return found


def listing(
    kind: str, days: Days, actor: Actor, window: Window, cashier_id: UUID | None = None
) -> Page[Oddity]:
    """Return what there is of a kind, the latest first. Raises Forbidden, NotFound."""
    access.require(actor, PERMISSION)
    if kind not in KINDS:
        raise NotFound(what="page")
    query = _LISTS[kind](actor.centre_id, days)
    if cashier_id is not None:
        query = query.where(_CASHIER[kind] == cashier_id)
    by = query.selected_columns
    if window.after is not None:
        query = query.where(tuple_(by.sort, by.id) < _after(window.after, by.sort))
    query = query.order_by(by.sort.desc(), by.id.desc()).limit(window.limit + 1)
    rows = [Oddity(*row) for row in db.session.execute(query)]
    names = users.names({one.user_id for one in rows if one.user_id is not None})
    told = [
        one if one.who else replace(one, who=names.get(one.user_id, "") if one.user_id else "")
        for one in rows
    ]
    return page_of(told, window, key=lambda one: f"{one.sort.isoformat()}~{one.id}")


def _after(token: str, column: Any) -> Any:
    moment, _, identity = token.partition("~")
    key = uuid_or_none(identity)
    try:
        # A day and a moment are told apart by their length.
        sort: Any = date.fromisoformat(moment) if len(moment) == 10 else _moment(moment)
    except ValueError:
        raise NotFound(what="page") from None
    if key is None or isinstance(sort, datetime) == isinstance(column.type, Date):
        raise NotFound(what="page")
    return tuple_(literal(sort, column.type), literal(key, Sale.id.type))


def _moment(words: str) -> datetime:
    moment = datetime.fromisoformat(words)
    if moment.tzinfo is None:
        raise ValueError(words)
    return moment


# --- the lists -------------------------------------------------------------------------------


def _within(table: Any, centre_id: int, days: Days) -> tuple[Any, ...]:
    return table.centre_id == centre_id, table.business_date.between(days.first, days.last)


def _at(column: Any, days: Days) -> Any:
    first, last = (
        datetime.combine(day, time.min, BANGKOK)
        for day in (days.first, days.last + timedelta(days=1))
    )
    return and_(column >= first, column < last)


def _sales(centre_id: int, days: Days, note: Any) -> Any:
    return select(
        *(Sale.business_date.label("sort"), Sale.id.label("id"), literal("sale").label("type")),
        *(Sale.id.label("document_id"), Sale.receipt_no, Sale.occurred_at, Sale.cashier_name),
        *(Sale.cashier_id, Sale.due_satang, note),
    ).where(*_within(Sale, centre_id, days))


def _flagged(centre_id: int, days: Days) -> Any:
    return _sales(centre_id, days, Sale.flags).where(text(FLAGGED))


def _late(centre_id: int, days: Days) -> Any:
    return _sales(centre_id, days, literal("")).where(Sale.late)


def _discounted(centre_id: int, days: Days) -> Any:
    return _sales(centre_id, days, Sale.discount_satang).where(Sale.discount_satang > 0)


def _refunds(centre_id: int, days: Days) -> Any:
    return select(
        *(Refund.business_date.label("sort"), Refund.id.label("id")),
        *(literal("refund").label("type"), Refund.id.label("document_id"), Refund.refund_no),
        *(Refund.occurred_at, Refund.cashier_name, Refund.cashier_id, -Refund.paid_satang),
        Refund.reason,
    ).where(*_within(Refund, centre_id, days))


def _voids(centre_id: int, days: Days) -> Any:
    """Receipts undone on their own day, whole: also the way to make a sale for cash vanish."""
    return (
        _refunds(centre_id, days)
        .join(Sale, and_(Sale.centre_id == Refund.centre_id, Sale.id == Refund.sale_id))
        .where(
            Sale.business_date == Refund.business_date,
            Sale.due_satang == Refund.paid_satang,
        )
    )


def _drawers(centre_id: int, days: Days) -> Any:
    return select(
        *(Shift.business_date.label("sort"), Shift.id.label("id")),
        *(literal("shift").label("type"), Shift.id.label("document_id"), Shift.shift_no),
        *(Shift.closed_at, literal(""), Shift.closed_by),
        *(Shift.counted_satang - Shift.expected_satang, literal("")),
    ).where(*_within(Shift, centre_id, days), Shift.counted_satang != Shift.expected_satang)


def _reprints(centre_id: int, days: Days) -> Any:
    return (
        select(
            *(ReceiptPrint.printed_at.label("sort"), ReceiptPrint.sale_id.label("id")),
            *(literal("sale").label("type"), Sale.id.label("document_id"), Sale.receipt_no),
            *(ReceiptPrint.printed_at, literal(""), ReceiptPrint.printed_by, Sale.due_satang),
            ReceiptPrint.copy_no,
        )
        .join(Sale, and_(Sale.centre_id == ReceiptPrint.centre_id, Sale.id == ReceiptPrint.sale_id))
        .where(
            ReceiptPrint.centre_id == centre_id,
            ReceiptPrint.copy_no > 0,
            _at(ReceiptPrint.printed_at, days),
        )
    )


def _overrides(centre_id: int, days: Days) -> Any:
    """A manager's word; its document may never have been made."""
    kind = case(
        (Sale.id.is_not(None), "sale"), (Refund.id.is_not(None), "refund"), else_="override"
    )
    return (
        select(
            *(ManagerOverride.at.label("sort"), ManagerOverride.id.label("id")),
            *(kind.label("type"), ManagerOverride.document_id.label("document_id")),
            func.coalesce(Sale.receipt_no, Refund.refund_no, ""),
            *(ManagerOverride.at, ManagerOverride.granted_name, null()),
            *(ManagerOverride.asked_satang, ManagerOverride.reason),
        )
        .outerjoin(
            Sale,
            and_(
                Sale.centre_id == ManagerOverride.centre_id, Sale.id == ManagerOverride.document_id
            ),
        )
        .outerjoin(
            Refund,
            and_(
                Refund.centre_id == ManagerOverride.centre_id,
                Refund.id == ManagerOverride.document_id,
            ),
        )
        .where(ManagerOverride.centre_id == centre_id, _at(ManagerOverride.at, days))
    )


def _held(centre_id: int, days: Days) -> Any:
    """Baskets still on hold from a day that is over: nobody came back for them."""
    today = datetime.combine(clock.today(), time.min, BANGKOK)
    return select(
        *(HeldSale.held_at.label("sort"), HeldSale.id.label("id")),
        *(literal("held").label("type"), HeldSale.id.label("document_id"), literal("")),
        *(HeldSale.held_at, literal(""), HeldSale.held_by, null(), HeldSale.label),
    ).where(HeldSale.centre_id == centre_id, _at(HeldSale.held_at, days), HeldSale.held_at < today)


_LISTS: dict[str, Callable[[int, Days], Any]] = {
    FLAGS: _flagged,
    LATE: _late,
    VOIDS: _voids,
    REFUNDS: _refunds,
    REPRINTS: _reprints,
    OVERRIDES: _overrides,
    DRAWERS: _drawers,
    HELD: _held,
    DISCOUNTS: _discounted,
}
_CASHIER: dict[str, Any] = {
    FLAGS: Sale.cashier_id,
    LATE: Sale.cashier_id,
    VOIDS: Refund.cashier_id,
    REFUNDS: Refund.cashier_id,
    REPRINTS: ReceiptPrint.printed_by,
    OVERRIDES: ManagerOverride.granted_by,
    DRAWERS: Shift.closed_by,
    HELD: HeldSale.held_by,
    DISCOUNTS: Sale.cashier_id,
}
