"""Books made of lines: the general journal, equipment, packaging and materials.

What must stay true: every line of the days stands in it once, in the order it was numbered.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, func, select

from accounting.models import JournalEntry, JournalLine
from accounting.rules import sources
from accounting.rules.books import Book, Column, Row, total_row
from accounting.rules.chart import Purpose
from accounting.rules.periods import Span
from accounting.rules.stretches import Stretch
from accounting.services import chart, rooms
from accounting.services.books.balances_of import name_of, span_of
from core.actor import Actor
from core.db import db
from core.errors import N_, DomainError

LINES_MAX = 30_000
"""What one book of the journal holds; a busy year is longer."""

_LINE: Any = JournalLine.__table__.c
_ENTRY: Any = JournalEntry.__table__.c
_OF_ENTRY = and_(_ENTRY.centre_id == _LINE.centre_id, _ENTRY.id == _LINE.entry_id)

JOURNAL_COLUMNS = (
    Column(N_("Date"), "day"),
    Column(N_("Entry"), "code"),
    Column(N_("Description"), "words"),
    Column(N_("Code"), "code"),
    Column(N_("Account")),
    Column(N_("Debit"), "money"),
    Column(N_("Credit"), "money"),
    Column(N_("Document no. / remarks")),
)
ASSET_COLUMNS = (
    Column(N_("Date"), "day"),
    Column(N_("Entry"), "code"),
    Column(N_("Code"), "code"),
    Column(N_("Account")),
    Column(N_("Description")),
    Column(N_("Added"), "money"),
    Column(N_("Taken off"), "money"),
)


class BookTooLong(DomainError):
    """A book longer than can be printed at once."""

    code, status, title = "book-too-long", 422, N_("This book is too long for these days")
    detail = N_(
        "It has %(count)s lines. Choose a single month, take it as a spreadsheet file, or press "
        "Print all books: the worker makes long ones."
    )


def journal(stretch: Stretch, actor: Actor) -> Book:
    """Return every line of some months. Raises BookTooLong."""
    centre_id, span = actor.centre_id, span_of(stretch)
    where = (_LINE.centre_id == centre_id, _LINE.posting_date.between(span.first, span.last))
    count = db.session.scalar(select(func.count()).select_from(JournalLine).where(*where)) or 0
    if count > LINES_MAX:
        raise BookTooLong(count=count)
    accounts = {card.id: card for card in chart.listing(centre_id)}
    found = _lines(*where)
    numbers = rooms.numbers_of(centre_id, {(one.source_type, one.source_id) for one in found})
    rows = []
    for one in found:
        card, first = accounts[one.account_id], one.line_no == 1
        number = numbers.get((one.source_type, one.source_id), "")
        marks = [number if first else "", one.line_memo or (one.memo if first else "")]
        rows.append(
            Row(
                (
                    one.posting_date if first else None,
                    _number(one) if first else "",
                    sources.KINDS.get(one.kind, one.kind) if first else "",
                    card.code,
                    name_of(card),
                    one.debit,
                    one.credit,
                    " · ".join(mark for mark in marks if mark),
                )
            )
        )
    total = total_row(JOURNAL_COLUMNS, rows, N_("Total"))
    shown = (*rows, total) if rows else ()
    return Book("journal", N_("General journal"), span, JOURNAL_COLUMNS, shown)


def assets(stretch: Stretch, actor: Actor) -> Book:
    """Return equipment and its depreciation up to the last day: a row for each thing bought."""
    codes = (Purpose.EQUIPMENT, Purpose.ACCUMULATED_DEPRECIATION)
    return _register(
        "assets", N_("Asset register"), codes, Span(None, stretch.last), actor, N_("Book value")
    )


def materials(stretch: Stretch, actor: Actor) -> Book:
    """Return packaging and raw materials bought and used up to the last day."""
    return _register(
        "materials",
        N_("Packaging and raw materials"),
        (Purpose.PACKAGING_MATERIALS,),
        Span(None, stretch.last),
        actor,
        N_("Left at the end"),
    )


def _register(
    key: str,
    title: str,
    purposes: tuple[Purpose, ...],
    span: Span,
    actor: Actor,
    left: str,
) -> Book:
    accounts = {
        card.id: card
        for card in (chart.account_for(actor.centre_id, purpose) for purpose in purposes)
    }
    found = _lines(
        _LINE.centre_id == actor.centre_id,
        _LINE.account_id.in_(accounts),
        _LINE.posting_date <= span.last,
    )
    rows = [
        Row(
            (
                one.posting_date,
                _number(one),
                accounts[one.account_id].code,
                name_of(accounts[one.account_id]),
                one.line_memo or one.memo,
                one.debit,
                one.credit,
            )
        )
        for one in found
    ]
    standing = sum(one.debit - one.credit for one in found)
    totals = (total_row(ASSET_COLUMNS, rows, N_("Total")),) if rows else ()
    return Book(key, title, span, ASSET_COLUMNS, (*rows, *totals), figures=((left, standing),))


def _lines(*where: Any) -> Any:
    return db.session.execute(
        select(
            _ENTRY.posting_date,
            _ENTRY.fiscal_year,
            _ENTRY.entry_no,
            _ENTRY.kind,
            _ENTRY.source_type,
            _ENTRY.source_id,
            _ENTRY.memo,
            _LINE.line_no,
            _LINE.account_id,
            _LINE.debit,
            _LINE.credit,
            _LINE.memo.label("line_memo"),
        )
        .select_from(JournalLine)
        .join(JournalEntry, _OF_ENTRY)
        .where(*where)
        .order_by(_ENTRY.posting_date, _ENTRY.fiscal_year, _ENTRY.entry_no, _LINE.line_no)
    ).all()


def _number(one: Any) -> str:
    return f"J-{one.fiscal_year}-{one.entry_no:05d}"
