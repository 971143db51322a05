"""Fixtures: a migrated database with one founded centre, on SQLite and on PostgreSQL.

Schema by migrations and guards, never create_all. The founded database is made once a run and
copied for each test (tests/templates.py), so that tests commit for real.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from core.actor import Actor, Centre, system_actor
from core.config import Settings
from core.db import db, in_transaction
from members.services import centres, hashing, users
from members.services.centres import NewCentre
from members.services.users import NewUser
from migrations.run import initialise
from pos import create_app
from pos.services import founding
from tests.house import app_over
from tests.templates import copy_of, drop_all, run_folder, settings_for

PASSWORD = "ข้าวหอมมะลิ-2569"
STAFF = ("manager", "cashier", "stock_keeper", "accountant", "auditor")
BOTH_DATABASES = {"integration", "scenario"}
COSTLY = hashing._HASHER

# A busy machine is no fault of an example's: how long one takes is measured in bench/, never here.
hypothesis_settings.register_profile(
    "house", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("house")


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
    """Drop the templates of the whole run, when its last process is done."""
    if not hasattr(config, "workerinput"):
        folders: pytest.TempPathFactory = config._tmp_path_factory  # type: ignore[attr-defined]
        drop_all(folders.getbasetemp())


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
def database(request: pytest.FixtureRequest) -> str:
    """The engine a test runs on."""
    engine: str = request.param
    return engine


@pytest.fixture
def settings(
    database: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """Settings of a database of the test's own, with the founded centres in it."""
    run = run_folder(tmp_path_factory)
    url, remove = copy_of(database, "founded", found_centres, run, tmp_path)
    yield settings_for(url, tmp_path)
    remove()


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application over the test's own database, its context pushed."""
    application = app_over(settings)
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
