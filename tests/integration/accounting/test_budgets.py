"""A budget is kept line by line, compared with the books, given out and brought back whole."""

from __future__ import annotations

import csv
import io
from datetime import date
from uuid import UUID

import pytest
from flask import Flask

from accounting.models import NO_ACTIVITY, BudgetLine
from accounting.rules.budgets import BudgetOutOfRange, spread
from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.rules.periods import fiscal_span
from accounting.services import activities, budget_files, budgets, chart, ledger
from accounting.services.activities import NewActivity
from accounting.services.budget_files import (
    AccountNotKnown,
    ActivityNotKnown,
    AmountNotKnown,
    LineTwice,
)
from accounting.services.budgets import BudgetMoved, NoBudgetAccount, NoSuchYear, SaveBudget
from core import clock
from core.actor import Actor
from core.db import db, in_transaction
from core.errors import Forbidden, NotFound
from core.ids import uuid7
from core.sheets import csv_lines
from core.tables_in import NotATable
from tests.closing import result_between
from tests.conftest import actor_of

YEAR = 2569
HEADINGS = ["account", "name", "activity", *(str(month) for month in range(1, 13)), "year"]


@pytest.fixture
def water(app: Flask, manager: Actor) -> UUID:
    """An activity."""
    return in_transaction(activities.create, NewActivity(uuid7(), "water", "น้ำดื่ม"), manager).id


def account(actor: Actor, purpose: Purpose) -> UUID:
    return chart.account_for(actor.centre_id, purpose).id


def save(actor: Actor, purpose: Purpose, year: int, version: int = 0, **rest: UUID) -> int:
    command = SaveBudget(YEAR, account(actor, purpose), rest.get("activity"), spread(year), version)
    return in_transaction(budgets.save, command, actor)


def post(actor: Actor, day: date, *lines: NewLine) -> None:
    entry = NewEntry("sale", "opening", uuid7(), day, clock.now(), lines)
    in_transaction(ledger.post, entry, actor)


def test_a_changed_line_is_a_new_version_and_the_same_again_is_none(
    app: Flask, accountant: Actor
) -> None:
    assert save(accountant, Purpose.SALES, 1_200_00) == 1
    assert save(accountant, Purpose.SALES, 1_200_00) == 1
    assert save(accountant, Purpose.SALES, 1_300_00, version=1) == 2
    [row] = budgets.of_year(YEAR, accountant).rows
    assert (sum(row.months), row.version) == (1_300_00, 2)
    assert db.session.query(BudgetLine).count() == 2


def test_who_saw_an_older_version_is_refused_and_changes_nothing(
    app: Flask, accountant: Actor
) -> None:
    save(accountant, Purpose.SALES, 1_200_00)
    with pytest.raises(BudgetMoved):
        save(accountant, Purpose.SALES, 9_00)
    assert budgets.of_year(YEAR, accountant).result().plan == 1_200_00


def test_the_actual_is_the_income_statement_whatever_is_budgeted(
    app: Flask, accountant: Actor, water: UUID
) -> None:
    post(
        accountant,
        date(2026, 3, 5),
        NewLine(Purpose.BANK, 500_00),
        NewLine(Purpose.SALES, credit=300_00),
        NewLine(Purpose.SALES, credit=200_00, activity_id=water),
    )
    post(
        accountant,
        date(2026, 4, 5),
        NewLine(Purpose.WAGES, 120_00),
        NewLine(Purpose.BANK, credit=120_00),
    )
    save(accountant, Purpose.SALES, 2_400_00, activity=water)
    save(accountant, Purpose.WAGES, 1_200_00)
    found = budgets.of_year(YEAR, accountant)
    span = fiscal_span(YEAR)
    assert span.first is not None and span.last is not None
    result = result_between(accountant.centre_id, span.first, span.last)
    assert found.result().actual == result == 380_00
    by_key = {
        (row.account.purpose, row.activity.code if row.activity else ""): row for row in found.rows
    }
    of_water = by_key["sales", "water"].compared()
    assert (of_water.plan, of_water.actual, of_water.better) == (2_400_00, 200_00, -2_200_00)
    assert by_key["sales", ""].compared().better == 300_00
    assert by_key["wages", ""].compared(4).better == 400_00 - 120_00
    assert [found.result_of_month(place)[1] for place in (2, 3)] == [500_00, -120_00]


def test_a_fiscal_year_of_any_start_has_its_own_twelve_months(
    app: Flask, accountant: Actor
) -> None:
    centre = accountant.centre.__class__(
        **{
            name: getattr(accountant.centre, name)
            for name in accountant.centre.__dataclass_fields__
            if name != "fiscal_year_start_month"
        },
        fiscal_year_start_month=4,
    )
    actor = Actor(centre, accountant.user_id, accountant.name, accountant.roles)
    post(
        accountant,
        date(2026, 3, 31),
        NewLine(Purpose.BANK, 1_00),
        NewLine(Purpose.SALES, credit=1_00),
    )
    post(
        accountant,
        date(2026, 4, 1),
        NewLine(Purpose.BANK, 2_00),
        NewLine(Purpose.SALES, credit=2_00),
    )
    found = budgets.of_year(2570, actor)
    assert (found.periods[0], found.periods[-1]) == (202604, 202703)
    assert found.result().actual == 2_00
    assert budgets.of_year(2569, actor).result().actual == 1_00


def test_what_can_have_no_budget_is_refused(app: Flask, accountant: Actor, auditor: Actor) -> None:
    with pytest.raises(NoBudgetAccount):
        save(accountant, Purpose.BANK, 1_00)
    with pytest.raises(NotFound):
        save(accountant, Purpose.SALES, 1_00, activity=uuid7())
    with pytest.raises(BudgetOutOfRange):
        save(accountant, Purpose.SALES, 13 * 100_000_000_000)
    with pytest.raises(NoSuchYear):
        budgets.of_year(1999, accountant)
    with pytest.raises(Forbidden):
        save(auditor, Purpose.SALES, 1_00)
    assert db.session.query(BudgetLine).count() == 0


def test_another_centres_account_and_budget_are_not_there(
    app: Flask, accountant: Actor, other_centre: object
) -> None:
    other = actor_of(other_centre, "accountant")  # type: ignore[arg-type]
    save(other, Purpose.SALES, 77_00)
    assert budgets.of_year(YEAR, accountant).rows == ()
    foreign = SaveBudget(YEAR, account(other, Purpose.SALES), None, spread(1_00))
    with pytest.raises(NotFound):
        in_transaction(budgets.save, foreign, accountant)


# --- files -------------------------------------------------------------------------------------


def file_of(*rows: list[str]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerows([HEADINGS, *rows])
    return buffer.getvalue().encode()


def row_of(
    code: str, activity: str = "", months: list[str] | None = None, year: str = ""
) -> list[str]:
    return [code, "", activity, *(months or [""] * 12), year]


def bring(actor: Actor, *rows: list[str]) -> int:
    return in_transaction(budget_files.bring, YEAR, file_of(*rows), "budget.csv", actor)


def test_a_file_taken_out_and_brought_back_changes_nothing(
    app: Flask, accountant: Actor, water: UUID
) -> None:
    save(accountant, Purpose.SALES, 1_234_56, activity=water)
    save(accountant, Purpose.DISCOUNTS_GIVEN, -60_00)
    before = budgets.of_year(YEAR, accountant)
    out = "".join(csv_lines(HEADINGS, budget_files.rows(before))).encode()
    assert in_transaction(budget_files.bring, YEAR, out, "budget.csv", accountant) == 0
    assert budgets.of_year(YEAR, accountant) == before


def test_months_are_taken_as_written_and_a_year_alone_is_spread(
    app: Flask, accountant: Actor, water: UUID
) -> None:
    months = ["๑๐๐", "1,000.50", *["0"] * 9, "(5.00)"]
    assert bring(accountant, row_of("4110", "water", months), row_of("5210", year="1200")) == 2
    found = {row.account.code: row for row in budgets.of_year(YEAR, accountant).rows}
    assert found["4110"].months == (100_00, 1000_50, *(0,) * 9, -5_00)
    assert found["4110"].activity is not None
    assert found["5210"].months == (100_00,) * 12
    assert bring(accountant, row_of("5210", year="2400")) == 1
    assert budgets.line(YEAR, found["5210"].account.id, None, accountant).version == 2


@pytest.mark.parametrize(
    ("bad", "refusal", "found"),
    [
        (row_of("9999", year="1"), AccountNotKnown, "9999"),
        (row_of("1130", year="1"), AccountNotKnown, "1130"),
        (row_of("4110", "air", year="1"), ActivityNotKnown, "air"),
        (row_of("4110", year="many"), AmountNotKnown, "many"),
        (row_of("5210", year="5"), LineTwice, "5210"),
    ],
)
def test_one_bad_line_is_named_and_nothing_is_taken(
    bad: list[str], refusal: type[Exception], found: str, app: Flask, accountant: Actor
) -> None:
    with pytest.raises(refusal) as refused:
        bring(accountant, row_of("5210", year="1200"), bad)
    assert refused.value.facts == {"line": 3, "found": found}  # type: ignore[attr-defined]
    assert db.session.query(BudgetLine).count() == 0


@pytest.mark.parametrize("data", [b"", b"\x00\x01", b"PK\x03\x04rest"])
def test_what_is_no_table_is_refused(data: bytes, app: Flask, accountant: Actor) -> None:
    with pytest.raises(NotATable):
        in_transaction(budget_files.bring, YEAR, data, "x.csv", accountant)


def test_a_line_without_activity_is_kept_under_none(app: Flask, accountant: Actor) -> None:
    save(accountant, Purpose.SALES, 12_00)
    assert db.session.query(BudgetLine).one().activity_id == NO_ACTIVITY
