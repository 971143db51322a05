"""Tills, discount reasons, and what a cashier's document needs to know of the counter.

What must stay true: a document of the counter belongs to one shift. `at_counter` reads the shift
under a lock that lets other documents in and keeps the shift's close out, so a sale in the closing
second is in the shift's count, or comes after it and is late, or is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import and_, bindparam, insert, select

from core.actor import Actor
from core.db import db
from core.errors import N_, DomainError, NotFound
from core.ids import uuid7
from inventory.services import locations
from pos.models import DiscountReason, Sale, Shift, Till
from pos.rules.pricing import CENTRE, Bearing
from pos.rules.shift import place_of

DISCOUNT_REASONS = (
    ("member", "ส่วนลดสมาชิก", "Member discount", "centre"),
    ("blemish", "ของมีตำหนิ", "Blemished goods", "shared"),
    ("clear", "ผู้ผลิตขอลดราคา", "Producer's own reduction", "producer"),
)
"""Code, Thai, English, and who bears it: fixed before any sale, chosen by the cashier by name."""


class ShiftClosed(DomainError):
    """The shift this document belongs to is closed (or was never opened on this till)."""

    code, status, title = "shift-closed", 409, N_("The shift is closed")
    detail = N_("Open a shift on this till, then confirm again.")


class OutsideShift(ShiftClosed):
    """The shift is closed, and by its own time the document belongs before or after it."""

    detail = N_(
        "This happened while the shift was not open. It stays on the tablet: open a shift on this"
        " till, then confirm again."
    )


class UnknownDiscountReason(DomainError):
    """A discount needs one of the centre's reasons."""

    code, status, title = "discount-reason-needed", 409, N_("A discount needs a reason")
    detail = N_("Choose a reason from the list.")


class CounterDocument(Protocol):
    """What a command must name to be read at the counter."""

    @property
    def id(self) -> UUID: ...
    @property
    def till_id(self) -> UUID: ...
    @property
    def shift_id(self) -> UUID: ...


@dataclass(frozen=True, slots=True)
class EarlierSale:
    """A sale already recorded under the same id."""

    digest: str
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Counter:
    """The till, the shift and the reasons a sale names, as of now and locked."""

    till_id: UUID
    till_code: str
    location_id: UUID
    shift_id: UUID
    business_date: date
    opened_at: datetime
    closed_at: datetime | None
    late: bool = False
    """The document at hand came after the shift was counted."""
    earlier: EarlierSale | None = None
    reasons: dict[UUID, Bearing] = field(default_factory=dict)
    """Discount reason → who bears it."""

    def at(self, occurred_at: datetime) -> Counter:
        """Return the counter as a document of that moment meets it, late or in time.

        Raises `OutsideShift` when the shift is closed and the moment lies outside it.
        """
        place = place_of(self.opened_at, self.closed_at, occurred_at)
        if place is None:
            raise OutsideShift(shift_id=str(self.shift_id))
        return replace(self, late=place == "late")

    def bearing(self, reason_id: UUID | None, amount_satang: int) -> Bearing:
        """Return who bears a discount; raise `UnknownDiscountReason` when there is no reason."""
        if not amount_satang:
            return CENTRE
        if reason_id is None or reason_id not in self.reasons:
            raise UnknownDiscountReason
        return self.reasons[reason_id]


@dataclass(frozen=True, slots=True)
class TillCard:
    """A till as lists show it."""

    id: UUID
    code: str
    name: str
    location_id: UUID


@dataclass(frozen=True, slots=True)
class ReasonCard:
    """A discount reason as the counter offers it."""

    id: UUID
    code: str
    name_th: str
    name_en: str
    bearer: str
    producer_basis_points: int | None
    fund_id: UUID | None


_shift, _till, _sale = Shift.__table__, Till.__table__, Sale.__table__
_reason = DiscountReason.__table__
# Built once, over tables: it runs in every sale.
_AT_COUNTER = (
    select(
        _till.c.code,
        _till.c.location_id,
        _shift.c.business_date,
        _shift.c.opened_at,
        _shift.c.closed_at,
        _sale.c.digest,
        _sale.c.content,
        _reason.c.id,
        _reason.c.bearer,
        _reason.c.producer_basis_points,
        _reason.c.fund_id,
    )
    .join(_till, and_(_till.c.centre_id == _shift.c.centre_id, _till.c.id == _shift.c.till_id))
    .outerjoin(
        _sale,
        and_(_sale.c.centre_id == _shift.c.centre_id, _sale.c.id == bindparam("document_id")),
    )
    .outerjoin(
        _reason,
        and_(
            _reason.c.centre_id == _shift.c.centre_id,
            _reason.c.active.is_(True),
            _reason.c.id.in_(bindparam("reason_ids", expanding=True)),
        ),
    )
    .where(
        _shift.c.centre_id == bindparam("centre_id"),
        _shift.c.id == bindparam("shift_id"),
        _shift.c.till_id == bindparam("till_id"),
    )
    .select_from(_shift)
    .with_for_update(read=True, key_share=True, of=_shift)
)


def at_counter(
    command: CounterDocument, actor: Actor, reason_ids: frozenset[UUID] = frozenset()
) -> Counter:
    """Read till, shift, earlier sale of this id and the named reasons with ONE statement.

    Raises NotFound when till and shift don't belong together in the actor's centre.
    """
    rows = (
        db.session.connection()
        .execute(
            _AT_COUNTER,
            {
                "centre_id": actor.centre_id,
                "till_id": command.till_id,
                "shift_id": command.shift_id,
                "document_id": command.id,
                "reason_ids": sorted(reason_ids),
            },
        )
        .all()
    )
    if not rows:
        raise NotFound(what="shift")
    first = rows[0]
    return Counter(
        till_id=command.till_id,
        till_code=first.code,
        location_id=first.location_id,
        shift_id=command.shift_id,
        business_date=first.business_date,
        opened_at=first.opened_at,
        closed_at=first.closed_at,
        earlier=None if first.digest is None else EarlierSale(first.digest, first.content),
        reasons={
            row.id: Bearing(row.bearer, row.producer_basis_points, row.fund_id)
            for row in rows
            if row.id is not None
        },
    )


def listing(centre_id: int) -> list[TillCard]:
    """Return the centre's tills by code."""
    rows = db.session.execute(
        select(Till.id, Till.code, Till.name, Till.location_id)
        .where(Till.centre_id == centre_id)
        .order_by(Till.code)
    )
    return [TillCard(*row) for row in rows]


def names(centre_id: int) -> dict[UUID, str]:
    """Return the centre's tills as people call them."""
    return {card.id: f"{card.code} {card.name}".strip() for card in listing(centre_id)}


def get(centre_id: int, till_id: UUID) -> TillCard:
    """Return a till; raise NotFound."""
    for till in listing(centre_id):
        if till.id == till_id:
            return till
    raise NotFound(what="till")


def discount_reasons(centre_id: int) -> list[ReasonCard]:
    """Return the reasons a cashier may choose from."""
    rows = db.session.execute(
        select(
            DiscountReason.id,
            DiscountReason.code,
            DiscountReason.name_th,
            DiscountReason.name_en,
            DiscountReason.bearer,
            DiscountReason.producer_basis_points,
            DiscountReason.fund_id,
        )
        .where(DiscountReason.centre_id == centre_id, DiscountReason.active.is_(True))
        .order_by(DiscountReason.code)
    )
    return [ReasonCard(*row) for row in rows]


def seed(centre_id: int) -> None:
    """Give a new centre its first till at the shop shelf, and the usual discount reasons."""
    add(centre_id, "T1", "จุดขาย 1")
    rows = [
        {
            "centre_id": centre_id,
            "id": uuid7(),
            "code": code,
            "name_th": name_th,
            "name_en": name_en,
            "bearer": bearer,
            "active": True,
        }
        for code, name_th, name_en, bearer in DISCOUNT_REASONS
    ]
    db.session.execute(insert(DiscountReason), rows)


def add(centre_id: int, code: str, name: str) -> TillCard:
    """Add a till that sells from the shop shelf."""
    return add_at(centre_id, code, name, locations.shop(centre_id).id)


def add_at(centre_id: int, code: str, name: str, location_id: UUID) -> TillCard:
    """Add a till that sells from a location."""
    till = TillCard(uuid7(), code, name, location_id)
    db.session.execute(
        insert(Till).values(
            centre_id=centre_id,
            id=till.id,
            code=till.code,
            name=till.name,
            location_id=till.location_id,
        )
    )
    return till
