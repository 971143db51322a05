"""What each member got in a calendar year, with the kinds apart as the tax office taxes them.

What must stay true: price of goods, patronage refund and share of profit stand in columns of their
own; what was paid counts on the day of payment, however it was paid, and no more once it was taken
back; each column adds up to the ledger's or the payments'.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from accounting.models import MemberItemMove, MemberPayment
from core.actor import Actor
from core.appointed import Appointed
from core.db import db, sum_int
from members.services import access, members, standing
from members.services.members import MemberCard

Goods = Callable[[int, date, date], Mapping[UUID, int]]
"""(centre, first day, last day) → what each member was paid as the price of goods delivered."""

GOODS: Appointed[Goods] = Appointed(lambda _centre_id, _first, _last: {})


@dataclass(frozen=True, slots=True)
class Income:
    """One member's year."""

    member: MemberCard
    goods_satang: int
    patronage_satang: int
    dividend_satang: int

    @property
    def satang(self) -> int:
        return self.goods_satang + self.patronage_satang + self.dividend_satang


def of_year(year: int, actor: Actor) -> list[Income]:
    """Return everybody who got anything in a calendar year (CE), by member number.

    Raises Forbidden.
    """
    access.require(actor, "member_payment.read")
    first, last = date(year, 1, 1), date(year, 12, 31)
    merged = standing.survivors(actor.centre_id)
    paid: dict[UUID, tuple[int, int]] = {}
    for payee, (patronage, dividend) in _paid(actor.centre_id, first, last).items():
        stays = merged.get(payee, payee)
        before = paid.get(stays, (0, 0))
        paid[stays] = before[0] + patronage, before[1] + dividend
    goods: dict[UUID, int] = {}
    for member_id, satang in GOODS.only(actor.centre_id, first, last).items():
        stays = merged.get(member_id, member_id)
        goods[stays] = goods.get(stays, 0) + satang
    people = members.names(actor.centre_id, {*paid, *goods})
    rows = [Income(card, goods.get(one, 0), *paid.get(one, (0, 0))) for one, card in people.items()]
    some = [row for row in rows if row.goods_satang or row.patronage_satang or row.dividend_satang]
    return sorted(some, key=lambda row: row.member.member_no)


def years(actor: Actor) -> list[int]:
    """Return the calendar years in which anything was paid, latest first; raise Forbidden."""
    access.require(actor, "member_payment.read")
    days = db.session.scalars(
        select(MemberPayment.business_date)
        .where(MemberPayment.centre_id == actor.centre_id)
        .distinct()
    )
    return sorted({day.year for day in days}, reverse=True)


def paid_to(centre_id: int, member_id: UUID, first: date, last: date) -> tuple[int, int]:
    """Return (patronage refund, share of profit) that one member was paid in some days."""
    return _paid(centre_id, first, last, member_id).get(member_id, (0, 0))


def _paid(
    centre_id: int, first: date, last: date, member_id: UUID | None = None
) -> dict[UUID, tuple[int, int]]:
    """Return (patronage, dividend) by payee; what was taken back counts on that day."""
    query = (
        select(
            MemberPayment.member_id,
            sum_int(MemberItemMove.patronage_satang),
            sum_int(MemberItemMove.dividend_satang),
        )
        .join(
            MemberItemMove,
            (MemberItemMove.centre_id == MemberPayment.centre_id)
            & (MemberItemMove.source_id == MemberPayment.id),
        )
        .where(
            MemberPayment.centre_id == centre_id,
            MemberItemMove.source_type.in_(("member_payment", "member_payment_reversal")),
            MemberItemMove.business_date.between(first, last),
        )
        .group_by(MemberPayment.member_id)
    )
    if member_id is not None:
        query = query.where(MemberPayment.member_id == member_id)
    rows = db.session.execute(query)
    return {payee: (patronage, dividend) for payee, patronage, dividend in rows}
