"""A centre leaves with its books: written on either engine, taken in on either, the same satang."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import func, select, text

from accounting.rules.periods import period_of
from accounting.services import sealing, statements, verify_seals
from core import clock
from core.actor import Actor, system_actor
from core.db import Base, db, in_transaction
from core.errors import DomainError, Forbidden
from members.services import centres, hashing, users
from migrations import guards
from pos.services import verify
from pos.services.archive import adopting, manifest, plan, writing
from tests.closing import lock_month
from tests.conftest import actor_of
from tests.installations import ENGINES, demo_installation, demo_system, installation
from tests.templates import run_folder


@dataclass(frozen=True)
class Old:
    """The archive of a demo centre, and what its books said."""

    file: Path
    manifest: manifest.Manifest
    balance: list[tuple[str, int, int]]


def balance_of(actor: Actor) -> list[tuple[str, int, int]]:
    rows = statements.trial_balance(clock.today(), actor).rows
    return [(row.account.code, row.debit_balance_satang, row.credit_balance_satang) for row in rows]


def two_people(actor: Actor) -> tuple[Actor, Actor]:
    """Return two of the demo's people who may sign."""
    able = [one for one in users.listing(actor) if {"manager", "accountant"} & set(one.roles)]
    first, second = (
        Actor(actor.centre, one.id, one.display_name, frozenset(one.roles)) for one in able[:2]
    )
    return first, second


@pytest.fixture(scope="module", params=ENGINES)
def old(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Old]:
    """Write the archive of a demo with a locked month and sealed entries."""
    folder = tmp_path_factory.mktemp("old")
    run = run_folder(tmp_path_factory)
    with demo_installation(request.param, run, folder) as app, app.app_context():
        actor = demo_system()
        in_transaction(sealing.seal_run, actor.centre_id, 40)
        in_transaction(lock_month, _first_month(actor), *two_people(actor))
        in_transaction(sealing.seal_run, actor.centre_id, 100)
        file = folder / "centre.zip"
        with file.open("wb") as out:
            made = writing.write(out, actor, folder)
        assert made.known_faults == []
        old = Old(file, made, balance_of(actor))
        db.session.remove()
    return old


def _first_month(actor: Actor) -> int:
    period = Base.metadata.tables["accounting_period"].c
    first = db.session.scalar(
        select(func.min(period.id)).where(period.centre_id == actor.centre_id)
    )
    return first or period_of(clock.today())


@pytest.fixture(params=ENGINES)
def new(
    request: pytest.FixtureRequest, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """An empty installation."""
    run = run_folder(tmp_path_factory)
    with installation(request.param, run, tmp_path) as app, app.app_context():
        yield app
        db.session.remove()


@pytest.fixture(scope="module", params=ENGINES)
def empty(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """An installation that stays empty, for what is refused."""
    run, folder = run_folder(tmp_path_factory), tmp_path_factory.mktemp("empty")
    with installation(request.param, run, folder) as app:
        yield app


@pytest.fixture
def nothing(empty: Flask) -> Iterator[Flask]:
    """The empty installation's context."""
    with empty.app_context():
        yield empty
        db.session.remove()


def adopt(file: Path, code: str | None = None) -> adopting.Adopted:
    """Adopt into the app of this context, its papers into its own folder."""
    return in_transaction(adopting.adopt, file, current_app.config["SUNRUAM"].var, code)


def counts() -> dict[str, int]:
    db.session.rollback()
    return {
        name: db.session.scalar(select(func.count()).select_from(table)) or 0
        for name, table in Base.metadata.tables.items()
    }


def test_the_books_arrive_as_they_left(old: Old, new: Flask, tmp_path: Path) -> None:
    adopted = adopt(old.file)
    centre = centres.get(adopted.centre_id)
    assert centre is not None and centre.code == old.manifest.centre["code"]
    actor = system_actor(centre)
    assert balance_of(actor) == old.balance
    assert [one for one in verify.run(centre.id) if not one.ok] == []
    seals = verify_seals.run(centre.id)
    assert (seals.faults, seals.seals) == ([], 2)
    assert seals.expect(old.manifest.head_seal)

    # Written again it is the same, row for row, but for the trail of its arrival.
    with (tmp_path / "again.zip").open("wb") as out:
        again = writing.write(out, actor, tmp_path)
    differ = {name for name, part in again.tables.items() if part != old.manifest.tables[name]}
    assert differ - {"number_series"} <= {"audit_event"}
    assert again.trial_balance == old.manifest.trial_balance

    # Trade goes on where it ended: what is sealed next follows the last seal.
    assert in_transaction(sealing.seal_run, centre.id) > 0
    assert verify_seals.run(centre.id).ok
    assert guards.altered(db.session.connection()) == []

    people_have_no_passwords(actor)
    assert adopted.renamed == ()
    refused(adopting.AlreadyAdopted, old.file)
    refused(adopting.AlreadyAdopted, old.file, "OTHER")


def people_have_no_passwords(actor: Actor) -> None:
    user = Base.metadata.tables["app_user"].c
    assert set(db.session.scalars(select(user.password_hash))) == {adopting.NO_PASSWORD}
    assert not hashing.verify_password(adopting.NO_PASSWORD, adopting.NO_PASSWORD)
    assert any("manager" in one.roles for one in users.listing(actor))


def test_a_damaged_archive_is_refused(old: Old, nothing: Flask, tmp_path: Path) -> None:
    content = old.file.read_bytes()
    for name, bad in {
        "short": content[:-1000],
        "flipped": content[:5000] + bytes([content[5000] ^ 1]) + content[5001:],
        "nothing": b"",
        "text": b"hello",
    }.items():
        file = tmp_path / name
        file.write_bytes(bad)
        refused(manifest.DamagedArchive, file)


def changed(old: Old, folder: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """Return a copy of the archive in which files were changed."""
    with zipfile.ZipFile(old.file) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    file = folder / "changed.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file


def made_to_fit(files: dict[str, bytes], **changes: Any) -> None:
    """Write the manifest anew over changed files, as a forger would."""
    with io.BytesIO() as buffer:
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr(manifest.NAME, files[manifest.NAME])
        with zipfile.ZipFile(buffer) as archive:
            made = manifest.read(archive)
    tables = {}
    for name in made.tables:
        content = files[manifest.member(name)]
        digest = manifest.hashlib.sha256(content).hexdigest()
        tables[name] = manifest.Part(content.count(b"\n"), digest)
    whole = {name: getattr(made, name) for name in manifest.Manifest.__dataclass_fields__}
    files[manifest.NAME] = manifest.Manifest(**(whole | {"tables": tables} | changes)).to_json()


LINES, ENTRIES = manifest.member("journal_line"), manifest.member("journal_entry")


def test_a_part_that_was_changed_is_refused(old: Old, nothing: Flask, tmp_path: Path) -> None:
    def memo(files: dict[str, bytes]) -> None:
        files[LINES] = files[LINES].replace(b'"memo":""', b'"memo":"x"', 1)

    refused(manifest.DamagedArchive, changed(old, tmp_path, memo))
    refused(manifest.DamagedArchive, changed(old, tmp_path, lambda files: files.pop(LINES)))

    def count(files: dict[str, bytes]) -> None:
        files[manifest.NAME] = files[manifest.NAME].replace(b'"seals": 2', b'"seals": 3')

    refused(manifest.DamagedArchive, changed(old, tmp_path, count))


def test_a_manifest_made_to_fit_hides_nothing(old: Old, nothing: Flask, tmp_path: Path) -> None:
    def memo(files: dict[str, bytes]) -> None:
        first = json.loads(files[ENTRIES].splitlines()[0])
        files[ENTRIES] = files[ENTRIES].replace(
            f'"memo":{json.dumps(first["memo"], ensure_ascii=False)}'.encode(), b'"memo":"x"', 1
        )
        made_to_fit(files)

    refused(adopting.DoesNotFit, changed(old, tmp_path, memo))

    def line(files: dict[str, bytes]) -> None:
        files[LINES] = files[LINES].split(b"\n", 1)[1]
        made_to_fit(files)

    refused(manifest.DamagedArchive, changed(old, tmp_path, line))

    def stranger(files: dict[str, bytes]) -> None:
        name = manifest.member("account")
        files[name] = files[name].split(b"\n", 1)[1]
        made_to_fit(files)

    refused((adopting.DoesNotFit, manifest.DamagedArchive), changed(old, tmp_path, stranger))


def test_another_version_is_named(old: Old, nothing: Flask, tmp_path: Path) -> None:
    file = changed(old, tmp_path, lambda files: made_to_fit(files, schema="9999"))
    error = refused(adopting.OtherSchema, file)
    assert error.facts["newer"] == error.facts["archive"] == "9999"


def test_a_stranger_to_the_network_is_waited_for(old: Old, nothing: Flask, tmp_path: Path) -> None:
    file = changed(old, tmp_path, lambda files: made_to_fit(files, neighbours={"C9": "อื่น"}))
    assert refused(adopting.NeighbourMissing, file).facts["codes"] == "C9"


def refused(
    kind: type[DomainError] | tuple[type[DomainError], ...], file: Path, code: str | None = None
) -> DomainError:
    """Adopt a file; it is refused, and nothing at all is written."""
    before = counts()
    with pytest.raises(kind) as refusal:
        adopt(file, code)
    assert counts() == before
    assert guards.altered(db.session.connection()) == []
    return refusal.value


# --- where other people are already ----------------------------------------------------------


def test_a_code_that_is_taken_needs_another(old: Old, app: Flask) -> None:
    assert old.manifest.centre["code"] == "SPT"
    refused(adopting.CodeTaken, old.file)
    adopted = adopt(old.file, "SPT2")
    centre = centres.get(adopted.centre_id)
    assert centre is not None and centre.code == "SPT2"
    assert balance_of(system_actor(centre)) == old.balance
    theirs = dict(adopted.renamed)
    assert all(new == f"{name}-2" for name, new in theirs.items())
    for one in centres.listing():
        assert [finding for finding in verify.run(one.id) if not finding.ok] == []


def test_only_the_manager_takes_everything_away(manager: Actor, tmp_path: Path) -> None:
    for role in ("accountant", "auditor", "cashier", "stock_keeper"):
        with pytest.raises(Forbidden):
            writing.write(io.BytesIO(), actor_of(manager.centre, role), tmp_path)


def test_every_table_goes_along_or_is_named() -> None:
    names = {table.name for table in plan.tables()}
    assert names.isdisjoint({*plan.LEFT_OUT, *plan.ABOVE})
    assert names | {*plan.LEFT_OUT, *plan.ABOVE} == set(Base.metadata.tables)


def test_no_secret_leaves(old: Old) -> None:
    with zipfile.ZipFile(old.file) as archive:
        people = archive.read(manifest.member("app_user")).decode()
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert "password" not in people and "$argon2" not in people
    assert b"token_hash" not in everything and b"$argon2" not in everything


def test_the_same_books_make_the_same_parts(system: Actor, tmp_path: Path) -> None:
    first = writing.write(io.BytesIO(), system, tmp_path)
    with clock.travel(lambda: datetime(2030, 1, 1, tzinfo=UTC)):
        second = writing.write(io.BytesIO(), system, tmp_path)
    assert second.content == first.content
    assert second.made_at != first.made_at
    assert db.session.scalar(text("SELECT 1")) == 1
