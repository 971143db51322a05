"""The hand that attacks a database by raw SQL, as another tool would.

What must stay true: it knows none of our pragmas (foreign keys and recursive triggers are off on
SQLite unless asked for), and every refused attack is seen to have left every row as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, Table, UniqueConstraint, create_engine, select, text
from sqlalchemy.exc import IntegrityError

from core.db import Base


class Attacker:
    """A connection of another tool to the test's database."""

    def __init__(self, url: str, *, recursive_triggers: bool = False) -> None:
        self.engine: Engine = create_engine(url)
        self.pragmas = {"foreign_keys": False, "recursive_triggers": recursive_triggers}

    @property
    def sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def session(self) -> Iterator[Connection]:
        """Open a transaction and commit it."""
        with self.engine.connect() as connection:
            if self.sqlite:
                for pragma, wanted in self.pragmas.items():
                    connection.exec_driver_sql(f"PRAGMA {pragma}={'ON' if wanted else 'OFF'}")
                connection.commit()
            with connection.begin():
                yield connection

    def refused(self, words: str, *statements: str, **values: Any) -> None:
        """Run statements in one transaction; one of them is refused in these words."""
        with pytest.raises(IntegrityError) as refusal:
            self.runs(*statements, **values)
        assert words in str(refusal.value.orig), refusal.value.orig
        if not self.sqlite:
            assert getattr(refusal.value.orig, "sqlstate", "") == "23514"

    def runs(self, *statements: str, **values: Any) -> None:
        """Run statements in one transaction."""
        with self.session() as connection:
            for statement in statements:
                connection.execute(text(statement), values)

    def rows(self, name: str) -> list[tuple[Any, ...]]:
        """Return every row of a table."""
        table = Base.metadata.tables[name]
        with self.engine.connect() as connection:
            return sorted((tuple(row) for row in connection.execute(select(table))), key=repr)

    def close(self) -> None:
        self.engine.dispose()


def unique_keys(name: str) -> list[list[str]]:
    """Return the columns of every key of a table, as the models declare them."""
    table = Base.metadata.tables[name]
    keys = [[column.name for column in table.primary_key.columns]]
    keys += [
        [column.name for column in constraint.columns]
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint)
    ]
    # One that holds another whole is there to be pointed at; the other refuses first.
    return [key for key in keys if not any(set(other) < set(key) for other in keys)]


def replacing(name: str, key: list[str]) -> str:
    """Return an INSERT OR REPLACE of a row that meets the present one in one key only."""
    table = Base.metadata.tables[name]
    fresh = {_changeable(other, key) for other in unique_keys(name) if other != key}
    columns = [column.name for column in table.columns]
    values = [_other(table, column) if column in fresh else column for column in columns]
    whole = " AND ".join(f"{column} IS NOT NULL" for column in key)
    return (
        f"INSERT OR REPLACE INTO {name} ({', '.join(columns)}) "
        f"SELECT {', '.join(values)} FROM {name} WHERE {whole} LIMIT 1"
    )


def replacing_rowid(name: str) -> str:
    """Return an INSERT OR REPLACE of a row with new keys over the rowid of the present one."""
    table = Base.metadata.tables[name]
    fresh = {_changeable(key, []) for key in unique_keys(name)}
    columns = [column.name for column in table.columns]
    values = [_other(table, column) if column in fresh else column for column in columns]
    return (
        f"INSERT OR REPLACE INTO {name} (rowid, {', '.join(columns)}) "
        f"SELECT rowid, {', '.join(values)} FROM {name} LIMIT 1"
    )


def _changeable(key: list[str], kept: list[str]) -> str:
    """Choose the column of a key that is changed so that it no longer meets the present row."""
    return next(column for column in reversed(key) if column not in {*kept, "centre_id"})


def _other(table: Table, column: str) -> str:
    kind = table.c[column].type.python_type
    if kind is int:
        return f"{column} + 1000"
    if kind is str:
        return f"{column} || '-x'"
    return "lower(hex(randomblob(16)))"
