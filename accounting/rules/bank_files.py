"""A bank's statement file read as it stands: any columns, either era, Thai digits, two encodings.

What must stay true: a file is taken whole or not at all, and whoever is refused is told the line
and why; what came in less what went out is the change of the balance. Pure; money in satang.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from accounting.rules.bank_tables import COLUMNS_MAX, BadStatement, Row, rows_of
from core.dates import NotADate, parse_date
from core.errors import N_, DomainError
from core.money import SATANG_MAX
from core.text import ascii_digits, normalise

__all__ = [
    "COLUMNS_MAX",
    "NAMES",
    "BadColumns",
    "BadStatement",
    "Columns",
    "FileLine",
    "FileRead",
    "Row",
    "check",
    "guess",
    "read",
    "rows_of",
    "unknown",
    "with_balances",
]

REFERENCE_MAX, DESCRIPTION_MAX = 120, 500
LONG_AGO = 30
"""Years; a two-digit year that would lie farther back is of the common era (26 is 2026)."""
_AMOUNT = re.compile(r"([0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.([0-9]{0,6}))?")
_TIME = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})(?:[:.][0-9]{2})?(?: ?น\.?)?")
_DAY_AND_TIME = re.compile(r"(.*\S)(?:[ ,]+|T)([0-9]{1,2}[:.][0-9]{2}(?:[:.][0-9]{2})?(?: ?น\.?)?)")
_SHORT_YEAR = re.compile(r"(.*[^0-9])([0-9]{2})")


class BadColumns(DomainError):
    """Columns chosen that can't be a statement."""

    code, status, title = "bad-bank-columns", 422, N_("The columns don't fit together")
    detail = N_("Choose the columns again: %(why)s")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column is what (1 is the first, 0 says there is none), and lines to leave out."""

    day: int = 0
    time: int = 0
    amount: int = 0
    paid_in: int = 0
    paid_out: int = 0
    balance: int = 0
    reference: int = 0
    description: int = 0
    skip_first: int = 1
    skip_last: int = 0


NAMES = ("day", "time", "amount", "paid_in", "paid_out", "balance", "reference", "description")
_HEADINGS = {
    "day": ("date", "วันที่", "วันเดือนปี"),
    "time": ("time", "เวลา"),
    "paid_in": ("deposit", "credit", "paid in", "เงินเข้า", "ฝาก", "ยอดฝาก"),
    "paid_out": ("withdrawal", "debit", "paid out", "เงินออก", "ถอน", "ยอดถอน"),
    "amount": ("amount", "จำนวนเงิน", "ยอดเงิน"),
    "balance": ("balance", "คงเหลือ", "ยอดคงเหลือ"),
    "reference": ("reference", "ref", "อ้างอิง", "เลขที่เช็ค", "cheque"),
    "description": ("description", "details", "รายการ", "รายละเอียด", "หมายเหตุ"),
}


@dataclass(frozen=True, slots=True)
class FileLine:
    """A line read: what came in is above zero."""

    row: int
    day: date
    at: str
    amount_satang: int
    balance_satang: int | None
    reference: str
    description: str

    def key(self, with_balance: bool) -> tuple[object, ...]:
        """Return what makes it the same line in another file."""
        balance = self.balance_satang if with_balance else None
        return self.day, self.amount_satang, self.reference, balance


@dataclass(frozen=True, slots=True)
class FileRead:
    """A whole file in order of time; opening and closing are None when it has no balances."""

    lines: tuple[FileLine, ...]
    opening_satang: int | None
    closing_satang: int | None

    @property
    def in_satang(self) -> int:
        return sum(max(line.amount_satang, 0) for line in self.lines)

    @property
    def out_satang(self) -> int:
        return sum(max(-line.amount_satang, 0) for line in self.lines)


# --- the columns ------------------------------------------------------------------------------


def guess(rows: Sequence[Row]) -> Columns:
    """Guess the columns from a heading; a person looks at it before anything is taken."""
    for place, row in enumerate(rows[:30]):
        names = [normalise(cell).lower() for cell in row.cells]
        found: dict[str, int] = {}
        for column, words in _HEADINGS.items():
            spot = next(
                (
                    number
                    for number, name in enumerate(names, 1)
                    if number not in found.values() and any(word in name for word in words)
                ),
                0,
            )
            if spot:
                found[column] = spot
        if "day" in found and len(found) >= 3:
            if "paid_in" in found or "paid_out" in found:
                found.pop("amount", None)
            return Columns(**found, skip_first=place + 1)
    return Columns(day=1)


# --- the lines -------------------------------------------------------------------------------


def check(columns: Columns) -> None:
    """Raise `BadColumns` unless these columns can be a statement."""
    chosen = [place for name in NAMES if (place := getattr(columns, name))]
    if not columns.day:
        raise BadColumns(why=N_("Choose the column with the date."), field="day")
    if bool(columns.amount) == bool(columns.paid_in or columns.paid_out):
        raise BadColumns(
            why=N_("Choose one column with a signed amount, or those of money in and money out."),
            field="amount",
        )
    if len(set(chosen)) != len(chosen):
        raise BadColumns(why=N_("One column can't be two things."), field="day")


def read(
    rows: Sequence[Row],
    columns: Columns,
    today: date,
    opening_satang: int | None = None,
    closing_satang: int | None = None,
) -> FileRead:
    """Read a statement whole; raise `BadStatement`, `BadColumns`.

    `opening_satang` and `closing_satang` are what a person read on the paper, where the file itself
    has no balances; they must agree with it either way.
    """
    check(columns)
    body = rows[columns.skip_first : len(rows) - columns.skip_last]
    read_lines = [_line(row, columns, today) for row in body]
    lines = [line for line in read_lines if line.amount_satang]
    if not lines:
        raise BadStatement(row=rows[-1].number, why=N_("no line has an amount."))
    forward = _in_order(lines, columns)
    opening = opening_satang
    if columns.balance:
        first = forward[0]
        opening = (first.balance_satang or 0) - first.amount_satang
        if opening_satang not in (None, opening):
            raise BadStatement(row=first.row, why=_OPENING)
        _require_carried(read_lines, forward, opening)
    closing = None
    if opening is not None:
        closing = opening + sum(line.amount_satang for line in forward)
    if closing_satang is not None and closing_satang != closing:
        raise BadStatement(row=forward[-1].row, why=_CLOSING)
    return FileRead(tuple(forward), opening, closing)


_OPENING = N_("the balance before it is not the one you wrote.")
_CLOSING = N_("opening balance and lines don't make the closing balance you wrote.")
_CARRIED = N_("the balance is not the one before it and this amount.")


def _in_order(lines: list[FileLine], columns: Columns) -> list[FileLine]:
    """Return them oldest first, whichever way the bank writes; balances decide, else days."""
    ways = [lines, lines[::-1]]
    if (lines[0].day, lines[0].at) > (lines[-1].day, lines[-1].at):
        ways.reverse()
    if not columns.balance:
        return sorted(ways[0], key=lambda line: line.day)
    broken = [_first_break(way) for way in ways]
    if None in broken:
        return ways[broken.index(None)]
    raise BadStatement(row=broken[0], why=_CARRIED)


def _first_break(lines: Sequence[FileLine]) -> int | None:
    """Return the row at which the balance doesn't follow, if any."""
    for before, line in pairwise(lines):
        if (before.balance_satang or 0) + line.amount_satang != line.balance_satang:
            return line.row
    return None


def _require_carried(
    everything: Sequence[FileLine], forward: Sequence[FileLine], opening: int
) -> None:
    """A line without an amount (brought forward, total) may only repeat a balance there was."""
    there = {opening, *(line.balance_satang for line in forward)}
    for line in everything:
        if not line.amount_satang and line.balance_satang not in there:
            raise BadStatement(row=line.row, why=_CARRIED)


def _line(row: Row, columns: Columns, today: date) -> FileLine:
    def cell(place: int) -> str:
        return row.cells[place - 1] if 0 < place <= len(row.cells) else ""

    amount = _amount(
        row.number, columns, cell(columns.amount), cell(columns.paid_in), cell(columns.paid_out)
    )
    balance = _satang(row.number, cell(columns.balance)) if columns.balance else None
    if columns.balance and balance is None:
        raise BadStatement(row=row.number, why=N_("the balance is missing."))
    if not amount and not columns.balance:
        raise BadStatement(row=row.number, why=N_("no amount stands in it."))
    day, at = _moment(row.number, cell(columns.day), cell(columns.time), today)
    return FileLine(
        row.number,
        day,
        at,
        amount,
        balance,
        normalise(cell(columns.reference))[:REFERENCE_MAX],
        normalise(cell(columns.description))[:DESCRIPTION_MAX],
    )


def _amount(number: int, columns: Columns, signed: str, paid_in: str, paid_out: str) -> int:
    if columns.amount:
        return _satang(number, signed) or 0
    came, went = _satang(number, paid_in) or 0, _satang(number, paid_out) or 0
    if came and went:
        raise BadStatement(row=number, why=N_("money both came in and went out."))
    if came < 0:
        raise BadStatement(row=number, why=N_("money that came in is below zero."))
    return came - abs(went)


def _satang(number: int, cell: str) -> int | None:
    """Read an amount exactly: 1,234.50, ๑๒.๒๕, -5, 5-, (5); nothing and a dash are None."""
    plain = ascii_digits(normalise(cell)).upper()
    for word in ("฿", "บาท", "THB", "CR", " "):
        plain = plain.replace(word, "")
    plain = plain.replace("−", "-").replace("–", "-")
    if plain in ("", "-", "--"):
        return None
    negative = plain.startswith(("-", "(")) or plain.endswith(("-", "DR"))
    found = _AMOUNT.fullmatch(plain.removesuffix("DR").strip("-+()"))
    part = (found[2] or "").rstrip("0") if found else ""
    if found is None or len(part) > 2:
        raise BadStatement(row=number, why=N_("an amount can't be read."))
    satang = int(found[1].replace(",", "")) * 100 + int(part.ljust(2, "0"))
    if satang > SATANG_MAX:
        raise BadStatement(row=number, why=N_("an amount is too large."))
    return -satang if negative else satang


def _moment(number: int, day_cell: str, time_cell: str, today: date) -> tuple[date, str]:
    text = ascii_digits(normalise(day_cell))
    day = _day(text, today)
    if day is None and (both := _DAY_AND_TIME.fullmatch(text)):
        day, time_cell = _day(both[1], today), time_cell or both[2]
    if day is None:
        raise BadStatement(row=number, why=N_("the date can't be read."))
    if day > today:
        raise BadStatement(row=number, why=N_("the date lies in the future."))
    plain = ascii_digits(normalise(time_cell))
    if not plain:
        return day, ""
    found = _TIME.fullmatch(plain)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise BadStatement(row=number, why=N_("the time can't be read."))
    return day, f"{int(found[1]):02d}:{found[2]}"


def _day(text: str, today: date) -> date | None:
    """Read a day; a year of two digits is of the era that brings it nearer."""
    try:
        day = parse_date(text)
    except NotADate:
        return None
    short = _SHORT_YEAR.fullmatch(text)
    if short and day.year < today.year - LONG_AGO:
        try:
            return parse_date(f"{short[1]}20{short[2]}")
        except NotADate:
            return None
    return day


# --- files that overlap ----------------------------------------------------------------------


def unknown(lines: Sequence[FileLine], known: Sequence[FileLine]) -> tuple[FileLine, ...]:
    """Return the lines that aren't known yet: same day, amount, reference and balance are one.

    Where the file has no balances, equal lines are counted: three today of which two were there
    leave one.
    """
    with_balance = all(line.balance_satang is not None for line in lines)
    there = Counter(line.key(with_balance) for line in known)
    new = []
    for line in lines:
        if there[line.key(with_balance)] > 0:
            there[line.key(with_balance)] -= 1
        else:
            new.append(line)
    return tuple(new)


def with_balances(lines: Sequence[FileLine], opening_satang: int) -> tuple[FileLine, ...]:
    """Return the lines with the balance after each."""
    carried, balance = [], opening_satang
    for line in lines:
        balance += line.amount_satang
        carried.append(replace(line, balance_satang=balance))
    return tuple(carried)
