"""What leaves a lot is worth, by example."""

from __future__ import annotations

import pytest

from inventory.rules.costing import issue_cost


@pytest.mark.parametrize(
    ("level", "value", "taken", "unit_cost", "cost"),
    [
        (30_000, 36_000, 1_000, 1_200, 1_200),  # 1 kg of 30 kg at 12 baht
        (3_000, 1_000, 1_000, 333, 333),  # 10 baht over three: 3.33
        (2_000, 667, 1_000, 333, 334),  # half up
        (1_000, 333, 1_000, 333, 333),  # the last one takes what is left
        (1_000, 333, 3_000, 333, 999),  # two below zero at the unit cost
        (0, 0, 1_000, 333, 333),  # nothing there
        (-1_000, -333, 1_000, 333, 333),  # already below zero
        (0, 1, 1_000, 333, 334),  # what rounding left goes with the next one
        (0, -1, 10, 50, 0),  # and never makes a cost negative
        (1_000, -5, 500, 333, 0),
    ],
)
def test_issue_cost(level: int, value: int, taken: int, unit_cost: int, cost: int) -> None:
    assert issue_cost(level, value, taken, unit_cost) == cost
