"""Write a centre into one file: a zip of JSON lines a table, and a manifest.

What must stay true: all of it is one moment's view of the database, while tills go on selling; no
password, session or key goes along; memory does not grow with the centre.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Select, Table, func, select, text, union

from accounting.rules.seals import BEGINNING
from accounting.services import verify_seals
from core import clock, papers
from core.actor import Actor
from core.db import Base, db
from members.services import access
from pos.services import verify
from pos.services.archive import manifest as manifests
from pos.services.archive import plan, values
from pos.services.archive.manifest import Manifest, Part

AT_ONCE = 1000
SEALS = "seals"
Tell = Callable[[int, int], None]


def write(
    file: IO[bytes], actor: Actor, var: Path, tell: Tell = lambda _done, _all: None
) -> Manifest:
    """Write the actor's centre into `file`; return what is in it. Raises Forbidden.

    `var` is the folder of the attached papers; a lost one stays out, its row goes along.
    """
    access.require(actor, "archive.make")
    known_faults = sorted(faults(actor.centre_id))
    with _snapshot() as connection, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        codes = _codes(connection)
        tables = [Base.metadata.tables[name] for name in plan.ABOVE] + plan.tables()
        parts: dict[str, Part] = {}
        neighbours: set[str] = set()
        for done, table in enumerate(tables):
            rows = _rows(connection, table, actor.centre_id, codes, neighbours)
            parts[table.name] = _write_table(archive, table.name, rows)
            tell(done + 1, len(tables) + 1)
        kept = dict(_write_papers(archive, connection, actor.centre_id, var))
        made = _manifest(connection, actor, parts, neighbours, known_faults, kept)
        archive.writestr(manifests.zip_info(manifests.NAME), made.to_json())
    return made


def faults(centre_id: int) -> set[str]:
    """Return the names of the auditor's checks that fail, and `seals` when those don't hold."""
    failed = {one.check for one in verify.run(centre_id) if not one.ok}
    return failed if verify_seals.run(centre_id).ok else {*failed, SEALS}


@contextmanager
def _snapshot() -> Iterator[Connection]:
    """Give a view of one moment: a transaction of its own, which only reads."""
    engine = db.engine
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with engine.connect() as connection, connection.begin():
        yield connection


def _write_table(archive: zipfile.ZipFile, name: str, rows: Iterator[dict[str, Any]]) -> Part:
    digest, count = hashlib.sha256(), 0
    with archive.open(manifests.zip_info(manifests.member(name)), "w") as member:
        for row in rows:
            line = values.to_line(row)
            digest.update(line)
            member.write(line)
            count += 1
    return Part(count, digest.hexdigest())


def _write_papers(
    archive: zipfile.ZipFile, connection: Connection, centre_id: int, var: Path
) -> Iterator[tuple[str, int]]:
    paper = Base.metadata.tables["attachment"].c
    wanted = select(paper.sha256).where(paper.centre_id == centre_id).distinct()
    for sha256 in sorted(connection.scalars(wanted)):
        content = papers.read(var, sha256)
        if content is not None:
            archive.writestr(manifests.zip_info(manifests.paper(sha256)), content)
            yield sha256, len(content)


def _rows(
    connection: Connection,
    table: Table,
    centre_id: int,
    codes: dict[int, tuple[str, str]],
    neighbours: set[str],
) -> Iterator[dict[str, Any]]:
    columns, foreign = plan.columns(table), plan.neighbours(table)
    query = select(*columns).where(_of_centre(table, centre_id)).order_by(*_order(table))
    for row in connection.execute(query.execution_options(yield_per=AT_ONCE)).mappings():
        plain = dict(row)
        for column in foreign:
            other = plain[column.name]
            if other == centre_id:
                plain[column.name] = plan.ITSELF
            elif other is not None:
                plain[column.name] = codes[other][0]
                neighbours.add(codes[other][0])
        yield plain


def _of_centre(table: Table, centre_id: int) -> Any:
    if table.name == "centre":
        return table.c.id == centre_id
    if table.name == "app_user":
        return table.c.id.in_(_people(centre_id))
    return table.c.centre_id == centre_id


def _people(centre_id: int) -> Select[Any]:
    """Select everyone whom a row of the centre names."""
    named = [
        select(column).where(table.c.centre_id == centre_id, column.is_not(None))
        for table in plan.tables()
        for column in plan.people(table)
    ]
    return select(union(*named).subquery())


def _order(table: Table) -> list[Any]:
    """A row that refers to another of its own table comes after it."""
    parent = plan.parent(table)
    first = [] if parent is None else [parent.is_not(None)]
    return [*first, *table.primary_key.columns]


def _codes(connection: Connection) -> dict[int, tuple[str, str]]:
    centre = Base.metadata.tables["centre"].c
    rows = connection.execute(select(centre.id, centre.code, centre.name_th))
    return {centre_id: (code, name) for centre_id, code, name in rows}


def _manifest(
    connection: Connection,
    actor: Actor,
    parts: dict[str, Part],
    neighbours: set[str],
    known_faults: list[str],
    kept: dict[str, int],
) -> Manifest:
    centre, network = Base.metadata.tables["centre"].c, Base.metadata.tables["network"].c
    code, name_th, name_en, network_th, network_en = connection.execute(
        select(centre.code, centre.name_th, centre.name_en, network.name_th, network.name_en)
        .join(Base.metadata.tables["network"], network.id == centre.network_id)
        .where(centre.id == actor.centre_id)
    ).one()
    seals, head = head_seal(connection, actor.centre_id)
    names = dict(_codes(connection).values())
    return Manifest(
        schema=schema(connection),
        program=version("sunruam"),
        made_at=clock.now().isoformat(),
        centre={"code": code, "name_th": name_th, "name_en": name_en},
        network={"name_th": network_th, "name_en": network_en},
        tables=parts,
        papers=kept,
        neighbours={one: names[one] for one in sorted(neighbours)},
        seals=seals,
        head_seal=head,
        trial_balance=trial_balance(connection, actor.centre_id),
        known_faults=known_faults,
    )


def schema(connection: Connection) -> str:
    """Return the version of the database's schema."""
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")))


def head_seal(connection: Connection, centre_id: int) -> tuple[int, str]:
    """Return the number and the hash of a centre's last seal."""
    seal = Base.metadata.tables["seal"].c
    row = connection.execute(
        select(seal.sequence, seal.hash)
        .where(seal.centre_id == centre_id)
        .order_by(seal.sequence.desc())
        .limit(1)
    ).one_or_none()
    return (0, BEGINNING) if row is None else (row.sequence, row.hash)


def trial_balance(connection: Connection, centre_id: int) -> list[list[Any]]:
    """Return code, debits and credits of every account posted to, from the lines themselves."""
    account, line = Base.metadata.tables["account"], Base.metadata.tables["journal_line"]
    rows = connection.execute(
        select(account.c.code, func.sum(line.c.debit), func.sum(line.c.credit))
        .join(
            line,
            (line.c.centre_id == account.c.centre_id) & (line.c.account_id == account.c.id),
        )
        .where(account.c.centre_id == centre_id)
        .group_by(account.c.code)
    )
    return sorted([code, int(debit), int(credit)] for code, debit, credit in rows)
