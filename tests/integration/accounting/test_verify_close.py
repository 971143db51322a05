"""The auditor of the close names what another tool did to locked months, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import select, text

from accounting.models import JournalEntry
from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.services import balances, ledger, sealing, verify
from accounting.services.closing import signing
from accounting.services.closing.signing import PrepareClose
from core import clock
from core.actor import Actor
from core.config import Settings
from core.db import db, in_transaction
from core.ids import uuid7
from migrations import guards
from tests.closing import lock_month, quiet_rooms
from tests.integration.attacks import Attacker

JANUARY = date(2026, 1, 15)
Spoil = Callable[..., None]


def post(actor: Actor, day: date, satang: int) -> None:
    lines = (NewLine(Purpose.CASH_SAFE, debit=satang), NewLine(Purpose.SALES, credit=satang))
    in_transaction(
        ledger.post, NewEntry("opening", "opening", uuid7(), day, clock.now(), lines), actor
    )


@pytest.fixture(autouse=True)
def only_the_books() -> Iterator[None]:
    """Let only the books speak in the close."""
    with quiet_rooms():
        yield


@pytest.fixture
def spoil(app: Flask, settings: Settings, accountant: Actor, manager: Actor) -> Iterator[Spoil]:
    """January locked and sealed, February open; and a hand that spoils with the guards away."""
    post(accountant, JANUARY, 100)
    post(accountant, JANUARY, 50)
    in_transaction(sealing.seal_run, accountant.centre_id)
    post(accountant, date(2026, 2, 1), 7)
    in_transaction(lock_month, 202601, accountant, manager)
    assert failed(accountant) == {}
    hand = Attacker(settings.database_url)

    def spoil(*statements: str) -> None:
        db.session.rollback()
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


def test_a_changed_sum_of_a_month_is_named(spoil: Spoil, accountant: Actor) -> None:
    spoil("UPDATE account_month SET debit = debit + 1 WHERE debit = 150")
    assert failed(accountant) == {"months' sums are those of the lines": "1120/202601"}


def test_a_month_locked_or_opened_by_nobody_is_named(spoil: Spoil, accountant: Actor) -> None:
    name = "months are locked by two signatures"
    centre = f"centre_id = {accountant.centre_id}"
    spoil(f"UPDATE accounting_period SET state = 'open' WHERE id = 202601 AND {centre}")
    assert failed(accountant) == {name: "202601"}
    spoil(
        f"UPDATE accounting_period SET state = 'closed' WHERE id IN (202601, 202602) AND {centre}"
    )
    assert failed(accountant) == {name: "202602"}


def test_what_was_slipped_into_a_locked_month_is_named(spoil: Spoil, accountant: Actor) -> None:
    spoil("UPDATE accounting_period SET state = 'open' WHERE id = 202601")
    with clock.travel(lambda: datetime(2030, 1, 1, tzinfo=UTC)):
        post(accountant, JANUARY, 9)
    spoil("UPDATE accounting_period SET state = 'closed' WHERE id = 202601")
    slipped = db.session.scalar(select(JournalEntry.id).where(JournalEntry.debit_total == 9))
    assert failed(accountant) == {"locked months took nothing more": slipped}


def test_balances_are_the_same_before_and_after_sealing(app: Flask, accountant: Actor) -> None:
    for day in (JANUARY, date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 14)):
        post(accountant, day, 10 + day.day)
    spans = [
        (None, date(2026, 2, 10)),
        (date(2026, 1, 16), date(2026, 2, 14)),
        (date(2026, 1, 1), date(2026, 1, 31)),
        (date(2026, 2, 1), date(2026, 2, 2)),
    ]

    def read() -> list[object]:
        return [balances.between(accountant.centre_id, *span) for span in spans]

    unsealed = read()
    assert in_transaction(sealing.seal_run, accountant.centre_id, 3) == 3
    partly = read()
    assert in_transaction(sealing.seal_run, accountant.centre_id) == 1
    assert unsealed == partly == read()
    assert in_transaction(sealing.seal_run, accountant.centre_id) == 0
    (cash, _activity) = max(unsealed[0], key=lambda key: unsealed[0][key][0])  # type: ignore
    assert unsealed[0][cash, None] == (25 + 41 + 11, 0)  # type: ignore[index]


# --- a month two people signed through its checklist -------------------------------------------


@pytest.fixture
def signed(app: Flask, settings: Settings, accountant: Actor, manager: Actor) -> Iterator[Spoil]:
    """January closed by its checklist; and a hand that spoils with the guards away."""
    post(accountant, JANUARY, 100_00)
    prepared = in_transaction(signing.prepare, PrepareClose(uuid7(), 202601), accountant)
    in_transaction(signing.sign, prepared.id, manager)
    assert failed(accountant) == {}
    hand = Attacker(settings.database_url)

    def spoil(*statements: str, **values: object) -> None:
        db.session.rollback()
        with hand.session() as connection:
            guards.drop(connection)
            if not hand.sqlite:
                connection.exec_driver_sql("SET session_replication_role = replica")
            for statement in statements:
                connection.execute(text(statement), values)
            guards.install(connection)

    yield spoil
    hand.close()


def test_an_entry_slipped_in_with_an_old_stamp_and_a_new_number_is_named(
    signed: Spoil, accountant: Actor
) -> None:
    [first] = db.session.scalars(select(JournalEntry.id)).all()
    columns = "period_id, business_date, posting_date, occurred_at, posted_at, posted_by, kind"
    rest = "source_type, memo, line_count, debit_total, credit_total, fiscal_year"
    new = uuid7()
    own = new.hex if db.session.connection().dialect.name == "sqlite" else str(new)
    old = first.hex if db.session.connection().dialect.name == "sqlite" else str(first)
    lines = "centre_id, line_no, account_id, posting_date, debit, credit, memo"
    signed(
        f"INSERT INTO journal_line (entry_id, {lines})"
        f" SELECT :own, {lines} FROM journal_line WHERE entry_id = :old",
        f"INSERT INTO journal_entry (centre_id, id, entry_no, source_id, {columns}, {rest})"
        f" SELECT centre_id, :own, 2, :own, {columns}, {rest} FROM journal_entry WHERE id = :old",
        "UPDATE number_series SET last_number = 2 WHERE series = 'journal'"
        f" AND centre_id = {accountant.centre_id}",
        own=own,
        old=old,
    )
    assert failed(accountant) == {
        "trial balances are as they were signed": "1120/202601",
        "locked months were sealed whole": new,
    }
    in_transaction(sealing.seal_run, accountant.centre_id)  # sealing it later hides nothing
    assert failed(accountant)["locked months were sealed whole"] == new


def test_what_was_signed_can_not_be_rewritten_unseen(signed: Spoil, accountant: Actor) -> None:
    content = "REPLACE(CAST(content AS TEXT), '10000', '99999')"
    as_json = content if db.session.connection().dialect.name == "sqlite" else f"({content})::json"
    signed(f"UPDATE month_close SET content = {as_json}")
    found = failed(accountant)
    assert found["closes are as they were signed"]
    assert found["trial balances are as they were signed"] == "1120/202601"
