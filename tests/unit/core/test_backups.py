"""Backups: whole or refused; what is not what was backed up is never unpacked."""

from __future__ import annotations

import json
import sqlite3
import stat
import tempfile
import zipfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import backups
from core.backups import BackupRefused
from core.config import Settings, complete

NIGHT = datetime(2026, 11, 21, 19, 30, tzinfo=UTC)
"""Half past two in the morning of the 22nd in Bangkok."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = complete(Settings(var=tmp_path / "var"))
    with sqlite3.connect(backups.database_file(made)) as connection:
        connection.execute("CREATE TABLE sale (total INTEGER)")
        connection.executemany("INSERT INTO sale VALUES (?)", [(n,) for n in range(500)])
    paper = made.var / "attachments" / "ab" / "abcd.jpg"
    paper.parent.mkdir(parents=True)
    paper.write_bytes(b"a picture")
    return made


@pytest.fixture
def backup(settings: Settings, tmp_path: Path) -> Path:
    target = tmp_path / f"one{backups.SUFFIX}"
    backups.make(settings, target, "0042")
    return target


def unpacked(file: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "copy"
    folder.mkdir()
    backups.unpack(file, folder)
    return folder


def test_a_backup_brings_back_database_and_papers(backup: Path, tmp_path: Path) -> None:
    folder = unpacked(backup, tmp_path)
    backups.require_sound(folder / "sunruam.db")
    with sqlite3.connect(folder / "sunruam.db") as connection:
        assert connection.execute("SELECT count(*), sum(total) FROM sale").fetchone() == (
            500,
            499 * 250,
        )
    assert (folder / "attachments" / "ab" / "abcd.jpg").read_bytes() == b"a picture"


def test_a_backup_taken_while_somebody_writes_holds_no_half_of_it(
    settings: Settings, tmp_path: Path
) -> None:
    writing = sqlite3.connect(backups.database_file(settings), isolation_level=None)
    writing.execute("PRAGMA journal_mode=WAL")
    writing.execute("BEGIN IMMEDIATE")
    writing.execute("DELETE FROM sale WHERE total < 250")
    backups.make(settings, tmp_path / "meanwhile", "0042")
    writing.execute("COMMIT")
    writing.close()
    folder = unpacked(tmp_path / "meanwhile", tmp_path)
    with sqlite3.connect(folder / "sunruam.db") as connection:
        assert connection.execute("SELECT count(*) FROM sale").fetchone() == (500,)


def test_the_key_of_national_ids_is_only_in_it_when_asked_for(
    settings: Settings, backup: Path, tmp_path: Path
) -> None:
    backups.make(settings, tmp_path / "with", "0042", with_key=True)
    with zipfile.ZipFile(backup) as without, zipfile.ZipFile(tmp_path / "with") as with_key:
        assert backups.KEY not in without.namelist()
        assert with_key.read(backups.KEY).decode() == settings.secret_key


def test_nobody_else_on_this_machine_reads_it(backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600


def test_nothing_is_written_over(settings: Settings, backup: Path) -> None:
    before = backup.read_bytes()
    with pytest.raises(BackupRefused, match="there already"):
        backups.make(settings, backup, "0042")
    assert backup.read_bytes() == before


def test_what_failed_leaves_nothing_behind(settings: Settings, tmp_path: Path) -> None:
    backups.database_file(settings).write_bytes(b"no database" * 999)
    with pytest.raises(sqlite3.DatabaseError):
        backups.make(settings, tmp_path / "folder" / "x", "0042")
    assert list((tmp_path / "folder").iterdir()) == []


@given(place=st.integers(0, 10**6), flip=st.integers(1, 255))
def test_a_flipped_byte_is_refused_or_does_no_harm(place: int, flip: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = complete(Settings(var=folder / "var"))
        with sqlite3.connect(backups.database_file(made)) as connection:
            connection.execute("CREATE TABLE sale (total INTEGER)")
        backups.make(made, folder / "good", "0042")
        good = (folder / "good").read_bytes()
        at = place % len(good)
        (folder / "bad").write_bytes(good[:at] + bytes([good[at] ^ flip]) + good[at + 1 :])
        (folder / "a").mkdir()
        (folder / "b").mkdir()
        backups.unpack(folder / "good", folder / "a")
        try:
            backups.unpack(folder / "bad", folder / "b")
        except BackupRefused:
            return
        same = (folder / "b" / "sunruam.db").read_bytes() == (
            folder / "a" / "sunruam.db"
        ).read_bytes()
        assert same


def test_one_that_was_cut_short_is_refused(backup: Path, tmp_path: Path) -> None:
    short = tmp_path / "short"
    short.write_bytes(backup.read_bytes()[:-200])
    with pytest.raises(BackupRefused):
        backups.unpack(short, tmp_path)


def test_one_that_would_write_elsewhere_is_refused(backup: Path, tmp_path: Path) -> None:
    evil = tmp_path / "evil"
    with zipfile.ZipFile(backup) as good, zipfile.ZipFile(evil, "w") as bad:
        told = json.loads(good.read(backups.MANIFEST))
        told["files"]["../../escaped"] = "0" * 64
        bad.writestr(backups.MANIFEST, json.dumps(told))
        bad.writestr("../../escaped", b"x")
        bad.writestr("sunruam.db", good.read("sunruam.db"))
        bad.writestr("attachments/ab/abcd.jpg", good.read("attachments/ab/abcd.jpg"))
    (tmp_path / "copy").mkdir()
    with pytest.raises(BackupRefused, match="outside"):
        backups.unpack(evil, tmp_path / "copy")
    assert not (tmp_path.parent / "escaped").exists()


@pytest.mark.parametrize("stray", ["sunruam.db-wal", "broker.db", "attachments", ""])
def test_one_that_holds_more_than_a_backup_does_is_refused(
    backup: Path, tmp_path: Path, stray: str
) -> None:
    with zipfile.ZipFile(backup) as good, zipfile.ZipFile(tmp_path / "evil", "w") as bad:
        told = json.loads(good.read(backups.MANIFEST))
        told["files"][stray] = "0" * 64
        bad.writestr(backups.MANIFEST, json.dumps(told))
        bad.writestr("sunruam.db", good.read("sunruam.db"))
    (tmp_path / "copy").mkdir()
    with pytest.raises(BackupRefused, match="no backup does"):
        backups.unpack(tmp_path / "evil", tmp_path / "copy")
    assert list((tmp_path / "copy").iterdir()) == []


def test_a_damaged_database_goes_aside_with_its_logs(tmp_path: Path) -> None:
    database = tmp_path / "sunruam.db"
    for path in (database, tmp_path / "sunruam.db-wal"):
        path.write_bytes(b"no database" * 999)
    assert backups.put_aside(database, tmp_path / "aside")
    assert (tmp_path / "aside").read_bytes() == b"no database" * 999
    assert not list(tmp_path.glob("sunruam.db*"))
    assert not backups.put_aside(database, tmp_path / "other")


def test_a_log_without_its_database_is_not_left_to_the_next_one(tmp_path: Path) -> None:
    (tmp_path / "sunruam.db-wal").write_bytes(b"pages of another")
    assert backups.put_aside(tmp_path / "sunruam.db", tmp_path / "aside")
    assert [path.name for path in tmp_path.iterdir()] == ["aside-wal"]


def test_a_database_somebody_reads_is_not_taken_from_them(settings: Settings) -> None:
    database = backups.database_file(settings)
    with closing(sqlite3.connect(database, isolation_level=None)) as reader:
        reader.execute("PRAGMA journal_mode=WAL")
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM sale").fetchone()
        with pytest.raises(BackupRefused, match="open"):
            backups.put_aside(database, database.with_name("aside"))
    assert database.exists()


def test_a_manifest_whose_files_are_no_list_of_hashes_is_refused(tmp_path: Path) -> None:
    told = {"format": 1, "engine": "sqlite", "revision": "0042", "person_key": ""}
    told |= {"taken_at": NIGHT.isoformat(), "files": ["sunruam.db"]}
    with zipfile.ZipFile(tmp_path / "odd", "w") as odd:
        odd.writestr(backups.MANIFEST, json.dumps(told))
    with pytest.raises(BackupRefused, match="no database"):
        backups.unpack(tmp_path / "odd", tmp_path)


@pytest.mark.parametrize(
    "manifest",
    ["[]", "{}", '{"format": 99}', '{"format": 1, "engine": "mysql"}', "no json", '{"format": 1}'],
)
def test_a_manifest_that_is_none_is_refused(tmp_path: Path, manifest: str) -> None:
    with zipfile.ZipFile(tmp_path / "odd", "w") as odd:
        odd.writestr(backups.MANIFEST, manifest)
    with pytest.raises(BackupRefused):
        backups.unpack(tmp_path / "odd", tmp_path)


def test_a_damaged_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE sale (total TEXT)")
        connection.executemany("INSERT INTO sale VALUES (?)", [("x" * 900,) for _ in range(99)])
    connection.close()
    data = bytearray(path.read_bytes())
    data[8192:12288] = b"\xff" * 4096
    path.write_bytes(data)
    with pytest.raises(BackupRefused, match="damaged"):
        backups.require_sound(path)


def test_tonights_backup_is_due_once_and_only_in_the_night(tmp_path: Path) -> None:
    assert backups.is_due(tmp_path, NIGHT)
    assert not backups.is_due(tmp_path, NIGHT - timedelta(hours=1))
    (tmp_path / backups.name_of(NIGHT)).touch()
    assert not backups.is_due(tmp_path, NIGHT + timedelta(hours=5))
    assert backups.is_due(tmp_path, NIGHT + timedelta(days=1))


def test_a_clock_that_ran_ahead_does_not_bring_a_backup_every_quarter_of_an_hour(
    tmp_path: Path,
) -> None:
    (tmp_path / backups.name_of(NIGHT + timedelta(days=3650))).touch()
    assert backups.is_due(tmp_path, NIGHT)
    (tmp_path / backups.name_of(NIGHT)).touch()
    assert not backups.is_due(tmp_path, NIGHT + timedelta(minutes=15))


def test_what_a_power_cut_left_goes_and_what_is_being_made_stays(tmp_path: Path) -> None:
    half = [tmp_path / ".taking-abc", tmp_path / ".restoring-def"]
    for folder in half:
        folder.mkdir()
        (folder / "sunruam.db").touch()
    (tmp_path / f"{backups.name_of(NIGHT)}{backups.UNTRIED}").touch()
    kept = {"notes.txt", backups.name_of(NIGHT)}
    for name in kept:
        (tmp_path / name).touch()
    made = datetime.fromtimestamp(half[0].stat().st_mtime, UTC)
    backups.sweep(tmp_path, made + timedelta(hours=1))
    assert len(list(tmp_path.iterdir())) == 5
    backups.sweep(tmp_path, made + timedelta(hours=25))
    assert {path.name for path in tmp_path.iterdir()} == kept


def test_the_oldest_go_and_nothing_else_does(tmp_path: Path) -> None:
    names = [backups.name_of(NIGHT + timedelta(days=day)) for day in range(5)]
    for name in (*names, "notes.txt"):
        (tmp_path / name).touch()
    gone = backups.forget_old(tmp_path, 2)
    assert [path.name for path in gone] == names[:3]
    assert {path.name for path in tmp_path.iterdir()} == {*names[3:], "notes.txt"}
    assert backups.newest(tmp_path) == tmp_path / names[4]


def test_a_disk_that_is_away_holds_no_backup(tmp_path: Path) -> None:
    assert backups.newest(tmp_path / "away") is None
    assert backups.is_due(tmp_path / "away", NIGHT)
