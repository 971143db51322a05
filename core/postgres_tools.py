"""PostgreSQL's own programs, for backups: pg_dump, pg_restore, and a database to try one in.

What must stay true: a password goes by the environment, never on a command line others can list.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Engine, create_engine, inspect, make_url, text
from sqlalchemy.exc import DBAPIError

from core.ids import uuid7


class ToolFailed(Exception):
    """A program of PostgreSQL is missing or refused; the text is its own."""


def dump(url: str, target: Path) -> None:
    """Write the database as it is at this moment, in pg_dump's custom form."""
    _run("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")


def restore(url: str, dumped: Path) -> None:
    """Fill an empty database from a dump, whole or not at all."""
    _run(
        "pg_restore",
        url,
        "--no-owner",
        "--no-privileges",
        "--exit-on-error",
        "--single-transaction",
        # The schema `public` is there already.
        "--clean",
        "--if-exists",
        str(dumped),
    )


def is_empty(url: str) -> bool:
    """Tell whether a database has no table yet."""
    engine = create_engine(_with_driver(url))
    try:
        with engine.connect() as connection:
            return not inspect(connection).get_table_names()
    except DBAPIError as error:
        raise ToolFailed(f"The database can't be reached: {error.orig}") from None
    finally:
        engine.dispose()


def make_empty(url: str) -> None:
    """Take away what a restore that failed its check put into a database that was empty."""
    engine = create_engine(_with_driver(url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        schema = connection.scalar(text("SELECT quote_ident(current_schema())"))
        connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
        connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    engine.dispose()


@contextmanager
def scratch_database(url: str) -> Iterator[str]:
    """Make a database beside that of `url` for the time of the block; raise ToolFailed."""
    name = f"sunruam_check_{uuid7().hex[-12:]}"
    engine = create_engine(_with_driver(url), isolation_level="AUTOCOMMIT")
    try:
        _run_sql(engine, f"CREATE DATABASE {name} TEMPLATE template0")
        try:
            yield make_url(url).set(database=name).render_as_string(hide_password=False)
        finally:
            _run_sql(engine, f"DROP DATABASE {name}")
    finally:
        engine.dispose()


def _run_sql(engine: Engine, statement: str) -> None:
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
    except DBAPIError as error:
        raise ToolFailed(f"{statement}: {error.orig}") from None


def _with_driver(url: str) -> URL:
    return make_url(url).set(drivername="postgresql+psycopg")


def _run(program: str, url: str, *arguments: str) -> None:
    path = _program(program)
    address = make_url(url)
    environment = dict(os.environ)
    if address.password:
        environment["PGPASSWORD"] = str(address.password)
    # Made anew: `set` would keep the password, and a program takes the stars it is shown as for it.
    plain = URL.create(
        "postgresql",
        address.username,
        host=address.host,
        port=address.port,
        database=address.database,
        query=address.query,
    )
    done = subprocess.run(  # noqa: S603 - our own words and the operator's address
        [path, f"--dbname={plain.render_as_string()}", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ToolFailed(f"{program} failed: {done.stderr.strip()[-2000:]}")


def _program(name: str) -> str:
    """Return the newest such program: a dump is read by no older one than made it."""
    installed = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    newest = sorted(
        installed, key=lambda path: int(path.parts[-3]) if path.parts[-3].isdigit() else 0
    )
    found = str(newest[-1]) if newest else shutil.which(name)
    if not found:
        raise ToolFailed(f"{name} is missing. Install PostgreSQL's client programs.")
    return found
