"""Whatever a supplier's paper says: cost and VAT are the price, and payments stay within bounds."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import half_up_div
from inventory.rules.buying import (
    MoreThanOpen,
    due_day,
    last_claim_day,
    oldest_first,
    price_lines,
    same_price,
    state_of,
)
from inventory.rules.payouts import DueLine, check

MONEY = st.integers(1, 10_000_000)
LINES = st.lists(st.tuples(MONEY, st.sampled_from([0, 700])), min_size=1, max_size=12)


@given(LINES, st.sampled_from(["none", "included", "added"]), st.booleans())
def test_cost_and_claimed_vat_are_what_the_paper_asks(
    lines: list[tuple[int, int]], prices: str, claimed: bool
) -> None:
    amounts, rates = [a for a, _ in lines], [r for _, r in lines]
    priced = price_lines(amounts, rates, prices, claimed=claimed)
    taxed = sum(a for a, r in lines if r)
    on_top = half_up_div(taxed * 700, 10_000) if prices == "added" else 0
    assert sum(one.owed_satang for one in priced) == sum(amounts) + on_top
    assert all(one.cost_satang >= 0 and one.tax_satang >= 0 for one in priced)
    if not claimed or prices == "none":
        assert not any(one.tax_satang for one in priced)
    if claimed and prices == "included":
        assert sum(one.tax_satang for one in priced) == half_up_div(taxed * 700, 10_700)


@given(
    st.lists(st.tuples(MONEY, st.integers(0, 90)), min_size=1, max_size=8),
    st.lists(MONEY, max_size=4),
    st.integers(1, 100_000_000),
)
def test_an_amount_pays_the_longest_due_and_never_more_than_is_open(
    owed: list[tuple[int, int]], credits_: list[int], amount: int
) -> None:
    day = date(2026, 1, 1)
    due = [
        DueLine("outright", UUID(int=n), f"IN-{n}", day, satang, satang, due_on=due_day(day, days))
        for n, (satang, days) in enumerate(owed)
    ]
    due += [
        DueLine("credit", UUID(int=100 + n), f"SR-{n}", day, satang, satang)
        for n, satang in enumerate(credits_)
    ]
    open_satang = sum(line.sign * line.left_satang for line in due)
    if amount > open_satang:
        with pytest.raises(MoreThanOpen):
            oldest_first(due, amount)
        return
    lines = oldest_first(due, amount)
    assert check(lines, due) == amount
    paid = {line.document_id: line.amount_satang for line in lines if line.kind == "outright"}
    touched = [one for one in due if one.document_id in paid]
    whole = [one for one in touched if paid[one.document_id] == one.left_satang]
    assert len(touched) - len(whole) <= 1
    left_alone = [one for one in due if one.kind == "outright" and one.document_id not in paid]
    assert all(a.due <= b.due for a in touched for b in left_alone)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_tax_invoice_is_good_to_the_end_of_the_sixth_month_after_it(day: date) -> None:
    last = last_claim_day(day)
    assert (last.year * 12 + last.month) - (day.year * 12 + day.month) == 6
    assert (last + timedelta(days=1)).day == 1


def test_a_price_is_the_same_in_another_unit_and_states_follow_what_came() -> None:
    assert same_price(12_00, 100, 120_00, 1000)
    assert not same_price(12_01, 100, 120_00, 1000)
    assert state_of([5, 5], [0, 0]) == "sent"
    assert state_of([5, 5], [5, 0]) == "partly"
    assert state_of([5, 5], [5, 6]) == "received"
