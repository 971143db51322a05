"""Take the good lines of a brought table, in turns that each are whole.

What must stay true: a turn enters its lines and says so of each in one transaction, so whoever
comes after a crash goes on behind the last turn and nothing is entered twice; every line is judged
anew against what is here by then; what can't be taken any more is given back with its reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, bindparam, func, select, update

from core import audit, clock, jobs
from core.actor import Actor
from core.db import db, serialise_on
from core.errors import N_, DomainError
from core.table_forms import LineIn, read_line
from members.models import TableImport, TableImportLine
from members.rules.moving_tasks import TABLE_TAKE
from members.services.access import require
from members.services.moving_in import checking, imports, reading, tables
from members.services.moving_in.checking import Judged
from members.services.moving_in.imports import TableNotOpen
from members.services.moving_in.reading import TableCard
from members.services.moving_in.tables import (
    BAD,
    CHANGED,
    NEW,
    Bringing,
    TableKind,
    ToTake,
    Verdict,
)

AT_ONCE = 200
"""So many lines are taken while the reader waits; more are a job of the worker."""

Progress = Callable[[int, int], None]


class NoGoodLines(DomainError):
    """No line of the file can be entered."""

    code, status, title = "no-good-lines", 409, N_("There is no line to take")
    detail = N_("Every line is here already, or has something to correct. The page says what.")


class TakingNow(DomainError):
    """A worker is at it."""

    code, status, title = "taking-now", 409, N_("This import is being taken right now")
    detail = N_("Wait a moment; its page shows how far it is.")


def ask(import_id: UUID, change_known: bool, actor: Actor) -> tuple[TableCard, bool]:
    """Begin to take an import, or go on; return it and whether a job of the worker does it.

    Known rows are written over only when `change_known`. An import that was taken answers as it is.
    Raises NoGoodLines, TakingNow, TableNotOpen, NotFound, Forbidden.
    """
    serialise_on(import_id)
    found = reading.existing(import_id, actor)
    kind = reading.kind_of(found)
    require(actor, kind.permission)
    if found.state == "taken":
        return reading.card(import_id, actor), False
    if found.state == "dropped":
        raise TableNotOpen
    if found.state == "taking":
        change_known = bool(found.choices.get("change_known"))
        _require_idle(found)
    waiting = _waiting(found, change_known)
    if found.state == "open" and not waiting:
        raise NoGoodLines
    imports.change(found, state="taking", choices={**found.choices, "change_known": change_known})
    by_worker = waiting > AT_ONCE
    if by_worker:
        params = {"import_id": str(import_id), "locale": actor.locale}
        imports.change(found, job_id=jobs.request(actor, TABLE_TAKE, params))
    return reading.card(import_id, actor), by_worker


def turn(import_id: UUID, actor: Actor, progress: Progress | None = None) -> bool:
    """Take some lines of an import; tell whether there may be more. Raises as the doors used do."""
    # Two files taken at once may hold the same person without a number: the second must see it.
    imports.one_at_a_time(actor.centre_id)
    serialise_on(import_id)
    found = reading.existing(import_id, actor)
    kind = reading.kind_of(found)
    require(actor, kind.permission)
    if found.state != "taking":
        return False
    rows = _next(found, kind.turn_lines)
    if not rows:
        return False
    bringing = replace(reading.bringing_of(found), hints=False)
    _take(kind, rows, bringing, found, actor)
    if progress is not None:
        left = _waiting(found, bool(found.choices.get("change_known")))
        progress(found.lines - left, found.lines)
    return True


def finish(import_id: UUID, actor: Actor) -> TableCard:
    """Say that an import was taken; what was not entered is left. Again, it changes nothing."""
    serialise_on(import_id)
    found = reading.existing(import_id, actor)
    require(actor, reading.kind_of(found).permission)
    if found.state != "taking":
        return reading.card(import_id, actor)
    _of_import(found, TableImportLine.outcome == "waiting", outcome="left")
    counts = _counted(found)
    imports.change(
        found,
        state="taken",
        counts=counts,
        taken_at=clock.now(),
        taken_by=actor.user_id,
        taken_name=actor.name,
    )
    audit.record(actor, "table.taken", "table_import", import_id, counts=counts)
    return reading.card(import_id, actor)


def _take(
    kind: TableKind, waiting: Sequence[Any], bringing: Bringing, found: TableImport, actor: Actor
) -> None:
    """Judge some lines anew, enter those that are good, and write what became of each."""
    lines = [read_line(kind.form, found.places, one.line_no, one.cells) for one in waiting]
    ask_ = kind.judge(bringing, lines, actor)
    judged = {line.number: _verdict(line, ask_) for line in lines}
    wanted = {NEW, CHANGED} if found.choices.get("change_known") else {NEW}
    to_take = [
        ToTake(line, judged[line.number]) for line in lines if judged[line.number].verdict in wanted
    ]
    taken = kind.take(to_take, bringing, actor)
    again = []
    for line in lines:
        verdict = judged[line.number]
        refused = taken.refused.get(line.number)
        if refused is not None:
            verdict = Verdict(BAD, (refused,))
        told = checking.told(kind, verdict)
        again.append(Judged(line.number, (), verdict.verdict, told, verdict.row_id))
    before = {one.line_no: one.verdict for one in waiting}
    assert bringing.import_id is not None
    # Those that are still what they were keep what was said of them.
    others = [one for one in again if one.verdict != before[one.line_no] or one.verdict == CHANGED]
    imports.judge_lines(bringing.centre_id, bringing.import_id, others)
    outcomes = {
        one.line_no: ("entered" if one.verdict == NEW else "changed")
        for one in again
        if one.line_no in taken.rows
    }
    _write_outcomes(bringing, [line.number for line in lines], outcomes, taken.rows)


def _verdict(line: LineIn, ask_: tables.Judge) -> Verdict:
    return tables.bad(*line.faults) if line.faults else ask_(line)


def _write_outcomes(
    bringing: Bringing,
    numbers: Sequence[int],
    outcomes: dict[int, str],
    rows: Mapping[int, UUID],
) -> None:
    line = TableImportLine.__table__
    statement = (
        update(TableImportLine)
        .where(
            line.c.centre_id == bringing.centre_id,
            line.c.import_id == bringing.import_id,
            line.c.line_no == bindparam("of_line"),
        )
        .values(
            outcome=bindparam("became"),
            row_id=func.coalesce(bindparam("as_row", type_=line.c.row_id.type), line.c.row_id),
        )
    )
    said = [
        {"of_line": one, "became": outcomes.get(one, "left"), "as_row": rows.get(one)}
        for one in numbers
    ]
    db.session.connection().execute(statement, said)


def _next(found: TableImport, limit: int) -> Sequence[Any]:
    return db.session.execute(
        select(TableImportLine.line_no, TableImportLine.cells, TableImportLine.verdict)
        .where(*_good(found, bool(found.choices.get("change_known"))))
        .order_by(TableImportLine.line_no)
        .limit(limit)
    ).all()


def _waiting(found: TableImport, change_known: bool) -> int:
    counted = select(func.count()).where(*_good(found, change_known))
    return db.session.scalar(counted) or 0


def _good(found: TableImport, change_known: bool) -> tuple[Any, ...]:
    return (
        TableImportLine.centre_id == found.centre_id,
        TableImportLine.import_id == found.id,
        TableImportLine.verdict.in_((NEW, CHANGED) if change_known else (NEW,)),
        TableImportLine.outcome == "waiting",
    )


def _counted(found: TableImport) -> dict[str, int]:
    rows = db.session.execute(
        select(TableImportLine.verdict, TableImportLine.outcome, func.count().cast(Integer))
        .where(TableImportLine.centre_id == found.centre_id, TableImportLine.import_id == found.id)
        .group_by(TableImportLine.verdict, TableImportLine.outcome)
    )
    counts: Counter[str] = Counter()
    for verdict, outcome, number in rows:
        counts[verdict] += number
        counts[f"{outcome}_lines"] += number
    return dict(counts)


def _of_import(found: TableImport, which: ColumnElement[bool], **values: Any) -> None:
    db.session.execute(
        update(TableImportLine)
        .where(
            TableImportLine.centre_id == found.centre_id,
            TableImportLine.import_id == found.id,
            which,
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _require_idle(found: TableImport) -> None:
    job = jobs.get(found.centre_id, found.job_id) if found.job_id else None
    if job is not None and not job.finished:
        raise TakingNow
