"""`sunruam backup` and `restore`, as the person who keeps the installation uses them."""

from __future__ import annotations

import sqlite3
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from click.testing import CliRunner, Result

from core import backups, in_use
from pos.cli import main
from tests.installations import ENGINES
from tests.templates import POSTGRES_URL


def _sql(statement: str) -> None:
    url = POSTGRES_URL.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


@pytest.fixture(autouse=True)
def nobody_holds_the_installation() -> Iterator[None]:
    yield
    in_use.let_go()


@pytest.fixture(params=ENGINES)
def environment(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The settings of an empty installation on either engine."""
    settings = {"SUNRUAM_VAR": str(tmp_path / "var"), "SUNRUAM_BROKER_URL": "memory://"}
    if request.param == "sqlite":
        yield settings
        return
    name = f"sunruam_kept_{uuid4().hex[:12]}"
    _sql(f"CREATE DATABASE {name}")
    url = POSTGRES_URL.set(database=name).render_as_string(hide_password=False)
    try:
        yield settings | {"SUNRUAM_DATABASE_URL": url}
    finally:
        _sql(f"DROP DATABASE {name} WITH (FORCE)")


def run(environment: Mapping[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, env=dict(environment))


@pytest.fixture
def founded(environment: dict[str, str]) -> dict[str, str]:
    """An installation with one centre that has not traded yet."""
    made = run(environment, "init", "--centre", "ศูนย์ทดสอบ", "--manager", "somjai")
    assert made.exit_code == 0, made.output
    return environment


def emptied(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """The settings of a new machine: nothing there but the keys of the old one."""
    fresh = environment | {"SUNRUAM_VAR": str(tmp_path / "new")}
    secret = (Path(environment["SUNRUAM_VAR"]) / "secret_key").read_text(encoding="ascii")
    fresh["SUNRUAM_SECRET_KEY"] = secret
    if "SUNRUAM_DATABASE_URL" in environment:
        url = environment["SUNRUAM_DATABASE_URL"]
        name = url.rsplit("/", 1)[1].split("?")[0]
        _sql(f"DROP DATABASE {name} WITH (FORCE)")
        _sql(f"CREATE DATABASE {name}")
    return fresh


def test_what_was_backed_up_comes_back_on_a_new_machine_and_holds(
    environment: dict[str, str], tmp_path: Path
) -> None:
    run(environment, "init")
    made = run(environment, "demo", "--days", "1")
    assert made.exit_code == 0, made.output
    before = run(environment, "verify", "--json")
    kept = run(environment, "backup", str(tmp_path / "kept"))
    assert kept.exit_code == 0, kept.output
    assert "Tried out" in kept.output

    fresh = emptied(environment, tmp_path)
    back = run(fresh, "restore", str(tmp_path / "kept"))
    assert back.exit_code == 0, back.output
    assert "can't be read" not in back.output
    in_use.let_go()
    after = run(fresh, "verify", "--json")
    assert after.exit_code == 0
    assert after.output == before.output

    # Someone alters a figure past the app: what fails `verify` is no backup to rely on.
    _alter(fresh, "UPDATE stock_level SET quantity_milli = quantity_milli + 1000")
    refused = run(fresh, "backup", str(tmp_path / "altered"))
    assert refused.exit_code == 1
    assert "checks fail on the copy" in refused.output
    assert not list(tmp_path.glob("altered*"))


def _alter(environment: dict[str, str], statement: str) -> None:
    if "SUNRUAM_DATABASE_URL" in environment:
        url = environment["SUNRUAM_DATABASE_URL"].replace("+psycopg", "")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]
        return
    with closing(sqlite3.connect(Path(environment["SUNRUAM_VAR"]) / "sunruam.db")) as connection:
        connection.execute(statement)
        connection.commit()


def test_neither_damage_nor_data_in_the_way_changes_anything(
    founded: dict[str, str], tmp_path: Path
) -> None:
    made = run(founded, "backup", "--unchecked", str(tmp_path / "kept"))
    assert made.exit_code == 0, made.output
    in_the_way = run(founded, "restore", str(tmp_path / "kept"))
    assert in_the_way.exit_code == 1
    assert "--replace" in in_the_way.output or "not empty" in in_the_way.output
    in_use.let_go()

    data = bytearray((tmp_path / "kept").read_bytes())
    data[len(data) // 2] ^= 0xFF
    (tmp_path / "bad").write_bytes(data)
    fresh = emptied(founded, tmp_path)
    assert run(fresh, "restore", str(tmp_path / "bad")).exit_code == 1
    in_use.let_go()
    good = run(fresh, "restore", str(tmp_path / "kept"))
    assert good.exit_code == 0, good.output


@pytest.fixture
def small(tmp_path: Path) -> dict[str, str]:
    """An embedded installation without a centre."""
    settings = {"SUNRUAM_VAR": str(tmp_path / "var"), "SUNRUAM_BROKER_URL": "memory://"}
    assert run(settings, "init").exit_code == 0
    return settings


def test_what_is_replaced_is_kept_aside(small: dict[str, str], tmp_path: Path) -> None:
    run(small, "backup", str(tmp_path / "kept"))
    back = run(small, "restore", "--replace", str(tmp_path / "kept"))
    assert back.exit_code == 0, back.output
    [aside] = Path(small["SUNRUAM_VAR"]).glob("sunruam.db.before-*")
    backups.require_sound(aside)


def test_nothing_is_put_in_place_under_a_running_shop(
    small: dict[str, str], tmp_path: Path
) -> None:
    run(small, "backup", str(tmp_path / "kept"))
    in_use.mark(Path(small["SUNRUAM_VAR"]))
    refused = run(small, "restore", "--replace", str(tmp_path / "kept"))
    assert refused.exit_code == 1
    assert "Stop both" in refused.output


def test_a_folder_keeps_the_newest_backups(small: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "usb"
    folder.mkdir()
    old = [folder / f"2026-01-0{day}-020000{backups.SUFFIX}" for day in (1, 2, 3)]
    for path in old:
        path.touch()
    made = run(small, "backup", "--to", str(folder), "--keep", "2")
    assert made.exit_code == 0, made.output
    left = backups.all_in(folder)
    assert left[0] == old[2]
    assert zipfile.is_zipfile(left[1])
    assert len(left) == 2


def test_a_backup_of_a_newer_release_is_refused(small: dict[str, str], tmp_path: Path) -> None:
    _alter(small, "UPDATE alembic_version SET version_num = '9999'")
    run(small, "backup", "--unchecked", str(tmp_path / "kept"))
    fresh = small | {"SUNRUAM_VAR": str(tmp_path / "new")}
    refused = run(fresh, "restore", str(tmp_path / "kept"))
    assert refused.exit_code == 1
    assert "newer release" in refused.output
    assert not (tmp_path / "new" / "sunruam.db").exists()


def test_another_key_is_told(small: dict[str, str], tmp_path: Path) -> None:
    run(small, "backup", str(tmp_path / "kept"))
    back = run(small | {"SUNRUAM_VAR": str(tmp_path / "new")}, "restore", str(tmp_path / "kept"))
    assert back.exit_code == 0
    assert "national ids can't be read" in back.output


def test_the_key_comes_along_when_it_was_put_in(small: dict[str, str], tmp_path: Path) -> None:
    run(small, "backup", "--with-key", str(tmp_path / "kept"))
    back = run(small | {"SUNRUAM_VAR": str(tmp_path / "new")}, "restore", str(tmp_path / "kept"))
    assert back.exit_code == 0
    assert "can't be read" not in back.output
    key = (tmp_path / "new" / "secret_key").read_text(encoding="ascii")
    assert key == (Path(small["SUNRUAM_VAR"]) / "secret_key").read_text(encoding="ascii")


def test_wrong_use_is_told(small: dict[str, str]) -> None:
    assert run(small, "backup").exit_code == 2
    assert run(small, "backup", "x", "--to", "y").exit_code == 2
