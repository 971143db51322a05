"""What a closed shift comes to: hours, tenders and the drawer, by worked example."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pos.rules.shift_report import Drawer, Sold, by_hour, by_tender, cash_moved

OPENED = datetime(2026, 11, 20, 1, 5, tzinfo=UTC)  # 08.05 in Bangkok
CLOSED = OPENED + timedelta(hours=9)
DRAWER = Drawer(
    float_satang=50_000,
    sales_satang=123_475,
    refunds_satang=2_500,
    paid_in_satang=20_000,
    paid_out_satang=4_550,
    producers_satang=36_000,
    books_satang=150_425,
    lines_satang=150_425,
    counted_satang=150_400,
)


def _sold(hours: int, minutes: int, satang: int) -> Sold:
    return Sold(OPENED + timedelta(hours=hours, minutes=minutes), satang)


def test_hours_are_bangkoks_and_empty_ones_are_shown() -> None:
    hours = by_hour([_sold(0, 0, 100), _sold(0, 54, 50), _sold(2, 55, 25)], OPENED, CLOSED)
    assert [(f"{one.start:%H.%M}", one.sales, one.satang) for one in hours] == [
        ("08.00", 2, 150),
        ("09.00", 0, 0),
        ("10.00", 0, 0),
        ("11.00", 1, 25),
    ]


def test_a_counters_wrong_clock_does_not_lead_outside_the_shift() -> None:
    early, late = OPENED - timedelta(days=3), CLOSED + timedelta(days=3)
    hours = by_hour([Sold(early, 1), Sold(late, 2)], OPENED, CLOSED)
    assert f"{hours[0].start:%H.%M}" == "08.00"
    assert f"{hours[-1].start:%H.%M}" == "17.00"


def test_a_shift_left_open_for_days_shows_only_its_busy_hours() -> None:
    closed = OPENED + timedelta(days=9)
    assert len(by_hour([_sold(0, 0, 1), _sold(9 * 24, 0, 1)], OPENED, closed)) == 2


def test_no_sales_no_hours() -> None:
    assert by_hour([], OPENED, CLOSED) == ()


@given(
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 59), st.integers(1, 10**6)), max_size=50)
)
def test_hours_add_up_to_the_takings(sales: list[tuple[int, int, int]]) -> None:
    hours = by_hour([_sold(*sale) for sale in sales], OPENED, CLOSED)
    assert sum(one.satang for one in hours) == sum(satang for _, _, satang in sales)
    assert sum(one.sales for one in hours) == len(sales)


def test_cash_is_without_the_change() -> None:
    # 1,000.00 was due; 300.00 came by PromptPay, a 1,000 note was handed over for the rest.
    tenders = by_tender(100_000, {"cash": (1, 100_000), "promptpay": (1, 30_000)}, {})
    assert [(one.method, one.taken_satang) for one in tenders] == [
        ("cash", 70_000),
        ("promptpay", 30_000),
    ]


def test_tenders_never_used_are_left_out_and_refunds_alone_are_shown() -> None:
    tenders = by_tender(0, {}, {"transfer": 500})
    assert [(one.method, one.net_satang) for one in tenders] == [("transfer", -500)]


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9))
def test_tenders_add_up_to_what_was_due(cash: int, promptpay: int, transfer: int) -> None:
    paid = {"cash": (1, cash + 25), "promptpay": (1, promptpay), "transfer": (1, transfer)}
    due = cash + promptpay + transfer
    assert sum(one.taken_satang for one in by_tender(due, paid, {})) == due


def test_the_drawer_adds_up_and_ties_to_the_books() -> None:
    assert DRAWER.expected_satang == 150_425
    assert DRAWER.tied
    assert DRAWER.over_short_satang == -25


def test_a_drawer_that_differs_from_the_books_says_so() -> None:
    assert not replace(DRAWER, paid_out_satang=4_500).tied
    assert not replace(DRAWER, books_satang=150_000).tied
    assert not replace(DRAWER, lines_satang=150_000).tied


def test_the_float_and_the_over_or_short_are_no_movement_of_the_day() -> None:
    moved = {"shift": 50_000, "sale": 9_000, "refund": -500, "goods_receipt": -2_000}
    assert cash_moved(moved) == 6_500
    assert cash_moved({}) == 0
