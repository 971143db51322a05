"""Bringing a table in as the page does, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from core.actor import Actor
from core.db import in_transaction
from core.ids import uuid7
from core.paging import Window
from core.sheets import Table, csv_lines
from members.services.moving_in import checking, files, imports, reading, tables, taking
from members.services.moving_in.reading import LineCard, TableCard


def bring(
    kind: str, data: str | bytes, actor: Actor, opening_on: date | None = None, name: str = "a.csv"
) -> TableCard:
    """Bring a file; return the import, looked over."""
    content = data.encode() if isinstance(data, str) else data
    parsed = checking.parse(tables.of(kind), content, name)
    looked = imports.look_over(kind, uuid7(), parsed, opening_on, actor)
    return in_transaction(imports.bring, looked, actor)


def take(card: TableCard, actor: Actor, *, change_known: bool = False) -> TableCard:
    """Take an import's good lines, turn by turn."""
    in_transaction(taking.ask, card.id, change_known, actor)
    while in_transaction(taking.turn, card.id, actor):
        pass
    return in_transaction(taking.finish, card.id, actor)


def lines(card: TableCard, actor: Actor, verdict: str = "") -> Sequence[LineCard]:
    """Return an import's first lines."""
    return reading.lines(card.id, actor, Window(limit=200), verdict).items


def verdicts(card: TableCard, actor: Actor) -> list[str]:
    """Return what each line is."""
    return [one.verdict for one in lines(card, actor)]


def faults(card: TableCard, actor: Actor) -> list[tuple[int, str]]:
    """Return line and column of each fault."""
    return [
        (one.line_no, fault[0])
        for one in lines(card, actor)
        for fault in one.told.get("faults", ())
    ]


def exported(kind: str, actor: Actor) -> str:
    """Return a table as its CSV file."""
    return text_of(files.table_of(kind, actor))


def text_of(table: Table) -> str:
    """Return a table as its CSV file."""
    return "".join(csv_lines(table.headings, table.rows))
