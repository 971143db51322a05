"""The app's role on PostgreSQL: it works, owns nothing, and can't take a guard away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest
from flask import Flask
from sqlalchemy import create_engine, insert, make_url
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from accounting.models import JournalEntry, JournalLine
from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.services import chart, ledger
from core import clock
from core.actor import Actor
from core.config import Settings
from core.db import Base, db, in_transaction
from core.errors import DomainError
from core.ids import uuid7
from migrations.guards import APPEND_ONLY, NEVER_DELETED
from migrations.roles import grant_app_role
from pos import create_app
from tests.closing import lock_month
from tests.integration import guarded_world
from tests.integration.attacks import Attacker
from tests.integration.guarded_ledger import DAY, header_of, line_of
from tests.integration.guarded_world import World


@pytest.fixture
def role(settings: Settings, app: Flask) -> Iterator[str]:
    """A second role, granted what the app needs; gone after the test."""
    if "sqlite" in settings.database_url:
        pytest.skip("SQLite has no roles")
    name = f"sunruam app {uuid7().hex[:8]}"
    with db.engine.begin() as connection:
        connection.exec_driver_sql(f'CREATE ROLE "{name}" LOGIN')
        for _ in range(2):
            grant_app_role(connection, name)
    yield name
    with db.engine.begin() as connection:
        connection.exec_driver_sql(f'DROP OWNED BY "{name}"')
        connection.exec_driver_sql(f'DROP ROLE "{name}"')


@pytest.fixture
def as_app(settings: Settings, role: str) -> Iterator[Engine]:
    """A connection as that role."""
    engine = create_engine(make_url(settings.database_url).set(username=role))
    yield engine
    engine.dispose()


@pytest.fixture
def world(role: str, manager: Actor) -> World:
    return in_transaction(guarded_world.build, manager)


def test_the_app_works_as_its_role(
    settings: Settings, role: str, accountant: Actor, manager: Actor
) -> None:
    url = make_url(settings.database_url).set(username=role).render_as_string(hide_password=False)
    lines = (
        NewLine(Purpose.CASH_SAFE, debit=100),
        NewLine(Purpose.BROUGHT_FORWARD, credit=100),
    )
    with create_app(replace(settings, database_url=url)).app_context():
        assert db.session.connection().exec_driver_sql("SELECT current_user").scalar() == role
        entry = NewEntry("opening", "opening", uuid7(), DAY, clock.now(), lines)
        in_transaction(ledger.post, entry, accountant)
        in_transaction(lock_month, 202611, accountant, manager)
        with pytest.raises(DomainError, match="period-closed"):
            in_transaction(ledger.post, replace(entry, source_id=uuid7()), accountant)
        db.session.remove()
        db.engine.dispose()


def test_the_role_owns_nothing_and_takes_no_guard_away(as_app: Engine, world: World) -> None:
    attacks = (
        "TRUNCATE {0}",
        "TRUNCATE {0} CASCADE",
        "ALTER TABLE {0} DISABLE TRIGGER ALL",
        "ALTER TABLE {0} DISABLE TRIGGER guard_{0}_frozen",
        "ALTER TABLE {0} DROP COLUMN centre_id",
        "ALTER TABLE {0} DISABLE RULE x",
        "DROP TRIGGER guard_{0}_frozen ON {0}",
        "DROP TABLE {0} CASCADE",
        "DELETE FROM {0}",
        "CREATE TRIGGER mine BEFORE INSERT ON {0} FOR EACH ROW EXECUTE FUNCTION guard_refuse()",
        "CREATE RULE mine AS ON INSERT TO {0} DO INSTEAD NOTHING",
    )
    for table in APPEND_ONLY + NEVER_DELETED:
        for attack in attacks:
            refused(as_app, attack.format(table))
    for table in APPEND_ONLY:
        column = next(iter(Base.metadata.tables[table].columns.keys()))
        refused(as_app, f"UPDATE {table} SET {column} = {column}")


def test_the_role_changes_only_the_columns_that_change(as_app: Engine, world: World) -> None:
    for table, column in (
        ("account", "type"),
        ("accounting_period", "id"),
        ("number_series", "series"),
        ("shift", "float_satang"),
        ("stock_level", "product_id"),
        ("sign_in_attempt", "username"),
        ("alembic_version", "version_num"),
        ("tax_setting", "vat_mode"),
    ):
        refused(as_app, f"UPDATE {table} SET {column} = {column}")


def test_the_role_turns_no_safety_off(as_app: Engine, world: World) -> None:
    for attack in (
        "SET session_replication_role = replica",
        "SET ROLE postgres",
        (
            "CREATE OR REPLACE FUNCTION guard_refuse() RETURNS trigger LANGUAGE plpgsql"
            " AS $$ BEGIN RETURN NEW; END $$"
        ),
        "DROP FUNCTION guard_refuse() CASCADE",
        "CREATE TABLE mine (id int)",
        "ALTER ROLE CURRENT_USER SUPERUSER",
        "UPDATE pg_trigger SET tgenabled = 'D'",
        "INSERT INTO alembic_version VALUES ('x')",
        "COPY sale FROM PROGRAM 'true'",
    ):
        refused(as_app, attack)


def test_the_role_meets_the_guards_too(
    settings: Settings, role: str, accountant: Actor, world: World
) -> None:
    url = make_url(settings.database_url).set(username=role).render_as_string(hide_password=False)
    hand = Attacker(url)
    hand.refused("guard: a number series only goes up", "UPDATE number_series SET last_number = 1")
    entry_id = uuid7()
    bank = chart.account_for(world.centre_id, Purpose.BANK).id
    lines = [
        line_of(world.centre_id, entry_id, 1, world.cash_account_id, 5, 0),
        line_of(world.centre_id, entry_id, 2, bank, 0, 4),
    ]
    # Even a table of its own, put before ours, changes nothing: the guards look at theirs only.
    with hand.session() as connection:
        connection.exec_driver_sql("CREATE TEMPORARY TABLE journal_line AS TABLE journal_line")
        sql = insert(JournalLine).values(lines).compile(dialect=connection.dialect)
        forged = str(sql).replace("INTO journal_line", "INTO public.journal_line")
        connection.exec_driver_sql(forged, sql.params)
        header = insert(JournalEntry).values(header_of(world.centre_id, entry_id, 9, 5))
        with pytest.raises(IntegrityError, match="ledger: the entry does not balance"):
            connection.execute(header)
        connection.rollback()
    hand.close()


def refused(engine: Engine, statement: str) -> None:
    """Run a statement as the app's role; it lacks the right."""
    with engine.connect() as connection, pytest.raises(Exception) as refusal:
        connection.exec_driver_sql(statement)
    # DISABLE RULE of a rule that isn't there and the like are refused before they are looked for.
    assert isinstance(refusal.value.__cause__, psycopg.errors.InsufficientPrivilege), refusal.value
