"""The files of moving in: what is here, an empty sample, what came, and the lines given back.

What must stay true: what is written out is read back as the same facts; lines given back stand as
they came, with the reason beside each, so that they can be corrected and brought again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import UUID

from core import audit
from core.actor import Actor
from core.sheets import Cell, Table
from core.table_forms import Column, TableForm, cell_of, neutral
from members.models import TableImportLine
from members.services.access import require
from members.services.moving_in import reading, tables
from members.services.moving_in.checking import REASON
from members.services.moving_in.reading import LineCard
from members.services.moving_in.tables import BAD, CHANGED

Say = Callable[[str, dict[str, Any]], str]
"""A msgid with its facts → the sentence in the reader's language."""


def headings_of(form: TableForm, locale: str) -> list[str]:
    """Return a table's headings in a language."""
    return [heading(column, locale) for column in form.columns]


def heading(column: Column, locale: str) -> str:
    """Return a column's heading in a language."""
    return column.headings[0 if locale == "th" else 1]


def table_of(kind_name: str, actor: Actor) -> Table:
    """Return what is here as a file that can be brought in again; raise NotFound, Forbidden."""
    kind = tables.of(kind_name)
    require(actor, kind.permission)
    form = kind.form

    def rows() -> Iterator[Sequence[Cell]]:
        for values in kind.rows(actor):
            yield [cell_of(one, values.get(one.name), actor.locale) for one in form.columns]

    return Table(form.name, headings_of(form, actor.locale), rows())


def note_taken_out(kind_name: str, actor: Actor) -> None:
    """Write down that somebody took a whole table out of the house."""
    audit.record(actor, "table.exported", "table", kind_name)


def sample_of(kind_name: str, words: tuple[str, str, str], say: Say, actor: Actor) -> list[Table]:
    """Return an empty table, and a second one that explains each column by an example.

    `words` head the second one: column, how it is written, example.
    """
    kind = tables.of(kind_name)
    require(actor, kind.permission)
    explained = [
        (heading(one, actor.locale), say(one.hint, {}) if one.hint else "", one.example)
        for one in kind.form.columns
    ]
    empty = Table(kind.form.name, headings_of(kind.form, actor.locale), ())
    return [empty, Table("example", words, explained)]


def given_back(import_id: UUID, say: Say, actor: Actor) -> Table:
    """Return the lines that were not taken, as they came, each with its reason."""
    card = reading.card(import_id, actor)
    kind = tables.of(card.kind)
    wanted = (
        TableImportLine.verdict == BAD,
        TableImportLine.verdict.in_((CHANGED,)) & (TableImportLine.outcome == "left"),
    )
    lines = reading.lines_where(actor.centre_id, import_id, wanted[0] | wanted[1])
    headings = [one for one in card.headings if one not in REASON]
    kept = [at for at, one in enumerate(card.headings) if one not in REASON]
    rows = ([*_cells(line, kept), reason(line, kind.form, say, actor.locale)] for line in lines)
    own = REASON[0 if actor.locale == "th" else 1]
    return Table(f"{card.import_no}-{kind.form.name}", [*headings, own], rows)


def as_it_came(import_id: UUID, actor: Actor) -> Table:
    """Return the lines of a file as they were brought."""
    card = reading.card(import_id, actor)
    lines = reading.all_lines(actor.centre_id, import_id)
    places = range(len(card.headings))
    return Table(
        f"{card.import_no}-{card.kind}-brought",
        list(card.headings),
        (_cells(line, places) for line in lines),
    )


def reason(line: LineCard, form: TableForm, say: Say, locale: str) -> str:
    """Return why a line was not taken, in the reader's language, by column."""
    faults = line.told.get("faults", ())
    if faults:
        return "; ".join(sentence(one, form, say, locale) for one in faults)
    changes = line.told.get("changes", {})
    return "; ".join(
        f"{heading(form.column(name), locale)}: {before or '-'} → {after}"
        for name, (before, after) in changes.items()
    )


def sentence(fault: Sequence[Any], form: TableForm, say: Say, locale: str) -> str:
    """Return one fault or hint with the column it is of."""
    column, words, facts = fault
    plain = say(words, facts)
    if not column:
        return plain
    return f"{heading(form.column(column), locale)}: {plain}"


def _cells(line: LineCard, places: Sequence[int]) -> list[Cell]:
    # Our apostrophe before a formula's sign comes off and goes on again: never two of them.
    return [neutral(line.cells[at]) if at < len(line.cells) else None for at in places]
