"""Batches as journal lines: goods and costs into work in progress, and out of it onto lots.

What must stay true: wages, power and the like are booked as expenses when they are paid, by their
own vouchers; putting them into a batch takes them out of that expense and into the goods, so that
nothing is counted twice. Consigned goods are nobody's asset and post nothing. Pure; satang.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from accounting.rules.chart import Purpose
from accounting.rules.entry import NewLine, merge
from inventory.rules.payout_posting import Whose

Costs = Sequence[tuple[UUID, int]]
"""Lots and their book value."""

BOOKED_UNDER = {
    "labour": Purpose.WAGES,
    "energy": Purpose.UTILITIES,
    "transport": Purpose.TRANSPORT,
    "packing": Purpose.PACKAGING_USED,
    "other": Purpose.EXPENSE_OTHER,
    "water": Purpose.UTILITIES,
}
"""The expense that a cost of a batch was booked under when it was paid."""


def issue_lines(costs: Costs) -> tuple[NewLine, ...]:
    """Return the lines of own goods put into work; none when they had no value."""
    out = [NewLine(Purpose.INVENTORY, credit=cost, lot_id=lot_id) for lot_id, cost in costs]
    return merge([NewLine(Purpose.WORK_IN_PROGRESS, debit=sum(cost for _, cost in costs)), *out])


def cost_lines(kind: str, amount_satang: int) -> tuple[NewLine, ...]:
    """Return the lines of work or another cost put into a batch."""
    return merge(
        [
            NewLine(Purpose.WORK_IN_PROGRESS, debit=amount_satang),
            NewLine(BOOKED_UNDER[kind], credit=amount_satang),
        ]
    )


def finish_lines(
    made: Costs, kept: Costs, loss_satang: int, spent_satang: int, kept_tax_satang: int
) -> tuple[NewLine, ...]:
    """Return the lines of a finished batch: lots at their cost, the loss, what was spent.

    `kept` are goods kept as a fee in kind, at what they are worth: income, not cost, less the VAT
    in it.
    """
    into = [NewLine(Purpose.INVENTORY, debit=cost, lot_id=lot_id) for lot_id, cost in made]
    fee = [NewLine(Purpose.INVENTORY, debit=worth, lot_id=lot_id) for lot_id, worth in kept]
    total = sum(cost for _, cost in made) + loss_satang + spent_satang
    return merge(
        [
            *into,
            NewLine(Purpose.WASTE, debit=loss_satang),
            NewLine(Purpose.PACKAGING_USED, debit=spent_satang),
            NewLine(Purpose.WORK_IN_PROGRESS, credit=total),
            *fee,
            NewLine(
                Purpose.SERVICE_INCOME, credit=sum(worth for _, worth in kept) - kept_tax_satang
            ),
            NewLine(Purpose.OUTPUT_VAT, credit=kept_tax_satang),
        ]
    )


def fee_lines(whose: Whose, amount_satang: int, tax_satang: int) -> tuple[NewLine, ...]:
    """Return the lines of a fee for work on a producer's goods, owed like an advance."""
    return merge(
        [
            NewLine(
                Purpose.PRODUCER_ADVANCES,
                debit=amount_satang,
                producer_id=whose.producer_id,
                member_id=whose.member_id,
            ),
            NewLine(
                Purpose.SERVICE_INCOME,
                credit=amount_satang - tax_satang,
                member_id=whose.member_id,
            ),
            NewLine(Purpose.OUTPUT_VAT, credit=tax_satang),
        ]
    )
