"""A book as people print it: columns, rows, totals. One shape for the page, the paper and the file.

What must stay true: what is shown, printed and saved for the same days is the same table; words of
ours are msgids, translated where it is shown. Pure; money in satang, quantities in thousandths.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

from accounting.rules.periods import Span
from core.errors import N_

Kind = Literal["text", "code", "words", "day", "money", "quantity"]
"""What a column holds: `text` as it is, `code` likewise but never broken over lines, `words` a
msgid of ours, days, satang, thousandths."""

KEEPER, CHAIR = N_("Book keeper"), N_("Chairperson")
"""Who signs a book: ผู้ทำบัญชี and ประธาน."""


class Name(NamedTuple):
    """A name in both languages."""

    th: str
    en: str

    def __str__(self) -> str:
        return self.th


Cell = str | int | date | Name | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading (a msgid) and what its cells are."""

    label: str
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Row:
    """A row; `style` is empty, `heading` or `total`; `address` what its first cell opens."""

    cells: tuple[Cell, ...]
    style: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class BookKind:
    """A book of the list: what it is called in addresses and files, and what people call it.

    `official` is its place in the list of the Cooperative Auditing Department; `permission` what
    its rows need beside the right to read statements.
    """

    key: str
    title: str
    hint: str
    official: int
    permission: str = "statement.read"


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence below a book: a msgid and what stands in its places."""

    words: str
    facts: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """One book for some days: its rows in order, and notes that stand below.

    `days` says what it is about; both the same for a book of one day.
    """

    key: str
    title: str
    days: Span
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[Note, ...] = ()
    figures: tuple[tuple[str, int], ...] = ()
    """Named sums shown above the table: msgid and satang."""

    signers: tuple[str, ...] = (KEEPER, CHAIR)

    @property
    def wide(self) -> bool:
        """Tell whether paper must be turned for it."""
        return len(self.columns) > WIDE_FROM


WIDE_FROM = 7
"""More columns than this don't fit on upright paper."""


def total_row(columns: tuple[Column, ...], rows: Iterable[Row], label: str) -> Row:
    """Return the row that adds up the money of plain rows; `label` is a msgid in the first cell."""
    sums: list[Cell] = [0 if one.kind == "money" else None for one in columns]
    for row in rows:
        if row.style:
            continue
        for place, cell in enumerate(row.cells):
            if columns[place].kind == "money" and isinstance(cell, int):
                sums[place] = _plus(sums[place], cell)
    return Row((label, *sums[1:]), style="total")


def _plus(before: Cell, more: int) -> int:
    assert isinstance(before, int)
    return before + more
