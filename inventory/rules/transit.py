"""Goods on their way between two centres, as journal lines and as terms that travel with them.

What must stay true: own goods leave the sender's inventory for the account of goods in transit and
come out of it where they arrive or are settled; consigned goods are nobody's asset on any road.
Pure; money in satang, quantity in thousandths.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from accounting.rules.chart import Purpose
from accounting.rules.entry import NewLine, merge
from core.money import telescope

Costs = Sequence[tuple[UUID, int]]
"""Lots and their book value."""


@dataclass(frozen=True, slots=True)
class Settled:
    """The missing part of a line: what came back to the shelf, and what its loss costs us."""

    lot_id: UUID
    producer_id: UUID
    member_id: UUID | None
    returned_satang: int
    lost_satang: int
    share_satang: int
    """The producer's part of consigned goods lost, when the centre bears it."""


def part_of(cost_satang: int, whole_milli: int, before_milli: int, taken_milli: int) -> int:
    """Return the cost of a part of what was sent; all parts together are exactly its cost."""
    return telescope(cost_satang, whole_milli, before_milli, taken_milli)


def sent_lines(costs: Costs) -> tuple[NewLine, ...]:
    """Return the lines of own goods sent to another centre; none without own goods."""
    total = sum(cost for _, cost in costs)
    out = [NewLine(Purpose.INVENTORY, credit=cost, lot_id=lot_id) for lot_id, cost in costs]
    return merge([NewLine(Purpose.GOODS_IN_TRANSIT, debit=total), *out])


def arrived_lines(costs: Costs) -> tuple[NewLine, ...]:
    """Return the lines of own goods of another centre that became ours."""
    total = sum(cost for _, cost in costs)
    into = [NewLine(Purpose.INVENTORY, debit=cost, lot_id=lot_id) for lot_id, cost in costs]
    return merge([*into, NewLine(Purpose.GOODS_IN_TRANSIT, credit=total)])


def settled_lines(parts: Iterable[Settled]) -> tuple[NewLine, ...]:
    """Return the lines of what had not arrived: back on the shelf, or lost."""
    lines: list[NewLine] = []
    for part in parts:
        lines += [
            NewLine(Purpose.INVENTORY, debit=part.returned_satang, lot_id=part.lot_id),
            NewLine(Purpose.WASTE, debit=part.lost_satang + part.share_satang),
            NewLine(Purpose.GOODS_IN_TRANSIT, credit=part.returned_satang + part.lost_satang),
            NewLine(
                Purpose.CONSIGNMENT_PAYABLE,
                credit=part.share_satang,
                producer_id=part.producer_id,
                member_id=part.member_id,
            ),
        ]
    return merge(lines)


def travelled(
    terms: Mapping[str, Any] | None, fund: tuple[UUID, str] | None
) -> dict[str, Any] | None:
    """Return frozen terms as they hold in another centre: what the producer gets stays to the last
    satang; the levy goes into that centre's `fund` (id, purpose), or is its margin without one.
    """
    if terms is None or not terms.get("levy_fund_id"):
        return None if terms is None else dict(terms)
    if fund is None:
        return {**terms, "levy_basis_points": 0, "levy_fund_id": None, "levy_purpose": ""}
    return {**terms, "levy_fund_id": str(fund[0]), "levy_purpose": fund[1]}
