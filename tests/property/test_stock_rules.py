"""Whatever is issued and returned, no goods and no satang are made or lost."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from core.money import telescope
from core.quantity import price_of
from inventory.rules.allocation import Shelf, draw, first_expiring
from inventory.rules.costing import issue_cost
from inventory.rules.terms import over_lots, producer_share

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
quantities = st.integers(1, 10_000_000)
expiries = st.none() | st.dates(date(2026, 1, 1), date(2026, 2, 1))


@st.composite
def shelves(draw_: st.DrawFn, minimum: int = 0) -> list[Shelf]:
    drawn = draw_(
        st.lists(
            st.tuples(st.integers(-5_000, 50_000), expiries, st.integers(0, 5)),
            min_size=minimum,
            max_size=8,
        )
    )
    return [
        Shelf(
            lot_id=UUID(int=number),
            product_id=UUID(int=0),
            ownership="own",
            producer_id=UUID(int=0),
            member_id=None,
            quantity_milli=quantity,
            value_satang=max(quantity, 0),
            unit_cost_satang=1000,
            split_basis_points=None,
            expires_on=expiry,
            received_at=NEW_YEAR + timedelta(days=day),
        )
        for number, (quantity, expiry, day) in enumerate(drawn, start=1)
    ]


@given(shelves(), quantities)
def test_without_overselling_no_lot_gives_more_than_it_has(lots: list[Shelf], asked: int) -> None:
    draws, missing = draw(first_expiring(lots), asked, may_oversell=False)
    assert sum(one.quantity_milli for one in draws) + missing == asked
    assert all(0 < one.quantity_milli <= one.shelf.quantity_milli for one in draws)
    assert missing == max(asked - sum(max(lot.quantity_milli, 0) for lot in lots), 0)


@given(shelves(minimum=1), quantities)
def test_with_overselling_all_is_served_and_only_the_last_lot_goes_below(
    lots: list[Shelf], asked: int
) -> None:
    draws, missing = draw(first_expiring(lots), asked, may_oversell=True)
    assert missing == 0
    assert sum(one.quantity_milli for one in draws) == asked
    assert len({one.shelf.lot_id for one in draws}) == len(draws)
    assert all(not one.oversold for one in draws[:-1])
    for one in draws:
        assert one.oversold == (one.quantity_milli > max(one.shelf.quantity_milli, 0))


@given(shelves(), quantities)
def test_lots_leave_in_the_order_they_expire(lots: list[Shelf], asked: int) -> None:
    draws, _ = draw(first_expiring(lots), asked, may_oversell=False)
    keys = [
        (one.shelf.expires_on or date.max, one.shelf.received_at, one.shelf.lot_id.int)
        for one in draws
    ]
    assert keys == sorted(keys)
    # What was passed over would have left later, or was empty.
    used = {one.shelf.lot_id for one in draws}
    if draws:
        for lot in lots:
            key = (lot.expires_on or date.max, lot.received_at, lot.lot_id.int)
            assert lot.lot_id in used or lot.quantity_milli <= 0 or key > keys[-1]


@given(
    st.integers(1, 1_000_000),
    st.integers(0, 100_000),
    st.lists(st.integers(1, 1_000_000), min_size=1, max_size=20),
)
def test_a_lot_sold_in_any_pieces_gives_its_whole_cost(
    quantity: int, unit_cost: int, pieces: list[int]
) -> None:
    level, value = quantity, price_of(quantity, unit_cost)
    cost_of_lot, costs = value, []
    for piece in (*pieces, quantity):
        taken = min(piece, level)
        if not taken:
            break
        costs.append(issue_cost(level, value, taken, unit_cost))
        level, value = level - taken, value - costs[-1]
        assert value >= 0
    if not level:
        assert value == 0
        assert sum(costs) == cost_of_lot
    assert sum(costs) + value == cost_of_lot


@given(
    st.integers(1, 100_000),
    st.integers(0, 10_000),
    st.lists(st.tuples(st.booleans(), st.integers(1, 40_000)), max_size=30),
)
def test_issues_and_returns_never_make_or_lose_a_satang(
    quantity: int, unit_cost: int, steps: list[tuple[bool, int]]
) -> None:
    """Oversold, returned in parts, sold again: level value = lot cost − out + back, always."""
    level = quantity
    value = lot_cost = price_of(quantity, unit_cost)
    sold: list[list[int]] = []  # quantity, cost, returned
    out = back = 0
    for is_return, amount in steps:
        if is_return and sold:
            sale = sold[amount % len(sold)]
            taken = min(amount, sale[0] - sale[2])
            if taken:
                cost = telescope(sale[1], sale[0], sale[2], taken)
                sale[2] += taken
                level, value, back = level + taken, value + cost, back + cost
        else:
            cost = issue_cost(level, value, amount, unit_cost)
            assert cost >= 0
            sold.append([amount, cost, 0])
            level, value, out = level - amount, value - cost, out + cost
        assert value == lot_cost - out + back
    for sale in sold:
        rest = telescope(sale[1], sale[0], sale[2], sale[0] - sale[2])
        level, value = level + sale[0] - sale[2], value + rest
    assert (level, value) == (quantity, lot_cost)


@given(
    st.integers(0, 10_000_000),
    st.lists(st.tuples(quantities, st.integers(0, 10_000)), min_size=1, max_size=6),
)
def test_producer_and_centre_add_up_to_the_base(base: int, lots: list[tuple[int, int]]) -> None:
    parts = over_lots(base, [quantity for quantity, _ in lots])
    assert sum(parts) == base
    for part, (_, split) in zip(parts, lots, strict=True):
        share = producer_share(part, split)
        assert 0 <= share <= part
        assert abs(share * 10_000 - part * split) <= 5_000


@given(quantities, st.integers(0, 10_000_000), st.lists(quantities, max_size=10))
def test_returns_in_parts_sum_to_the_original(whole: int, amount: int, cuts: list[int]) -> None:
    marks = sorted({0, whole, *(cut % (whole + 1) for cut in cuts)})
    parts = [telescope(amount, whole, low, high - low) for low, high in pairwise(marks)]
    assert sum(parts) == amount
    assert all(part >= 0 for part in parts)
