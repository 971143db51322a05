"""The database: base class, column types, and the one place that commits.

What must stay true: `in_transaction` is the only code that commits, it never nests, and on SQLite
it takes the write lock at once (BEGIN IMMEDIATE), so a sale that was read is a sale that can be
written. `in_rehearsal` does all of that but the commit: it always rolls back. Only this file
imports flask_sqlalchemy.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    DateTime,
    Engine,
    Integer,
    MetaData,
    SQLColumnExpression,
    Table,
    Text,
    Uuid,
    cast,
    event,
    func,
)
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from core import row_texts
from core.config import Settings
from core.errors import DomainError

P = ParamSpec("P")
R = TypeVar("R")

RETRIES = 3
SERIALIZATION_FAILURE, DEADLOCK_DETECTED, UNIQUE_VIOLATION = "40001", "40P01", "23505"

BigId = BigInteger().with_variant(Integer, "sqlite")
Satang = BigInteger().with_variant(Integer, "sqlite")
Milli = BigInteger().with_variant(Integer, "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in, an aware UTC moment out; SQLite keeps it as UTC text."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        assert value.tzinfo is not None, "a moment without a time zone"
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Every table's base; constraints are named by convention, so a violation can be grepped."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, disable_autonaming=True)


def one_of(column: str, values: Sequence[str] | type[enum.StrEnum]) -> CheckConstraint:
    """Return the CHECK that holds a text column to a list of words."""
    words = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({words})", name=f"{column}_known")


def sum_int(column: SQLColumnExpression[int]) -> ColumnElement[int]:
    """Return SUM as a whole number, 0 for no rows (PostgreSQL would answer with a Decimal)."""
    return cast(func.coalesce(func.sum(column), 0), BigInteger)


# --- connections -----------------------------------------------------------------------------

_writing: ContextVar[bool] = ContextVar("writing", default=False)
_rehearsing: ContextVar[bool] = ContextVar("rehearsing", default=False)


def init_app(app: Flask, settings: Settings) -> None:
    """Bind the database of `settings` to `app`."""
    url = settings.database_url
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    # What a statement was asked with is people's data: no error may quote it.
    options: dict[str, Any] = {
        "pool_pre_ping": url.startswith("postgresql"),
        "hide_parameters": True,
    }
    if url.startswith("postgresql"):
        options |= {
            "pool_size": settings.web_threads + 1,
            "max_overflow": settings.web_threads,
            "connect_args": {"connect_timeout": 2, "options": "-c timezone=UTC"},
        }
    else:
        settings.var.mkdir(parents=True, exist_ok=True)
        options |= {"connect_args": {"timeout": 5, "check_same_thread": False}}
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    db.init_app(app)
    app.extensions["sunruam_remembered"] = {}
    with app.app_context():
        prepare_engine(db.engine)


def dispose() -> None:
    """Close every connection of the app in this context: its work is over."""
    db.session.remove()
    db.engine.dispose()


def prepare_engine(engine: Engine) -> None:
    """Give an engine our pragmas and our way to begin; does nothing special on PostgreSQL."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_pragmas)
        event.listen(engine, "begin", _sqlite_begin)


def _sqlite_pragmas(connection: Any, _entry: ConnectionPoolEntry) -> None:
    # The driver must not open transactions of its own: `_sqlite_begin` says which kind we want.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # an acknowledged sale survives a power cut
        "foreign_keys=ON",
        "recursive_triggers=ON",  # INSERT OR REPLACE must meet the delete guards
        "busy_timeout=5000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


# --- the unit of work ------------------------------------------------------------------------


def in_transaction(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run one use-case in one transaction and commit it; send its jobs after the commit.

    `work` may run again (up to three times) when PostgreSQL reports a serialization failure, a
    deadlock, or that someone else just made the same row (the second run finds it and answers
    like any repeat), or when it was refused because somebody overtook it (`DomainError.overtaken`),
    so it must not touch the outside world. Whatever it raises rolls all back.
    """
    assert not _writing.get(), "transactions do not nest"
    # End the read snapshot that loaded the actor: the work must see what is true now.
    db.session.rollback()
    for attempt in range(1, RETRIES + 1):
        try:
            with _write_mode():
                result = work(*args, **kwargs)
                db.session.commit()
                _memory().update(db.session.info.pop("learnt", {}))
        except BaseException as error:
            db.session.rollback()
            forget()
            db.session.info.pop("after_commit", None)
            if attempt < RETRIES and _worth_retrying(error):
                continue
            raise
        break
    for action in db.session.info.pop("after_commit", []):
        action()
    return result


def in_rehearsal(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a use-case as for real and take all of it back: nothing is kept, no job leaves.

    What it returns must be whole (dataclasses), for the rows it came from are gone.
    """
    assert not _writing.get(), "transactions do not nest"
    db.session.rollback()
    token = _rehearsing.set(True)
    try:
        with _write_mode():
            return work(*args, **kwargs)
    finally:
        _rehearsing.reset(token)
        db.session.rollback()
        db.session.info.pop("learnt", None)
        db.session.info.pop("after_commit", None)


def is_rehearsal() -> bool:
    """Tell whether whatever is written now is taken back."""
    return _rehearsing.get()


def after_commit(action: Callable[[], None]) -> None:
    """Do `action` once the running transaction has committed; never if it rolls back."""
    assert _writing.get(), "only inside in_transaction"
    db.session.info.setdefault("after_commit", []).append(action)


@contextmanager
def _write_mode() -> Iterator[None]:
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


def _worth_retrying(error: BaseException) -> bool:
    if isinstance(error, DomainError):
        return error.overtaken
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    return isinstance(error, DBAPIError) and state in {
        SERIALIZATION_FAILURE,
        DEADLOCK_DETECTED,
        UNIQUE_VIOLATION,
    }


def read_one_moment() -> None:
    """Let the session read the database as it is now, whatever others commit, until it ends.

    SQLite does so anyway; PostgreSQL would look anew with every statement.
    """
    assert not _writing.get(), "for reading only"
    db.session.rollback()
    if db.engine.dialect.name == "postgresql":
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def is_locked(error: BaseException) -> bool:
    """Tell whether SQLite refused because somebody else is writing: worth trying again later."""
    return isinstance(error, DBAPIError) and "database is locked" in str(error.orig)


def serialise_on(key: UUID) -> None:
    """Make transactions that name the same document wait for each other until they end.

    SQLite has one writer at a time already; PostgreSQL takes an advisory lock, for the app's role
    may not update (so not row-lock) documents that never change.
    """
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        number = key.int & 0x7FFF_FFFF_FFFF_FFFF
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (number,))


def plan_anew() -> None:
    """Forget PostgreSQL's prepared plans, the guards' too, made when tables were smaller."""
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DISCARD PLANS")


# --- facts that never change once committed --------------------------------------------------


def remembered(key: Hashable, load: Callable[[], R | None]) -> R | None:
    """Return a fact from this process's memory, loading it once.

    Only for facts the database itself never lets change (an account's purpose, that a period
    exists). What is learnt while writing may be of a row only this transaction sees: others are
    told once it has committed, never of a rehearsal. None is not remembered.
    """
    memory = _memory()
    learnt = db.session.info.setdefault("learnt", {}) if _writing.get() else memory
    fact = memory.get(key, learnt.get(key))
    if fact is None and (fact := load()) is not None:
        learnt[key] = fact
    return fact


def forget() -> None:
    """Drop everything remembered."""
    db.session.info.pop("learnt", None)
    _memory().clear()


def _memory() -> dict[Hashable, Any]:
    return current_app.extensions["sunruam_remembered"]  # type: ignore[no-any-return]


# --- many rows, one statement ----------------------------------------------------------------


def insert_rows(model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert many rows with one statement; every row names the same columns.

    PostgreSQL gets one array a column, SQLite one executemany (it has no round trip to save). The
    text depends only on table and columns, so both drivers reuse the prepared form. JSON goes as
    one document a column: in an array the driver would escape its every quote, one by one.
    """
    if not rows:
        return
    table = model.__table__
    assert isinstance(table, Table)
    connection = db.session.connection()
    columns = tuple(rows[0])
    binders = row_texts.binders(table, columns, connection.dialect)
    if len(rows) > 1 and connection.dialect.name == "postgresql":
        arrays = tuple(
            json.dumps([row[name] for row in rows])
            if row_texts.as_document(table.c[name])
            else [bind(row[name]) if bind else row[name] for row in rows]
            for name, bind in binders
        )
        text = row_texts.insert_many(table, columns, connection.dialect)
        connection.exec_driver_sql(text, arrays)
        return
    values = [
        tuple(bind(row[name]) if bind else row[name] for name, bind in binders) for row in rows
    ]
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(row_texts.insert_one(table, columns, "?"), values)
    else:
        connection.exec_driver_sql(row_texts.insert_one(table, columns, "%s"), values[0])


def add_to_rows(
    model: type[Base], keys: Sequence[str], sums: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> int:
    """Add to the `sums` columns of many rows found by `keys`, with one statement.

    Returns the number of rows changed, so that the caller can assert that each was there.
    """
    if not rows:
        return 0
    table = model.__table__
    assert isinstance(table, Table)
    connection = db.session.connection()
    sqlite = connection.dialect.name == "sqlite"
    names = (*sums, *keys) if sqlite else (*keys, *sums)
    binders = row_texts.binders(table, tuple(names), connection.dialect)
    values = [
        tuple(bind(row[name]) if bind else row[name] for name, bind in binders) for row in rows
    ]
    text = row_texts.add_text(table, tuple(keys), tuple(sums), connection.dialect)
    if sqlite:
        return connection.exec_driver_sql(text, values).rowcount
    arrays = tuple(list(column) for column in zip(*values, strict=True))
    return connection.exec_driver_sql(text, arrays).rowcount


__all__ = [
    "Base",
    "BigId",
    "Milli",
    "Satang",
    "Text",
    "UtcDateTime",
    "Uuid",
    "add_to_rows",
    "after_commit",
    "db",
    "forget",
    "in_rehearsal",
    "in_transaction",
    "init_app",
    "insert_rows",
    "is_locked",
    "is_rehearsal",
    "one_of",
    "plan_anew",
    "prepare_engine",
    "read_one_moment",
    "remembered",
    "serialise_on",
    "sum_int",
]
