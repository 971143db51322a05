"""Change a table in a way SQLite's ALTER TABLE can't: a wider CHECK, a new foreign key.

The table is made anew under its own words with the change put in, filled, and put in the old one's
place (the way SQLite's documentation gives). `migrations.run` switches foreign keys off meanwhile
and checks all of them before the commit. PostgreSQL changes its tables in place.
"""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op


def widen_check(table: str, name: str, condition: str, wider: str) -> None:
    """Replace the condition of a named CHECK."""
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(table, lambda words: _once(words, f"CHECK ({condition})", f"CHECK ({wider})"))
        return
    op.drop_constraint(op.f(name), table, type_="check")
    op.create_check_constraint(op.f(name), table, wider)


def add_reference(table: str, column: str, foreign: str) -> None:
    """Add an empty uuid column that names a row of `foreign` in the same centre."""
    key = f"fk_{table}_centre_id_{column}"
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(
            table,
            lambda words: words.replace(
                "CONSTRAINT",
                f"{column} CHAR(32), \n\tCONSTRAINT {key} FOREIGN KEY(centre_id, {column})"
                f" REFERENCES {foreign} (centre_id, id), \n\tCONSTRAINT",
                1,
            ),
        )
        return
    op.add_column(table, sa.Column(column, sa.Uuid(), nullable=True))
    op.create_foreign_key(key, table, foreign, ["centre_id", column], ["centre_id", "id"])


def _once(words: str, old: str, new: str) -> str:
    assert words.count(old) == 1, f"{old!r} is there {words.count(old)} times"
    return words.replace(old, new)


def _rebuild(table: str, change: Callable[[str], str]) -> None:
    connection = op.get_bind()
    made = sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :table")
    others = sa.text(
        "SELECT sql FROM sqlite_master"
        " WHERE type = 'index' AND tbl_name = :table AND sql IS NOT NULL"
    )
    words = connection.scalar(made, {"table": table})
    indexes = connection.scalars(others, {"table": table}).all()
    columns = ", ".join(
        f'"{row.name}"' for row in connection.execute(sa.text(f'PRAGMA table_info("{table}")'))
    )
    fresh = f"_fresh_{table}"
    _, bracket, body = words.partition("(")
    for statement in (
        f'CREATE TABLE "{fresh}" {bracket}{change(body)}',
        f'INSERT INTO "{fresh}" ({columns}) SELECT {columns} FROM "{table}"',
        f'DROP TABLE "{table}"',
        f'ALTER TABLE "{fresh}" RENAME TO "{table}"',
        *indexes,
    ):
        connection.exec_driver_sql(statement)
