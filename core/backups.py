"""Backups: the whole installation in one file, taken while the shop sells, checked when it is read.

A backup is a ZIP: the database as it was at one moment (SQLite's online backup, or `pg_dump`), the
papers people attached, and a manifest with the SHA-256 of each. What must stay true: a file under
its own name is whole; nothing is unpacked that isn't named and hashed in the manifest; a file that
was cut short, altered, or made by a newer release is refused before anything is touched.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from sqlalchemy import make_url

from core import clock, papers, postgres_tools
from core.config import Settings

FORMAT = 1
MANIFEST, KEY = "manifest.json", "secret_key"
DATABASES = {"sqlite": "sunruam.db", "postgresql": "sunruam.pgdump"}
LOGS = ("-wal", "-shm", "-journal")
"""What SQLite may have lying beside a database."""
SUFFIX = ".sunruam-backup"
MANIFEST_BYTES_MAX = 64 * 1024 * 1024
TAKING, TRYING, UNTRIED = ".taking-", ".restoring-", ".untried"
LEFTOVERS = (f"{TAKING}*", f"{TRYING}*", f"*{SUFFIX}{UNTRIED}")
LEFTOVER_SECONDS = 24 * 3600
"""No backup takes so long."""
_CHUNK = 1024 * 1024


class BackupRefused(Exception):
    """A backup can't be made or read; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    format: int
    engine: str
    revision: str
    """The schema's migration."""
    taken_at: str
    person_key: str
    """A digest of the key that locks national ids: without that key they can't be read."""
    files: dict[str, str]
    """Every other file in the backup with its SHA-256."""


def engine_of(settings: Settings) -> str:
    """Return `sqlite` or `postgresql`."""
    return make_url(settings.database_url).get_backend_name()


def database_file(settings: Settings) -> Path:
    """Return where the embedded database lies."""
    name = make_url(settings.database_url).database
    if engine_of(settings) != "sqlite" or not name:
        raise BackupRefused("This installation keeps its data in PostgreSQL, not in a file.")
    return Path(name)


def key_digest(settings: Settings) -> str:
    """Return a digest by which two installations can tell whether they share the person key."""
    key = settings.person_key or settings.secret_key
    return hashlib.sha256(b"sunruam backup " + key.encode()).hexdigest()


# --- making ----------------------------------------------------------------------------------


def make(settings: Settings, target: Path, revision: str, *, with_key: bool = False) -> Manifest:
    """Write a backup of the running installation to `target`; raise BackupRefused.

    People go on working meanwhile; what they do after it began is in the next one.
    """
    if target.exists():
        raise BackupRefused(f"{target} is there already; name another file.")
    target.parent.mkdir(parents=True, exist_ok=True)
    taken_at, engine = clock.now(), engine_of(settings)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=TAKING) as folder:
        database = Path(folder) / DATABASES[engine]
        if engine == "sqlite":
            _copy_sqlite(database_file(settings), database)
        else:
            postgres_tools.dump(_owner_url(settings), database)
        files = {DATABASES[engine]: database, **_papers_of(settings.var)}
        if with_key:
            files[KEY] = _kept_key(settings)
        part = Path(folder) / "backup"
        # Everybody's data is in it: whoever else uses this machine has no business with it.
        part.touch(mode=0o600)
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            hashes = {name: _add(archive, name, path) for name, path in files.items()}
            moment = taken_at.isoformat()
            digest = key_digest(settings)
            manifest = Manifest(FORMAT, engine, revision, moment, digest, hashes)
            archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
        _to_disk(part)
        part.replace(target)
    return manifest


def _owner_url(settings: Settings) -> str:
    return settings.owner_database_url or settings.database_url


def _copy_sqlite(source: Path, target: Path) -> None:
    """Copy a database in use, page by page, as it was at one moment (SQLite's backup API)."""
    if not source.exists():
        raise BackupRefused(f"There is no database at {source}. Run `sunruam init` first.")
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=30)) as taken_from,
        closing(sqlite3.connect(target)) as copy,
    ):
        taken_from.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")


def _papers_of(var: Path) -> dict[str, Path]:
    folder = var / papers.FOLDER
    found = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.exists() else []
    return {path.relative_to(var).as_posix(): path for path in found}


def _kept_key(settings: Settings) -> Path:
    path = settings.var / "secret_key"
    if not path.exists():
        raise BackupRefused("The key of this installation is given by its settings, not in a file.")
    return path


def _add(archive: zipfile.ZipFile, name: str, path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as out:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            out.write(chunk)
    return digest.hexdigest()


def _to_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


# --- reading ---------------------------------------------------------------------------------


def unpack(file: Path, folder: Path) -> Manifest:
    """Unpack a backup into an empty folder, every file checked; raise BackupRefused."""
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = _manifest_of(archive)
            for name, expected in manifest.files.items():
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(name) as source, target.open("wb") as out:
                    if _copied(source, out) != expected:
                        raise BackupRefused(f"{file} is damaged: {name} is not what was backed up.")
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, KeyError, ValueError) as error:
        raise BackupRefused(f"{file} is no backup, or is damaged ({error}).") from None
    except (OSError, NotImplementedError, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
        raise BackupRefused(f"{file} can't be read ({error}).") from None
    return manifest


def _manifest_of(archive: zipfile.ZipFile) -> Manifest:
    if archive.getinfo(MANIFEST).file_size > MANIFEST_BYTES_MAX:
        raise BackupRefused("The manifest of this backup is beyond all measure.")
    told: Any = json.loads(archive.read(MANIFEST))
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise BackupRefused("This backup is of another kind than this release can read.")
    try:
        manifest = Manifest(**told)
        datetime.fromisoformat(manifest.taken_at)
        database = DATABASES[manifest.engine]
    except (TypeError, KeyError, ValueError):
        raise BackupRefused("The manifest of this backup is damaged.") from None
    if not isinstance(manifest.files, dict) or database not in manifest.files:
        raise BackupRefused("This backup holds no database.")
    for name in manifest.files:
        _require_ours(name, database)
    return manifest


def _require_ours(name: str, database: str) -> None:
    """Refuse a file that no backup holds: outside of its folder, or a stray beside the database."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name:
        raise BackupRefused(f"This backup would write outside of its folder: {name}")
    if name not in {database, KEY} and (path.parts[:1] != (papers.FOLDER,) or len(path.parts) < 2):
        raise BackupRefused(f"This backup holds what no backup does: {name}")


def _copied(source: IO[bytes], out: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := source.read(_CHUNK):
        digest.update(chunk)
        out.write(chunk)
    return digest.hexdigest()


def require_sound(database: Path) -> None:
    """Let SQLite look over every page and key of a database; raise BackupRefused."""
    with closing(sqlite3.connect(database)) as connection:
        try:
            [(word,)] = connection.execute("PRAGMA integrity_check(1)").fetchall()
            adrift = connection.execute("PRAGMA foreign_key_check").fetchone()
        except (sqlite3.DatabaseError, ValueError) as error:
            raise BackupRefused(f"The database in this backup is damaged ({error}).") from None
    if word != "ok" or adrift:
        raise BackupRefused(f"The database in this backup is damaged ({adrift or word}).")


def close_up(database: Path) -> None:
    """Bring what SQLite's log still holds into the database file, so that the one file is all."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def _is_busy(error: sqlite3.DatabaseError) -> bool:
    """Tell whether SQLite refused because somebody else is at it, not because of damage."""
    return isinstance(error, sqlite3.OperationalError) and "locked" in str(error)


def put_aside(database: Path, aside: Path) -> bool:
    """Move a database out of the way, damaged or not; tell whether anything was there.

    Its logs go with it, the database's own or not: SQLite would play a log that is left behind
    into whatever lies under that name next.
    """
    try:
        if database.exists():
            close_up(database)
    except sqlite3.DatabaseError as error:
        if _is_busy(error):
            raise BackupRefused("Another program has the database open. Stop it first.") from None
    found = False
    for ending in ("", *LOGS):
        part = database.with_name(database.name + ending)
        if part.exists():
            part.replace(aside.with_name(aside.name + ending))
            found = True
    return found


# --- a folder of backups ---------------------------------------------------------------------


def name_of(moment: datetime) -> str:
    """Return the file name of a backup taken at a moment: they sort by time."""
    return f"{moment.astimezone(clock.BANGKOK):%Y-%m-%d-%H%M%S}{SUFFIX}"


def all_in(folder: Path) -> list[Path]:
    """Return the backups in a folder, the oldest first; an absent disk has none."""
    return sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else []


def newest(folder: Path) -> Path | None:
    """Return the newest backup in a folder."""
    found = all_in(folder)
    return found[-1] if found else None


def is_due(folder: Path, moment: datetime) -> bool:
    """Tell whether tonight's backup is still to be made: one a day, from two in the morning on."""
    local = moment.astimezone(clock.BANGKOK)
    # Not the newest's day: after a clock that ran ahead every quarter of an hour would bring one.
    return local.hour >= 2 and not any(folder.glob(f"{local:%Y-%m-%d}*{SUFFIX}"))


def sweep(folder: Path, moment: datetime) -> None:
    """Remove what backups that were cut off (by a power cut, a stick pulled out) left behind."""
    for pattern in LEFTOVERS:
        for path in folder.glob(pattern):
            if moment.timestamp() - path.stat().st_mtime < LEFTOVER_SECONDS:
                continue
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def forget_old(folder: Path, keep: int) -> list[Path]:
    """Remove all but the newest `keep` backups; return those removed."""
    assert keep > 0
    old = all_in(folder)[:-keep]
    for path in old:
        path.unlink()
    return old
