"""What money is for (Notice 161), by example; and when an entry comes too late."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounting.rules import cash_report as rules
from accounting.rules.cash_report import CashSums, Part
from accounting.rules.chart import Purpose

Lines = list[tuple[str | None, str, int]]
"""(purpose, type, debit less credit) of the lines that are not money."""


def document(kind: str, lines: Lines, gross: bool = False) -> CashSums:
    total = rules.NOTHING
    for purpose, account_type, satang in lines:
        part = rules.part_of(purpose, account_type, kind, gross)
        total += rules.sums_of(part, max(satang, 0), max(-satang, 0))
    return total


OWN_SALE: Lines = [
    (Purpose.SALES, "income", -100_00),
    (Purpose.COST_OF_GOODS, "expense", 60_00),
    (Purpose.INVENTORY, "asset", -60_00),
]
CONSIGNED_SALE: Lines = [
    (Purpose.CONSIGNMENT_PAYABLE, "liability", -80_00),
    (Purpose.COMMISSION, "income", -20_00),
]
PAYOUT: Lines = [
    (Purpose.CONSIGNMENT_PAYABLE, "liability", 440_00),
    (Purpose.PAYABLE_OUTRIGHT, "liability", 360_00),
    (Purpose.PRODUCER_ADVANCES, "asset", -60_00),
]


@pytest.mark.parametrize(
    ("kind", "lines", "expected"),
    [
        ("sale", OWN_SALE, CashSums(receipts=100_00)),
        ("sale", CONSIGNED_SALE, CashSums(receipts=20_00, other_in=80_00)),
        (
            "refund",
            [(purpose, sort, -satang) for purpose, sort, satang in CONSIGNED_SALE],
            CashSums(receipts=-20_00, other_out=80_00),
        ),
        ("payout", PAYOUT, CashSums(purchases=360_00, other_out=440_00, other_in=60_00)),
        ("intake", [(Purpose.INVENTORY, "asset", 360_00)], CashSums(purchases=360_00)),
        (
            "sale",
            [(Purpose.SALES, "income", -100_00), (Purpose.MEMBER_RECEIVABLE, "asset", 60_00)],
            CashSums(receipts=40_00),
        ),
        (
            "member_pays",
            [(Purpose.MEMBER_RECEIVABLE, "asset", -60_00)],
            CashSums(receipts=60_00),
        ),
        ("shift_close", [(Purpose.CASH_OVER_SHORT, "expense", 20_00)], CashSums(expenses=20_00)),
        ("shift_close", [(Purpose.CASH_OVER_SHORT, "expense", -5_00)], CashSums(receipts=5_00)),
        ("pay_out", [(None, "expense", 45_50)], CashSums(expenses=45_50)),
        ("shares", [(Purpose.SHARE_CAPITAL, "equity", -500_00)], CashSums(other_in=500_00)),
        ("voucher", [(Purpose.EQUIPMENT, "asset", 9_000_00)], CashSums(other_out=9_000_00)),
        (
            "sale",
            [(Purpose.SALES, "income", -100_00), (Purpose.OUTPUT_VAT, "liability", -7_00)],
            CashSums(receipts=100_00, other_in=7_00),
        ),
    ],
)
def test_each_document_stands_in_its_columns(kind: str, lines: Lines, expected: CashSums) -> None:
    assert document(kind, lines) == expected


def test_consigned_goods_may_be_shown_at_the_full_price() -> None:
    assert document("sale", CONSIGNED_SALE, gross=True) == CashSums(receipts=100_00)
    assert document("payout", PAYOUT, gross=True) == CashSums(purchases=800_00, other_in=60_00)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([*Purpose, None]),
            st.sampled_from(["asset", "liability", "equity", "income", "expense"]),
            st.integers(-(10**9), 10**9),
        ),
        max_size=12,
    ),
    st.sampled_from(["sale", "refund", "payout", "opening"]),
    st.booleans(),
)
def test_the_columns_always_explain_what_the_money_changed(
    lines: Lines, kind: str, gross: bool
) -> None:
    assert document(kind, lines, gross).net == -sum(satang for _, _, satang in lines)


def test_every_purpose_has_a_column() -> None:
    assert {rules.part_of(purpose, "asset") for purpose in Purpose} == set(Part)


@pytest.mark.parametrize(
    ("day", "days", "last"),
    [
        (date(2026, 11, 16), 3, date(2026, 11, 19)),  # Monday → Thursday
        (date(2026, 11, 19), 3, date(2026, 11, 24)),  # Thursday → Tuesday, over the weekend
        (date(2026, 11, 21), 3, date(2026, 11, 25)),  # Saturday → Wednesday
        (date(2026, 11, 22), 3, date(2026, 11, 25)),  # Sunday → Wednesday
        (date(2026, 11, 20), 0, date(2026, 11, 20)),  # the very day
    ],
)
def test_the_deadline_leaves_weekends_out(day: date, days: int, last: date) -> None:
    assert rules.deadline(day, days) == last


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 31))
def test_a_deadline_is_a_working_day_and_counts_them(day: date, days: int) -> None:
    last = rules.deadline(day, days)
    assert last.weekday() < 5
    between = ((day + timedelta(days=more)) for more in range(1, (last - day).days + 1))
    assert sum(one.weekday() < 5 for one in between) == days
