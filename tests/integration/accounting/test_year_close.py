"""The year's end: its result is carried with its last month, taken back, and carried anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from accounting.models import JournalEntry, Seal
from accounting.rules.chart import Purpose
from accounting.services import balances, chart
from core import clock
from core.actor import Actor
from core.db import db
from tests.closing import close, close_through, posts, quiet_rooms, reopen, trade

JANUARY, DECEMBER = 202601, 202612
AFTER_THE_YEAR = datetime(2027, 1, 2, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def only_the_books() -> Iterator[None]:
    """Let only the books speak in the close."""
    with quiet_rooms():
        yield


@pytest.fixture(autouse=True)
def new_year() -> Iterator[None]:
    with clock.travel(lambda: AFTER_THE_YEAR):
        yield


def standing(actor: Actor, purpose: Purpose, on: date) -> int:
    debit, credit = balances.until(actor.centre_id, on).get(
        chart.account_for(actor.centre_id, purpose).id, (0, 0)
    )
    return debit - credit


def test_the_years_last_month_carries_its_result(
    app: Flask, accountant: Actor, manager: Actor
) -> None:
    trade(accountant, date(2026, 1, 15), sales=900)
    trade(accountant, date(2026, 12, 31), sales=400)
    close_through(DECEMBER, accountant, manager)
    end = date(2026, 12, 31)
    assert standing(accountant, Purpose.SALES, end) == 0
    assert standing(accountant, Purpose.WAGES, end) == 0
    assert standing(accountant, Purpose.SURPLUS_OF_YEAR, end) == -900
    trade(accountant, date(2027, 1, 1), sales=250)
    result = balances.between(accountant.centre_id, date(2026, 1, 1), end, closing=False)
    sales = chart.account_for(accountant.centre_id, Purpose.SALES).id
    assert result[sales, None] == (0, 1300)


def test_opening_the_year_again_takes_its_result_back_and_closing_carries_it_anew(
    app: Flask, accountant: Actor, manager: Actor
) -> None:
    trade(accountant, date(2026, 1, 15), sales=900)
    close_through(DECEMBER, accountant, manager)
    reopen(DECEMBER, accountant, manager)
    end = date(2026, 12, 31)
    assert standing(accountant, Purpose.SURPLUS_OF_YEAR, end) == 0
    assert standing(accountant, Purpose.SALES, end) == -900
    posts(accountant, end, Purpose.UTILITIES, Purpose.CASH_SAFE, 100)
    close(DECEMBER, accountant, manager)
    assert standing(accountant, Purpose.SURPLUS_OF_YEAR, end) == -600
    kinds = db.session.scalars(
        select(JournalEntry.kind)
        .where(JournalEntry.source_type == "year_close")
        .order_by(JournalEntry.fiscal_year, JournalEntry.entry_no)
    ).all()
    assert kinds == ["year_close", "year_close_undone", "year_close"]


def test_what_the_meeting_left_of_last_years_surplus_is_brought_forward(
    app: Flask, accountant: Actor, manager: Actor
) -> None:
    april_starter = replace(
        accountant, centre=replace(accountant.centre, fiscal_year_start_month=4)
    )
    signer = replace(manager, centre=april_starter.centre)
    trade(april_starter, date(2025, 4, 1), sales=900)
    months = [*range(202504, 202513), *range(202601, 202604)]
    for period_id in months:
        close(period_id, april_starter, signer)
    assert standing(accountant, Purpose.SURPLUS_OF_YEAR, date(2026, 3, 31)) == -700
    posts(april_starter, date(2026, 4, 30), Purpose.SURPLUS_OF_YEAR, Purpose.LEGAL_RESERVE, 300)
    trade(april_starter, date(2026, 12, 1), sales=250)
    with clock.travel(lambda: datetime(2027, 4, 2, tzinfo=UTC)):
        for period_id in [*range(202604, 202613), *range(202701, 202704)]:
            close(period_id, april_starter, signer)
        end = date(2027, 3, 31)
        assert standing(accountant, Purpose.BROUGHT_FORWARD, end) == -400
        assert standing(accountant, Purpose.SURPLUS_OF_YEAR, end) == -50


def test_the_second_signature_seals_the_books(
    app: Flask, accountant: Actor, manager: Actor
) -> None:
    trade(accountant, date(2026, 1, 15))
    card = close(JANUARY, accountant, manager)
    seal = db.session.scalars(select(Seal).where(Seal.centre_id == accountant.centre_id)).one()
    assert (card.sealed_to, card.seal_hash) == (1, seal.hash)
    assert (seal.first_no, seal.last_no, seal.debit_total) == (1, 2, 700)


def test_what_an_earlier_year_left_on_its_accounts_is_carried_too(
    app: Flask, accountant: Actor, manager: Actor
) -> None:
    """The centre's year began in April; then its people let it begin in January."""
    april = replace(accountant, centre=replace(accountant.centre, fiscal_year_start_month=4))
    signer = replace(manager, centre=april.centre)
    trade(april, date(2025, 12, 1), sales=900)
    close(202512, april, signer)
    trade(accountant, date(2026, 1, 1), sales=250)
    close_through(DECEMBER, accountant, manager)
    end = date(2026, 12, 31)
    assert standing(accountant, Purpose.SALES, end) == standing(accountant, Purpose.WAGES, end) == 0
    assert standing(accountant, Purpose.SURPLUS_OF_YEAR, end) == -750


def test_a_surplus_opened_in_the_year_is_this_years_own(
    app: Flask, accountant: Actor, manager: Actor
) -> None:
    posts(accountant, date(2026, 12, 31), Purpose.BANK, Purpose.SURPLUS_OF_YEAR, 1_000)
    close(202611, accountant, manager)  # the month the centre was founded in
    close(DECEMBER, accountant, manager)
    assert standing(accountant, Purpose.SURPLUS_OF_YEAR, date(2026, 12, 31)) == -1_000
