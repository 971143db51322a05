"""`sunruam backup` and `sunruam restore`: keep the installation, and prove that it can come back.

What must stay true: a backup is called good only after it was unpacked elsewhere and `verify` held
on the copy; a restore puts nothing in place that was not checked so, and never over other data.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click

from core import backups, clock, in_use, papers, postgres_tools
from core.backups import BackupRefused, Manifest
from core.config import Settings
from core.postgres_tools import ToolFailed
from pos.cli.frame import FAILED, MISUSED, in_app_of, settings_or_stop, stop

FAULTS_SHOWN = 10


@click.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="A folder instead of a file: the backup is named by the moment, old ones go.",
)
@click.option("--keep", type=click.IntRange(min=1), help="With --to: how many stay.  [default: 30]")
@click.option("--with-key", is_flag=True, help="Put the key of national ids in: guard the file.")
@click.option("--unchecked", is_flag=True, help="Don't try it out; `restore` will.")
def backup(
    file: Path | None, folder: Path | None, keep: int | None, with_key: bool, unchecked: bool
) -> None:
    """Write everything into FILE while people work, then prove that it comes back.

    The copy is unpacked elsewhere and every check of `verify` runs on it. On PostgreSQL that
    takes a database made for the purpose: the owner (SUNRUAM_OWNER_DATABASE_URL) needs CREATEDB.
    """
    settings = settings_or_stop()
    if (file is None) == (folder is None) or (keep and folder is None):
        stop("Name a FILE, or a folder with --to (and --keep, if you like).", MISUSED)
    target = file if file is not None else _place_in(folder)
    if folder is not None:
        backups.sweep(folder, clock.now())
    with _told():
        made = _backed_up(settings, target, with_key, unchecked)
    if folder is not None:
        for old in backups.forget_old(folder, keep or settings.backup_keep):
            click.echo(f"{old.name} was the oldest and is gone")
    size = target.stat().st_size
    click.echo(f"{target}: {size:,} bytes, {len(made.files)} files, schema {made.revision}")
    if not with_key:
        click.echo("The key of national ids is not in it: keep it apart (see docs/backup.md).")


def _place_in(folder: Path | None) -> Path:
    assert folder is not None
    return folder / backups.name_of(clock.now())


def _backed_up(settings: Settings, target: Path, with_key: bool, unchecked: bool) -> Manifest:
    from migrations.run import revision_of

    target.parent.mkdir(parents=True, exist_ok=True)
    # Under its own name only when it was tried out: a name that is there can be relied on.
    untried = target.with_name(f"{target.name}{backups.UNTRIED}")
    if target.exists():
        raise BackupRefused(f"{target} is there already; name another file.")
    untried.unlink(missing_ok=True)
    try:
        made = backups.make(settings, untried, revision_of(settings), with_key=with_key)
        if not unchecked:
            click.echo(_tried(settings, untried))
        untried.replace(target)
    finally:
        untried.unlink(missing_ok=True)
    return made


def _tried(settings: Settings, file: Path) -> str:
    """Restore a backup beside the installation, check it, and throw it away."""
    with _unpacked(file, file.parent) as (copy, manifest):
        if manifest.engine == "sqlite":
            return _checked(_settings_of(settings, copy), copy)
        owner = settings.owner_database_url or settings.database_url
        with postgres_tools.scratch_database(owner) as scratch:
            postgres_tools.restore(scratch, copy / backups.DATABASES["postgresql"])
            return _checked(replace(settings, database_url=scratch), copy)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--replace",
    "instead",
    is_flag=True,
    help="SQLite: instead of the data that is there, which is kept aside.",
)
def restore(file: Path, instead: bool) -> None:
    """Bring the backup in FILE back, after every check of `verify` held on it.

    Stop web server and worker first. On PostgreSQL the database must be empty; the owner's
    address does it, and the app's role gets its rights, as `init` does.
    """
    settings = settings_or_stop()
    with _told():
        if backups.engine_of(settings) == "sqlite":
            words = _into_file(settings, file, instead)
        else:
            words = _into_postgresql(settings, file)
    click.echo(words)


def _into_file(settings: Settings, file: Path, instead: bool) -> str:
    target = backups.database_file(settings)
    if not in_use.take(settings.var):
        raise BackupRefused("Web server or worker is running here. Stop both, then try again.")
    if target.exists() and not instead:
        raise BackupRefused(
            f"There is data at {target} already. With --replace it is kept aside under another "
            "name, and the backup takes its place."
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    backups.sweep(target.parent, clock.now())
    with _unpacked(file, target.parent) as (copy, manifest):
        _require(manifest, "sqlite")
        checked = _checked(_settings_of(settings, copy), copy)
        aside = _beside(target)
        was_there = backups.put_aside(target, aside)
        (copy / backups.DATABASES["sqlite"]).replace(target)
        _bring_papers(copy, settings.var, manifest)
    kept = f"\nWhat was there is kept as {aside}." if was_there else ""
    return _back(checked, manifest) + kept


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.before-{clock.now():%Y%m%d%H%M%S}")


def _into_postgresql(settings: Settings, file: Path) -> str:
    from migrations.run import initialise

    owner = settings.owner_database_url or settings.database_url
    if not postgres_tools.is_empty(owner):
        raise BackupRefused("The database is not empty. Make an empty one and name it instead.")
    settings.var.mkdir(parents=True, exist_ok=True)
    with _unpacked(file, settings.var) as (copy, manifest):
        _require(manifest, "postgresql")
        postgres_tools.restore(owner, copy / backups.DATABASES["postgresql"])
        try:
            checked = _checked(replace(settings, database_url=owner), copy)
            initialise(settings)
        except BaseException:
            postgres_tools.make_empty(owner)
            raise
        _bring_papers(copy, settings.var, manifest)
    return _back(checked, manifest)


def _back(checked: str, manifest: Manifest) -> str:
    moment = f"The installation of {manifest.taken_at} is back."
    return f"{checked}\n{moment}{_about_key(manifest)}"


def _require(manifest: Manifest, engine: str) -> None:
    if manifest.engine != engine:
        raise BackupRefused(
            f"This backup is of {manifest.engine}, this installation uses {engine}. To change the "
            "engine, take each centre over with `sunruam archive` and `sunruam adopt`."
        )


def _bring_papers(copy: Path, var: Path, manifest: Manifest) -> None:
    """Put papers where they belong: named by what is in them, so one that is there is the same."""
    for name in manifest.files:
        if name in backups.DATABASES.values():
            continue
        target = var / name
        if name == backups.KEY and target.exists():
            # The key of the data that came is the key from now on; a new machine made its own.
            target.replace(_beside(target))
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            (copy / name).replace(target)
    if (var / backups.KEY).exists():
        (var / backups.KEY).chmod(0o600)


def _about_key(manifest: Manifest) -> str:
    # Read anew: the key may have come with the backup.
    if backups.key_digest(settings_or_stop()) == manifest.person_key:
        return ""
    return (
        "\nThis installation has another key: national ids can't be read until the key of the old "
        "one is set (SUNRUAM_PERSON_KEY)."
    )


# --- checking --------------------------------------------------------------------------------


@contextmanager
def _unpacked(file: Path, beside: Path) -> Iterator[tuple[Path, Manifest]]:
    with tempfile.TemporaryDirectory(dir=beside, prefix=backups.TRYING) as name:
        folder = Path(name)
        yield folder, backups.unpack(file, folder)


def _settings_of(settings: Settings, copy: Path) -> Settings:
    """Return the settings of a copy: its own folder and database, no doorbell that rings here."""
    return replace(
        settings,
        var=copy,
        database_url=f"sqlite:///{copy / backups.DATABASES['sqlite']}",
        owner_database_url="",
        broker_url="memory://",
    )


def _checked(settings: Settings, copy: Path) -> str:
    """Bring a copy to this release's schema and run every check on it; raise BackupRefused."""
    from migrations.run import initialise, knows, revision_of

    if not knows(revision_of(settings)):
        raise BackupRefused("This backup was made by a newer release. Install that one first.")
    if settings.database_url.startswith("sqlite"):
        backups.require_sound(copy / backups.DATABASES["sqlite"])
    initialise(replace(settings, owner_database_url=""))
    done = in_app_of(settings, _verified, copy)
    if settings.database_url.startswith("sqlite"):
        backups.close_up(copy / backups.DATABASES["sqlite"])
    return done


def _verified(copy: Path) -> str:
    from accounting.services import attachments
    from members.services import centres
    from pos.services import verify

    checks, faults, lost = 0, [], 0
    places = centres.listing()
    for centre in places:
        named = attachments.hashes(centre.id)
        lost += sum(not papers.path_of(copy, sha256).exists() for sha256 in named)
        for finding in verify.run(centre.id):
            checks += 1
            if not finding.ok:
                faults.append(f"{centre.code}: {finding.check}: {finding.document_type}")
    if faults:
        shown = "\n".join(faults[:FAULTS_SHOWN])
        raise BackupRefused(f"{len(faults)} of {checks} checks fail on the copy:\n{shown}")
    told = f"Tried out: {checks} checks hold on the copy, in {len(places)} centres."
    if lost:
        told += f"\n{lost} papers are not in it: they lie on another machine, or are lost."
    return told


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (BackupRefused, ToolFailed) as error:
        stop(str(error), FAILED)
