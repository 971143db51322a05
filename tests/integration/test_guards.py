"""Every way we know of rewriting what is written, tried by raw SQL on both engines, and refused."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Connection, text

from core.actor import Actor
from core.config import Settings
from core.db import Base, db, in_transaction
from core.ids import uuid7
from migrations import guards, roles
from migrations.guards import APPEND_ONLY, NEVER_DELETED, UPSERTED, words
from tests.integration import attacks, guarded_world
from tests.integration.attacks import Attacker
from tests.integration.guarded_world import World

LEDGER = ("journal_entry", "journal_line")
GUARDED = APPEND_ONLY + NEVER_DELETED


@pytest.fixture
def world(app: Flask, manager: Actor) -> World:
    """The centre under attack."""
    return in_transaction(guarded_world.build, manager)


@pytest.fixture(params=[False, True], ids=["plain", "recursive_triggers"])
def attacker(
    request: pytest.FixtureRequest, settings: Settings, world: World
) -> Iterator[Attacker]:
    """Another tool; on SQLite once without and once with the pragma."""
    hand = Attacker(settings.database_url, recursive_triggers=request.param)
    if not hand.sqlite and request.param:
        pytest.skip("a pragma of SQLite")
    before = {table: hand.rows(table) for table in GUARDED}
    assert all(before.values()), "a guarded table without a row to attack"
    yield hand
    hand.close()


@pytest.fixture
def unharmed(attacker: Attacker) -> Iterator[None]:
    """See that every guarded row is as it was."""
    before = {table: attacker.rows(table) for table in GUARDED}
    yield
    assert {table: attacker.rows(table) for table in GUARDED} == before


# --- documents -------------------------------------------------------------------------------


@pytest.mark.usefixtures("unharmed")
def test_no_document_is_changed_in_any_column(attacker: Attacker) -> None:
    for table in APPEND_ONLY:
        for column in columns_of(table):
            attacker.refused(words(table), f"UPDATE {table} SET {column} = {column}")
            if attacker.sqlite:
                attacker.refused(words(table), f"UPDATE OR REPLACE {table} SET {column} = {column}")
                # A single whole number as the key is the rowid: SQLite itself refuses it no value.
                rowid = attacks.unique_keys(table) == [[column]] == [["centre_id"]]
                refusal = "datatype mismatch" if rowid else words(table)
                attacker.refused(refusal, f"UPDATE OR IGNORE {table} SET {column} = NULL")


@pytest.mark.usefixtures("unharmed")
def test_nothing_guarded_is_deleted(attacker: Attacker) -> None:
    for table in GUARDED:
        attacker.refused(words(table), f"DELETE FROM {table}")
        if not attacker.sqlite:
            attacker.refused(words(table), f"TRUNCATE {table} CASCADE")
    if not attacker.sqlite:
        attacker.refused("", "TRUNCATE centre CASCADE")


@pytest.mark.usefixtures("unharmed")
def test_no_row_is_replaced_over_any_of_its_keys(attacker: Attacker) -> None:
    if not attacker.sqlite:
        pytest.skip("OR REPLACE is SQLite's")
    for table in GUARDED:
        if table in (*LEDGER, *UPSERTED):
            continue
        for key in attacks.unique_keys(table):
            attacker.refused(words(table), attacks.replacing(table, key))
        # A single whole number as the key is the rowid itself.
        if attacks.unique_keys(table) != [["centre_id"]]:
            attacker.refused(words(table), attacks.replacing_rowid(table))


@pytest.mark.usefixtures("unharmed")
def test_no_entry_is_replaced_over_any_of_its_keys(attacker: Attacker, world: World) -> None:
    if not attacker.sqlite:
        pytest.skip("OR REPLACE is SQLite's")
    for key in attacks.unique_keys("journal_entry"):
        attacker.refused("ledger: ", attacks.replacing("journal_entry", key))
    for key in attacks.unique_keys("journal_line"):
        attacker.refused("ledger: ", attacks.replacing("journal_line", key))
    for table in LEDGER:
        attacker.refused("ledger: ", attacks.replacing_rowid(table))
    # With balanced lines of its own only the key itself stands in its way.
    for stolen in ("entry_no", "source_id"):
        fresh = {name: f"'{uuid7().hex}'" for name in ("id", "source_id")} | {"entry_no": "77"}
        fresh[stolen] = stolen
        columns = [name for name in columns_of("journal_entry") if name != "reverses_id"]
        attacker.refused(
            words("journal_entry"),
            "INSERT INTO journal_line (centre_id, entry_id, line_no, account_id, posting_date,"
            f" debit, credit, memo) SELECT centre_id, {fresh['id']}, line_no, account_id,"
            " posting_date, debit, credit, memo FROM journal_line WHERE entry_id = :entry",
            f"INSERT OR REPLACE INTO journal_entry ({', '.join(columns)}) SELECT "
            + ", ".join(fresh.get(column, column) for column in columns)
            + " FROM journal_entry WHERE id = :entry",
            entry=world.entry_id.hex,
        )


@pytest.mark.usefixtures("unharmed")
def test_no_document_is_overwritten_by_an_upsert_or_a_merge(attacker: Attacker) -> None:
    if attacker.sqlite:
        pytest.skip("there the insert itself is refused")
    for table in APPEND_ONLY:
        columns = attacks.unique_keys(table)[0]
        key = ", ".join(columns)
        attacker.refused(
            "",
            f"INSERT INTO {table} SELECT * FROM {table}"
            f" ON CONFLICT ({key}) DO UPDATE SET {columns[0]} = excluded.{columns[0]}",
        )
        same = " AND ".join(f"old.{name} = {table}.{name}" for name in key.split(", "))
        merge = f"MERGE INTO {table} USING {table} AS old ON {same} WHEN MATCHED THEN "
        attacker.refused(words(table), merge + f"UPDATE SET {columns[0]} = old.{columns[0]}")
        attacker.refused(words(table), merge + "DELETE")
        attacker.refused(words(table), f"WITH gone AS (DELETE FROM {table}) SELECT 1")


# --- what changes by rule --------------------------------------------------------------------


@pytest.mark.usefixtures("unharmed")
def test_what_an_account_is_for_never_changes(attacker: Attacker, world: World) -> None:
    fixed = "ledger: what an account is for never changes"
    for change in (
        "type = 'income'",
        "purpose = 'somewhere'",
        "purpose = NULL",
        "control_key = 'lot'",
        "centre_id = 99",
    ):
        attacker.refused(fixed, f"UPDATE account SET {change} WHERE code = '1130'")
    if attacker.sqlite:
        attacker.refused(
            "ledger: this account exists",
            "UPDATE OR REPLACE account SET code = '1120' WHERE code = '1130'",
        )
        attacker.refused(
            words("account"),
            "UPDATE OR REPLACE account SET rowid = (SELECT rowid FROM account WHERE code = '1120')"
            " WHERE code = '1130'",
        )


def test_an_account_may_be_renamed(attacker: Attacker) -> None:
    attacker.runs("UPDATE account SET name_en = 'Strong box', active = false WHERE code = '1120'")


def test_a_closed_period_stays_closed(attacker: Attacker, world: World) -> None:
    closed = "ledger: a closed period stays closed"
    mine = f"WHERE id = 202611 AND centre_id = {world.centre_id}"
    attacker.refused(
        "close: nobody signed this month",
        f"UPDATE accounting_period SET state = 'closed' WHERE centre_id <> {world.centre_id}",
    )
    attacker.runs(f"UPDATE accounting_period SET state = 'closed' {mine}")
    attacker.refused(
        "close: nobody agreed to open this month",
        f"UPDATE accounting_period SET state = 'open' {mine}",
    )
    attacker.refused(
        "close: a later month is closed",
        f"INSERT INTO accounting_period (centre_id, id, state)"
        f" VALUES ({world.centre_id}, 202610, 'open')",
    )
    attacker.refused(closed, "UPDATE accounting_period SET id = 202612")
    attacker.refused(closed, "UPDATE accounting_period SET closed_at = NULL")
    if attacker.sqlite:
        attacker.refused(
            words("accounting_period"),
            "INSERT OR REPLACE INTO accounting_period (centre_id, id, state)"
            " SELECT centre_id, id, 'open' FROM accounting_period",
        )
        attacker.runs(
            "INSERT INTO accounting_period (centre_id, id, state)"
            " SELECT min(centre_id), 202612, 'open' FROM accounting_period"
        )
        attacker.refused(
            closed, "UPDATE OR REPLACE accounting_period SET id = 202611 WHERE id = 202612"
        )


def test_numbers_only_go_up(attacker: Attacker) -> None:
    only_up = "guard: a number series only goes up"
    for change in ("last_number = 1", "last_number = last_number", "series = 'x'", "year = 2570"):
        attacker.refused(only_up, f"UPDATE number_series SET {change} WHERE series = 'journal'")
    if attacker.sqlite:
        attacker.refused(
            words("number_series") if attacker.pragmas["recursive_triggers"] else only_up,
            "INSERT OR REPLACE INTO number_series (centre_id, series, year, last_number)"
            " SELECT centre_id, series, year, 1 FROM number_series WHERE series = 'journal'",
        )
        attacker.refused(
            words("number_series"),
            "INSERT OR REPLACE INTO number_series (rowid, centre_id, series, year, last_number)"
            " SELECT rowid, centre_id, 'x', year, 1 FROM number_series WHERE series = 'journal'",
        )
    attacker.runs("UPDATE number_series SET last_number = last_number + 1")


@pytest.mark.usefixtures("unharmed")
def test_a_stock_level_stays_with_its_lot(attacker: Attacker, world: World) -> None:
    stays = "guard: a stock level stays with its lot"
    for column in ("centre_id", "lot_id", "location_id", "product_id"):
        attacker.refused(stays, f"UPDATE stock_level SET {column} = {_changed(attacker, column)}")
        if attacker.sqlite:
            other = f"(SELECT max({column}) FROM stock_level)"
            attacker.refused(
                "guard: ",
                f"UPDATE OR REPLACE stock_level SET {column} = {other}, rowid = rowid + 1",
            )


# --- shifts ----------------------------------------------------------------------------------

TAKING_MONEY = (
    *("sale", "refund", "cash_movement", "cash_count"),
    *("goods_receipt", "goods_receipt_cancellation"),
    *("payout", "advance", "advance_repayment"),
)
FRESH = (
    *("id", "receipt_no", "refund_no", "movement_no"),
    *("denomination_satang", "goods_receipt_id"),
    *("payout_no", "advance_no", "repayment_no"),
)
CLOSE = (
    "UPDATE shift SET closed_at = opened_at, expected_satang = 100000, counted_satang = 100000"
    " WHERE id = :shift"
)


def test_a_shift_changes_once_when_it_closes(attacker: Attacker, world: World) -> None:
    once = "guard: a shift changes once, when it closes"
    shift = _uuid(attacker, world.closing_shift_id)
    closing = {"closed_at", "closed_by", "expected_satang", "counted_satang"}
    for column in columns_of("shift"):
        if column not in closing:
            change = f"{column} = {_changed(attacker, column)}"
            # Which of a shift's guards speaks first is up to the engine.
            with_it = CLOSE.replace("SET ", f"SET {change}, ")
            attacker.refused("guard: a shift c", with_it, shift=shift)
    attacker.refused(once, "UPDATE shift SET expected_satang = 1 WHERE id = :shift", shift=shift)
    counted = "guard: a shift closes with what was counted"
    attacker.refused(
        counted, CLOSE.replace("counted_satang = 1", "counted_satang = 2"), shift=shift
    )
    attacker.runs(CLOSE, shift=shift)
    for change in ("closed_at = NULL", "counted_satang = 1", "expected_satang = 1"):
        attacker.refused(once, f"UPDATE shift SET {change} WHERE id = :shift", shift=shift)


def test_a_shift_is_born_open_and_alone_on_its_till(attacker: Attacker, world: World) -> None:
    new = (
        "INSERT {way} INTO shift (centre_id, id, shift_no, till_id, business_date, opened_at,"
        " float_satang, closed_at) SELECT centre_id, {id}, 'S-9', till_id, business_date,"
        " opened_at, 0, {closed} FROM shift WHERE id = :shift"
    )
    fresh = f"'{uuid7().hex}'" if attacker.sqlite else "gen_random_uuid()"
    shift = _uuid(attacker, world.open_shift_id)
    born_closed = new.format(way="", id=fresh, closed="opened_at")
    attacker.refused("guard: a shift is born open", born_closed, shift=shift)
    if attacker.sqlite:
        replaces = new.format(way="OR REPLACE", id=fresh, closed="NULL")
        attacker.refused("guard: the till has an open shift", replaces, shift=shift)


def test_money_moves_only_in_an_open_shift(attacker: Attacker, world: World) -> None:
    shift = _uuid(attacker, world.closing_shift_id)
    attacker.runs(CLOSE, shift=shift)
    for table in TAKING_MONEY:
        columns = columns_of(table)
        fresh = {name: _changed(attacker, name) for name in FRESH} | {
            "shift_id": ":shift",
            "till_id": "(SELECT till_id FROM shift WHERE id = :shift)",
        }
        attacker.refused(
            "guard: the shift is not open",
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT "
            + ", ".join(fresh.get(name, name) for name in columns)
            + f" FROM {table}",
            shift=shift,
        )


def test_what_waits_at_the_bank_is_answered_once(attacker: Attacker, world: World) -> None:
    once = "guard: a batch line changes once, by its result"
    failed = "UPDATE payout_batch_line SET state = 'failed', reference = 'closed'"
    attacker.refused(once, f"{failed}, amount_satang = 1")
    attacker.refused(once, "UPDATE payout_batch_line SET reference = 'paid, really'")
    attacker.runs(failed)
    attacker.refused(once, "UPDATE payout_batch_line SET state = 'waiting'")


# --- the guards themselves -------------------------------------------------------------------


def test_every_table_is_guarded_or_named_as_changing(app: Flask) -> None:
    """A new table must be thought about: only added to, changed by rule, or free to change."""
    rest = set(Base.metadata.tables) - set(GUARDED)
    free = set(roles.CHANGES) | set(roles.DELETES)
    only_added_by_grant = {"network", "location", "tax_setting"}
    assert rest - free == only_added_by_grant
    assert not free & set(APPEND_ONLY)


def test_guards_are_dropped_whole_and_installed_again(app: Flask, settings: Settings) -> None:
    with db.engine.begin() as connection:
        before = _installed(connection)
        for _ in range(2):
            guards.drop(connection)
            assert _installed(connection) == []
            guards.drop(connection)
            guards.install(connection)
            assert _installed(connection) == before
    assert len(before) > len(GUARDED)


def _installed(connection: Connection) -> list[tuple[str, str]]:
    query = (
        "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger' ORDER BY 2"
        if connection.dialect.name == "sqlite"
        else "SELECT tgrelid::regclass::text, tgname::text FROM pg_trigger"
        " WHERE NOT tgisinternal ORDER BY 2"
    )
    return [(table, name) for table, name in connection.execute(text(query))]


def columns_of(table: str) -> list[str]:
    return [column.name for column in Base.metadata.tables[table].columns]


def _uuid(attacker: Attacker, value: object) -> str:
    return str(value).replace("-", "") if attacker.sqlite else str(value)


def _changed(attacker: Attacker, column: str) -> str:
    """Return SQL for another value of a column that many tables share by name."""
    if column == "id" or column.endswith(("_id", "_by")):
        if column == "centre_id":
            return "centre_id + 1"
        return f"'{uuid7().hex}'" if attacker.sqlite else "gen_random_uuid()"
    if column.endswith("_no"):
        return f"{column} || '-x'"
    if column.endswith("_satang"):
        return f"{column} + 25"
    if column.endswith("_date"):
        return "'2026-11-19'" if attacker.sqlite else "DATE '2026-11-19'"
    return "'2026-11-19 05:00:00'" if attacker.sqlite else "TIMESTAMPTZ '2026-11-19 05:00Z'"
