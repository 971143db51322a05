"""The texts of statements that write many rows at once, and what a driver gets for a value.

What must stay true: a text depends only on the table, the columns and the kind of database, so that
it is built once and drivers reuse the prepared form whatever the number of rows.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, Column, String, Table
from sqlalchemy.engine import Dialect


@lru_cache(maxsize=256)
def binders(
    table: Table, columns: tuple[str, ...], dialect: Dialect
) -> tuple[tuple[str, Callable[[Any], Any] | None], ...]:
    """Return each column with what makes a driver's value of ours, if anything does."""
    return tuple(
        (name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in columns
    )


@lru_cache(maxsize=256)
def insert_one(table: Table, columns: tuple[str, ...], mark: str) -> str:
    """Return the INSERT of one row."""
    marks = ", ".join([mark] * len(columns))
    return f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608


@lru_cache(maxsize=256)
def insert_many(table: Table, columns: tuple[str, ...], dialect: Dialect) -> str:
    """Return the INSERT that takes one array a column, so one prepared text serves any count."""
    arrays = ", ".join(
        "json_array_elements(%s::json)"
        if as_document(table.c[name])
        else f"unnest(%s::{_array_type(table.c[name], dialect)})"
        for name in columns
    )
    named = ", ".join(columns)
    return f"INSERT INTO {table.name} ({named}) SELECT * FROM ROWS FROM ({arrays})"  # noqa: S608


def as_document(column: Column[Any]) -> bool:
    """Tell whether all values of a column go as one JSON document."""
    # An element that is no object would be JSON's null, never SQL's.
    return isinstance(column.type, JSON) and not column.type.none_as_null


def _array_type(column: Column[Any], dialect: Dialect) -> str:
    # A cast to varchar(n) would cut what is too long instead of refusing it.
    if isinstance(column.type, String):
        return "text[]"
    return f"{column.type.compile(dialect)}[]"


@lru_cache(maxsize=1024)
def add_text(table: Table, keys: tuple[str, ...], sums: tuple[str, ...], dialect: Dialect) -> str:
    """Return the UPDATE that adds to the `sums` columns of rows found by `keys`."""
    if dialect.name == "sqlite":
        change = ", ".join(f"{name} = {name} + ?" for name in sums)
        where = " AND ".join(f"{name} = ?" for name in keys)
        return f"UPDATE {table.name} SET {change} WHERE {where}"  # noqa: S608
    arrays = ", ".join(f"%s::{_array_type(table.c[name], dialect)}" for name in (*keys, *sums))
    change = ", ".join(f"{name} = t.{name} + v.{name}" for name in sums)
    where = " AND ".join(f"t.{name} = v.{name}" for name in keys)
    names = ", ".join((*keys, *sums))
    return (
        f"UPDATE {table.name} AS t SET {change} "  # noqa: S608
        f"FROM unnest({arrays}) AS v ({names}) WHERE {where}"
    )
