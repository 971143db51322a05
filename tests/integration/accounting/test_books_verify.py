"""The books' auditor names what another tool spoilt, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import select, text

from accounting.models import JournalEntry
from accounting.rules.chart import Purpose
from accounting.services import chart, ledger, verify
from core.actor import Actor
from core.config import Settings
from core.db import db, in_transaction
from core.ids import uuid7
from migrations import guards
from tests.integration.accounting.test_ledger import DAY, cash_in
from tests.integration.attacks import Attacker

Spoil = Callable[..., None]


@pytest.fixture
def spoil(app: Flask, settings: Settings, accountant: Actor) -> Iterator[Spoil]:
    """Three entries, one of them reversed, and a hand that spoils them with the guards away."""
    first = in_transaction(ledger.post, cash_in(100), accountant)
    in_transaction(ledger.post, cash_in(200), accountant)
    why = {"source_type": "correction", "source_id": uuid7(), "kind": "reversal"}
    in_transaction(ledger.reverse, first.id, accountant, DAY, **why)
    assert all(finding.ok for finding in verify.checks(accountant.centre_id))
    hand = Attacker(settings.database_url)

    def spoil(*statements: str) -> None:
        db.session.rollback()  # a reader's locks would keep the guards in place
        with hand.session() as connection:
            guards.drop(connection)
            if not hand.sqlite:
                connection.exec_driver_sql("SET session_replication_role = replica")
            for statement in statements:
                connection.execute(text(statement))
            guards.install(connection)

    yield spoil
    hand.close()


def failed(actor: Actor) -> dict[str, object]:
    db.session.rollback()
    return {one.check: one.document_id for one in verify.checks(actor.centre_id) if not one.ok}


def test_a_changed_amount_is_named(spoil: Spoil, accountant: Actor) -> None:
    spoil("UPDATE journal_line SET debit = debit + 1 WHERE debit = 200")
    changed = db.session.scalar(select(JournalEntry.id).where(JournalEntry.debit_total == 200))
    assert failed(accountant) == {
        "trial balance is zero on every day": DAY.isoformat(),
        "entries add up": changed,
    }


def test_a_gap_in_the_numbers_is_named(spoil: Spoil, accountant: Actor) -> None:
    spoil("UPDATE journal_entry SET entry_no = 9 WHERE entry_no = 3")
    assert list(failed(accountant)) == ["entry numbers are gapless"]


def test_a_number_given_to_no_entry_is_named(spoil: Spoil, accountant: Actor) -> None:
    spoil("UPDATE number_series SET last_number = 4 WHERE series = 'journal'")
    assert failed(accountant) == {"entry numbers are gapless": "journal/2569"}


def test_lines_left_behind_are_named(spoil: Spoil, accountant: Actor) -> None:
    spoil("DELETE FROM journal_entry WHERE entry_no = 2")
    assert "no lines without an entry" in failed(accountant)


def test_a_lost_key_is_named(spoil: Spoil, accountant: Actor) -> None:
    bank_side = chart.account_for(accountant.centre_id, Purpose.BROUGHT_FORWARD)
    spoil(f"UPDATE account SET control_key = 'member' WHERE code = '{bank_side.code}'")
    assert list(failed(accountant)) == ["control accounts are keyed"]


def test_a_strangers_account_is_named(spoil: Spoil, accountant: Actor) -> None:
    stranger = f"'{uuid7().hex}'"
    spoil(f"UPDATE journal_line SET account_id = {stranger} WHERE debit = 200")
    assert list(failed(accountant)) == ["no reference to another centre"]


def test_a_reversal_of_something_else_is_named(spoil: Spoil, accountant: Actor) -> None:
    spoil(
        "UPDATE journal_entry SET reverses_id = (SELECT id FROM journal_entry WHERE entry_no = 2)"
        " WHERE entry_no = 3"
    )
    assert list(failed(accountant)) == ["reversals mirror their entries"]


def test_a_guard_taken_away_or_emptied_is_named(
    app: Flask, settings: Settings, accountant: Actor
) -> None:
    hand = Attacker(settings.database_url)
    if hand.sqlite:
        away = "DROP TRIGGER guard_sale_update"
        emptied = "CREATE TRIGGER guard_sale_update BEFORE UPDATE ON sale BEGIN SELECT 1; END"
    else:
        away = "ALTER TABLE sale DISABLE TRIGGER guard_sale_frozen"
        emptied = (
            "CREATE OR REPLACE FUNCTION guard_refuse() RETURNS trigger LANGUAGE plpgsql"
            " AS 'BEGIN RETURN NEW; END'"
        )
    hand.runs(away)
    named = ("guard_sale_update",) if hand.sqlite else ("guard_sale_frozen", "guard_refuse")
    assert failed(accountant)["guards are in place"] == named[0]
    db.session.rollback()
    hand.runs(emptied)
    assert failed(accountant)["guards are in place"] == named[-1]
    hand.close()
