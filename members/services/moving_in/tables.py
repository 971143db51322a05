"""The tables a centre can move in with: each room declares its own, `pos/app.py` appoints them.

What must stay true: a table is its columns, who may bring it, how a line is judged against what is
here, how good lines are entered, and what is written out; everything else is the same for all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from core.actor import Actor
from core.appointed import Appointed
from core.db import db, forget
from core.errors import DomainError, NotFound
from core.table_forms import Fault, LineIn, TableForm

NEW, CHANGED, THERE, BAD = "new", "changed", "there", "bad"


@dataclass(frozen=True, slots=True)
class Bringing:
    """What is known of an import while its lines are judged and taken."""

    centre_id: int
    import_id: UUID | None = None
    import_no: str = ""
    opening_on: date | None = None
    hints: bool = True
    """Whether likenesses are looked for; once lines are being taken nobody reads them."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a line is to us, why, and what taking it needs.

    `changes` are column → what is known and what the line says; `plan` is the table's own business.
    """

    verdict: str
    faults: tuple[Fault, ...] = ()
    hints: tuple[Fault, ...] = ()
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    plan: Any = None
    row_id: UUID | None = None
    """Who the line means, when they are here: their lines are forgotten with them."""


@dataclass(frozen=True, slots=True)
class ToTake:
    """A good line and what was found out about it."""

    line: LineIn
    found: Verdict


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of lines, by number: rows entered or changed, and those refused after all."""

    rows: Mapping[int, UUID] = field(default_factory=dict)
    refused: Mapping[int, Fault] = field(default_factory=dict)


class Judge(Protocol):
    """Judges the lines of a file in their order; it remembers those that came before."""

    def __call__(self, line: LineIn) -> Verdict: ...


@dataclass(frozen=True, slots=True)
class TableKind:
    """A table to move in with."""

    form: TableForm
    permission: str
    """Who may bring it in and take it away."""
    judge: Callable[[Bringing, Sequence[LineIn], Actor], Judge]
    """Reads what is known here, once for all lines."""
    take: Callable[[Sequence[ToTake], Bringing, Actor], Taken]
    rows: Callable[[Actor], Iterable[Mapping[str, Any]]]
    """What is here, as values by column, for the file that can be brought in again."""
    asks_day: bool = False
    """Whether the lines are of a day that must be told: opening stock."""
    turn_lines: int = 1000


TABLES: Appointed[TableKind] = Appointed()


def of(kind: str) -> TableKind:
    """Return a table by its name; raise NotFound."""
    found = next((one for one in TABLES if one.form.name == kind), None)
    if found is None:
        raise NotFound(what="table")
    return found


def bad(*faults: Fault) -> Verdict:
    """Return the verdict on a line that can't be taken."""
    return Verdict(BAD, faults)


def through_door(line: LineIn, work: Callable[[], UUID], taken: dict[int, UUID]) -> Fault | None:
    """Do one line's work, or return why its service refuses it; a refusal leaves nothing behind."""
    try:
        with db.session.begin_nested():
            taken[line.number] = work()
    except DomainError as refusal:
        forget()  # what was learnt of rows that are gone again: a month begun, a place made
        facts = {name: value for name, value in refusal.facts.items() if name != "field"}
        return Fault("", refusal.title, facts)
    return None
