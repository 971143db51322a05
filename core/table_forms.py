"""The shape of tables people bring and take away: columns by their headings, cells by their kind.

What must stay true: a cell is read exactly or named as a fault with its column; what is written out
is read back as the same value, and no cell of a file becomes a formula anywhere. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core import figures_in
from core.dates import format_date
from core.errors import N_, DomainError
from core.sheets import FORMULA_STARTS, Cell, Figure, baht_figure
from core.text import ascii_digits, skeleton

BASIS_POINTS_MAX = 10_000
_AS_TEXT = re.compile(r'="([^"]*)"')
"""How spreadsheets are told to leave 0812345678 alone; what counts is what stands inside."""
YES_NO = (
    ("yes", ("ใช่", "yes", "y", "1", "true", "✓", "x")),
    ("no", ("ไม่ใช่", "no", "n", "0", "false", "ไม่", "-")),
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: what it means, how its cells are read, what people call it.

    The first two headings are the ones of the sample file: Thai, then English. `length` bounds a
    text; `choices` are keys and their writings (Thai, English, others); `reader` reads a kind of
    its own, and `fault` says how such a cell is written when it can't be read.
    """

    name: str
    kind: str
    title: str
    headings: tuple[str, ...]
    length: int = 0
    choices: tuple[tuple[str, tuple[str, ...]], ...] = ()
    hint: str = ""
    example: str = ""
    reader: Callable[[str], Any] | None = None
    writer: Callable[[Any, str], Cell] | None = None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class TableForm:
    """A table people bring; of each set in `needed` at least one column must be there."""

    name: str
    title: str
    names: tuple[str, ...]
    columns: tuple[Column, ...]
    needed: tuple[frozenset[str], ...]

    def column(self, name: str) -> Column:
        """Return one of its columns."""
        return next(one for one in self.columns if one.name == name)


class HeadingsAlike(DomainError):
    """Two headings of a file mean the same column, so a cell could be read from the wrong one."""

    code, status, title = "headings-alike", 422, N_("Two columns of the file mean the same")
    detail = N_(
        "“%(first)s” and “%(second)s” both mean %(column_words)s. Rename the one that is something "
        "else, or remove it, and choose the file again."
    )


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with (or odd about) a cell, and what to do: a msgid with its facts."""

    column: str
    words: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LineIn:
    """A line of a brought table, read: the values that stand in it, and what can't be read."""

    number: int
    values: Mapping[str, Any]
    faults: tuple[Fault, ...] = ()

    def text(self, name: str) -> str:
        """Return a text; nothing written is empty."""
        return self.values.get(name) or ""

    def said(self, name: str) -> bool:
        """Tell whether anything stands in a column of this line."""
        return self.values.get(name) not in (None, "")


def columns_of(form: TableForm, headings: Sequence[str]) -> dict[str, int]:
    """Return where each known column stands; the first heading that fits is taken."""
    known = {skeleton(word): column.name for column in form.columns for word in column.headings}
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        name = known.get(heading_key(heading))
        if name is not None:
            found.setdefault(name, place)
    return found


def require_apart(form: TableForm, headings: Sequence[str]) -> None:
    """Raise `HeadingsAlike` when two headings mean the same column."""
    for column in form.columns:
        known = {skeleton(word) for word in column.headings}
        first, *others = [one for one in headings if heading_key(one) in known] or [""]
        if others:
            facts = {"first": first, "second": others[0], "column_words": column.title}
            raise HeadingsAlike(**facts)


def heading_key(text: str) -> str:
    """Return the part of a heading that names it: "Debit (baht)" is "Debit"."""
    return skeleton(text.split("(", maxsplit=1)[0].replace("*", ""))


def missing(form: TableForm, names: Sequence[str] | set[str]) -> list[tuple[Column, ...]]:
    """Return the columns without which the table can't be read; of each group one would do."""
    there = set(names)
    return [
        tuple(one for one in form.columns if one.name in group)
        for group in form.needed
        if not group & there
    ]


def read_line(
    form: TableForm, places: Mapping[str, int], number: int, cells: Sequence[str]
) -> LineIn:
    """Read a line; what can't be read becomes a fault, never a guess."""
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for column in form.columns:
        at = places.get(column.name)
        if at is None:
            continue
        cell = neutral(cells[at]) if at < len(cells) else ""
        if not cell:
            values[column.name] = "" if column.kind in {"text", "code"} else None
            continue
        value, fault = _read(column, cell)
        if fault is not None:
            faults.append(fault)
        else:
            values[column.name] = value
    return LineIn(number, values, tuple(faults))


def neutral(cell: str) -> str:
    """Return a cell as plain text: our apostrophe before a formula's sign comes off again.

    `="0812"` is 0812; anything else that looks like a formula is the text it is.
    """
    if cell[:1] == "'" and cell[1:2] and cell[1:].startswith(FORMULA_STARTS):
        return cell[1:]
    found = _AS_TEXT.fullmatch(cell)
    return found[1] if found else cell


def cell_of(column: Column, value: Any, locale: str) -> Cell:
    """Return a value as it is written into a file, to be read back as the same."""
    if value is None or value == "":
        return None
    if column.writer is not None:
        return column.writer(value, locale)
    write = _WRITERS.get(column.kind)
    return write(column, value, locale) if write else str(value)


def shown(column: Column, value: Any, locale: str) -> str:
    """Return a value as people read it in a preview."""
    cell = cell_of(column, value, locale)
    return "" if cell is None else str(cell)


def _plain(number: int, scale: int) -> str:
    whole, part = divmod(abs(number), scale)
    places = len(str(scale)) - 1
    tail = f".{part:0{places}d}".rstrip("0").rstrip(".")
    return f"{'-' if number < 0 else ''}{whole}{tail}"


def _read(column: Column, cell: str) -> tuple[Any, Fault | None]:
    if cell in _ERRORS:
        words = N_("“%(cell)s” is an error of the spreadsheet. Write what belongs there.")
        return None, Fault(column.name, words, {"cell": cell})
    if column.kind in {"text", "code"}:
        text = ascii_digits(cell) if column.kind == "code" else cell
        if column.length and len(text) > column.length:
            words = N_("Write at most %(maximum)s characters")
            return None, Fault(column.name, words, {"maximum": column.length})
        return text, None
    try:
        value = _READERS[column.kind](column, cell)
    except (DomainError, ValueError):
        return None, Fault(column.name, _HOW.get(column.kind) or column.fault, _facts(column, cell))
    if column.kind in {"amount", "quantity"} and value < 0:
        words = N_("%(cell)s is below zero. Write an amount or quantity of zero or more.")
        return None, Fault(column.name, words, {"cell": cell[:60]})
    return value, None


def _facts(column: Column, cell: str) -> dict[str, Any]:
    known = ", ".join(writings[0] for _, writings in column.choices)
    return {"cell": cell[:60]} | ({"known": known} if known else {})


def _percent(_: Column, cell: str) -> int:
    points = figures_in.satang(cell.strip().removesuffix("%").strip())
    if not 0 <= points <= BASIS_POINTS_MAX:
        raise ValueError(cell)
    return points


def _choice(column: Column, cell: str) -> str:
    said = skeleton(cell)
    for key, writings in column.choices:
        if any(skeleton(word) == said for word in writings):
            return key
    raise ValueError(cell)


def _own(column: Column, cell: str) -> Any:
    assert column.reader is not None
    return column.reader(cell)


_READERS: dict[str, Callable[[Column, str], Any]] = {
    "amount": lambda _, cell: figures_in.satang(cell),
    "quantity": lambda _, cell: figures_in.milli(cell),
    "day": lambda _, cell: figures_in.day(cell),
    "percent": _percent,
    "choice": _choice,
    "own": _own,
}
_WRITERS: dict[str, Callable[[Column, Any, str], Cell]] = {
    "amount": lambda _, value, _locale: baht_figure(value),
    "quantity": lambda _, value, _locale: Figure(_plain(value, 1000)),
    "percent": lambda _, value, _locale: Figure(_plain(value, 100)),
    "day": lambda _, value, locale: format_date(value, locale),
    "choice": lambda column, value, locale: dict(column.choices)[value][locale != "th"],
}
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})
"""What a spreadsheet shows for a formula that failed: never a name or a number of ours."""
_HOW = {
    "amount": N_("“%(cell)s” is not an amount. Write it like 1,234.50."),
    "quantity": N_("“%(cell)s” is not a quantity. Write it like 12.5."),
    "day": N_("“%(cell)s” is not a date. Write it like 09/10/2568."),
    "percent": N_("“%(cell)s” is not a percentage from 0 to 100."),
    "choice": N_("“%(cell)s” is not known here. Write one of these: %(known)s."),
}
