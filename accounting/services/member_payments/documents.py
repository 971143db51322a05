"""Payments to members as people read them: the list, and each one whole.

What must stay true: a payment shows what was paid and to whom, whatever became of the member since;
what was taken back stays in every list, and says so.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from accounting.models import (
    MemberBatch,
    MemberItemMove,
    MemberPayment,
    MemberPaymentReversal,
    MemberRun,
    SurplusAllocation,
    UnclaimedTaking,
)
from core.actor import Actor
from core.db import db
from core.errors import NotFound
from core.paging import Page, Window, page_of
from core.sought import NOTHING, Sought, matching
from members.services import access, finding, members
from members.services.members import MemberCard

SOURCE = "member_payment"
Key = tuple[str, UUID]


@dataclass(frozen=True, slots=True)
class PaymentItem:
    """What a payment paid of one year's item."""

    run_id: UUID
    member_id: UUID
    allocation_id: UUID
    allocation_no: str
    fiscal_year: int
    dividend_satang: int
    patronage_satang: int

    @property
    def satang(self) -> int:
        return self.dividend_satang + self.patronage_satang


@dataclass(frozen=True, slots=True)
class Reversal:
    """A payment taken back."""

    reason: str
    paid_into: str
    business_date: date
    recorded_at: datetime
    recorded_name: str


@dataclass(frozen=True, slots=True)
class PaymentDoc:
    """A payment as it was made."""

    id: UUID
    payment_no: str
    member: MemberCard
    way: str
    paid_from: str
    till_id: UUID | None
    shift_id: UUID | None
    dividend_satang: int
    patronage_satang: int
    recipient_kind: str
    recipient_name: str
    recipient_relation: str
    reference: str
    note: str
    business_date: date
    recorded_at: datetime
    recorded_name: str
    reversal: Reversal | None
    items: tuple[PaymentItem, ...] = ()

    @property
    def satang(self) -> int:
        return self.dividend_satang + self.patronage_satang


def get(payment_id: UUID, actor: Actor) -> PaymentDoc:
    """Return a payment with its items; raise NotFound, Forbidden."""
    access.require(actor, "member_payment.read")
    return doc_of(actor.centre_id, payment_id)


def doc_of(centre_id: int, payment_id: UUID) -> PaymentDoc:
    """Return a payment of a centre; raise NotFound."""
    row = db.session.execute(_select(centre_id).where(MemberPayment.id == payment_id)).one_or_none()
    if row is None:
        raise NotFound(what="member_payment")
    card = members.names(centre_id, [row.member_id])[row.member_id]
    return _doc(row, card, items_of(centre_id, payment_id))


def items_of(centre_id: int, payment_id: UUID) -> list[PaymentItem]:
    """Return what a payment took off items, oldest year first."""
    rows = db.session.execute(
        select(
            MemberItemMove.run_id,
            MemberItemMove.member_id,
            SurplusAllocation.id,
            SurplusAllocation.allocation_no,
            SurplusAllocation.fiscal_year,
            MemberItemMove.dividend_satang,
            MemberItemMove.patronage_satang,
        )
        .join(
            MemberRun,
            and_(
                MemberRun.centre_id == MemberItemMove.centre_id,
                MemberRun.id == MemberItemMove.run_id,
            ),
        )
        .join(
            SurplusAllocation,
            and_(
                SurplusAllocation.centre_id == MemberRun.centre_id,
                SurplusAllocation.id == MemberRun.allocation_id,
            ),
        )
        .where(
            MemberItemMove.centre_id == centre_id,
            MemberItemMove.source_type == SOURCE,
            MemberItemMove.source_id == payment_id,
        )
        .order_by(SurplusAllocation.fiscal_year, MemberItemMove.run_id, MemberItemMove.member_id)
    )
    return [PaymentItem(*row) for row in rows]


def listing(
    actor: Actor,
    window: Window,
    sought: Sought = NOTHING,
    *,
    member_id: UUID | None = None,
    between: tuple[date, date] | None = None,
) -> Page[PaymentDoc]:
    """Return payments, newest first, without their items; of one member, of some days."""
    access.require(actor, "member_payment.read")
    named = finding.of_member(actor.centre_id, MemberPayment.member_id)
    texts = (MemberPayment.payment_no, MemberPayment.reference, named)
    query = _select(actor.centre_id).where(
        *matching(sought, day=MemberPayment.business_date, text=texts)
    )
    if member_id is not None:
        query = query.where(MemberPayment.member_id == member_id)
    if between is not None:
        query = query.where(MemberPayment.business_date.between(*between))
    if window.after:
        query = query.where(MemberPayment.payment_no < window.after)
    ordered = query.order_by(MemberPayment.payment_no.desc()).limit(window.limit + 1)
    page = page_of(db.session.execute(ordered).all(), window, lambda row: str(row.payment_no))
    people = members.names(actor.centre_id, {row.member_id for row in page.items})
    return Page(tuple(_doc(row, people[row.member_id]) for row in page.items), page.next)


def numbers(centre_id: int, wanted: Collection[Key]) -> dict[Key, str]:
    """Return the printed numbers of payments, takings and bank files among some documents."""
    found: dict[Key, str] = {}
    for source_type, table, number in (
        (SOURCE, MemberPayment, MemberPayment.payment_no),
        ("unclaimed_taking", UnclaimedTaking, UnclaimedTaking.taking_no),
        ("member_batch", MemberBatch, MemberBatch.batch_no),
    ):
        ids = sorted(identity for kind, identity in wanted if kind == source_type)
        if ids:
            rows = db.session.execute(
                select(table.id, number).where(table.centre_id == centre_id, table.id.in_(ids))
            )
            found |= {(source_type, identity): printed for identity, printed in rows}
    return found


def _select(centre_id: int) -> Any:
    back = MemberPaymentReversal
    columns = (column for column in MemberPayment.__table__.c if column.name != "content")
    return (
        select(
            *columns,
            back.reason.label("back_reason"),
            back.paid_into.label("back_into"),
            back.business_date.label("back_on"),
            back.recorded_at.label("back_at"),
            back.recorded_name.label("back_name"),
        )
        .outerjoin(
            back,
            and_(back.centre_id == MemberPayment.centre_id, back.payment_id == MemberPayment.id),
        )
        .where(MemberPayment.centre_id == centre_id)
    )


def _doc(row: Any, member: MemberCard, items: Sequence[PaymentItem] = ()) -> PaymentDoc:
    plain = (
        name
        for name in PaymentDoc.__dataclass_fields__
        if name not in ("member", "reversal", "items")
    )
    reversal = None
    if row.back_at is not None:
        reversal = Reversal(row.back_reason, row.back_into, row.back_on, row.back_at, row.back_name)
    return PaymentDoc(
        **{name: getattr(row, name) for name in plain},
        member=member,
        reversal=reversal,
        items=tuple(items),
    )
