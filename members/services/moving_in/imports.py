"""Tables that were brought: kept with every line's verdict, mapped anew, dropped, listed.

What must stay true: nothing here enters anything; the same table is not brought twice while its
first import is open or taken; an id that comes again answers as before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update

from core import audit, clock
from core.actor import Actor
from core.db import db, insert_rows, serialise_on
from core.errors import N_, DifferentContent, DomainError
from core.numbering import buddhist_year, next_numbers
from core.table_forms import columns_of
from members.models import TableImport, TableImportLine
from members.services.access import require
from members.services.moving_in import checking, tables
from members.services.moving_in.checking import Judged, Parsed
from members.services.moving_in.reading import (
    TableCard,
    all_lines,
    bringing_of,
    card,
    existing,
)
from members.services.moving_in.tables import Bringing

SERIES = "table_import"
PREFIX = "BI"
_BRINGING = UUID("5c0f3f6e-0001-4000-8000-000000000000")


STATE_WORDS = {
    "open": N_("Not taken yet"),
    "taking": N_("Being taken"),
    "taken": N_("Taken over"),
    "dropped": N_("Dropped"),
}


class TableBroughtBefore(DomainError):
    """The very same table came before."""

    code, status, title = "table-brought-before", 409, N_("This table was brought before")
    detail = N_(
        "It is import %(number)s (%(state_words)s, %(when)s, %(who)s). Open that one; only a table"
        " that was dropped before it was taken can be brought again."
    )


class TableImportDiffers(DifferentContent):
    """The import's id came again with another file; the first one stands."""

    code, title = "table-import-differs", N_("This import was already brought with another file")


class TableNotOpen(DomainError):
    """An import that is being taken, was taken or was dropped stays as it is."""

    code, status, title = "table-not-open", 409, N_("This import can't be changed any more")
    detail = N_("It was taken or dropped. Open the list to see what became of it.")


class ColumnUnknown(DomainError):
    """A column was matched with one that is not there, or two with the same."""

    code, status, title = "column-unknown", 422, N_("The columns don't fit together")
    detail = N_("Give each column of the file one meaning, and no meaning to two columns.")


class NoFile(DomainError):
    """No file was chosen."""

    code, status, title = "no-file", 422, N_("No file was chosen")
    detail = N_("Choose a CSV or XLSX file.")


class DayMissing(DomainError):
    """Opening stock lies there on a day; nobody said which."""

    code, status, title = "day-missing", 422, N_("The opening day is missing")
    detail = N_("Write the day on which these goods lay in the shop.")


@dataclass(frozen=True, slots=True)
class BringTable:
    """A file of one table, with the day its lines are of where the table asks for one."""

    id: UUID
    kind: str
    parsed: Parsed
    judged: tuple[Judged, ...]
    places: Mapping[str, int]
    opening_on: date | None = None


# --- bringing --------------------------------------------------------------------------------


def look_over(
    kind_name: str, import_id: UUID, parsed: Parsed, opening_on: date | None, actor: Actor
) -> BringTable:
    """Judge a file's lines, before anything is written. Raises DayMissing, NotFound, Forbidden."""
    kind = tables.of(kind_name)
    require(actor, kind.permission)
    if kind.asks_day and opening_on is None:
        raise DayMissing(field="opening_on")
    places = columns_of(kind.form, parsed.headings)
    bringing = Bringing(actor.centre_id, opening_on=opening_on)
    judged = checking.judge(kind, parsed.lines, places, bringing, actor)
    return BringTable(import_id, kind_name, parsed, tuple(judged), places, opening_on)


def one_at_a_time(centre_id: int) -> None:
    """Make whoever brings or takes a table wait for others of the centre, to see what they did."""
    serialise_on(UUID(int=_BRINGING.int + centre_id))


def bring(command: BringTable, actor: Actor) -> TableCard:
    """Keep a file's lines and their verdicts; the same id again returns what is there.

    Raises TableBroughtBefore, TableImportDiffers, NotFound, Forbidden.
    """
    kind = tables.of(command.kind)
    require(actor, kind.permission)
    one_at_a_time(actor.centre_id)
    earlier = db.session.get(TableImport, (actor.centre_id, command.id))
    if earlier is not None:
        if (earlier.kind, earlier.digest) != (command.kind, command.parsed.digest):
            raise TableImportDiffers(differs=["file"])
        return card(earlier.id, actor)
    _require_new(command, actor)
    year = buddhist_year(clock.today())
    [number] = next_numbers(actor.centre_id, [(SERIES, year)])
    day = command.opening_on.isoformat() if command.opening_on else None
    db.session.execute(
        insert(TableImport).values(
            centre_id=actor.centre_id,
            id=command.id,
            import_no=f"{PREFIX}-{year}-{number:05d}",
            kind=command.kind,
            file_name=command.parsed.file_name,
            state="open",
            digest=command.parsed.digest,
            headings=list(command.parsed.headings),
            places=dict(command.places),
            choices={"opening_on": day, "change_known": False},
            lines=len(command.judged),
            counts=checking.counts_of(command.judged),
            recorded_at=clock.now(),
            recorded_by=actor.user_id,
            recorded_name=actor.name,
            taken_name="",
            lines_discarded=False,
        )
    )
    _write_lines(command, actor)
    facts = {"table": command.kind, "lines": len(command.judged)}
    audit.record(actor, "table.brought", "table_import", command.id, **facts)
    return card(command.id, actor)


def _write_lines(command: BringTable, actor: Actor) -> None:
    insert_rows(
        TableImportLine,
        [
            {
                "centre_id": actor.centre_id,
                "import_id": command.id,
                "line_no": one.line_no,
                "cells": list(one.cells),
                "verdict": one.verdict,
                "told": dict(one.told),
                "outcome": "waiting",
                "row_id": one.row_id,
            }
            for one in command.judged
        ],
    )


def judged_anew(import_id: UUID, places: Mapping[str, int], actor: Actor) -> list[Judged]:
    """Judge an import's lines with columns matched by hand. Raises ColumnUnknown, TableNotOpen."""
    found = existing_open(import_id, actor)
    kind = tables.of(found.kind)
    known = {column.name for column in kind.form.columns}
    there = range(len(found.headings))
    wrong = set(places) - known or any(at not in there for at in places.values())
    if wrong or len(set(places.values())) != len(places):
        raise ColumnUnknown
    lines = [(one.line_no, one.cells) for one in all_lines(actor.centre_id, import_id)]
    return checking.judge(kind, lines, places, bringing_of(found), actor)


def match_columns(
    import_id: UUID, places: Mapping[str, int], judged: Sequence[Judged], actor: Actor
) -> TableCard:
    """Keep which column is which, and the verdicts that follow. Raises TableNotOpen, NotFound."""
    serialise_on(import_id)  # as `taking.ask`: who takes it now must not find other verdicts
    found = existing_open(import_id, actor)
    require(actor, tables.of(found.kind).permission)
    judge_lines(actor.centre_id, import_id, judged)
    change(found, places=dict(places), counts=checking.counts_of(judged))
    return card(import_id, actor)


def judge_lines(centre_id: int, import_id: UUID, judged: Sequence[Judged]) -> None:
    """Write other verdicts on lines that wait."""
    line = TableImportLine.__table__
    statement = (
        update(TableImportLine)
        .where(
            line.c.centre_id == centre_id,
            line.c.import_id == import_id,
            line.c.line_no == bindparam("of_line"),
        )
        .values(verdict=bindparam("said"), told=bindparam("why"), row_id=bindparam("means"))
    )
    rows = [
        {
            "of_line": one.line_no,
            "said": one.verdict,
            "why": dict(one.told),
            "means": one.row_id,
        }
        for one in judged
    ]
    if rows:
        db.session.connection().execute(statement, rows)


def drop(import_id: UUID, actor: Actor) -> TableCard:
    """Put an import aside that nobody will take; raise TableNotOpen, NotFound, Forbidden."""
    serialise_on(import_id)  # as `taking.ask`: what is being taken can't be dropped
    found = existing_open(import_id, actor)
    require(actor, tables.of(found.kind).permission)
    change(found, state="dropped")
    audit.record(actor, "table.dropped", "table_import", import_id)
    return card(import_id, actor)


def _require_new(command: BringTable, actor: Actor) -> None:
    earlier = db.session.scalars(
        select(TableImport).where(
            TableImport.centre_id == actor.centre_id,
            TableImport.kind == command.kind,
            TableImport.digest == command.parsed.digest,
            TableImport.state != "dropped",
        )
    ).first()
    if earlier is not None:
        raise TableBroughtBefore(
            number=earlier.import_no,
            when=earlier.taken_at or earlier.recorded_at,
            who=earlier.taken_name or earlier.recorded_name,
            state_words=STATE_WORDS[earlier.state],
            import_id=str(earlier.id),
        )


def existing_open(import_id: UUID, actor: Actor) -> TableImport:
    """Return an import that may still change; raise NotFound, TableNotOpen."""
    found = existing(import_id, actor)
    if found.state != "open":
        raise TableNotOpen
    return found


def change(found: TableImport, **values: Any) -> None:
    """Write what changed of an import."""
    db.session.execute(
        update(TableImport)
        .where(TableImport.centre_id == found.centre_id, TableImport.id == found.id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    db.session.expire(found)
