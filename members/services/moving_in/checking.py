"""Read a brought file and judge every line of it, without writing anything.

What must stay true: the same file gives the same lines and the same digest, whatever it is called
or saved as; each register is read once, whatever the number of lines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.actor import Actor
from core.documents import digest_of
from core.errors import N_, DomainError
from core.sheets import cell_text
from core.table_forms import Fault, cell_of, columns_of, missing, read_line, require_apart
from core.tables_in import headed, sheets_of
from members.services.access import require
from members.services.moving_in.tables import BAD, Bringing, TableKind, Verdict, bad

REASON = ("เหตุผล", "Reason")
"""The column we add to lines given back; brought again, it is not read."""
HINTS_MAX = 3


class NoLines(DomainError):
    """There are headings and nothing below them."""

    code, status, title = "no-lines", 422, N_("There is no line below the headings")
    detail = N_("Write a line for each below the headings, save the file and choose it again.")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file as text: headings, numbered lines, and the digest that tells it from others."""

    file_name: str
    headings: tuple[str, ...]
    lines: tuple[tuple[int, tuple[str, ...]], ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A line with its verdict, as it is kept."""

    line_no: int
    cells: tuple[str, ...]
    verdict: str
    told: Mapping[str, Any]
    row_id: UUID | None = None


def parse(kind: TableKind, data: bytes, file_name: str) -> Parsed:
    """Read a file; of a workbook the sheet that fits best.

    Raises NotATable (any), HeadingsAlike, NoLines.
    """
    sheets = [headed(sheet) for sheet in sheets_of(data, file_name)]
    best = max(sheets, key=lambda one: len(columns_of(kind.form, one.headings.cells)))
    require_apart(kind.form, best.headings.cells)
    if not best.rows:
        raise NoLines
    content = {"headings": best.headings.cells, "cells": [row.cells for row in best.rows]}
    return Parsed(
        file_name.replace("\\", "/").rsplit("/", 1)[-1][:120],
        best.headings.cells,
        tuple((row.line, row.cells) for row in best.rows),
        digest_of(content),
    )


def unread(headings: Sequence[str], places: Mapping[str, int]) -> list[str]:
    """Return the headings nobody reads, without our own column of reasons."""
    read = set(places.values())
    return [
        heading
        for at, heading in enumerate(headings)
        if heading and at not in read and heading not in REASON
    ]


def judge(
    kind: TableKind,
    lines: Iterable[tuple[int, Sequence[str]]],
    places: Mapping[str, int],
    bringing: Bringing,
    actor: Actor,
) -> list[Judged]:
    """Judge every line; without the columns that are needed none is read. Raises Forbidden."""
    require(actor, kind.permission)
    some = list(lines)
    if missing(kind.form, set(places)):
        return [Judged(number, tuple(cells), "unread", {}) for number, cells in some]
    found = []
    read = [read_line(kind.form, places, number, cells) for number, cells in some]
    ask = kind.judge(bringing, read, actor)
    for (number, cells), line in zip(some, read, strict=True):
        verdict = bad(*line.faults) if line.faults else ask(line)
        kept = told(kind, verdict)
        found.append(Judged(number, tuple(cells), verdict.verdict, kept, verdict.row_id))
    return found


def counts_of(judged: Iterable[Judged]) -> dict[str, int]:
    """Return how many lines there are of each verdict."""
    return dict(Counter(one.verdict for one in judged))


def told(kind: TableKind, verdict: Verdict) -> dict[str, Any]:
    """Return what is kept of a verdict: faults, hints and changes, all as JSON."""
    kept: dict[str, Any] = {}
    if verdict.faults:
        kept["faults"] = [_kept(one) for one in verdict.faults]
    if verdict.hints:
        kept["hints"] = [_kept(one) for one in verdict.hints[:HINTS_MAX]]
    if verdict.changes and verdict.verdict != BAD:
        kept["changes"] = {
            name: [_text(kind, name, before), _text(kind, name, after)]
            for name, (before, after) in verdict.changes.items()
        }
    return kept


def _text(kind: TableKind, name: str, value: Any) -> str:
    return cell_text(cell_of(kind.form.column(name), value, "th"))


def _kept(fault: Fault) -> list[Any]:
    return [fault.column, fault.words, dict(fault.facts)]
