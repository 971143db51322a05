"""Every kind of row travels: a world with a row in each guarded table, there and back again."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import make_url

from core import papers
from core.actor import Actor, system_actor
from core.config import Settings
from core.db import db, in_transaction
from core.ids import uuid7
from members.services import centres
from members.services.centres import NewCentre
from migrations.guards import APPEND_ONLY, NEVER_DELETED
from migrations.roles import grant_app_role
from pos import create_app
from pos.services import founding
from pos.services.archive import adopting, manifest, plan, writing
from tests.installations import ENGINES, installation
from tests.integration import guarded_world
from tests.templates import run_folder

OF_THE_PLACE = {"audit_event", "app_user", "centre"}
"""The trail has the arrival in it, and people are told of in `test_archive`."""


@pytest.fixture
def world(manager: Actor, monkeypatch: pytest.MonkeyPatch) -> Actor:
    """Its rows are made up past the services, so the auditor is not asked about them."""
    in_transaction(guarded_world.build, manager)
    monkeypatch.setattr(writing, "faults", lambda _centre_id: set())
    return manager


def rows_in(file: Path) -> dict[str, list[bytes]]:
    """Return the rows of every table; engines sort texts each in its own way."""
    with zipfile.ZipFile(file) as archive:
        names = manifest.read(archive).tables
        return {name: sorted(archive.read(manifest.member(name)).splitlines()) for name in names}


def written(actor: Actor, folder: Path) -> Path:
    file = folder / f"{uuid7().hex}.zip"
    with file.open("wb") as out:
        writing.write(out, actor, folder)
    return file


@pytest.mark.parametrize("engine", ENGINES)
def test_every_kind_of_row_travels(
    engine: str, world: Actor, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = written(world, tmp_path)
    left = rows_in(file)
    guarded = {*APPEND_ONLY, *NEVER_DELETED} - plan.LEFT_OUT.keys()
    bare = {name for name in guarded if not left[name]}
    assert bare <= {"transfer_arrival", "transfer_arrival_line"}, "they are the other centre's"
    run = run_folder(tmp_path_factory)
    with installation(engine, run, tmp_path) as other, other.app_context():
        in_transaction(founding.found, NewCentre(code="OTH", name_th="ศูนย์อื่น", name_en="Other"))
        adopted = in_transaction(adopting.adopt, file, tmp_path, None)
        centre = centres.get(adopted.centre_id)
        assert centre is not None
        arrived = rows_in(written(system_actor(centre), tmp_path))
        db.session.remove()
    for name in left.keys() - OF_THE_PLACE:
        assert arrived[name] == left[name], name
    assert set(left["audit_event"]) < set(arrived["audit_event"])


def test_papers_go_along(
    world: Actor, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    with db.engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT DISTINCT sha256 FROM attachment").scalars()
        assert len(list(found)) > 0
    paper = papers.keep(here, b"%PDF-1.7 a bill")
    with db.engine.begin() as connection:
        adopting.guards.drop(connection)
        connection.exec_driver_sql(f"UPDATE attachment SET sha256 = '{paper}'")
        adopting.guards.install(connection)
    file = tmp_path / "centre.zip"
    with file.open("wb") as out:
        made = writing.write(out, world, here)
    assert made.papers == {paper: 15}
    run = run_folder(tmp_path_factory)
    with installation("sqlite", run, tmp_path) as other, other.app_context():
        in_transaction(founding.found, NewCentre(code="OTH", name_th="ศูนย์อื่น", name_en="Other"))
        in_transaction(adopting.adopt, file, there, None)
        assert papers.read(there, paper) == b"%PDF-1.7 a bill"
        db.session.remove()


@pytest.fixture
def as_app_role(settings: Settings, app: Flask) -> Iterator[Flask]:
    """The application as the role that owns nothing, as production runs it."""
    if "sqlite" in settings.database_url:
        pytest.skip("SQLite has no roles")
    name = f"sunruam app {uuid7().hex[:8]}"
    with db.engine.begin() as connection:
        connection.exec_driver_sql(f'CREATE ROLE "{name}" LOGIN')
        grant_app_role(connection, name)
    url = make_url(settings.database_url).set(username=name)
    role = replace(settings, database_url=url.render_as_string(hide_password=False))
    yield create_app(role)
    with db.engine.begin() as connection:
        connection.exec_driver_sql(f'DROP OWNED BY "{name}"')
        connection.exec_driver_sql(f'DROP ROLE "{name}"')


def test_only_the_owner_takes_a_centre_in(
    as_app_role: Flask, manager: Actor, tmp_path: Path
) -> None:
    with as_app_role.app_context():
        file = written(manager, tmp_path)
        with pytest.raises(adopting.NotTheOwner):
            in_transaction(adopting.adopt, file, tmp_path, "NEW")
        db.session.remove()
        db.engine.dispose()
