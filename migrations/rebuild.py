"""Change a table in a way SQLite's ALTER TABLE can't: a CHECK, a key, a column without a default.

The table is made anew under its own words with the change put in, filled, and put in the old one's
place (the way SQLite's documentation gives). `migrations.run` switches foreign keys off meanwhile
and checks all of them before the commit. PostgreSQL changes its tables in place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import sqlalchemy as sa
from alembic import op


@dataclass
class _Changes:
    """What is to become of a table that is made anew."""

    words: list[Callable[[str], str]] = field(default_factory=list)
    filled: dict[str, str] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)


_gathered: dict[str, _Changes] = {}
"""Changes that wait for the end of `at_once`, by table."""


@contextmanager
def at_once(table: str) -> Iterator[None]:
    """Make all changes of a table in this block in one go: a long table is copied but once.

    Nothing else in the block may change or read the table: on SQLite it is as it was until the end.
    """
    _gathered[table] = _Changes()
    try:
        yield
        changes = _gathered.pop(table)
        if changes.words:
            _make_anew(table, changes)
    finally:
        _gathered.pop(table, None)


def widen_check(table: str, name: str, condition: str, wider: str) -> None:
    """Replace the condition of a named CHECK."""
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(table, lambda words: _once(words, f"CHECK ({condition})", f"CHECK ({wider})"))
        return
    op.drop_constraint(op.f(name), table, type_="check")
    op.create_check_constraint(op.f(name), table, wider)


def add_reference(table: str, column: str, foreign: str, filled_from: str = "") -> None:
    """Add a uuid column that names a row of `foreign` in the same centre.

    It is empty and may stay so, unless it is filled from another column: then it must have a value.
    """
    key = f"fk_{table}_centre_id_{column}"
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(
            table,
            lambda words: words.replace(
                "CONSTRAINT",
                f"{column} CHAR(32){' NOT NULL' if filled_from else ''}, \n\tCONSTRAINT {key}"
                f" FOREIGN KEY(centre_id, {column}) REFERENCES {foreign} (centre_id, id),"
                " \n\tCONSTRAINT",
                1,
            ),
            {column: filled_from} if filled_from else None,
        )
        return
    op.add_column(table, sa.Column(column, sa.Uuid(), nullable=True))
    if filled_from:
        op.execute(f"UPDATE {table} SET {column} = {filled_from}")
        op.alter_column(table, column, nullable=False)
    op.create_foreign_key(key, table, foreign, ["centre_id", column], ["centre_id", "id"])


def add_copy(table: str, column: str, source: str, kind: str) -> None:
    """Add a column that must have a value, filled from another of the same table."""
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(
            table,
            lambda words: words.replace(
                "CONSTRAINT", f"{column} {kind} NOT NULL, \n\tCONSTRAINT", 1
            ),
            {column: source},
        )
        return
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")
    op.execute(f"UPDATE {table} SET {column} = {source}")
    op.alter_column(table, column, nullable=False)


def drop_columns(table: str, columns: Sequence[str], key: str = "") -> None:
    """Take columns away, and the foreign key that names them; indexes on them are dropped first."""
    if op.get_bind().dialect.name == "sqlite":
        gone = [f"{word} " for word in (*columns, *([f"CONSTRAINT {key}"] if key else []))]

        def without(words: str) -> str:
            lines = words.rstrip().removesuffix(")").split(", \n\t")
            kept = [line for line in lines if not line.lstrip().startswith(tuple(gone))]
            assert len(lines) - len(kept) == len(gone), f"{table}: {gone} not all found"
            return ", \n\t".join(kept) + ")"

        _rebuild(table, without, dropped=columns)
        return
    if key:
        op.drop_constraint(op.f(key), table, type_="foreignkey")
    for column in columns:
        op.drop_column(table, column)


def add_unique(table: str, columns: Sequence[str]) -> None:
    """Add a UNIQUE key, named by the convention of the house."""
    named, listed = f"uq_{table}_{'_'.join(columns)}", ", ".join(columns)
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(
            table,
            lambda words: words.replace(
                "CONSTRAINT", f"CONSTRAINT {named} UNIQUE ({listed}), \n\tCONSTRAINT", 1
            ),
        )
        return
    op.create_unique_constraint(op.f(named), table, list(columns))


def add_check(table: str, name: str, condition: str) -> None:
    """Add a CHECK, named by the convention of the house."""
    named = f"ck_{table}_{name}"
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(
            table,
            lambda words: words.replace(
                "CONSTRAINT", f"CONSTRAINT {named} CHECK ({condition}), \n\tCONSTRAINT", 1
            ),
        )
        return
    op.create_check_constraint(op.f(named), table, condition)


def _once(words: str, old: str, new: str) -> str:
    assert words.count(old) == 1, f"{old!r} is there {words.count(old)} times"
    return words.replace(old, new)


def _rebuild(
    table: str,
    change: Callable[[str], str],
    filled: Mapping[str, str] | None = None,
    dropped: Sequence[str] = (),
) -> None:
    """Change a table's words; `filled` says what new columns copy."""
    changes = _gathered.get(table) or _Changes()
    changes.words.append(change)
    changes.filled |= filled or {}
    changes.dropped += dropped
    if table not in _gathered:
        _make_anew(table, changes)


def _make_anew(table: str, changes: _Changes) -> None:
    connection = op.get_bind()
    made = sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :table")
    others = sa.text(
        "SELECT sql FROM sqlite_master"
        " WHERE type = 'index' AND tbl_name = :table AND sql IS NOT NULL"
    )
    words = connection.scalar(made, {"table": table})
    indexes = connection.scalars(others, {"table": table}).all()
    there = connection.execute(sa.text(f'PRAGMA table_info("{table}")'))
    kept = [f'"{row.name}"' for row in there if row.name not in changes.dropped]
    columns = ", ".join([*kept, *changes.filled])
    values = ", ".join([*kept, *changes.filled.values()])
    fresh = f"_fresh_{table}"
    _, bracket, body = words.partition("(")
    for change in changes.words:
        body = change(body)
    for statement in (
        f'CREATE TABLE "{fresh}" {bracket}{body}',
        f'INSERT INTO "{fresh}" ({columns}) SELECT {values} FROM "{table}"',
        f'DROP TABLE "{table}"',
        f'ALTER TABLE "{fresh}" RENAME TO "{table}"',
        *indexes,
    ):
        connection.exec_driver_sql(statement)
