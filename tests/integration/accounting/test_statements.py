"""Statements from the services, on both databases: the year's close, producers who owe, reasons."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from flask import Flask

from accounting.models import NO_ACTIVITY
from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.rules.periods import Span
from accounting.rules.stretches import Stretch, stretch_of
from accounting.services import activities, chart, explanations, ledger, sealing
from accounting.services import financial_statements as statements
from accounting.services import statements as trial_balances
from accounting.services.activities import NewActivity
from accounting.services.financial_statements import Ask, Shown
from core import clock
from core.actor import Actor, Centre
from core.db import in_transaction
from core.errors import Forbidden
from core.ids import uuid7
from core.paging import Window
from members.services import producers
from members.services.producers import NewProducer
from tests.conftest import actor_of

OCTOBER, NOVEMBER = Stretch("month", 202610, 202610), Stretch("month", 202611, 202611)


def post(
    actor: Actor, day: date, *lines: NewLine, kind: str = "sale", sealed: bool = False
) -> None:
    entry = NewEntry(kind, "opening", uuid7(), day, clock.now(), lines)
    in_transaction(ledger.post, entry, actor)
    if sealed:
        in_transaction(sealing.seal_all, actor.centre_id)


def sell(actor: Actor, day: date, satang: int, activity: UUID | None = None, **rest: str) -> None:
    post(
        actor,
        day,
        NewLine(Purpose.BANK, satang),
        NewLine(Purpose.SALES, credit=satang, activity_id=activity),
        **rest,  # type: ignore[arg-type]
    )


def amounts(shown: Shown, actor: Actor, purpose: Purpose) -> tuple[int, ...]:
    """Return the row of an account."""
    wanted = chart.account_for(actor.centre_id, purpose).id
    return next(row.amounts for row in shown.statement.rows if row.account_id == wanted)


def row(shown: Shown, key: str) -> tuple[int, ...]:
    return next(one.amounts for one in shown.statement.rows if one.key == key)


def test_the_month_stands_beside_the_one_before_and_last_years(
    app: Flask, accountant: Actor
) -> None:
    for year, month, satang in ((2025, 11, 7_00), (2026, 10, 100_00), (2026, 11, 30_00)):
        sell(accountant, date(year, month, 5), satang)
    shown = statements.show(Ask("income", NOVEMBER), accountant)
    assert amounts(shown, accountant, Purpose.SALES) == (30_00, 100_00, 7_00)
    year = statements.show(Ask("income", stretch_of("year", 202611), "both"), accountant)
    assert year.statement.totals["result"] == (130_00, 7_00, 7_00)


def test_a_year_that_was_closed_keeps_its_income_statement_and_the_sheet_its_balance(
    app: Flask, accountant: Actor
) -> None:
    sell(accountant, date(2025, 6, 1), 500_00)
    close = (NewLine(Purpose.SALES, 500_00), NewLine(Purpose.SURPLUS_OF_YEAR, credit=500_00))
    post(accountant, date(2025, 12, 31), *close, kind="year_close", sealed=True)
    sell(accountant, date(2026, 1, 5), 40_00)
    year = stretch_of("year", 202512)
    assert statements.show(Ask("income", year), accountant).statement.totals["result"][0] == 500_00
    at_end = statements.show(Ask("balance", year, "none"), accountant)
    assert amounts(at_end, accountant, Purpose.SURPLUS_OF_YEAR) == (500_00,)
    assert all(one.key != "year_so_far" for one in at_end.statement.rows)
    january = statements.show(Ask("balance", Stretch("month", 202601, 202601), "none"), accountant)
    assert row(january, "year_so_far") == (40_00,)
    assert january.statement.totals["assets"] == (540_00,)


def test_a_ledger_may_leave_the_close_of_a_year_out_as_the_statement_does(
    app: Flask, accountant: Actor
) -> None:
    sell(accountant, date(2025, 12, 1), 500_00)
    close = (NewLine(Purpose.SALES, 500_00), NewLine(Purpose.SURPLUS_OF_YEAR, credit=500_00))
    post(accountant, date(2025, 12, 31), *close, kind="year_close")
    sales = chart.account_for(accountant.centre_id, Purpose.SALES).id
    december = Span(date(2025, 12, 1), date(2025, 12, 31))

    def ledger_of(closing: bool) -> tuple[int, int, int]:
        found = trial_balances.account_ledger(
            sales, accountant, Window(), december, closing=closing
        )
        return found.debit_satang, found.credit_satang, len(found.page.items)

    assert ledger_of(True) == (500_00, 500_00, 2)
    assert ledger_of(False) == (0, 500_00, 1)
    lines = trial_balances.every_line(sales, accountant, december, closing=False)
    assert [line.balance_satang for line in lines] == [-500_00]


def test_a_year_nobody_closed_is_named_apart_from_this_one(app: Flask, accountant: Actor) -> None:
    sell(accountant, date(2025, 6, 1), 500_00)
    sell(accountant, date(2026, 1, 5), 40_00)
    sheet = statements.show(Ask("balance", OCTOBER, "none"), accountant)
    assert row(sheet, "year_so_far") == (40_00,)
    assert row(sheet, "years_before") == (500_00,)


def test_contra_accounts_stand_below_zero_in_their_group(app: Flask, accountant: Actor) -> None:
    day = date(2026, 10, 3)
    post(accountant, day, NewLine(Purpose.EQUIPMENT, 90_00), NewLine(Purpose.BANK, credit=90_00))
    post(
        accountant,
        day,
        NewLine(Purpose.EXPENSE_OTHER, 10_00),
        NewLine(Purpose.ACCUMULATED_DEPRECIATION, credit=10_00),
    )
    sell(accountant, day, 200_00)
    post(
        accountant, day, NewLine(Purpose.DISCOUNTS_GIVEN, 5_00), NewLine(Purpose.BANK, credit=5_00)
    )
    sheet = statements.show(Ask("balance", OCTOBER, "none"), accountant)
    assert amounts(sheet, accountant, Purpose.ACCUMULATED_DEPRECIATION) == (-10_00,)
    assert sheet.statement.totals["lasting"] == (80_00,)
    income = statements.show(Ask("income", OCTOBER, "none"), accountant)
    assert amounts(income, accountant, Purpose.DISCOUNTS_GIVEN) == (-5_00,)
    assert income.statement.totals["income"] == (195_00,)
    # The wear of things is no money: it comes back in the cash flow.
    flow = statements.show(Ask("cash_flow", OCTOBER, "none"), accountant)
    assert amounts(flow, accountant, Purpose.ACCUMULATED_DEPRECIATION) == (10_00,)
    assert flow.statement.totals["lasting"] == (-90_00,)
    assert flow.statement.totals["after"] == (105_00,)


def test_a_producer_who_owes_is_shown_on_both_sides_and_nothing_is_posted(
    app: Flask, accountant: Actor, manager: Actor
) -> None:
    owed, owing = (
        in_transaction(producers.create, NewProducer(name=name, kind="person"), manager).id
        for name in ("ป้าแดง", "ลุงดำ")
    )
    day = date(2026, 10, 3)
    payable = Purpose.CONSIGNMENT_PAYABLE
    post(
        accountant,
        day,
        NewLine(Purpose.BANK, 80_00),
        NewLine(payable, credit=80_00, producer_id=owed),
    )
    post(
        accountant,
        day,
        NewLine(payable, 30_00, producer_id=owing),
        NewLine(Purpose.BANK, credit=30_00),
    )
    sheet = statements.show(Ask("balance", OCTOBER, "none"), accountant)
    assert amounts(sheet, accountant, payable) == (50_00,)
    assert row(sheet, "producers_owe") == row(sheet, "owed_by_producers") == (30_00,)
    assert sheet.statement.totals["debts"] == (80_00,)
    assert sheet.statement.totals["assets"] == (80_00,)
    # What is due is what the one is owed; the other's debt pays nobody.
    forecast = statements.forecast(accountant.centre_id, date(2026, 10, 31))
    assert [amount for _card, amount in forecast.due] == [80_00]
    assert forecast.left == 50_00 - 80_00


def test_activities_and_what_belongs_to_none_add_up(
    app: Flask, accountant: Actor, manager: Actor
) -> None:
    water = in_transaction(activities.create, NewActivity(uuid7(), "water", "น้ำ"), manager).id
    sell(accountant, date(2026, 10, 3), 100_00, water, sealed=True)  # type: ignore[arg-type]
    sell(accountant, date(2026, 10, 4), 20_00)
    shown = statements.show(Ask("income", OCTOBER, "activity"), accountant)
    assert [column.activity_id for column in shown.columns] == [water, NO_ACTIVITY, None]
    assert amounts(shown, accountant, Purpose.SALES) == (100_00, 20_00, 120_00)


def test_reasons_add_up_to_what_an_account_moved_and_name_the_largest(
    app: Flask, accountant: Actor
) -> None:
    for day, satang in (
        (date(2026, 10, 2), 100_00),
        (date(2026, 11, 2), 80_00),
        (date(2026, 11, 9), 300_00),
    ):
        sell(accountant, day, satang)
    refund = (NewLine(Purpose.SALES, 15_00), NewLine(Purpose.BANK, credit=15_00))
    post(accountant, date(2026, 11, 3), *refund, kind="refund")
    explained = explanations.explain("income", NOVEMBER, accountant)
    [sales] = explained.items
    assert (sales.before, sales.now) == (100_00, 365_00)
    assert [(one.kind, one.now.count, one.now.amount, one.change) for one in sales.reasons] == [
        ("sale", 2, 380_00, 280_00),
        ("refund", 1, -15_00, -15_00),
    ]
    assert sum(one.change for one in sales.reasons) == sales.change
    assert [one.amount for one in sales.documents] == [300_00, 80_00, -15_00]
    [bank] = explanations.explain("balance", NOVEMBER, accountant).items
    assert (bank.before, bank.now) == (100_00, 465_00)
    assert sum(one.change for one in bank.reasons) == bank.change
    [money] = explanations.explain("cash_flow", NOVEMBER, accountant).items
    assert money.account is None and money.now == 365_00
    assert sum(one.now.amount for one in money.reasons) == money.now


def test_money_carried_from_the_safe_to_the_bank_is_no_reason(
    app: Flask, accountant: Actor
) -> None:
    sell(accountant, date(2026, 11, 2), 80_00)
    carried = (NewLine(Purpose.CASH_SAFE, 50_00), NewLine(Purpose.BANK, credit=50_00))
    post(accountant, date(2026, 11, 3), *carried, kind="pay_in")
    [money] = explanations.explain("cash_flow", NOVEMBER, accountant).items
    assert [(one.kind, one.now.count) for one in money.reasons] == [("sale", 1)]


def test_what_moved_little_is_not_explained(app: Flask, accountant: Actor) -> None:
    sell(accountant, date(2026, 10, 2), 100_00)
    sell(accountant, date(2026, 11, 2), 120_00)
    assert explanations.explain("income", NOVEMBER, accountant).items == ()


def test_the_months_of_a_plot_are_those_of_the_statements(app: Flask, accountant: Actor) -> None:
    sell(accountant, date(2026, 9, 2), 100_00, sealed=True)  # type: ignore[arg-type]
    post(
        accountant,
        date(2026, 10, 2),
        NewLine(Purpose.WAGES, 30_00),
        NewLine(Purpose.BANK, credit=30_00),
    )
    months = statements.over_months(accountant.centre_id, 202611, 3)
    assert [(one.income, one.costs, one.money, one.money_change) for one in months] == [
        (100_00, 0, 100_00, 100_00),
        (0, 30_00, 70_00, -30_00),
        (0, 0, 70_00, 0),
    ]
    assert [one.assets - one.debts for one in months] == [100_00, 70_00, 70_00]


@pytest.mark.parametrize("kind", ["income", "balance", "cash_flow"])
def test_another_centres_books_are_not_in_ours(
    kind: str, app: Flask, accountant: Actor, other_centre: Centre
) -> None:
    other = actor_of(other_centre, "accountant")
    sell(other, date(2026, 11, 2), 999_00)
    sell(accountant, date(2026, 11, 2), 1_00)
    shown = statements.show(Ask(kind, NOVEMBER, "none"), accountant)
    assert {abs(amount) for one in shown.statement.rows for amount in one.amounts} == {0, 1_00}
    explained = explanations.explain(kind, NOVEMBER, accountant)
    assert all(item.now == 1_00 for item in explained.items)


def test_who_may_not_read_statements_reads_none(app: Flask, cashier: Actor) -> None:
    with pytest.raises(Forbidden):
        statements.show(Ask("income", NOVEMBER), cashier)
    with pytest.raises(Forbidden):
        explanations.explain("income", NOVEMBER, cashier)
