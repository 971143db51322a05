"""Take an archive in as a centre of this installation, in one transaction: whole, or not at all.

What must stay true: nothing is written before every byte was held against the manifest; what came
in is judged by the auditor, by its seals and by its trial balance before it counts. Guards judge
acts as they are done, by the state of their own day, so a history can't be acted again under them:
as a migration does, the owner lays them down and puts all of them back in the same transaction.
Keys and checks stay, and nobody else ever sees the database without its guards.
"""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection, Table, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from core import audit, clock, papers
from core.actor import system_actor
from core.db import Base, db
from core.errors import N_, DomainError
from members.services import centres
from migrations import guards
from pos.services.archive import manifest as manifests
from pos.services.archive import plan, values, writing
from pos.services.archive.manifest import DamagedArchive, Manifest

AT_ONCE = 1000
PIECE = 1 << 20
SUBJECT_LENGTH = 60
NO_PASSWORD = "!"  # noqa: S105 - of nobody
"""No password has this hash."""
ADOPTED = "archive.adopted"
Item = TypeVar("Item")


class OtherSchema(DomainError):
    """The archive was made by another version of the program."""

    code, status, title = "other-schema", 409, N_("This archive is of another version")
    detail = N_(
        "It is of version %(archive)s, this installation of %(here)s. Bring the older of the two up"
        " to %(newer)s (sunruam init); an older archive must then be made anew."
    )


class AlreadyAdopted(DomainError):
    """The same books were taken in before."""

    code, status, title = "already-adopted", 409, N_("These books are here already")
    detail = N_("They are those of the centre %(centre)s.")


class CodeTaken(DomainError):
    """A centre of this code is here already."""

    code, status, title = "archive-code-taken", 409, N_("A centre with this code exists already")
    detail = N_("Give the centre another code for this installation with --code.")


class NeighbourMissing(DomainError):
    """Goods went to or came from centres that are not here."""

    code, status, title = "neighbour-missing", 409, N_("These books name centres that are not here")
    detail = N_("Found or adopt %(codes)s first.")


class DoesNotFit(DomainError):
    """The rows break a key or a check of this database."""

    code, status, title = "archive-does-not-fit", 409, N_("These books can't be taken in")
    detail = N_("Nothing was written. %(why)s")


class NotTheOwner(DomainError):
    """The role of this process may not lay the guards down."""

    code, status, title = "not-the-owner", 403, N_("Only the database's owner takes a centre in")
    detail = N_("Set SUNRUAM_OWNER_DATABASE_URL, as for sunruam init.")


@dataclass(frozen=True, slots=True)
class Adopted:
    """A centre that was taken in."""

    centre_id: int
    code: str
    rows: int
    head_seal: str
    renamed: tuple[tuple[str, str], ...]
    """Sign-in names that were taken here, and what they became."""


def adopt(file: Path, var: Path, code: str | None = None) -> Adopted:
    """Take an archive in, in the running transaction, as the owner of the database.

    Papers go into the folder `var`, by their bytes, before their rows count.

    Raises DamagedArchive, OtherSchema, AlreadyAdopted, CodeTaken, NeighbourMissing, DoesNotFit,
    NotTheOwner; then nothing was written.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            made = manifests.read(archive)
            _whole(archive, made)
            connection = db.session.connection()
            _welcome(connection, made, code or made.centre["code"])
            _lay_down(connection)
            adopted = _take_in(connection, archive, made, code or made.centre["code"])
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, KeyError, ValueError) as error:
        raise DamagedArchive(part=str(error)[:200]) from None
    except IntegrityError as error:
        raise DoesNotFit(why=str(error.orig).splitlines()[0][:300]) from None
    guards.install(connection)
    _judge(connection, made, adopted)
    _keep_papers(file, made, var)
    return adopted


def _keep_papers(file: Path, made: Manifest, var: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        for sha256 in made.papers:
            papers.keep(var, archive.read(manifests.paper(sha256)))


# --- before anything is written --------------------------------------------------------------


def _whole(archive: zipfile.ZipFile, made: Manifest) -> None:
    """Hold every byte against the manifest. Raises DamagedArchive."""
    wanted = {manifests.member(name): part.sha256 for name, part in made.tables.items()}
    wanted |= {manifests.paper(sha256): sha256 for sha256 in made.papers}
    if sorted(archive.namelist()) != sorted([*wanted, manifests.NAME]):
        raise DamagedArchive(part="a part is missing or too many")
    for name, sha256 in wanted.items():
        with archive.open(name) as part:
            digest = hashlib.sha256()
            while piece := part.read(PIECE):
                digest.update(piece)
        if digest.hexdigest() != sha256:
            raise DamagedArchive(part=name)


def _welcome(connection: Connection, made: Manifest, code: str) -> None:
    here = writing.schema(connection)
    if made.schema != here:
        raise OtherSchema(archive=made.schema, here=here, newer=max(made.schema, here))
    centre, event = Base.metadata.tables["centre"].c, Base.metadata.tables["audit_event"].c
    known = {number: taken for number, taken in connection.execute(select(centre.id, centre.code))}
    again = connection.scalar(
        select(event.centre_id).where(
            event.centre_id.in_(known),
            event.subject_type == "archive",
            event.subject_id == made.content[:SUBJECT_LENGTH],
            event.action == ADOPTED,
        )
    )
    if again is not None:
        raise AlreadyAdopted(centre=known[again])
    if code in known.values():
        raise CodeTaken(given=code)
    missing = sorted(made.neighbours.keys() - set(known.values()))
    if missing:
        raise NeighbourMissing(codes=", ".join(missing))
    wanted = {table.name for table in plan.tables()} | set(plan.ABOVE)
    if made.tables.keys() != wanted:
        raise DamagedArchive(part="its tables are not those of its version")


def _lay_down(connection: Connection) -> None:
    try:
        guards.drop(connection)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") == "42501":
            raise NotTheOwner from None
        raise
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")


# --- taking in ---------------------------------------------------------------------------------


def _take_in(
    connection: Connection, archive: zipfile.ZipFile, made: Manifest, code: str
) -> Adopted:
    centre_id = _centre(connection, archive, made, code)
    renamed = tuple(_people(connection, archive))
    centre = Base.metadata.tables["centre"].c
    ids = {there: number for there, number in connection.execute(select(centre.code, centre.id))}
    ids[plan.ITSELF] = centre_id
    rows = 0
    for table in plan.tables():
        foreign = [column.name for column in plan.neighbours(table)]
        for some in _batched(_read(archive, table), AT_ONCE):
            for row in some:
                row["centre_id"] = centre_id
                for name in foreign:
                    row[name] = None if row[name] is None else ids[row[name]]
            connection.execute(insert(table), some)
            rows += len(some)
    if connection.dialect.name == "postgresql":
        # Keys that are looked at in the end are looked at now, before the guards come back.
        connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    return Adopted(centre_id, code, rows, made.head_seal, renamed)


def _centre(connection: Connection, archive: zipfile.ZipFile, made: Manifest, code: str) -> int:
    network, centre = Base.metadata.tables["network"], Base.metadata.tables["centre"]
    same = [network.c[name] == made.network[name] for name in ("name_th", "name_en")]
    network_id = connection.scalar(select(network.c.id).where(*same).limit(1))
    if network_id is None:
        network_id = _new_id(connection, network, made.network)
    [row] = _read(archive, centre)
    centre_id = _new_id(connection, centre, row | {"code": code, "network_id": network_id})
    joined = {"joined_on": centres.BEGINNING, "network_id": network_id, "recorded_at": clock.now()}
    membership = Base.metadata.tables["centre_network"]
    connection.execute(insert(membership).values(centre_id=centre_id, **joined))
    return centre_id


def _new_id(connection: Connection, table: Table, row: dict[str, Any]) -> int:
    key = connection.execute(insert(table).values(**row)).inserted_primary_key
    assert key is not None
    number: int = key[0]
    return number


def _people(connection: Connection, archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Let people come without a password; whoever is known here already stays as known here."""
    user = Base.metadata.tables["app_user"]
    rows = list(_read(archive, user))
    known = _known(connection, user.c.id, [row["id"] for row in rows])
    taken = set(connection.scalars(select(user.c.username)))
    for row in rows:
        if row["id"] in known:
            continue
        before = row["username"]
        row["username"] = _free(before, taken)
        taken.add(row["username"])
        connection.execute(insert(user).values(**row, password_hash=NO_PASSWORD))
        if row["username"] != before:
            yield before, row["username"]


def _known(connection: Connection, column: Any, ids: list[UUID]) -> set[UUID]:
    found: set[UUID] = set()
    for some in _batched(ids, AT_ONCE // 2):
        found.update(connection.scalars(select(column).where(column.in_(some))))
    return found


def _free(username: str, taken: set[str]) -> str:
    """Return a sign-in name that nobody has: manager, manager-2 …"""
    name, number = username, 1
    while name in taken:
        number += 1
        tail = f"-{number}"
        name = username[: 60 - len(tail)] + tail
    return name


def _read(archive: zipfile.ZipFile, table: Table) -> Iterator[dict[str, Any]]:
    columns = plan.columns(table)
    with archive.open(manifests.member(table.name)) as member:
        for line in member:
            yield values.from_line(line, columns)


def _batched(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some


# --- the judges ----------------------------------------------------------------------------------


def _judge(connection: Connection, made: Manifest, adopted: Adopted) -> None:
    """Refuse what does not come to the same here. Raises DamagedArchive, DoesNotFit."""
    centre_id = adopted.centre_id
    if writing.trial_balance(connection, centre_id) != made.trial_balance:
        raise DamagedArchive(part="the trial balance is another one")
    if writing.head_seal(connection, centre_id) != (made.seals, made.head_seal):
        raise DamagedArchive(part="the last seal is another one")
    failed = writing.faults(centre_id) - set(made.known_faults)
    if failed:
        raise DoesNotFit(why="; ".join(sorted(failed))[:300])
    centre = centres.get(centre_id)
    assert centre is not None
    audit.record(
        system_actor(centre),
        ADOPTED,
        "archive",
        made.content[:SUBJECT_LENGTH],
        code=made.centre["code"],
        made_at=made.made_at,
        rows=adopted.rows,
    )
