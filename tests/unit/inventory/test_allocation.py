"""Which lots serve a line, by example."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from inventory.rules.allocation import Shelf, draw, first_expiring

PRODUCT = UUID(int=1)


def shelf(
    number: int, quantity: int, *, expires: date | None = None, day: int = 1, value: int = 0
) -> Shelf:
    return Shelf(
        lot_id=UUID(int=number),
        product_id=PRODUCT,
        ownership="own",
        producer_id=UUID(int=99),
        member_id=None,
        quantity_milli=quantity,
        value_satang=value,
        unit_cost_satang=1200,
        split_basis_points=None,
        expires_on=expires,
        received_at=datetime(2026, 1, day, tzinfo=UTC),
    )


def drawn(lots: list[Shelf], asked: int, *, may_oversell: bool = False) -> list[tuple[int, int]]:
    draws, missing = draw(first_expiring(lots), asked, may_oversell=may_oversell)
    assert not missing
    return [(one.shelf.lot_id.int, one.quantity_milli) for one in draws]


def test_what_expires_first_leaves_first() -> None:
    lots = [
        shelf(1, 1000, expires=date(2026, 9, 1)),
        shelf(2, 1000, expires=date(2026, 3, 1), day=9),
        shelf(3, 1000),
    ]
    assert drawn(lots, 2500) == [(2, 1000), (1, 1000), (3, 500)]


def test_of_equal_expiry_the_older_leaves_first_and_then_the_lower_id() -> None:
    lots = [shelf(3, 1000, day=2), shelf(2, 1000, day=1), shelf(1, 1000, day=2)]
    assert drawn(lots, 3000) == [(2, 1000), (1, 1000), (3, 1000)]


def test_what_is_missing_is_told() -> None:
    draws, missing = draw([shelf(1, 1000)], 1500, may_oversell=False)
    assert [one.quantity_milli for one in draws] == [1000]
    assert missing == 500


def test_a_product_without_a_lot_is_missing_even_when_overselling() -> None:
    assert draw([], 1000, may_oversell=True) == ([], 1000)


def test_overselling_takes_the_rest_from_the_last_lot_in_one_draw() -> None:
    draws, missing = draw([shelf(1, 1000), shelf(2, 500, day=2)], 4000, may_oversell=True)
    assert missing == 0
    assert [(one.shelf.lot_id.int, one.quantity_milli, one.oversold) for one in draws] == [
        (1, 1000, False),
        (2, 3000, True),
    ]


def test_a_lot_below_zero_gives_nothing_until_it_is_oversold_again() -> None:
    assert drawn([shelf(1, -2000), shelf(2, 1000, day=2)], 1000) == [(2, 1000)]
    draws, _ = draw([shelf(1, -2000)], 1000, may_oversell=True)
    assert [(one.quantity_milli, one.oversold) for one in draws] == [(1000, True)]
