"""What the bank says of a file it was given: each row found again in the file, or refused.

What must stay true: a row is taken for a line only when reference, account and amount, as far as
the row has them, all agree; nothing is paid unless the bank says so, so our own file is no answer;
a file is taken whole or not at all. Pure; money in satang.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import N_, DomainError
from core.money import SATANG_MAX
from core.payment_ids import bare
from core.text import ascii_digits

ROWS_MAX = 5_000
NOTE_MAX, DIGITS_MAX = 60, 20
_COLUMNS = {
    "reference": {"reference", "ref", "อ้างอิง", "เลขอ้างอิง"},
    "account": {"account", "promptpay", "บัญชี", "เลขบัญชี", "พร้อมเพย์"},
    "amount": {"amount", "จำนวนเงิน", "ยอด"},
    "result": {"result", "status", "ผล", "สถานะ"},
    "bank": {"bank reference", "bank_reference", "note", "reason", "อ้างอิงธนาคาร", "หมายเหตุ"},
}
"""What a column is called, in small letters, whatever program wrote the file."""
_PAID = {"paid", "success", "ok", "สำเร็จ", "โอนแล้ว"}
_FAILED = {"failed", "fail", "rejected", "ไม่สำเร็จ", "ล้มเหลว"}


class BadResults(DomainError):
    """A bank's answer that can't be read or doesn't fit the file; `row` counts from the heading."""

    code, status, title = "bad-bank-results", 422, N_("The bank's answer doesn't fit this file")
    detail = N_("Row %(row)s: %(why)s")


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A line of the file as it was handed over."""

    line_no: int
    reference: str
    account: str
    amount_satang: int


@dataclass(frozen=True, slots=True)
class LineResult:
    """What became of a line: paid with the bank's reference, or failed and why."""

    line_no: int
    paid: bool
    reference: str = ""


def read_results(text: str, lines: Sequence[WaitingLine]) -> tuple[LineResult, ...]:
    """Read a bank's answer (CSV with a heading) against the file; raise `BadResults`."""
    rows = _rows(text.lstrip("\ufeff"))
    if not rows or len(rows) > ROWS_MAX:
        raise BadResults(row=1, why=N_("the answer is empty or too long"))
    places = _places(rows[0])
    if "result" not in places:
        raise BadResults(row=1, why=N_("no column says what was paid and what failed"))
    if "reference" not in places and not {"account", "amount"} <= set(places):
        raise BadResults(row=1, why=N_("no column says which line it is"))
    results: dict[int, LineResult] = {}
    for number, row in enumerate(rows[1:], start=2):
        cells = {name: _cell(row, place) for name, place in places.items()}
        result = _result(number, cells, lines)
        if result.line_no in results:
            raise BadResults(row=number, why=N_("this line is in the answer twice"))
        results[result.line_no] = result
    if not results:
        raise BadResults(row=1, why=N_("the answer is empty or too long"))
    return tuple(results.values())


def _rows(text: str) -> list[list[str]]:
    """Return the rows that say anything; commas, semicolons or tabs, as the heading has them."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    heading = text.lstrip("\n").partition("\n")[0]
    mark = next((mark for mark in ",;\t" if mark in heading), ",")
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=mark))
    except csv.Error:
        raise BadResults(row=1, why=N_("this is no CSV file")) from None
    return [row for row in rows if any(cell.strip() for cell in row)]


def _places(heading: Sequence[str]) -> dict[str, int]:
    names = [cell.strip().lower() for cell in heading]
    return {
        column: next(place for place, name in enumerate(names) if name in known)
        for column, known in _COLUMNS.items()
        if any(name in known for name in names)
    }


def _cell(row: Sequence[str], place: int) -> str:
    # Our own files put an apostrophe before what a spreadsheet could take for a formula.
    return row[place].strip().removeprefix("'") if place < len(row) else ""


def _result(number: int, cells: dict[str, str], lines: Sequence[WaitingLine]) -> LineResult:
    amount = _satang(number, cells["amount"]) if cells.get("amount") else None
    found = [line for line in lines if _is_it(line, cells, amount)]
    if not found:
        raise BadResults(row=number, why=N_("no line has this reference, account and amount"))
    if len(found) > 1:
        raise BadResults(row=number, why=N_("more than one line could be meant"))
    said = cells.get("result", "").lower()
    if said not in _PAID | _FAILED:
        raise BadResults(row=number, why=N_("the result is neither paid nor failed"))
    note = cells.get("bank", "")
    if len(note) > NOTE_MAX or not note.isprintable():
        raise BadResults(row=number, why=N_("the note is too long or can't be read"))
    return LineResult(found[0].line_no, said in _PAID, note)


def _is_it(line: WaitingLine, cells: dict[str, str], amount: int | None) -> bool:
    reference = ascii_digits(cells.get("reference", ""))
    account = bare(cells.get("account", ""))
    if not reference and not (account and amount is not None):
        return False
    return (
        reference.upper() in {"", line.reference}
        # A spreadsheet may have dropped the zeros in front.
        and (not account or account.lstrip("0") == line.account.lstrip("0"))
        and amount in {None, line.amount_satang}
    )


def _satang(number: int, text: str) -> int:
    baht, _, rest = ascii_digits(text).replace(",", "").partition(".")
    digits = baht + (rest + "00")[:2]
    read = digits.isascii() and digits.isdigit() and len(digits) <= DIGITS_MAX and len(rest) <= 2
    if not read or int(digits) > SATANG_MAX:
        raise BadResults(row=number, why=N_("the amount can't be read"))
    return int(digits)
