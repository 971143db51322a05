"""The close's rules by example and by property: turns, steps, seals, the year's end."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounting.rules import closing, seals, year_close
from accounting.rules.attention import Attention, TieOut
from accounting.rules.chart import Purpose
from accounting.rules.closing import STEPS, MonthNotOver, NotNextToClose, State, StepsOpen, Waiver
from accounting.rules.periods import (
    fiscal_span,
    fiscal_year,
    last_day,
    last_period_of_year,
    next_period,
    period_of,
    previous_period,
)

# --- whose turn it is ------------------------------------------------------------------------


def test_the_turn_goes_from_month_to_month() -> None:
    assert closing.next_to_close({}) is None
    assert closing.next_to_close({202611: "open", 202609: "open"}) == 202609
    assert closing.next_to_close({202611: "closed", 202612: "open"}) == 202612
    assert closing.next_to_close({202612: "closed"}) == 202701


@pytest.mark.parametrize(
    ("period_id", "today", "refusal"),
    [
        (202611, date(2026, 12, 1), None),
        (202611, date(2026, 11, 30), MonthNotOver),
        (202612, date(2027, 2, 1), NotNextToClose),
    ],
)
def test_a_month_closes_in_its_turn_once_it_is_over(
    period_id: int, today: date, refusal: type[Exception] | None
) -> None:
    states = {202610: "closed", 202611: "open"}
    if refusal is None:
        closing.require_turn(period_id, states, today)
        return
    with pytest.raises(refusal):
        closing.require_turn(period_id, states, today)


@given(st.dates(date(1990, 1, 1), date(2190, 12, 31)), st.integers(1, 12))
def test_months_and_years_fit_together(day: date, start: int) -> None:
    period = period_of(day)
    assert previous_period(next_period(period)) == period
    assert period_of(last_day(period)) == period
    year = fiscal_year(day, start)
    span = fiscal_span(year, start)
    assert span.first is not None and span.last is not None
    assert span.first <= day <= span.last
    assert fiscal_year(span.first, start) == fiscal_year(span.last, start) == year
    assert last_period_of_year(year, start) == period_of(span.last)


# --- steps -----------------------------------------------------------------------------------


def states(
    *matters: Attention, ties: tuple[TieOut, ...] = (), waived: str = ""
) -> dict[str, State]:
    waivers = [Waiver(waived, "น้ำท่วม", "สมใจ")] if waived else []
    found = closing.results(matters, ties, True, waivers)
    return {result.step.key: result.state for result in found}


def test_every_step_is_there_and_done_when_nothing_is_found() -> None:
    assert states() == {step.key: State.DONE for step in STEPS}


def test_what_is_found_stops_is_listed_or_is_waived() -> None:
    assert states(Attention("drafts", "x", 1))["drafts"] is State.STOPS
    assert states(Attention("drafts", "x", 0))["drafts"] is State.DONE
    assert states(Attention("drafts", "x", 1), waived="drafts")["drafts"] is State.STOPS
    assert states(Attention("stock", "x", 1), waived="stock")["stock"] is State.WAIVED
    assert states(Attention("turnover", "x", 1, stops=False))["turnover"] is State.LISTED
    apart = TieOut("inventory", "x", "1310", 5, 4)
    assert states(ties=(apart,))["tie_outs"] is State.STOPS


def test_whatever_stops_is_named() -> None:
    found = closing.results([Attention("drafts", "x", 1)], [], False, [])
    with pytest.raises(StepsOpen) as refusal:
        closing.require_ready(found)
    assert refusal.value.facts == {"steps": ["drafts", "trial_balance"]}


def test_a_checklist_reads_back_as_it_was_signed() -> None:
    steps = [
        {
            "key": "stock",
            "state": "waived",
            "count": 2,
            "satang": 7,
            "matters": [{"title": "x", "count": 2, "satang": 7, "stops": True}],
            "waiver": ["น้ำท่วม", "สมใจ"],
        }
    ]
    (result,) = closing.as_signed(steps)
    assert (result.state, result.count, result.satang) == (State.WAIVED, 2, 7)
    assert result.waiver == Waiver("stock", "น้ำท่วม", "สมใจ")


# --- seals -----------------------------------------------------------------------------------

texts = st.lists(st.text(max_size=12), min_size=1, max_size=4)


@given(st.lists(texts, min_size=2, max_size=6), st.data())
def test_any_change_of_an_entry_is_seen_and_placed(
    entries: list[list[str]], data: st.DataObject
) -> None:
    hashes = [seals.entry_hash(one[0], one[1:]) for one in entries]
    made = seals.link(seals.BEGINNING, 2569, 1, len(hashes), hashes)
    assert seals.altered(made.marks, hashes) == []
    place = data.draw(st.integers(0, len(entries) - 1))
    part = data.draw(st.integers(0, len(entries[place]) - 1))
    changed = list(entries[place])
    changed[part] += "x"
    others = list(hashes)
    others[place] = seals.entry_hash(changed[0], changed[1:])
    assert seals.altered(made.marks, others) == [place]
    assert seals.link(seals.BEGINNING, 2569, 1, len(others), others).hash != made.hash


def test_texts_can_not_pass_for_one_another() -> None:
    assert seals.entry_hash("ab", ["c"]) != seals.entry_hash("a", ["bc"])
    assert seals.entry_hash("ab", []) != seals.entry_hash("a", ["b"])


def test_a_seal_follows_the_one_before() -> None:
    one = seals.entry_hash("a", ["b"])
    first = seals.link(seals.BEGINNING, 2569, 1, 1, [one])
    assert seals.link(first.hash, 2569, 2, 2, [one]).hash != first.hash


# --- the year --------------------------------------------------------------------------------

SALES, WAGES, CASH = UUID(int=1), UUID(int=2), UUID(int=3)
WATER = UUID(int=9)
moves = st.dictionaries(
    st.tuples(st.sampled_from([SALES, WAGES, CASH]), st.sampled_from([None, WATER])),
    st.integers(-(10**12), 10**12),
)


@given(moves, st.integers(-(10**12), 10**12))
def test_closing_a_year_balances_and_empties_every_result_account(
    moved: dict[tuple[UUID, UUID | None], int], before: int
) -> None:
    lines = year_close.lines(moved, [SALES, WAGES], before)
    assert sum(line.debit - line.credit for line in lines) == 0
    assert all((line.debit == 0) != (line.credit == 0) for line in lines)
    left = dict(moved)
    for line in lines:
        if line.account_id is not None:
            left[line.account_id, line.activity_id] += line.debit - line.credit
    assert all(net == 0 for (account, _), net in left.items() if account in {SALES, WAGES})
    surplus = sum(
        line.debit - line.credit for line in lines if line.purpose is Purpose.SURPLUS_OF_YEAR
    )
    result = sum(net for (account, _), net in moved.items() if account in {SALES, WAGES})
    assert before + surplus == result
    brought = sum(
        line.debit - line.credit for line in lines if line.purpose is Purpose.BROUGHT_FORWARD
    )
    assert brought == before


def test_a_year_without_movement_closes_without_an_entry() -> None:
    assert year_close.lines({(CASH, None): 500}, [SALES, WAGES], 0) == ()


@pytest.mark.parametrize(
    ("before", "debited", "credited", "left"),
    [
        (-900, 300, 0, -600),  # a surplus partly allocated
        (-900, 1_000, 0, 0),  # all of it, and some of this year's
        (0, 0, 1_000, 0),  # old books opened in the year: this year's own
        (-900, 0, 1_000, -900),
        (400, 0, 100, 300),  # a loss partly made up for
        (400, 0, 500, 0),
    ],
)
def test_what_is_left_of_earlier_years(before: int, debited: int, credited: int, left: int) -> None:
    assert year_close.left_of_before(before, debited, credited) == left
