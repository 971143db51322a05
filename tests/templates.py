"""Databases made once a run and copied for each test, on SQLite and on PostgreSQL.

A template is made by whichever of the run's processes needs it first; the others wait for it and
copy it: a file copy on SQLite, CREATE DATABASE … TEMPLATE on PostgreSQL. So tests commit for real
and never see each other. What must stay true: nobody writes to a template once it is made.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import make_url

from core.config import Settings, complete

POSTGRES_URL = make_url(
    os.environ.get(
        "SUNRUAM_TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
    )
)
ON_POSTGRES = ".postgresql"
"""How the notes of the templates on the server end; each holds a database's name."""

Fill = Callable[[Settings], None]
Copy = tuple[str, Callable[[], None]]
"""The address of a database of the test's own, and what removes it."""


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


def run_folder(folders: pytest.TempPathFactory) -> Path:
    """Return the folder that all processes of this run share."""
    base = folders.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def copy_of(engine: str, name: str, fill: Fill, run: Path, folder: Path) -> Copy:
    """Copy the template `name` for one test, its papers into `folder`; `fill` makes it."""
    make, copy = (_sqlite, _sqlite_copy) if engine == "sqlite" else (_postgres, _postgres_copy)
    papers = run / f"{name}-{engine}"
    note = run / f"{name}{ON_POSTGRES if engine != 'sqlite' else '.sqlite'}"
    template = _made_once(note, lambda: make(run, name, fill, papers))
    if papers.exists():
        shutil.copytree(papers, folder, dirs_exist_ok=True)
    return copy(template, folder)


def drop_all(run: Path) -> None:
    """Drop what a run left on the server; its files go with its folder."""
    for note in run.glob(f"*{ON_POSTGRES}"):
        on_postgres(f"DROP DATABASE {note.read_text(encoding='utf-8')} WITH (FORCE)")
        note.unlink()


def on_postgres(statement: str) -> None:
    """Run a statement on the server, in no transaction."""
    url = POSTGRES_URL.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


def _sqlite(run: Path, name: str, fill: Fill, papers: Path) -> str:
    file = run / f"{name}.db"
    fill(settings_for(f"sqlite:///{file}", papers))
    return str(file)


def _sqlite_copy(template: str, folder: Path) -> Copy:
    copy = folder / f"{uuid4().hex}.db"
    shutil.copyfile(template, copy)

    def remove() -> None:
        for leftover in folder.glob(f"{copy.name}*"):
            leftover.unlink()

    return f"sqlite:///{copy}", remove


def _postgres(_run: Path, name: str, fill: Fill, papers: Path) -> str:
    made = f"sunruam_{name}_{uuid4().hex[:12]}"
    on_postgres(f"CREATE DATABASE {made}")
    fill(settings_for(_url(made), papers))
    return made


def _postgres_copy(template: str, _folder: Path) -> Copy:
    copy = f"sunruam_test_{uuid4().hex[:12]}"
    on_postgres(f"CREATE DATABASE {copy} TEMPLATE {template}{_copying_files()}")
    return _url(copy), lambda: on_postgres(f"DROP DATABASE {copy} WITH (FORCE)")


def _url(name: str) -> str:
    return POSTGRES_URL.set(database=name).render_as_string(hide_password=False)


@cache
def _copying_files() -> str:
    """Ask for half the work of writing every page to the log, which is the default since 15."""
    url = POSTGRES_URL.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as connection:
        return " STRATEGY FILE_COPY" if connection.info.server_version >= 150_000 else ""


def _made_once(note: Path, make: Callable[[], str]) -> str:
    """Return what one of the run's processes made; the others wait for it."""
    if not note.exists():
        with note.with_name(f"{note.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not note.exists():
                half = note.with_name(f"{note.name}.half")
                half.write_text(make(), encoding="utf-8")
                half.rename(note)
    return note.read_text(encoding="utf-8")
