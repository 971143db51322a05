"""Whole installations of their own, on either engine: empty ones, and ones with a demo in them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from core.actor import Actor, system_actor
from core.config import Settings
from core.db import db
from members.services import centres
from migrations.run import initialise
from pos import create_app
from pos.services.demo import build
from tests.house import made_app
from tests.templates import Fill, copy_of, settings_for

ENGINES = ("sqlite", "postgresql")
DEMO_DAYS = 6


@contextmanager
def installation(engine: str, run: Path, folder: Path) -> Iterator[Flask]:
    """Give an empty installation; what is done with it happens in its app's context."""
    with _installed(engine, "empty", initialise, run, folder) as app:
        yield app


@contextmanager
def demo_installation(engine: str, run: Path, folder: Path) -> Iterator[Flask]:
    """Give an installation with a demo centre of six days, the same one to all who ask."""
    with _installed(engine, "demo", _with_demo, run, folder) as app:
        yield app


def demo_system() -> Actor:
    """Return the system of the demo's centre, in its app's context."""
    [centre] = centres.listing()
    return system_actor(centre)


def _with_demo(settings: Settings) -> None:
    initialise(settings)
    with create_app(settings).app_context():
        build.sin_phrae_thong(seed=7, days=DEMO_DAYS, tell=lambda _words: None)
        db.session.remove()
        db.engine.dispose()


@contextmanager
def _installed(engine: str, name: str, fill: Fill, run: Path, folder: Path) -> Iterator[Flask]:
    url, remove = copy_of(engine, name, fill, run, folder)
    try:
        app = made_app(settings_for(url, folder))
        app.testing = True
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
    finally:
        remove()
