"""The books for beancount and hledger: programs of other people that reckon everything again.

What must stay true: a file holds the entries up to one number of each year, the same for its
accounts, lines and balances, whatever is posted while it is read; the balances of locked months are
those the books maintain, not sums of the lines beside them; memory does not grow with the journal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select

from accounting.models import Account, AccountingPeriod, JournalEntry, JournalLine
from accounting.rules import plain_text_books as books
from accounting.rules.periods import last_day, period_of
from accounting.rules.plain_text_books import Item, MonthEnd, NamedAccount, Posting, Transaction
from accounting.services import activities, balances, chart, funds, parties
from accounting.services.chart import AccountCard
from accounting.services.ledger import CARD_COLUMNS, SERIES, EntryCard
from accounting.services.parties import Party
from core import clock
from core.actor import Actor
from core.db import db
from core.models import NumberSeries
from members.services import access

FORMATS = {"beancount": books.beancount, "hledger": books.hledger}
ASKED_AT_ONCE = 500


@dataclass(slots=True)
class _Book:
    """What the file calls things, and which entries are in it."""

    actor: Actor
    within: ColumnElement[bool]
    cards: dict[UUID, AccountCard]
    names: dict[tuple[UUID, UUID | None], str] = field(default_factory=dict)
    codes: dict[UUID, str] = field(default_factory=dict)
    """Funds and activities by id."""

    def leaf(self, line: Any) -> str:
        """Return the name of the account a line is on, down to the producer or member."""
        return self.names[line.account_id, _party_of(self.cards[line.account_id], line)]


def write(form: str, actor: Actor) -> Iterator[str]:
    """Return the books in a format of `FORMATS`, a piece at a time. Raises Forbidden."""
    access.require(actor, "export.read")
    centre_id = actor.centre_id
    within = _up_to_now(centre_id)
    book = _Book(actor, within, {card.id: card for card in chart.listing(centre_id)})
    book.codes = {one.id: one.code for one in funds.listing(centre_id, of_members=False)}
    book.codes |= {one.id: one.code for one in activities.listing(centre_id)}
    begun = db.session.scalar(select(func.min(JournalEntry.posting_date)).where(within))
    return FORMATS[form](
        actor.centre.name_th, begun or clock.today(), _accounts(book), _items(book)
    )


def _up_to_now(centre_id: int) -> ColumnElement[bool]:
    """Numbers are given in the order in which entries commit, so they bound what is there."""
    given = db.session.execute(
        select(NumberSeries.year, NumberSeries.last_number).where(
            NumberSeries.centre_id == centre_id, NumberSeries.series == SERIES
        )
    )
    years = (
        and_(JournalEntry.fiscal_year == year, JournalEntry.entry_no <= last)
        for year, last in given
    )
    return and_(JournalEntry.centre_id == centre_id, or_(false(), *years))


# --- the accounts ----------------------------------------------------------------------------


def _accounts(book: _Book) -> list[NamedAccount]:
    """Name every account, and below those kept by producer or member everyone on a line."""
    given = books.Names()
    found: list[NamedAccount] = []
    parts = _parts(book)
    for card in book.cards.values():
        name = given.of(card.id, books.account_name(card.type, card.code, card.name_en))
        book.names[card.id, None] = name
        facts = {"code": card.code, "name_th": card.name_th, "name_en": card.name_en}
        found.append(NamedAccount(name, card.type, facts))
        for party in parts.get(card.id, ()):
            part = given.of((card.id, party.id), books.party_name(name, party.number))
            book.names[card.id, party.id] = part
            facts = {party.kind: party.number, "name_th": party.name}
            found.append(NamedAccount(part, card.type, facts))
    return found


def _parts(book: _Book) -> dict[UUID, list[Party]]:
    found: dict[UUID, list[Party]] = {}
    for kind in parties.KINDS:
        column = getattr(JournalLine, f"{kind}_id")
        rows = db.session.execute(
            select(JournalLine.account_id, column)
            .join(JournalEntry, _OF_ENTRY)
            .join(Account, _OF_ACCOUNT)
            .where(book.within, Account.control_key == kind)
            .distinct()
        ).all()
        ids = sorted({party_id for _, party_id in rows})
        known: dict[UUID, Party] = {}
        for start in range(0, len(ids), ASKED_AT_ONCE):
            some = ids[start : start + ASKED_AT_ONCE]
            known |= parties.named(book.actor.centre_id, kind, some)
        for account_id, party_id in rows:
            found.setdefault(account_id, []).append(known[party_id])
    for some_parties in found.values():
        some_parties.sort(key=lambda party: (party.number, party.id))
    return found


# --- entries and months ------------------------------------------------------------------------


def _items(book: _Book) -> Iterator[Item]:
    """Yield the entries by day, and after each month what its accounts hold."""
    held = _Held(book)
    for (card, period), lines in groupby(_lines(book), key=_entry_of):
        if held.period not in (None, period):
            yield held.month_end()
        postings = tuple(held.add(line, _posting(book, line)) for line in lines)
        held.period, held.last = period, card.posting_date
        yield Transaction(card.posting_date, card.number, _words(card), _facts(card), postings)
    if held.period is not None:
        yield held.final()


def _entry_of(row: Any) -> tuple[EntryCard, int]:
    card = EntryCard(*row[: len(CARD_COLUMNS)])
    return card, period_of(card.posting_date)


class _Held:
    """What every account of the file holds by now, and what moved in the month being read."""

    def __init__(self, book: _Book) -> None:
        self.period: int | None = None
        self.last: date | None = None
        self._book = book
        self._sums: dict[str, int] = {}
        self._moved: set[str] = set()
        self._locked = set(
            db.session.scalars(
                select(AccountingPeriod.id).where(
                    AccountingPeriod.centre_id == book.actor.centre_id,
                    AccountingPeriod.state == "closed",
                )
            )
        )

    def add(self, line: Any, posting: Posting) -> Posting:
        """Count a line on its account and on what that is a part of."""
        for name in {posting.account, self._book.names[line.account_id, None]}:
            self._sums[name] = self._sums.get(name, 0) + posting.satang
            self._moved.add(name)
        return posting

    def month_end(self) -> MonthEnd:
        """Return the end of the month that was read, of what moved in it."""
        assert self.period is not None
        on = last_day(self.period)
        sums = {name: self._sums[name] for name in sorted(self._moved)}
        if self.period in self._locked:
            sums |= self._maintained(on, sums)
        self._moved.clear()
        return MonthEnd(on, sums)

    def final(self) -> MonthEnd:
        """Return what everything holds after the last entry."""
        assert self.last is not None
        return MonthEnd(self.last, dict(sorted(self._sums.items())))

    def _maintained(self, on: date, asked: dict[str, int]) -> dict[str, int]:
        kept = balances.until(self._book.actor.centre_id, on)
        named = {
            self._book.names[account_id, None]: debit - credit
            for account_id, (debit, credit) in kept.items()
        }
        return {name: satang for name, satang in named.items() if name in asked}


def _lines(book: _Book) -> Iterator[Any]:
    return iter(
        db.session.execute(
            select(
                *CARD_COLUMNS,
                *(JournalLine.account_id, JournalLine.debit, JournalLine.credit),
                JournalLine.memo.label("line_memo"),
                *(JournalLine.producer_id, JournalLine.member_id, JournalLine.lot_id),
                *(JournalLine.till_id, JournalLine.fund_id, JournalLine.activity_id),
            )
            .join(JournalLine, _OF_ENTRY)
            .where(book.within)
            .order_by(JournalEntry.posting_date, JournalEntry.id, JournalLine.line_no)
            .execution_options(yield_per=1000)
        )
    )


def _posting(book: _Book, line: Any) -> Posting:
    facts = {
        "memo": line.line_memo,
        "lot": _text(line.lot_id),
        "till": _text(line.till_id),
        "fund": book.codes.get(line.fund_id, ""),
        "activity": book.codes.get(line.activity_id, ""),
    }
    # Whose line it is stands in the account's name, where the account is kept by that.
    control = book.cards[line.account_id].control_key
    facts |= {kind: _text(getattr(line, f"{kind}_id")) for kind in parties.KINDS if kind != control}
    return Posting(book.leaf(line), line.debit - line.credit, facts)


def _party_of(card: AccountCard, line: Any) -> UUID | None:
    return getattr(line, f"{card.control_key}_id") if card.control_key in parties.KINDS else None


def _words(card: EntryCard) -> str:
    return f"{card.kind}: {card.memo}" if card.memo else card.kind


def _facts(card: EntryCard) -> dict[str, str]:
    own_day = card.business_date.isoformat() if card.business_date != card.posting_date else ""
    return {
        "id": str(card.id),
        "document": f"{card.source_type} {card.source_id}",
        "document_date": own_day,
        "reverses": _text(card.reverses_id),
    }


def _text(key: UUID | None) -> str:
    return "" if key is None else str(key)


_OF_ENTRY = and_(
    JournalLine.centre_id == JournalEntry.centre_id, JournalLine.entry_id == JournalEntry.id
)
_OF_ACCOUNT = and_(Account.centre_id == JournalLine.centre_id, Account.id == JournalLine.account_id)
