"""The producer's part, by the worked examples of the posting rules."""

from __future__ import annotations

import pytest

from inventory.rules.terms import over_lots, producer_share


@pytest.mark.parametrize(
    ("base", "split", "share"),
    [
        (10_000, 8_000, 8_000),  # 100 baht, 80/20
        (9_000, 8_000, 7_200),  # 10 off, shared by the split
        (1, 5_000, 1),  # the half satang goes to the producer
        (3_333, 8_500, 2_833),
        (10_000, 0, 0),
        (10_000, 10_000, 10_000),
    ],
)
def test_producer_share(base: int, split: int, share: int) -> None:
    assert producer_share(base, split) == share


def test_a_line_over_several_lots_keeps_its_sum() -> None:
    assert over_lots(10_000, [1_000, 1_000, 1_000]) == [3_334, 3_333, 3_333]
