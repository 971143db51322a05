"""Where a refund goes: back to what had paid, and only the rest in money.

What must stay true: a coupon, a scheme, the account and the purse get back what they paid before
any money is handed out, so nobody turns them into cash; of a bill on account only what is still
owed is taken off, and what was paid of it already is the member's, in the purse.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select

from accounting.rules.chart import Purpose
from accounting.services.coupons import using
from accounting.services.credit import bills
from accounting.services.purse import holding
from core.actor import Actor
from core.db import db, insert_rows, sum_int
from members.services import standing
from pos.models import Refund, RefundPayment
from pos.rules.posting import Money
from pos.rules.tender import BACK_FIRST, PaidBy, back_to
from pos.services import scheme_claims
from pos.services.receipts import Receipt
from pos.services.tendering import MemberNeeded
from pos.services.tills import Counter

if TYPE_CHECKING:
    from pos.services.refund import RecordRefund


@dataclass(frozen=True, slots=True)
class GivenBack:
    """A part of a refund by the way it was given back."""

    method: str
    amount_satang: int


@dataclass(frozen=True, slots=True)
class Plan:
    """How one refund is given back."""

    parts: tuple[PaidBy, ...]
    member_id: UUID | None
    bill_id: UUID | None
    scheme_reference: str
    coupons: dict[UUID, int]
    funded: tuple[tuple[UUID, Purpose, int], ...]

    def of(self, *methods: str) -> int:
        """Return what goes back by some methods, in satang."""
        return sum(one.satang for one in self.parts if one.method in methods)

    def money(self, command: RecordRefund, rounding_satang: int, *, counted: bool) -> Money:
        """Return the tender side of the refund's entry."""
        return Money(
            cash_satang=self.of("cash"),
            transferred_satang=self.of("transfer"),
            rounding_satang=rounding_satang,
            till_id=command.till_id,
            counted=counted,
            credit_satang=self.of("credit"),
            purse_satang=self.of("purse"),
            member_id=self.member_id,
            scheme_satang=self.of("scheme"),
            scheme_reference=self.scheme_reference,
            funded=self.funded,
            borne_satang=self.of("voucher") - sum(self.coupons.values()),
        )


def no_money(sale: Receipt) -> int:
    """Return what of a sale was paid by what is no money, in satang."""
    return sum(one.amount_satang for one in sale.payments if one.method in BACK_FIRST)


def plan(command: RecordRefund, sale: Receipt, paid_satang: int, actor: Actor) -> Plan:
    """Return how a refund of so much goes back; whose money it moves is held. Raises MemberNeeded.

    Statements are asked only for a sale that was not paid by money alone.
    """
    special = _paid_by(sale, actor.centre_id)
    member_id = _owner(command, sale, actor.centre_id)
    if (special or command.method == "purse") and member_id is not None:
        holding.hold(actor.centre_id, member_id)
    parts: list[PaidBy] = []
    rest = paid_satang
    if special:
        before = db.session.scalar(
            select(sum_int(Refund.paid_satang)).where(
                Refund.centre_id == actor.centre_id, Refund.sale_id == sale.id
            )
        )
        parts, rest = back_to(special, before or 0, paid_satang)
    if rest:
        if command.method == "purse" and member_id is None:
            raise MemberNeeded
        parts.append(PaidBy(command.method, rest))
    bill_id = None
    if any(one.method == "credit" for one in parts):
        bill_id, parts = _off_the_bill(sale, parts, actor.centre_id)
    coupons = _still_used(sale.id, parts, actor.centre_id)
    return Plan(
        tuple(_together(parts)),
        member_id,
        bill_id,
        next((one.reference for one in sale.payments if one.method == "scheme"), ""),
        coupons,
        _funds(coupons, actor.centre_id),
    )


def write(refund_id: UUID, given: Plan, counter: Counter, actor: Actor) -> None:
    """Write the parts of a refund, what they take off the bill and give back to coupons."""
    if not given.parts:
        return
    insert_rows(
        RefundPayment,
        [
            {
                "centre_id": actor.centre_id,
                "refund_id": refund_id,
                "payment_no": number,
                "method": one.method,
                "amount_satang": one.satang,
                "scheme_id": one.scheme_id,
                "voucher_id": one.voucher_id,
            }
            for number, one in enumerate(given.parts, start=1)
        ],
    )
    if given.bill_id is not None and (off := given.of("credit")):
        source = ("refund", refund_id)
        bills.take_off(actor.centre_id, source, [(given.bill_id, off)], counter.business_date)
    if given.coupons:
        using.give_back(refund_id, given.coupons, actor)


def of_refund(centre_id: int, refund_id: UUID) -> tuple[GivenBack, ...]:
    """Return how a refund was given back."""
    rows = db.session.execute(
        select(RefundPayment.method, RefundPayment.amount_satang)
        .where(RefundPayment.centre_id == centre_id, RefundPayment.refund_id == refund_id)
        .order_by(RefundPayment.payment_no)
    )
    return tuple(GivenBack(*row) for row in rows)


def _paid_by(sale: Receipt, centre_id: int) -> list[PaidBy]:
    """Return who paid a sale besides money: what a scheme refused and its member bore is theirs."""
    paid = []
    for one in sale.payments:
        if one.method not in BACK_FIRST:
            continue
        refused = 0
        if one.method == "scheme":
            refused = scheme_claims.borne_by_member(centre_id, sale.id)
        paid.append(PaidBy(one.method, one.amount_satang - refused, one.scheme_id, one.voucher_id))
        if refused:
            paid.append(PaidBy("purse", refused))
    return paid


def _owner(command: RecordRefund, sale: Receipt, centre_id: int) -> UUID | None:
    """Return whose purse and account a refund touches: who stands for a membership merged."""
    if sale.member is None:
        return None
    if command.method != "purse" and no_money(sale) == 0:
        return sale.member.id
    return standing.survivors(centre_id).get(sale.member.id, sale.member.id)


def _off_the_bill(
    sale: Receipt, parts: Iterable[PaidBy], centre_id: int
) -> tuple[UUID | None, list[PaidBy]]:
    """Take off the bill what is still owed of it; what was paid of it goes to the purse."""
    bill_id, still = bills.of_sale(centre_id, sale.id)
    found = []
    for one in parts:
        if one.method != "credit":
            found.append(one)
            continue
        off = min(one.satang, still)
        if off:
            found.append(PaidBy("credit", off))
        if one.satang > off:
            found.append(PaidBy("purse", one.satang - off))
    return bill_id, found


def _still_used(sale_id: UUID, parts: Iterable[PaidBy], centre_id: int) -> dict[UUID, int]:
    """Return what goes back to each coupon: of a late sale, no more than it was good for."""
    asked = {one.voucher_id: one.satang for one in parts if one.voucher_id is not None}
    if not asked:
        return {}
    earlier = db.session.scalars(
        select(Refund.id).where(Refund.centre_id == centre_id, Refund.sale_id == sale_id)
    )
    used = using.used_by(centre_id, [sale_id, *earlier])
    kept = {one: min(satang, used.get(one, 0)) for one, satang in asked.items()}
    return {one: satang for one, satang in kept.items() if satang > 0}


def _together(parts: Iterable[PaidBy]) -> list[PaidBy]:
    """Return one part for each method, scheme and coupon."""
    sums: dict[tuple[Any, ...], int] = {}
    for one in parts:
        key = (one.method, one.scheme_id, one.voucher_id)
        sums[key] = sums.get(key, 0) + one.satang
    return [PaidBy(key[0], satang, key[1], key[2]) for key, satang in sums.items()]


def _funds(coupons: dict[UUID, int], centre_id: int) -> tuple[tuple[UUID, Purpose, int], ...]:
    if not coupons:
        return ()
    known = using.held(centre_id, set(coupons))
    kept = using.purposes(centre_id, list(known.values()))
    sums: dict[UUID, int] = {}
    for coupon_id, satang in coupons.items():
        fund_id = known[coupon_id].fund_id
        sums[fund_id] = sums.get(fund_id, 0) + satang
    return tuple((fund, kept[fund], satang) for fund, satang in sums.items())
