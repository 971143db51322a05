"""Install and drop the guards: triggers that keep the books even from raw SQL.

They are repeatable: the migration drops all of them, changes the schema, installs all of them.
What only some tables need stands in guards/<engine>/*.sql, statements separated by a line `--;;`.
What every document needs (rows are added, never changed or deleted) is made here from the lists
below. Every object is named `guard_…`, so that dropping needs no list.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, inspect, text

FOLDER = Path(__file__).parent / "guards"
SEPARATOR = "\n--;;\n"

APPEND_ONLY = (
    "journal_entry",
    "journal_line",
    "sale",
    "sale_line",
    "payment",
    "refund",
    "refund_line",
    "receipt_print",
    "cash_movement",
    "cash_count",
    "goods_receipt",
    "goods_receipt_cancellation",
    "lot",
    "stock_move",
    "waste",
    "audit_event",
)
"""Rows of these are only ever added."""
NEVER_DELETED = ("account", "accounting_period", "number_series", "shift", "stock_level")
"""Rows of these change by rule (see the SQL files) and stay for ever."""


def install(connection: Connection) -> None:
    """Install every guard; none may be there yet (see `drop`)."""
    for statement in _statements(connection):
        connection.exec_driver_sql(statement)


def drop(connection: Connection) -> None:
    """Drop every guard there is."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'guard_%'"
        template = 'DROP TRIGGER "{}"'
    else:
        query = (
            "SELECT oid::regprocedure::text FROM pg_proc WHERE proname LIKE 'guard_%'"
            " AND pronamespace = current_schema()::regnamespace"
        )
        template = "DROP FUNCTION {} CASCADE"
    for (name,) in connection.execute(text(query)).all():
        connection.exec_driver_sql(template.format(name))


def _statements(connection: Connection) -> Iterator[str]:
    sqlite = connection.dialect.name == "sqlite"
    for path in sorted((FOLDER / connection.dialect.name).glob("*.sql")):
        for statement in path.read_text(encoding="utf-8").split(SEPARATOR):
            # The driver reads a bare % as the start of a parameter.
            yield statement if sqlite else statement.replace("%", "%%")
    if sqlite:
        yield from _sqlite_append_only(connection)
    else:
        yield from _postgresql_append_only()


def _sqlite_append_only(connection: Connection) -> Iterator[str]:
    for table in (*APPEND_ONLY, *NEVER_DELETED):
        yield _sqlite_trigger(table, "DELETE", "are never deleted")
    for table in APPEND_ONLY:
        yield _sqlite_trigger(table, "UPDATE", "never change")
    for table in (*APPEND_ONLY, "account", "accounting_period", "shift", "stock_level"):
        yield _sqlite_no_overwrite(connection, table)


def _sqlite_trigger(table: str, event: str, words: str) -> str:
    return (
        f"CREATE TRIGGER guard_{table}_{event.lower()} BEFORE {event} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'guard: rows of {table} {words}'); END"
    )


def _sqlite_no_overwrite(connection: Connection, table: str) -> str:
    """Return the guard against INSERT OR REPLACE.

    It would delete the row it replaces without a word when a tool opens the file without
    `recursive_triggers`, so the insert itself is refused over any existing key.
    """
    inspector = inspect(connection)
    keys = [inspector.get_pk_constraint(table)["constrained_columns"]]
    keys += [unique["column_names"] for unique in inspector.get_unique_constraints(table)]
    taken = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} WHERE "  # noqa: S608
        + " AND ".join(f"{column} = NEW.{column}" for column in key)
        + ")"
        for key in keys
    )
    return (
        f"CREATE TRIGGER guard_{table}_overwrite BEFORE INSERT ON {table} WHEN {taken} "
        f"BEGIN SELECT RAISE(ABORT, 'guard: rows of {table} are never replaced'); END"
    )


def _postgresql_append_only() -> Iterator[str]:
    for table in APPEND_ONLY:
        yield _postgresql_trigger(table, "UPDATE OR DELETE OR TRUNCATE")
    for table in NEVER_DELETED:
        yield _postgresql_trigger(table, "DELETE OR TRUNCATE")


def _postgresql_trigger(table: str, events: str) -> str:
    return (
        f"CREATE TRIGGER guard_{table}_append_only BEFORE {events} ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION guard_refuse()"
    )
