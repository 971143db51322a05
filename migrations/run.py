"""Run migrations from our own code: `sunruam init`, the tests, the bench.

What must stay true: a schema is only ever made by migrations and guards, never by create_all.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, inspect, make_url, text
from sqlalchemy.exc import OperationalError

from core.config import Settings
from core.db import prepare_engine
from migrations.roles import grant_app_role

FOLDER = Path(__file__).parent


def configuration(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration for this folder, bound to a connection."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the schema to `revision` and install the guards, all or nothing."""
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            # A table made anew must not fire ON DELETE checks, and the pragma only works outside a
            # transaction; every key is checked before the commit instead.
            _foreign_keys(connection, "OFF")
        try:
            with connection.begin():
                command.upgrade(configuration(connection), revision)
                if sqlite:
                    adrift = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                    assert not adrift, f"foreign keys broken by the migration: {adrift[:3]}"
        finally:
            if sqlite:
                _foreign_keys(connection, "ON")


def _foreign_keys(connection: Connection, state: str) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute(f"PRAGMA foreign_keys={state}")


def is_current(engine: Engine) -> bool:
    """Tell whether the database's schema is the one this code was written for."""
    return _revision(engine) == head()


@cache
def head() -> str:
    """Return the last migration of this code."""
    last = ScriptDirectory.from_config(configuration()).get_current_head()
    assert last is not None
    return last


def knows(revision: str) -> bool:
    """Tell whether this code has the migration a database is at."""
    scripts = ScriptDirectory.from_config(configuration()).walk_revisions()
    return revision in {script.revision for script in scripts}


def revision_of(settings: Settings) -> str:
    """Return the migration the database of `settings` is at, '' when it has none."""
    url = make_url(settings.owner_database_url or settings.database_url)
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    engine = create_engine(url)
    try:
        return _revision(engine)
    finally:
        engine.dispose()


def _revision(engine: Engine) -> str:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return ""
        return str(connection.scalar(text("SELECT version_num FROM alembic_version")))


def initialise(settings: Settings) -> str:
    """Migrate the database of `settings` and return what was done, in a sentence.

    On PostgreSQL with an owner's address, the app's role is granted its least rights.
    """
    url = make_url(settings.owner_database_url or settings.database_url)
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    if url.database and url.drivername.startswith("sqlite"):
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url)
    prepare_engine(engine)
    try:
        upgrade(engine)
        done = f"The database is ready: {url.render_as_string(hide_password=True)}"
        if settings.owner_database_url:
            role = make_url(settings.database_url).username
            assert role, "SUNRUAM_DATABASE_URL must name the app's role"
            with engine.begin() as connection:
                grant_app_role(connection, role)
            done += f"; the role {role} may use it and owns nothing"
        return done
    finally:
        engine.dispose()


def require_current(settings: Settings) -> str | None:
    """Return what to do when the schema is not this code's, else None."""
    url = make_url(settings.database_url)
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    engine = create_engine(url)
    try:
        if is_current(engine):
            return None
        return "The database is not at this version. Run `sunruam init`, then start again."
    except OperationalError as error:
        return f"The database can't be reached: {error.orig}"
    finally:
        engine.dispose()
