"""The turnover gauge, with the limit of 1.8 million baht."""

from __future__ import annotations

import pytest

from accounting.rules.book_settings import BookSettingsCard
from accounting.rules.turnover import MonthTurnover, Turnover, level_of, percent_of

LIMIT = BookSettingsCard().turnover_limit_satang


@pytest.mark.parametrize(
    ("baht", "percent", "level"),
    [
        (0, 0, 0),
        (1_259_999, 69, 0),
        (1_260_000, 70, 70),
        (1_619_999, 89, 70),
        (1_620_000, 90, 90),
        (1_799_999, 99, 90),
        (1_800_000, 100, 100),
        (9_000_000, 500, 100),
        (-5, 0, 0),
    ],
)
def test_the_gauge_warns_at_70_90_and_100(baht: int, percent: int, level: int) -> None:
    assert percent_of(baht * 100, LIMIT) == percent
    assert level_of(percent) == level


def test_the_limit_is_1_8_million_baht() -> None:
    assert LIMIT == 1_800_000_00


def test_the_full_price_of_consigned_goods_is_beside_it() -> None:
    months = (MonthTurnover(202610, 1_000_00, 4_000_00), MonthTurnover(202611, 500_00, -100_00))
    found = Turnover(months, 10_000_00)
    assert (found.own_satang, found.gross_satang) == (1_500_00, 5_400_00)
    assert (found.percent, found.gross_percent, found.left_satang) == (15, 54, 8_500_00)
