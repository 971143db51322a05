"""A sale and a refund as journal lines: which purpose, which side, which sub-ledger.

Own goods: revenue and cost. Consigned goods are never ours (agent, IFRS 15 B34–B38): the
producer's share goes to the consignment payable under the producer's key, the rest is our
commission. VAT follows the centre's dated setting. Pure; money in satang; every branch balances
because a line's net is split, never recomputed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from accounting.rules.chart import Purpose
from accounting.rules.entry import NewLine, merge
from pos.rules.pricing import DiscountTooLarge
from pos.rules.tax import included_tax


@dataclass(frozen=True, slots=True)
class SoldPart:
    """The part of a sale line that came from one lot.

    `net` is what the customer pays for it (before cash rounding), `discount` what was taken off,
    `tax` the VAT inside `net` that is ours to hand on; `share` is the producer's when consigned,
    `cost` the book value when own.
    """

    line_no: int
    quantity_milli: int
    ownership: str
    net_satang: int
    discount_satang: int
    tax_satang: int
    tax_rate_basis_points: int
    cost_satang: int
    share_satang: int
    lot_id: UUID
    producer_id: UUID
    producer_member_id: UUID | None
    commission_tax_satang: int = 0
    """VAT inside our commission, when it is due on that instead of on the price."""


@dataclass(frozen=True, slots=True)
class Money:
    """How the customer paid: cash kept in the drawer, transfers awaited, rounding given (≤ 0)."""

    cash_satang: int
    transferred_satang: int
    rounding_satang: int
    till_id: UUID


def sale_lines(
    parts: Iterable[SoldPart], money: Money, buyer_id: UUID | None
) -> tuple[NewLine, ...]:
    """Return the merged journal lines of a sale; raise `DiscountTooLarge` if a bearer's part
    would fall below zero."""
    lines: list[NewLine] = list(money_lines(money))
    for part in parts:
        lines += _own(part, buyer_id) if part.ownership == "own" else _consigned(part, buyer_id)
    return merge(lines)


def refund_lines(
    parts: Iterable[SoldPart], money: Money, buyer_id: UUID | None
) -> tuple[NewLine, ...]:
    """Return the journal lines of a refund: those of the returned parts, the other way round."""
    return tuple(
        NewLine(
            purpose=line.purpose,
            debit=line.credit,
            credit=line.debit,
            member_id=line.member_id,
            producer_id=line.producer_id,
            lot_id=line.lot_id,
            till_id=line.till_id,
        )
        for line in sale_lines(parts, money, buyer_id)
    )


def money_lines(money: Money) -> Sequence[NewLine]:
    """Return the tender side: cash by till, transfers awaiting a bank line, rounding."""
    return (
        NewLine(Purpose.CASH_TILL, debit=money.cash_satang, till_id=money.till_id),
        NewLine(Purpose.TRANSFERS_AWAITING, debit=money.transferred_satang),
        _signed_debit(Purpose.ROUNDING, -money.rounding_satang),
    )


def _own(part: SoldPart, buyer_id: UUID | None) -> list[NewLine]:
    discount = part.discount_satang - included_tax(part.discount_satang, part.tax_rate_basis_points)
    revenue = part.net_satang - part.tax_satang + discount
    return [
        NewLine(Purpose.SALES, credit=revenue, member_id=buyer_id),
        NewLine(Purpose.DISCOUNTS_GIVEN, debit=discount, member_id=buyer_id),
        NewLine(Purpose.OUTPUT_VAT, credit=part.tax_satang),
        NewLine(Purpose.COST_OF_GOODS, debit=part.cost_satang),
        NewLine(Purpose.INVENTORY, credit=part.cost_satang, lot_id=part.lot_id),
    ]


def _consigned(part: SoldPart, buyer_id: UUID | None) -> list[NewLine]:
    commission = part.net_satang - part.tax_satang - part.share_satang
    if commission < 0 or part.share_satang < 0:
        # The bearer's own part is all it can give away.
        largest = part.discount_satang + min(commission, part.share_satang)
        raise DiscountTooLarge(largest_satang=max(largest, 0))
    return [
        NewLine(
            Purpose.CONSIGNMENT_PAYABLE,
            credit=part.share_satang,
            producer_id=part.producer_id,
            member_id=part.producer_member_id,
        ),
        NewLine(
            Purpose.COMMISSION,
            credit=commission - part.commission_tax_satang,
            member_id=buyer_id,
        ),
        NewLine(Purpose.OUTPUT_VAT, credit=part.tax_satang + part.commission_tax_satang),
    ]


def _signed_debit(purpose: Purpose, amount: int) -> NewLine:
    if amount >= 0:
        return NewLine(purpose, debit=amount)
    return NewLine(purpose, credit=-amount)
