"""`sunruam restore` where it is needed most: over a database that is broken or half gone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from core import in_use
from pos.cli import main


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An embedded installation with a backup, `kept`."""
    made = {"SUNRUAM_VAR": str(tmp_path / "var"), "SUNRUAM_BROKER_URL": "memory://"}
    assert run(made, "init").exit_code == 0
    assert run(made, "backup", str(tmp_path / "kept")).exit_code == 0
    yield made
    in_use.let_go()


def run(settings: dict[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, env=settings)


def test_a_damaged_database_is_replaced(settings: dict[str, str], tmp_path: Path) -> None:
    database = tmp_path / "var" / "sunruam.db"
    database.write_bytes(b"\xff" * 8192)
    back = run(settings, "restore", "--replace", str(tmp_path / "kept"))
    assert back.exit_code == 0, back.output
    [aside] = (tmp_path / "var").glob("sunruam.db.before-*[0-9]")
    assert aside.read_bytes() == b"\xff" * 8192
    assert run(settings, "verify").exit_code == 0


def test_the_log_of_a_database_that_is_gone_is_not_played_into_the_one_that_comes(
    settings: dict[str, str], tmp_path: Path
) -> None:
    var = tmp_path / "var"
    with closing(sqlite3.connect(var / "sunruam.db", isolation_level=None)) as writing:
        writing.execute("PRAGMA journal_mode=WAL")
        writing.execute("CREATE TABLE stray (id INTEGER)")
        log = (var / "sunruam.db-wal").read_bytes()
    (var / "sunruam.db").unlink()
    (var / "sunruam.db-wal").write_bytes(log)
    back = run(settings, "restore", str(tmp_path / "kept"))
    assert back.exit_code == 0, back.output
    with closing(sqlite3.connect(var / "sunruam.db")) as looking:
        names = {name for (name,) in looking.execute("SELECT name FROM sqlite_master")}
    assert "stray" not in names
    assert "sale" in names
