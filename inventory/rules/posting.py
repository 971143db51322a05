"""Intake and waste as journal lines. Consigned goods are not ours: taking them in posts nothing.

What must stay true: what we own stands in inventory by lot; what a producer is owed stands under
the producer's key, and the member's when the producer is one. Pure; money in satang.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from accounting.rules.chart import Purpose
from accounting.rules.entry import NewLine, merge


def bought_lines(
    costs: Sequence[tuple[UUID, int]],
    producer_id: UUID,
    member_id: UUID | None,
    till_id: UUID | None,
    tax_satang: int = 0,
) -> tuple[NewLine, ...]:
    """Return the lines of goods bought: (lot, cost) against the producer, or the till that paid.

    `tax_satang` is input VAT claimed beside the cost.
    """
    total = sum(cost for _, cost in costs) + tax_satang
    bought = [NewLine(Purpose.INVENTORY, debit=cost, lot_id=lot_id) for lot_id, cost in costs]
    bought.append(NewLine(Purpose.INPUT_VAT, debit=tax_satang))
    if till_id is not None:
        paid = NewLine(Purpose.CASH_TILL, credit=total, till_id=till_id)
    else:
        paid = NewLine(
            Purpose.PAYABLE_OUTRIGHT, credit=total, producer_id=producer_id, member_id=member_id
        )
    return merge([*bought, paid])


def returned_lines(
    costs: Sequence[tuple[UUID, int]], tax_satang: int, against: NewLine
) -> tuple[NewLine, ...]:
    """Return the lines of goods bought that go back: (lot, cost) and their VAT, against what was
    owed for them or the money that came back.
    """
    gone = [NewLine(Purpose.INVENTORY, credit=cost, lot_id=lot_id) for lot_id, cost in costs]
    return merge([against, *gone, NewLine(Purpose.INPUT_VAT, credit=tax_satang)])


def own_waste_lines(
    lot_id: UUID, cost_satang: int, activity_id: UUID | None = None
) -> tuple[NewLine, ...]:
    """Return the lines of our own goods lost; none when rounding left them no value."""
    return merge(
        [
            NewLine(Purpose.WASTE, debit=cost_satang, activity_id=activity_id),
            NewLine(Purpose.INVENTORY, credit=cost_satang, lot_id=lot_id),
        ]
    )


def borne_waste_lines(
    charge_satang: int,
    producer_id: UUID,
    member_id: UUID | None,
    activity_id: UUID | None = None,
) -> tuple[NewLine, ...]:
    """Return the lines of consigned goods lost at our cost: the producer is owed as if sold."""
    return merge(
        [
            NewLine(Purpose.WASTE, debit=charge_satang, activity_id=activity_id),
            NewLine(
                Purpose.CONSIGNMENT_PAYABLE,
                credit=charge_satang,
                producer_id=producer_id,
                member_id=member_id,
            ),
        ]
    )


def donation_lines(
    bearer: NewLine,
    lot_id: UUID,
    cost_satang: int,
    share_satang: int,
    producer_id: UUID,
    member_id: UUID | None,
) -> tuple[NewLine, ...]:
    """Return the lines of goods given away against who bears them; none when nothing is owed."""
    return merge(
        [
            bearer,
            NewLine(Purpose.INVENTORY, credit=cost_satang, lot_id=lot_id),
            NewLine(
                Purpose.CONSIGNMENT_PAYABLE,
                credit=share_satang,
                producer_id=producer_id,
                member_id=member_id,
            ),
        ]
    )
