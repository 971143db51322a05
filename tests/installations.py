"""Whole installations of their own: migrated, guarded and empty, on either engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from flask import Flask

from core.actor import Actor, system_actor
from core.db import db
from members.services import centres
from migrations.run import initialise
from pos import create_app
from pos.services.demo import build
from tests.conftest import POSTGRES_URL, settings_for

ENGINES = ("sqlite", "postgresql")


@contextmanager
def installation(engine: str, folder: Path) -> Iterator[Flask]:
    """Give an empty installation; what is done with it happens in its app's context."""
    name = f"sunruam_apart_{uuid4().hex[:12]}"
    if engine == "sqlite":
        url = f"sqlite:///{folder / name}.db"
    else:
        _run(f"CREATE DATABASE {name}")
        url = POSTGRES_URL.set(database=name).render_as_string(hide_password=False)
    settings = settings_for(url, folder)
    try:
        initialise(settings)
        app = create_app(settings)
        app.testing = True
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
    finally:
        if engine != "sqlite":
            _run(f"DROP DATABASE {name} WITH (FORCE)")


def demo(days: int = 6, seed: int = 7) -> Actor:
    """Build the demo in the app of this context; return its system."""
    build.sin_phrae_thong(seed=seed, days=days, tell=lambda _words: None)
    [centre] = centres.listing()
    return system_actor(centre)


def _run(statement: str) -> None:
    url = POSTGRES_URL.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]
