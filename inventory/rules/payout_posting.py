"""Money to and from producers as journal lines: payouts, advances, repayments.

What must stay true: what a producer owes and is owed stands under the producer's key; a recovery
posts nothing of its own, for the refund already took it off what is owed. Pure; money in satang.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from accounting.rules.chart import Purpose
from accounting.rules.entry import NewLine, merge

_PLACES = {"till": Purpose.CASH_TILL, "safe": Purpose.CASH_SAFE, "bank": Purpose.BANK}


@dataclass(frozen=True, slots=True)
class Purse:
    """Where money comes from or goes to: till, safe or bank (`nothing` when none moves)."""

    place: str
    till_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Whose:
    """The producer, and the member the producer is, if one."""

    producer_id: UUID
    member_id: UUID | None


@dataclass(frozen=True, slots=True)
class GoodsPart:
    """What one lot gave to an advance: whose lot, at what cost."""

    lot_id: UUID
    cost_satang: int


def money_line(purse: Purse, *, debit: int = 0, credit: int = 0) -> NewLine:
    return NewLine(_PLACES[purse.place], debit=debit, credit=credit, till_id=purse.till_id)


def _of(whose: Whose, purpose: Purpose, *, debit: int = 0, credit: int = 0) -> NewLine:
    return NewLine(
        purpose,
        debit=debit,
        credit=credit,
        producer_id=whose.producer_id,
        member_id=whose.member_id,
    )


def money_advance_lines(whose: Whose, amount_satang: int, purse: Purse) -> tuple[NewLine, ...]:
    """Return the lines of money advanced."""
    return (
        _of(whose, Purpose.PRODUCER_ADVANCES, debit=amount_satang),
        money_line(purse, credit=amount_satang),
    )


def goods_advance_lines(
    whose: Whose, amount_satang: int, tax_satang: int, parts: Sequence[GoodsPart]
) -> tuple[NewLine, ...]:
    """Return the lines of our goods advanced: sold to the producer, who owes the price."""
    lines = [
        _of(whose, Purpose.PRODUCER_ADVANCES, debit=amount_satang),
        NewLine(Purpose.SALES, credit=amount_satang - tax_satang, member_id=whose.member_id),
        NewLine(Purpose.OUTPUT_VAT, credit=tax_satang),
    ]
    for part in parts:
        lines.append(NewLine(Purpose.COST_OF_GOODS, debit=part.cost_satang))
        lines.append(NewLine(Purpose.INVENTORY, credit=part.cost_satang, lot_id=part.lot_id))
    return merge(lines)


def repayment_lines(whose: Whose, amount_satang: int, purse: Purse) -> tuple[NewLine, ...]:
    """Return the lines of an advance given back in money."""
    return (
        money_line(purse, debit=amount_satang),
        _of(whose, Purpose.PRODUCER_ADVANCES, credit=amount_satang),
    )


def payout_lines(
    whose: Whose,
    *,
    settled_satang: int,
    outright_satang: int,
    netted_satang: int,
    purse: Purse,
    withheld_satang: int = 0,
) -> tuple[NewLine, ...]:
    """Return the lines of a voucher; none when returns took all of it.

    `settled` is what is paid of settlements, less the recoveries taken off on the same voucher;
    `outright` what is paid of purchases, less credits of goods sent back; `withheld` is tax that
    goes to the Revenue Department instead of the payee.
    """
    amount = settled_satang + outright_satang - netted_satang - withheld_satang
    assert amount >= 0
    lines = [
        _signed(whose, Purpose.CONSIGNMENT_PAYABLE, settled_satang),
        _signed(whose, Purpose.PAYABLE_OUTRIGHT, outright_satang),
        _of(whose, Purpose.PRODUCER_ADVANCES, credit=netted_satang),
        NewLine(Purpose.WITHHOLDING_PAYABLE, credit=withheld_satang),
    ]
    if amount:
        lines.append(money_line(purse, credit=amount))
    return merge(lines)


def _signed(whose: Whose, purpose: Purpose, amount: int) -> NewLine:
    return _of(whose, purpose, debit=max(amount, 0), credit=max(-amount, 0))
