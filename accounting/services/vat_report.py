"""VAT of a month, document by document: what was collected on sales, what was paid on purchases.

Only for a centre registered for VAT. What must stay true: every line of the VAT account of the
month is in the report once, so that it adds up to what the account moved; the value of goods comes
from the documents, and only where these say nothing it is worked out from the tax.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from accounting.models import JournalEntry, JournalLine
from accounting.rules import sources
from accounting.rules.books import Book, Cell, Column, Note, Row, total_row
from accounting.rules.cash_report import NOT_TIMED
from accounting.rules.chart import Purpose
from accounting.rules.periods import Span, first_day, last_day
from accounting.rules.tax import WHOLE, rate_on
from accounting.services import chart, rooms
from core.actor import Actor
from core.db import db, sum_int
from core.errors import N_, DomainError
from core.money import half_up_div
from members.services import access

SIDES = {"sales": Purpose.OUTPUT_VAT, "purchases": Purpose.INPUT_VAT}
TITLES = {"sales": N_("Sales tax report"), "purchases": N_("Purchase tax report")}
SOLD = ("sale", "refund", "advance", "batch_cancel")
BOUGHT = ("goods_receipt", "supplier_return")
COLUMNS = (
    Column(N_("Date"), "day"),
    Column(N_("Document no. / remarks")),
    Column(N_("Item"), "words"),
    Column(N_("Value without VAT"), "money"),
    Column(N_("VAT"), "money"),
)
MOVED = N_("Handed in or moved by hand")

_LINE: Any = JournalLine.__table__.c
_ENTRY: Any = JournalEntry.__table__.c


class NotRegistered(DomainError):
    """The centre is not registered for VAT in that month, so it has no VAT reports."""

    code, status, title = "not-vat-registered", 409, N_("The centre is not registered for VAT")
    detail = N_("It issues receipts only. There is nothing to report for this month.")


@dataclass(frozen=True, slots=True)
class VatRow:
    """An entry's VAT, and the value it is on; satang, below zero for a refund."""

    entry_id: UUID
    day: date
    kind: str
    number: str
    memo: str
    base_satang: int
    vat_satang: int
    moved: bool
    """No sale or purchase: handed in, or moved by hand."""


@dataclass(frozen=True, slots=True)
class VatReport:
    """One side of a month; `account_satang` is what its account moved."""

    side: str
    period_id: int
    rows: tuple[VatRow, ...]
    account_satang: int

    @property
    def documents(self) -> tuple[VatRow, ...]:
        return tuple(row for row in self.rows if not row.moved)

    @property
    def base_satang(self) -> int:
        return sum(row.base_satang for row in self.documents)

    @property
    def vat_satang(self) -> int:
        return sum(row.vat_satang for row in self.documents)

    @property
    def ties(self) -> bool:
        """Tell whether every satang of the account is in it."""
        return sum(row.vat_satang for row in self.rows) == self.account_satang


def of_month(side: str, period_id: int, actor: Actor) -> VatReport:
    """Return the sales or the purchases of a month. Raises Forbidden, NotRegistered."""
    access.require(actor, "statement.read")
    span = Span(first_day(period_id), last_day(period_id))
    require_registered(actor, span)
    account = chart.account_for(actor.centre_id, SIDES[side]).id
    sign = -1 if side == "sales" else 1
    where = (
        _LINE.centre_id == actor.centre_id,
        _LINE.account_id == account,
        _LINE.posting_date.between(span.first, span.last),
    )
    found = _entries(where)
    rows = tuple(_rows(actor.centre_id, side, sign, found))
    moved = db.session.scalar(select(sum_int(_LINE.debit - _LINE.credit)).where(*where)) or 0
    return VatReport(side, period_id, rows, sign * moved)


def require_registered(actor: Actor, span: Span) -> None:
    """Raise NotRegistered unless the centre is registered at the end of these days or before."""
    assert span.first is not None and span.last is not None
    if not registered_in(actor.centre, span):
        raise NotRegistered


def registered_in(centre: Any, span: Span) -> bool:
    """Tell whether a centre is registered on some of these days."""
    days = {span.first, span.last, *(one.valid_from for one in centre.tax_settings)}
    within = (day for day in days if span.first <= day <= span.last)
    return any(centre.tax_on(day).vat_mode == "registered" for day in within)


def _entries(where: Sequence[Any]) -> Sequence[Any]:
    return db.session.execute(
        select(
            _ENTRY.id,
            _ENTRY.posting_date,
            _ENTRY.business_date,
            _ENTRY.fiscal_year,
            _ENTRY.entry_no,
            _ENTRY.kind,
            _ENTRY.source_type,
            _ENTRY.source_id,
            _ENTRY.memo,
            _ENTRY.reverses_id,
            sum_int(_LINE.debit - _LINE.credit).label("net"),
        )
        .select_from(JournalLine)
        .join(
            JournalEntry,
            and_(_ENTRY.centre_id == _LINE.centre_id, _ENTRY.id == _LINE.entry_id),
        )
        .where(*where)
        .group_by(*_ENTRY_COLUMNS)
        .order_by(_ENTRY.posting_date, _ENTRY.fiscal_year, _ENTRY.entry_no)
    ).all()


_ENTRY_COLUMNS = tuple(
    _ENTRY[name]
    for name in (
        "id",
        "posting_date",
        "business_date",
        "fiscal_year",
        "entry_no",
        "kind",
        "source_type",
        "source_id",
        "memo",
        "reverses_id",
    )
)


def _rows(centre_id: int, side: str, sign: int, found: Sequence[Any]) -> Iterable[VatRow]:
    keys = {(one.source_type, one.source_id) for one in found}
    numbers = rooms.numbers_of(centre_id, keys)
    priced = rooms.bases_of(centre_id, keys) if side == "sales" else {}
    for one in found:
        key = (one.source_type, one.source_id)
        vat = sign * one.net
        moved = not _is_document(side, one)
        base, taxed = priced.get(key, (0, 0))
        # What the documents don't explain is VAT on our commission, or was entered by hand.
        rate = rate_on("standard", one.business_date)
        rest = half_up_div((vat - taxed) * WHOLE, rate) if vat != taxed else 0
        number = numbers.get(key) or f"J-{one.fiscal_year}-{one.entry_no:05d}"
        yield VatRow(
            one.id,
            one.posting_date,
            one.kind,
            number,
            one.memo,
            0 if moved else base + rest,
            vat,
            moved,
        )


def _is_document(side: str, one: Any) -> bool:
    """Tell a sale or purchase, or its reversal, from VAT handed in or moved."""
    if one.kind in NOT_TIMED:
        return False
    if side == "sales":
        return one.source_type in SOLD or one.net < 0 or one.reverses_id is not None
    return one.source_type in BOUGHT or one.net > 0 or one.reverses_id is not None


# --- as a book -------------------------------------------------------------------------------


def book(side: str, period_id: int, actor: Actor, by_document: bool = True) -> Book:
    """Return a side of a month as a book. Raises Forbidden, NotRegistered."""
    report = of_month(side, period_id, actor)
    rows = list(_document_rows(report) if by_document else _day_rows(report))
    total = total_row(COLUMNS, rows, N_("Total of the month"))
    moved = [
        Row((row.day, _marks(row), sources.KINDS.get(row.kind, row.kind), None, row.vat_satang))
        for row in report.rows
        if row.moved
    ]
    heading = Row((MOVED, None, None, None, None), style="heading")
    return Book(
        f"vat-{side}",
        TITLES[side],
        Span(first_day(period_id), last_day(period_id)),
        COLUMNS,
        (*rows, *((total,) if rows else ()), *((heading, *moved) if moved else ())),
        notes=(
            Note(
                N_(
                    "Sales exempt from VAT are not in it. Where a document bears VAT on the "
                    "commission, or was written by hand, its value is worked out from the tax."
                )
            ),
        ),
    )


def _document_rows(report: VatReport) -> Iterable[Row]:
    for row in report.documents:
        kind = sources.KINDS.get(row.kind, row.kind)
        yield Row((row.day, _marks(row), kind, row.base_satang, row.vat_satang))


def _day_rows(report: VatReport) -> Iterable[Row]:
    """Yield a row for each day and kind, as short tax invoices may be summed."""
    days: dict[tuple[date, str], list[VatRow]] = {}
    for row in report.documents:
        days.setdefault((row.day, row.kind), []).append(row)
    for (day, kind), some in days.items():
        first, last = some[0].number, some[-1].number
        numbers: Cell = first if len(some) == 1 else f"{first} – {last} ({len(some)})"
        base, vat = sum(row.base_satang for row in some), sum(row.vat_satang for row in some)
        yield Row((day, numbers, sources.KINDS.get(kind, kind), base, vat))


def _marks(row: VatRow) -> str:
    return " · ".join(mark for mark in (row.number, row.memo) if mark)
