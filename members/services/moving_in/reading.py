"""Imports as people read them: the list, one of them, its lines; and the row behind.

What must stay true: a reader sees imports of those tables only that they may bring.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from core.actor import Actor
from core.db import db
from core.errors import NotFound
from core.ids import uuid_or_none
from core.paging import Page, Window, page_of
from core.sought import NOTHING, Sought, matching
from members.models import TableImport, TableImportLine
from members.rules.roles import allowed
from members.services.access import require
from members.services.moving_in import tables
from members.services.moving_in.tables import Bringing, TableKind

ASKED_AT_ONCE = 1000
"""So many rows are asked after by one statement."""


@dataclass(frozen=True, slots=True)
class TableCard:
    """An import in a list, with how many lines are of which verdict or outcome."""

    id: UUID
    import_no: str
    kind: str
    file_name: str
    state: str
    lines: int
    counts: Mapping[str, int]
    opening_on: date | None
    change_known: bool
    recorded_at: datetime
    recorded_name: str
    taken_at: datetime | None
    taken_name: str
    job_id: UUID | None
    lines_discarded: bool
    headings: tuple[str, ...]
    places: Mapping[str, int]

    def count(self, name: str) -> int:
        """Return how many lines there are of a verdict or an outcome."""
        return self.counts.get(name, 0)


@dataclass(frozen=True, slots=True)
class LineCard:
    """A line as it came, what was said of it and what became of it."""

    line_no: int
    cells: tuple[str, ...]
    verdict: str
    told: Mapping[str, Any]
    outcome: str


def listing(
    actor: Actor, window: Window, sought: Sought = NOTHING, kind: str = ""
) -> Page[TableCard]:
    """Return imports, newest first, of one table or of all the reader may bring."""
    require(actor, "table.bring")
    mine = [one.form.name for one in tables.TABLES if allowed(actor.roles, one.permission)]
    query = select(TableImport).where(
        TableImport.centre_id == actor.centre_id,
        TableImport.kind.in_([kind] if kind in mine else mine),
        *matching(
            sought,
            day=TableImport.recorded_at,
            text=(TableImport.import_no, TableImport.file_name, TableImport.recorded_name),
        ),
    )
    last = uuid_or_none(window.after)
    if last is not None:
        query = query.where(TableImport.id < last)
    rows = db.session.scalars(query.order_by(TableImport.id.desc()).limit(window.limit + 1)).all()
    return page_of([_card(row) for row in rows], window, lambda one: str(one.id))


def card(import_id: UUID, actor: Actor) -> TableCard:
    """Return an import; raise NotFound, Forbidden."""
    found = existing(import_id, actor)
    require(actor, tables.of(found.kind).permission)
    return _card(found)


def lines(import_id: UUID, actor: Actor, window: Window, verdict: str = "") -> Page[LineCard]:
    """Return the lines of an import in the file's order, of one verdict or all."""
    found = existing(import_id, actor)
    require(actor, tables.of(found.kind).permission)
    query = _lines(actor.centre_id, import_id)
    if verdict:
        query = query.where(TableImportLine.verdict == verdict)
    if window.after and window.after.isdigit():
        query = query.where(TableImportLine.line_no > min(int(window.after), 2**31 - 1))
    rows = db.session.execute(query.limit(window.limit + 1)).all()
    return page_of([_line(row) for row in rows], window, lambda one: str(one.line_no))


def all_lines(centre_id: int, import_id: UUID) -> list[LineCard]:
    """Return every line of an import, for another service."""
    return [_line(row) for row in db.session.execute(_lines(centre_id, import_id))]


def lines_where(centre_id: int, import_id: UUID, which: ColumnElement[bool]) -> list[LineCard]:
    """Return some lines of an import in the file's order, for another service."""
    return [_line(row) for row in db.session.execute(_lines(centre_id, import_id).where(which))]


def bringing_of(found: TableImport) -> Bringing:
    """Return what its judge needs to know of an import."""
    day = found.choices.get("opening_on")
    return Bringing(
        found.centre_id, found.id, found.import_no, date.fromisoformat(day) if day else None
    )


def entered(bringing: Bringing, rows: Sequence[UUID]) -> set[UUID]:
    """Return which of some rows this import entered in earlier turns: no earlier knowledge."""
    if bringing.import_id is None:
        return set()
    found: set[UUID] = set()
    for start in range(0, len(rows), ASKED_AT_ONCE):
        query = select(TableImportLine.row_id).where(
            TableImportLine.centre_id == bringing.centre_id,
            TableImportLine.import_id == bringing.import_id,
            TableImportLine.row_id.in_(rows[start : start + ASKED_AT_ONCE]),
            TableImportLine.outcome.in_(("entered", "changed")),
        )
        found |= {one for one in db.session.scalars(query) if one is not None}
    return found


def existing(import_id: UUID, actor: Actor) -> TableImport:
    """Return the row of an import of the actor's centre; raise NotFound."""
    found = db.session.get(TableImport, (actor.centre_id, import_id), populate_existing=True)
    if found is None:
        raise NotFound(what="table_import")
    return found


def kind_of(found: TableCard | TableImport) -> TableKind:
    """Return the table an import is of."""
    return tables.of(found.kind)


def _lines(centre_id: int, import_id: UUID) -> Any:
    return (
        select(
            TableImportLine.line_no,
            TableImportLine.cells,
            TableImportLine.verdict,
            TableImportLine.told,
            TableImportLine.outcome,
        )
        .where(TableImportLine.centre_id == centre_id, TableImportLine.import_id == import_id)
        .order_by(TableImportLine.line_no)
    )


def _line(row: Any) -> LineCard:
    return LineCard(row.line_no, tuple(row.cells), row.verdict, row.told, row.outcome)


def _card(row: TableImport) -> TableCard:
    day = row.choices.get("opening_on")
    return TableCard(
        row.id,
        row.import_no,
        row.kind,
        row.file_name,
        row.state,
        row.lines,
        row.counts,
        date.fromisoformat(day) if day else None,
        bool(row.choices.get("change_known")),
        row.recorded_at,
        row.recorded_name,
        row.taken_at,
        row.taken_name,
        row.job_id,
        row.lines_discarded,
        tuple(row.headings),
        row.places,
    )
