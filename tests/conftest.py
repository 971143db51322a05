"""Fixtures: a migrated database with one founded centre, on SQLite and on PostgreSQL.

Schema by migrations and guards, never create_all. The migrated, founded database is made once per
run, by whichever process needs it first, and copied for each test (a file copy on SQLite, CREATE
DATABASE … TEMPLATE on PostgreSQL), so that tests commit for real and never see each other.
"""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import make_url

from core.actor import Actor, Centre, system_actor
from core.config import Settings, complete
from core.db import db, in_transaction
from members.services import centres, hashing, users
from members.services.centres import NewCentre
from members.services.users import NewUser
from migrations.run import initialise
from pos import create_app
from pos.services import founding
from tests.house import app_over

POSTGRES_URL = make_url(
    os.environ.get(
        "SUNRUAM_TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
    )
)
PASSWORD = "ข้าวหอมมะลิ-2569"
STAFF = ("manager", "cashier", "stock_keeper", "accountant", "auditor")
BOTH_DATABASES = {"integration", "scenario"}
POSTGRES_NOTE = "postgresql"
COSTLY = hashing._HASHER


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run services and scenarios on both databases, everything else on SQLite."""
    if "database" in metafunc.fixturenames:
        folder = Path(str(metafunc.definition.path)).relative_to(Path(__file__).parent).parts[0]
        both = folder in BOTH_DATABASES
        engines = ["sqlite", "postgresql"] if both else ["sqlite"]
        metafunc.parametrize("database", engines, indirect=True, scope="session")


def pytest_collection_finish() -> None:
    """Let the collector leave alone what was imported, and look at the rest less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Drop the template of the whole run, when its last process is done."""
    folders: pytest.TempPathFactory = config._tmp_path_factory  # type: ignore[attr-defined]
    note = folders.getbasetemp() / POSTGRES_NOTE
    if note.exists() and not hasattr(config, "workerinput"):
        on_postgres(f"DROP DATABASE {note.read_text(encoding='utf-8')} WITH (FORCE)")


class SqliteTemplate:
    """A founded database file, copied for each test."""

    def __init__(self, run: Path, folder: Path) -> None:
        self.folder = folder
        self.file = run / "template.db"
        made_once(run / "sqlite", lambda: self._make(run))

    def _make(self, run: Path) -> str:
        found_centres(settings_for(f"sqlite:///{self.file}", run))
        return str(self.file)

    def copy(self) -> tuple[str, Callable[[], None]]:
        copy = self.folder / f"{uuid4().hex}.db"
        shutil.copyfile(self.file, copy)

        def remove() -> None:
            for leftover in self.folder.glob(f"{copy.name}*"):
                leftover.unlink()

        return f"sqlite:///{copy}", remove


class PostgresTemplate:
    """A founded database, the template of each test's own."""

    def __init__(self, run: Path, folder: Path) -> None:
        self.name = made_once(run / POSTGRES_NOTE, lambda: self._make(folder))

    def _make(self, folder: Path) -> str:
        name = f"sunruam_template_{uuid4().hex[:12]}"
        on_postgres(f"CREATE DATABASE {name}")
        found_centres(settings_for(self.url(name), folder))
        return name

    def url(self, name: str) -> str:
        return POSTGRES_URL.set(database=name).render_as_string(hide_password=False)

    def copy(self) -> tuple[str, Callable[[], None]]:
        name = f"sunruam_test_{uuid4().hex[:12]}"
        on_postgres(f"CREATE DATABASE {name} TEMPLATE {self.name}{copying_files()}")
        return self.url(name), lambda: on_postgres(f"DROP DATABASE {name} WITH (FORCE)")


def on_postgres(statement: str) -> None:
    """Run a statement on the server, in no transaction."""
    url = POSTGRES_URL.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


@cache
def copying_files() -> str:
    """Ask for half the work of writing every page to the log, which is the default since 15."""
    url = POSTGRES_URL.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as connection:
        return " STRATEGY FILE_COPY" if connection.info.server_version >= 150_000 else ""


def made_once(note: Path, make: Callable[[], str]) -> str:
    """Return what one of the run's processes made; the others wait for it."""
    with note.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not note.exists():
            note.write_text(make(), encoding="utf-8")
        return note.read_text(encoding="utf-8")


def settings_for(url: str, folder: Path) -> Settings:
    """Return settings for a test: own database, a broker nobody listens to, a fixed secret."""
    return complete(
        Settings(
            var=folder,
            database_url=url,
            broker_url=f"sqla+sqlite:///{folder / 'broker.db'}",
            secret_key="a secret of the tests, forty characters",
        )
    )


def found_centres(settings: Settings) -> None:
    """Migrate, then found the test centre with its staff, and another centre next to it."""
    initialise(settings)
    app = create_app(settings)
    with app.app_context():
        in_transaction(_found, "SPT", "ศูนย์รวมผลผลิตสินธุ์แพรทอง", "Sin Phrae Thong centre")
        in_transaction(_found, "OTH", "ศูนย์อื่น", "Another centre")
        db.session.remove()
        db.engine.dispose()


def _found(code: str, name_th: str, name_en: str) -> None:
    actor = founding.found(NewCentre(code=code, name_th=name_th, name_en=name_en))
    prefix = "" if code == "SPT" else f"{code.lower()}_"
    for role in STAFF:
        users.create(
            NewUser(
                username=prefix + role,
                display_name=f"คุณ{role}",
                password=PASSWORD,
                roles=(role,),
            ),
            actor,
        )


@pytest.fixture(scope="session")
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> SqliteTemplate | PostgresTemplate:
    """The founded template of one engine."""
    base = tmp_path_factory.getbasetemp()
    run = base.parent if hasattr(request.config, "workerinput") else base
    kind = SqliteTemplate if request.param == "sqlite" else PostgresTemplate
    return kind(run, tmp_path_factory.mktemp("database"))


@pytest.fixture
def settings(database: SqliteTemplate | PostgresTemplate, tmp_path: Path) -> Iterator[Settings]:
    """Settings of a database of the test's own."""
    url, remove = database.copy()
    yield settings_for(url, tmp_path)
    remove()


@pytest.fixture
def app(settings: Settings, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application over the test's own database, its context pushed."""
    own = request.node.get_closest_marker("own_app")
    application = create_app(settings) if own else app_over(settings)
    application.testing = True
    with application.app_context():
        yield application
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> None:
    """Hash at hardly any cost: thousands of sign-ins, and nobody who steals these hashes."""
    hashing._HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def costly_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash as a shop does, where the cost itself is tested."""
    monkeypatch.setattr(hashing, "_HASHER", COSTLY)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that has not signed in."""
    return app.test_client()


@pytest.fixture
def centre(app: Flask) -> Centre:
    """The test centre."""
    return next(one for one in centres.listing() if one.code == "SPT")


@pytest.fixture
def other_centre(app: Flask) -> Centre:
    """The centre next door."""
    return next(one for one in centres.listing() if one.code == "OTH")


def actor_of(centre: Centre, role: str) -> Actor:
    """Return the centre's person with one role."""
    prefix = "" if centre.code == "SPT" else f"{centre.code.lower()}_"
    return Actor(
        centre=centre,
        user_id=users.find(prefix + role),
        name=f"คุณ{role}",
        roles=frozenset({role}),
    )


@pytest.fixture
def system(centre: Centre) -> Actor:
    return system_actor(centre)


@pytest.fixture
def manager(centre: Centre) -> Actor:
    return actor_of(centre, "manager")


@pytest.fixture
def cashier(centre: Centre) -> Actor:
    return actor_of(centre, "cashier")


@pytest.fixture
def stock_keeper(centre: Centre) -> Actor:
    return actor_of(centre, "stock_keeper")


@pytest.fixture
def accountant(centre: Centre) -> Actor:
    return actor_of(centre, "accountant")


@pytest.fixture
def auditor(centre: Centre) -> Actor:
    return actor_of(centre, "auditor")
