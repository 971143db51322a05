"""Advances given back: oldest first, and never more than is out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ids import uuid7
from inventory.rules.advances import MoreThanOutstanding, oldest_first

amounts = st.lists(st.integers(0, 100_000), max_size=8)


def test_the_oldest_is_given_back_first() -> None:
    first, second = uuid7(), uuid7()
    assert oldest_first([(first, 50), (second, 80)], 70) == [(first, 50), (second, 20)]


def test_more_than_is_out_says_how_much_is() -> None:
    with pytest.raises(MoreThanOutstanding) as refused:
        oldest_first([(uuid7(), 50), (uuid7(), 80)], 131)
    assert refused.value.facts["left_satang"] == 130


@given(amounts, st.integers(1, 500_000))
def test_the_parts_are_the_amount_and_none_exceeds_its_advance(
    left: list[int], amount: int
) -> None:
    advances = [(uuid7(), satang) for satang in left]
    if amount > sum(left):
        with pytest.raises(MoreThanOutstanding):
            oldest_first(advances, amount)
        return
    parts = dict(oldest_first(advances, amount))
    assert sum(parts.values()) == amount
    assert all(0 < part <= dict(advances)[advance] for advance, part in parts.items())
