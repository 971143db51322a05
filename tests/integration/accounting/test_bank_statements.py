"""Statements: taken whole or not at all, never twice, without a gap; and several people at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import text

from accounting.rules.bank_files import BadStatement, Columns
from accounting.rules.chart import Purpose
from accounting.rules.periods import PeriodClosed, first_day, period_of, previous_period
from accounting.services import chart, ledger
from accounting.services.bank import accounts, deposits, files, matching, proposing, statements
from accounting.services.bank.deposits import MoveMoney
from accounting.services.bank.matching import LineMatched, MatchMoney
from accounting.services.bank.statements import (
    NothingNew,
    OpeningNeeded,
    StatementGap,
    StatementMatched,
    TakeStatement,
)
from core import clock
from core.actor import Actor
from core.db import db, in_transaction
from core.errors import DomainError, Forbidden, NotFound
from core.ids import uuid7
from core.paging import Window
from pos.services import verify
from tests import banking
from tests.banking import COLUMNS, Told
from tests.closing import lock_month

PLAIN = Columns(day=1, paid_in=3, paid_out=4, reference=6, skip_first=1)


def days_ago(days: int) -> Told:
    return Told(days * 100, day=clock.today() - timedelta(days=days))


def race(app: Flask, *runners: Callable[[], object]) -> list[object]:
    """Run all at once, each in a context of its own; return results or refusals."""
    barrier = Barrier(len(runners))
    db.session.remove()

    def run(runner: Callable[[], object]) -> object:
        with app.app_context():
            barrier.wait(timeout=10)
            try:
                return runner()
            except DomainError as refusal:
                return refusal
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(runners)) as pool:
        return list(pool.map(run, runners))


def refusals(results: list[object]) -> list[type]:
    return [type(one) for one in results if isinstance(one, DomainError)]


def sound(actor: Actor) -> None:
    bad = [finding for finding in verify.run(actor.centre_id) if not finding.ok]
    assert not bad, bad


def test_the_same_file_is_refused_by_its_content(system: Actor) -> None:
    raw = banking.csv_of([Told(5_00)], 0)
    banking.take(system, raw)
    with pytest.raises(files.StatementTaken):
        banking.take(system, raw)
    assert len(banking.open_lines(system)) == 1


def test_lines_of_an_overlapping_file_are_taken_once(system: Actor) -> None:
    old, middle, new = days_ago(3), days_ago(2), days_ago(1)
    banking.told(system, old, middle, opening_satang=7_00)
    second = banking.take(system, banking.csv_of([middle, new], 7_00 + old.amount))
    assert (second.line_count, second.known_count) == (1, 1)
    assert [line.amount_satang for line in banking.open_lines(system)] == [7_00, 300, 200, 100]
    with pytest.raises(NothingNew):
        banking.take(system, banking.csv_of([new], 7_00 + old.amount + middle.amount))
    sound(system)


def test_a_gap_between_statements_is_refused(system: Actor) -> None:
    banking.told(system, days_ago(3))
    with pytest.raises(StatementGap):
        banking.take(system, banking.csv_of([days_ago(1)], 999_00))
    banking.take(system, banking.csv_of([days_ago(2)], 300))
    banking.take(system, banking.csv_of([days_ago(1)], 500))
    sound(system)


def test_a_file_without_balances_needs_the_first_one(system: Actor) -> None:
    raw = banking.csv_of([days_ago(3), days_ago(2)], 50_00)
    with pytest.raises(OpeningNeeded):
        banking.take(system, raw, PLAIN)
    with pytest.raises(BadStatement):
        banking.take(system, raw, PLAIN, opening_satang=50_00, closing_satang=1)
    taken = banking.take(system, raw, PLAIN, opening_satang=50_00, closing_satang=55_00)
    assert (taken.opening_satang, taken.closing_satang) == (50_00, 55_00)
    again = banking.take(system, banking.csv_of([days_ago(2), days_ago(1)], 0), PLAIN)
    assert (again.line_count, again.known_count, again.closing_satang) == (1, 1, 56_00)
    sound(system)


def test_a_bad_line_takes_nothing(system: Actor) -> None:
    raw = banking.csv_of([Told(1_00), Told(2_00)], 0).replace(b"2.00", b"2.0O")
    with pytest.raises(BadStatement):
        banking.take(system, raw)
    assert banking.open_lines(system) == []
    assert statements.listing(banking.account_id(system), Window(), system).items == ()


def test_only_the_last_statement_is_withdrawn_and_its_file_can_come_again(system: Actor) -> None:
    raw = banking.csv_of([days_ago(2)], 0)
    first = banking.take(system, raw)
    second = banking.take(system, banking.csv_of([days_ago(1)], 200))
    with pytest.raises(StatementMatched):
        in_transaction(statements.withdraw, first.id, system)
    for one in (second, second, first):
        assert in_transaction(statements.withdraw, one.id, system).live is None
    assert banking.open_lines(system) == []
    banking.take(system, raw)
    assert [line.amount_satang for line in banking.open_lines(system)] == [200]
    sound(system)


def test_the_columns_are_remembered_and_the_file_is_kept(system: Actor) -> None:
    raw = banking.csv_of([Told(5_00)], 0)
    taken = banking.take(system, raw)
    card = files.file(taken.file_id, system)
    assert card.content == raw
    assert files.columns_for(card, system) == COLUMNS


def test_who_may_not_takes_no_statement(system: Actor, auditor: Actor, cashier: Actor) -> None:
    account = banking.account_id(system)
    for person in (auditor, cashier):
        with pytest.raises(Forbidden):
            in_transaction(files.upload, account, "x", b"x", person)
    with pytest.raises(NotFound):
        in_transaction(files.upload, uuid7(), "x", b"a,b", system)
    with pytest.raises(NotFound):
        in_transaction(statements.take, TakeStatement(uuid7(), COLUMNS), system)


def test_a_transfer_of_a_locked_month_is_refused_or_counted_today(
    system: Actor, accountant: Actor, auditor: Actor
) -> None:
    last = first_day(previous_period(period_of(clock.today())))
    banking.told(system, Told(100_00, day=last))
    in_transaction(lock_month, period_of(last), accountant, auditor)
    [line] = banking.open_lines(system)
    cost = chart.account_for(system.centre_id, Purpose.OTHER_INCOME).id
    command = matching.EnterLine(uuid7(), line.id, cost)
    with pytest.raises(PeriodClosed):
        in_transaction(matching.enter, command, system)
    today = matching.EnterLine(uuid7(), line.id, cost, day=clock.today())
    in_transaction(matching.enter, today, system)
    assert ledger.balance(system.centre_id, Purpose.BANK) == 100_00
    assert ledger.balance(system.centre_id, Purpose.BANK, until=last) == 0
    card = accounts.card(system.centre_id, line.account_id)
    for day in (last, clock.today()):
        assert accounts.reconciliation(system.centre_id, card, day).difference_satang == 0
    sound(system)


# --- several at once -------------------------------------------------------------------------


def test_two_people_match_one_line_and_one_wins(app: Flask, system: Actor) -> None:
    banking.open_bank(system, 1_000_00)
    safe, bank = deposits.places(system.centre_id)[:2]
    for _ in range(2):
        in_transaction(deposits.move, MoveMoney(uuid7(), bank.id, safe.id, 10_00), system)
    banking.told(system, Told(-10_00), opening_satang=1_000_00)
    line = banking.open_lines(system)[1]
    items = [one for one in banking.open_in_books(system) if one.amount_satang == -10_00]
    commands = [
        MatchMoney(uuid7(), bank.id, (line.id,), (item.key,)) for item in items for _ in range(2)
    ]
    results = race(
        app,
        *(lambda one=one: in_transaction(matching.match, one, system) for one in commands),  # type: ignore[misc]
    )
    assert refusals(results) == [LineMatched] * 3
    sound(system)


def test_one_press_by_two_people_matches_once(app: Flask, system: Actor) -> None:
    banking.open_bank(system, 1_000_00)
    banking.told(system, Told(5_00), opening_satang=1_000_00)
    assert len(banking.open_lines(system)) == 2
    account = banking.account_id(system)
    results = race(
        app,
        *(lambda: in_transaction(proposing.match_certain, account, system) for _ in range(3)),
    )
    # Whoever comes later looks when the first has committed, and finds nothing left to match.
    assert sorted(results) == [0, 0, 1]  # type: ignore[type-var]
    assert len(banking.open_lines(system)) == 1
    sound(system)


def test_one_file_taken_by_two_people_is_taken_once(app: Flask, system: Actor) -> None:
    raw = banking.csv_of([Told(5_00), Told(6_00)], 0)
    results = race(app, *(lambda: banking.take(system, raw) for _ in range(3)))
    assert refusals(results) == [files.StatementTaken] * 2
    assert len(banking.open_lines(system)) == 2
    sound(system)


def test_a_match_and_its_undoing_at_once_leave_whole_books(app: Flask, system: Actor) -> None:
    banking.open_bank(system, 5_00)
    banking.told(system, Told(7_00), opening_satang=5_00)
    fee = banking.open_lines(system)[1]
    income = chart.account_for(system.centre_id, Purpose.OTHER_INCOME).id
    command = matching.EnterLine(uuid7(), fee.id, income)
    in_transaction(matching.enter, command, system)
    results = race(
        app, *(lambda: in_transaction(matching.undo, command.id, system) for _ in range(3))
    )
    assert refusals(results) == []
    assert ledger.balance(system.centre_id, Purpose.BANK) == 5_00
    sound(system)


def test_verify_names_a_line_somebody_changed(app: Flask, system: Actor) -> None:
    banking.told(system, Told(5_00), Told(6_00))
    sound(system)
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        connection.execute(text("DROP TRIGGER guard_bank_line_update"))
    else:
        connection.execute(text("ALTER TABLE bank_line DISABLE TRIGGER USER"))
    connection.execute(text("UPDATE bank_line SET amount_satang = 501 WHERE position = 1"))
    bad = {one.check: one for one in verify.run(system.centre_id) if not one.ok}
    assert bad["bank statements add up"].document_type == "bank_line"
    db.session.rollback()
