"""For any history the statements agree with each other and with the raw lines.

The history has balanced entries over any accounts, months and activities, years closed in the
middle of it, and entries that come after; some of it is sealed, some is not.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from accounting.models import JournalEntry, JournalLine
from accounting.rules.chart import Purpose
from accounting.rules.entry import CLOSING_KINDS, NewEntry, NewLine
from accounting.rules.periods import fiscal_span, fiscal_year
from accounting.rules.statements import (
    AccountFacts,
    BalanceColumn,
    FlowColumn,
    balance_sheet,
    cash_flow,
    income_statement,
    money_of,
    result_of,
)
from accounting.rules.stretches import (
    Stretch,
    before,
    months_between,
    parts,
    shifted,
    stretch_of,
    year_before,
)
from accounting.services import activities, chart, ledger, sealing
from accounting.services import financial_statements as statements
from accounting.services.activities import NewActivity
from accounting.services.financial_statements import Ask
from core.actor import Actor
from core.db import db, in_transaction
from core.ids import uuid7

# --- the rules, over invented accounts ---------------------------------------------------------

FACTS = tuple(
    AccountFacts(UUID(int=number), code, kind, purpose, money)
    for number, (code, kind, purpose, money) in enumerate(
        [
            ("1110", "asset", "cash_till", "cash"),
            ("1130", "asset", "bank", "bank"),
            ("1310", "asset", "inventory", ""),
            ("1510", "asset", "equipment", ""),
            ("1519", "asset", "accumulated_depreciation", ""),
            ("1520", "asset", None, ""),
            ("2120", "liability", "consignment_payable", ""),
            ("2210", "liability", "dividends_payable", ""),
            ("3110", "equity", "share_capital", ""),
            ("3320", "equity", "surplus_of_year", ""),
            ("4110", "income", "sales", ""),
            ("4130", "income", "discounts_given", ""),
            ("5110", "expense", "cost_of_goods", ""),
            ("5290", "expense", "expense_other", ""),
            ("5999", "expense", None, ""),
        ],
        1,
    )
)
BY_CODE = {one.code: one for one in FACTS}
AMOUNTS = st.integers(1, 10_000_000_00)
FIRST = date(2025, 1, 1)
DAYS = 800


@dataclass(frozen=True)
class Posted:
    """An entry of an invented history: (account, activity, net) and whether it closes a year."""

    day: date
    lines: tuple[tuple[UUID, int, int], ...]
    closing: bool = False


@st.composite
def entries(draw: st.DrawFn) -> Posted:
    ids = [one.id for one in FACTS]
    lines = [
        (
            draw(st.sampled_from(ids)),
            draw(st.integers(0, 2)),
            draw(AMOUNTS) * draw(st.sampled_from([1, -1])),
        )
        for _ in range(draw(st.integers(1, 4)))
    ]
    rest = -sum(net for _account, _activity, net in lines)
    lines.append((draw(st.sampled_from(ids)), draw(st.integers(0, 2)), rest))
    return Posted(FIRST + timedelta(days=draw(st.integers(0, DAYS))), tuple(lines))


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Posted], int]:
    """A history and the month its fiscal years begin in; a year may be closed in it, or not."""
    start_month = draw(st.integers(1, 12))
    history = draw(st.lists(entries(), max_size=12))
    if draw(st.booleans()):
        last = fiscal_span(fiscal_year(date(2026, 3, 1), start_month), start_month).last
        assert last is not None
        moved = nets(one for one in history if one.day <= last)
        lines = [
            (one.id, 0, -moved[one.id]) for one in FACTS if one.counts_in_result and moved[one.id]
        ]
        equity = BY_CODE["3320"].id
        lines.append((equity, 0, -sum(net for _account, _activity, net in lines)))
        history.append(Posted(last, tuple(lines), closing=True))
        # Late ones, after the close, of the year that was closed.
        history += draw(st.lists(entries(), max_size=3))
    return history, start_month


def nets(history: object) -> dict[UUID, int]:
    sums: dict[UUID, int] = defaultdict(int)
    for entry in history:  # type: ignore[attr-defined]
        for account_id, _activity, net in entry.lines:
            sums[account_id] += net
    return sums


def within(history: list[Posted], span: Stretch, closing: bool = False) -> list[Posted]:
    return [
        one
        for one in history
        if span.first <= one.day <= span.last and (closing or not one.closing)
    ]


SPANS = st.builds(
    stretch_of,
    st.sampled_from(["month", "quarter", "year"]),
    st.integers(0, 26).map(lambda months: shifted(202501, months)),
    st.integers(1, 12),
)


@given(histories(), SPANS)
def test_the_balance_sheet_balances_and_shows_the_whole_result(
    made: tuple[list[Posted], int], span: Stretch
) -> None:
    history, start_month = made
    until = nets(one for one in history if one.day <= span.last)
    began = fiscal_span(fiscal_year(span.last, start_month), start_month).first
    year = nets(one for one in history if began is not None and began <= one.day <= span.last)
    owe = max(until[BY_CODE["2120"].id], 0)
    sheet = balance_sheet(FACTS, [BalanceColumn(until, year, owe)])
    assert sheet.totals["assets"] == sheet.totals["debts_and_equity"]
    posted = -sum(until[one.id] for one in FACTS if one.type == "equity")
    assert sheet.totals["equity"] == (posted + result_of(FACTS, until),)


@given(histories(), SPANS)
def test_the_result_is_the_change_of_equity_without_what_was_posted_there(
    made: tuple[list[Posted], int], span: Stretch
) -> None:
    history, _start = made
    income = income_statement(FACTS, [nets(within(history, span))])

    def equity(day: date) -> int:
        until = nets(one for one in history if one.day <= day)
        posted = -sum(until[one.id] for one in FACTS if one.type == "equity")
        return posted + result_of(FACTS, until)

    direct = nets(within(history, span))
    posted_there = -sum(direct[one.id] for one in FACTS if one.type == "equity")
    change = equity(span.last) - equity(span.first - timedelta(days=1))
    assert income.totals["result"] == (change - posted_there,)


@given(histories(), SPANS)
def test_the_cash_flow_is_the_change_of_money(
    made: tuple[list[Posted], int], span: Stretch
) -> None:
    history, _start = made
    start = money_of(FACTS, nets(one for one in history if one.day < span.first))
    flow = cash_flow(FACTS, [FlowColumn(nets(within(history, span)), start)])
    end = money_of(FACTS, nets(one for one in history if one.day <= span.last))
    assert flow.totals["after"] == (end,)
    assert flow.totals["change"] == (end - start,)


@given(histories(), SPANS)
def test_parts_and_activities_add_up_to_the_whole(
    made: tuple[list[Posted], int], span: Stretch
) -> None:
    history, _start = made
    inside = within(history, span)
    by_month = [nets(within(history, Stretch("month", m, m))) for m in span.months]
    by_activity = [
        nets(
            Posted(one.day, tuple(line for line in one.lines if line[1] == activity))
            for one in inside
        )
        for activity in range(3)
    ]
    for columns in (by_month, by_activity):
        statement = income_statement(FACTS, [*columns, nets(inside)])
        for row in statement.rows:
            if row.amounts:
                assert sum(row.amounts[:-1]) == row.amounts[-1]


@given(SPANS)
def test_quarters_and_years_are_whole_and_follow_each_other(span: Stretch) -> None:
    assert tuple(month for part in parts(span) for month in part.months) == span.months
    assert before(span).months == months_between(
        shifted(span.first_period, -len(span.months)), shifted(span.first_period, -1)
    )
    assert [shifted(month, 12) for month in year_before(span).months] == list(span.months)


# --- the services, over posted entries ---------------------------------------------------------

PURPOSES = (
    Purpose.BANK,
    Purpose.CASH_SAFE,
    Purpose.EQUIPMENT,
    Purpose.ACCUMULATED_DEPRECIATION,
    Purpose.RESTRICTED_GRANTS,
    Purpose.LEGAL_RESERVE,
    Purpose.SALES,
    Purpose.DISCOUNTS_GIVEN,
    Purpose.COST_OF_GOODS,
    Purpose.WAGES,
)
POSTINGS = st.lists(
    st.tuples(
        st.sampled_from(PURPOSES),
        st.sampled_from(PURPOSES),
        AMOUNTS,
        st.integers(0, 2),
        st.integers(0, 2),
        st.integers(0, 600),
        st.sampled_from(["sale", *CLOSING_KINDS, "sale", "sale"]),
    ),
    min_size=1,
    max_size=8,
)


@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    postings=POSTINGS,
    sealed=st.integers(0, 8),
    month=st.integers(0, 20),
    kind=st.sampled_from(["month", "quarter", "year"]),
)
def test_the_services_agree_with_the_raw_lines(
    app: Flask,
    accountant: Actor,
    manager: Actor,
    postings: list[tuple[Purpose, Purpose, int, int, int, int, str]],
    sealed: int,
    month: int,
    kind: str,
) -> None:
    known = [None, *_two_activities(manager)]
    for number, (to, by, amount, left, right, days, entry_kind) in enumerate(postings):
        if number == sealed:
            in_transaction(sealing.seal_all, accountant.centre_id)
        # An entry that closes a year moves no money.
        closing = entry_kind in CLOSING_KINDS
        sides = (Purpose.SALES, Purpose.SURPLUS_OF_YEAR) if closing else (to, by)
        lines = (
            NewLine(sides[0], debit=amount, activity_id=known[left]),
            NewLine(sides[1], credit=amount, activity_id=known[right]),
        )
        entry = NewEntry(
            entry_kind,
            "opening",
            uuid7(),
            FIRST + timedelta(days=days),
            datetime(2025, 1, 1, tzinfo=UTC),
            lines,
        )
        in_transaction(ledger.post, entry, accountant)
    span = stretch_of(kind, shifted(202501, month))
    facts = statements.facts_of(chart.listing(accountant.centre_id))

    income = statements.show(Ask("income", span, "activity"), accountant)
    moved = _raw(accountant.centre_id, span.first, span.last, closing=False)
    own = income_statement(facts, [moved])
    assert income.statement.totals["result"][-1] == own.totals["result"][0]
    for row in income.statement.rows:
        if row.amounts:
            assert sum(row.amounts[:-1]) == row.amounts[-1]

    sheet = statements.show(Ask("balance", span, "none"), accountant)
    until = _raw(accountant.centre_id, date(2000, 1, 1), span.last)
    for row in sheet.statement.rows:
        if row.account_id is not None:
            sign = next(one.sign for one in facts if one.id == row.account_id)
            assert row.amounts == (sign * until[row.account_id],)
    assert sheet.statement.totals["assets"] == sheet.statement.totals["debts_and_equity"]

    flow = statements.show(Ask("cash_flow", span, "parts"), accountant).statement
    assert flow.totals["after"][-1] == money_of(facts, until) == sheet.statement.totals["money"][0]
    assert sum(flow.totals["change"][:-1]) == flow.totals["change"][-1]


def _two_activities(manager: Actor) -> list[UUID]:
    there = {one.code: one.id for one in activities.listing(manager.centre_id)}
    for code in ("ร้าน", "น้ำ"):
        if code not in there:
            new = NewActivity(uuid7(), code, code)
            there[code] = in_transaction(activities.create, new, manager).id
    return [there["ร้าน"], there["น้ำ"]]


def _raw(centre_id: int, first: date, last: date, closing: bool = True) -> dict[UUID, int]:
    sums: dict[UUID, int] = defaultdict(int)
    query = (
        select(JournalLine.account_id, JournalLine.debit, JournalLine.credit, JournalEntry.kind)
        .join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
        .where(
            JournalLine.centre_id == centre_id,
            JournalEntry.centre_id == centre_id,
            JournalEntry.posting_date.between(first, last),
        )
    )
    for account_id, debit, credit, kind in db.session.execute(query):
        if closing or kind not in CLOSING_KINDS:
            sums[account_id] += debit - credit
    return sums
