"""What a count finds, whatever moved before and after it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from accounting.rules.chart import Purpose
from inventory.rules.counting import (
    Correction,
    Look,
    Loss,
    Moved,
    count_lines,
    found,
    found_again,
    lying_at,
)

START = datetime(2026, 11, 20, 2, tzinfo=UTC)
LOT, PRODUCER, SHEET = UUID(int=1), UUID(int=2), UUID(int=3)


def at(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


moved = st.lists(
    st.builds(Moved, st.integers(0, 600).map(at), st.integers(-9_000, 9_000)), max_size=30
)


@given(
    st.integers(0, 100_000), moved, st.integers(0, 600), st.integers(-5_000, 5_000), st.randoms()
)
def test_the_difference_is_what_is_missing_whatever_moves_and_in_whatever_order(
    opening: int, moves: list[Moved], minute: int, missing: int, chance: object
) -> None:
    truly_there = opening + sum(one.net_milli for one in moves if one.moved_at <= at(minute))
    level_now = opening + sum(one.net_milli for one in moves)
    chance.shuffle(moves)  # type: ignore[attr-defined]
    assert lying_at(level_now, moves, at(minute)) == truly_there
    look = Look(1, truly_there + missing, at(minute))
    result = found(level_now, moves, [look])
    assert result.variance_milli == missing
    assert result.recount == (missing != 0)
    # Corrected at the moment of counting, the same look finds nothing any more.
    corrected = [*moves, Moved(at(minute), missing)]
    assert found(level_now + missing, corrected, [look]).variance_milli == 0


@given(moved, st.lists(st.integers(0, 50_000), min_size=1, max_size=9))
def test_the_last_round_counts_and_two_looks_are_enough(
    moves: list[Moved], counts: list[int]
) -> None:
    looks = [Look(number, count, at(number)) for number, count in enumerate(counts, start=1)]
    result = found(10_000, moves, looks[::-1])
    assert result.counted_milli == counts[-1]
    assert result.expected_milli == lying_at(10_000, moves, at(len(counts)))
    if len(counts) > 1:
        assert not result.recount


losses = st.lists(
    st.tuples(st.integers(1, 9_000), st.integers(0, 9_000), st.integers(0, 90_000)), max_size=5
).map(
    lambda rows: [
        Loss(SHEET, number, quantity, min(back, quantity), base, base * 8 // 10)
        for number, (quantity, back, base) in enumerate(rows, start=1)
    ]
)


@given(st.integers(1, 30_000), losses)
def test_what_is_found_takes_back_no_more_than_was_charged(
    quantity: int, earlier: list[Loss]
) -> None:
    pieces = found_again(quantity, earlier)
    assert sum(piece.quantity_milli for piece in pieces) == quantity
    for piece in pieces:
        if piece.loss is None:
            assert piece.share_satang == 0
            continue
        assert piece.quantity_milli <= piece.loss.quantity_milli - piece.loss.back_milli
        assert 0 <= piece.share_satang <= piece.loss.share_satang
    open_milli = sum(loss.quantity_milli - loss.back_milli for loss in earlier)
    of_losses = sum(piece.quantity_milli for piece in pieces if piece.loss)
    assert of_losses == min(quantity, open_milli)


def test_what_is_found_in_two_parts_takes_back_exactly_the_charge() -> None:
    [first] = found_again(1_000, [Loss(SHEET, 1, 3_000, 0, 10_000, 8_000)])
    [rest] = found_again(2_000, [Loss(SHEET, 1, 3_000, 1_000, 10_000, 8_000)])
    assert first.share_satang + rest.share_satang == 8_000
    assert first.base_satang + rest.base_satang == 10_000


def correction(*, own: bool, over: bool, amount: int) -> Correction:
    return Correction(LOT, PRODUCER, None, own, over, amount)


def test_own_goods_short_leave_the_inventory_and_over_come_back() -> None:
    short = count_lines([correction(own=True, over=False, amount=500)])
    assert {(line.purpose, line.debit - line.credit) for line in short} == {
        (Purpose.COUNT_DIFFERENCE, 500),
        (Purpose.INVENTORY, -500),
    }
    over = count_lines([correction(own=True, over=True, amount=500)])
    assert {(line.purpose, line.debit - line.credit) for line in over} == {
        (Purpose.COUNT_DIFFERENCE, -500),
        (Purpose.INVENTORY, 500),
    }
    assert {line.lot_id for line in (*short, *over) if line.purpose is Purpose.INVENTORY} == {LOT}


def test_consigned_goods_the_centre_bears_are_owed_to_their_producer() -> None:
    [charge, owed] = count_lines([correction(own=False, over=False, amount=800)])
    assert (charge.purpose, charge.debit) == (Purpose.COUNT_DIFFERENCE, 800)
    assert (owed.purpose, owed.credit, owed.producer_id) == (
        Purpose.CONSIGNMENT_PAYABLE,
        800,
        PRODUCER,
    )


def test_what_nobody_pays_for_posts_nothing() -> None:
    assert count_lines([correction(own=False, over=True, amount=0)]) == ()
    assert count_lines([]) == ()


@given(
    st.lists(st.builds(correction, own=st.booleans(), over=st.booleans(), amount=st.integers(0, 9)))
)
def test_every_count_balances(corrections: list[Correction]) -> None:
    lines = count_lines(corrections)
    assert sum(line.debit - line.credit for line in lines) == 0
    assert len(lines) != 1
