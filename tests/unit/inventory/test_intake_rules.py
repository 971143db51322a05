"""What a delivery weighs and costs, by example."""

from __future__ import annotations

import pytest

from inventory.rules.intake import (
    CostTooSmall,
    NothingLeft,
    WholePieces,
    cost_of,
    net_milli,
    require_whole,
)


def test_net_is_gross_less_tare_less_deduction() -> None:
    assert net_milli(1, 31_500, 1_200, 300) == 30_000


@pytest.mark.parametrize(("tare", "deduction"), [(1_000, 0), (600, 400), (0, 2_000)])
def test_nothing_left_is_refused_by_line(tare: int, deduction: int) -> None:
    with pytest.raises(NothingLeft) as refusal:
        net_milli(3, 1_000, tare, deduction)
    assert refusal.value.facts == {"line_no": 3}


def test_thirty_kilograms_at_twelve_baht_cost_360() -> None:
    assert cost_of(1, 30_000, 1_200) == 36_000


def test_halves_are_rounded_up() -> None:
    assert cost_of(1, 237, 8_900) == 2_109  # 21.093 baht
    assert cost_of(1, 5, 100) == 1  # half a satang


def test_a_purchase_costs_something() -> None:
    with pytest.raises(CostTooSmall):
        cost_of(1, 30_000, 0)


def test_pieces_are_whole() -> None:
    require_whole(1, 20_000, "piece", "น้ำผึ้ง", "ขวด")
    require_whole(1, 237, "weight", "กล้วย", "กก.")
    with pytest.raises(WholePieces):
        require_whole(1, 1_500, "piece", "น้ำผึ้ง", "ขวด")
