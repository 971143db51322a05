"""Post to the books, reverse, and answer what stands on an account: the door of every other room.

What must stay true: an entry is its lines and then its header, numbered last, in three statements
whatever the number of lines; the header's insert is what posts it, and the database refuses it
unless it balances in an open month. Nothing posted is ever changed: `reverse` posts the opposite.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from accounting.models import JournalEntry, JournalLine
from accounting.rules.chart import Purpose
from accounting.rules.entry import BadEntry, NewEntry, NewLine, check, flipped
from accounting.rules.periods import PeriodClosed, fiscal_year
from accounting.services import chart, periods
from core import clock
from core.actor import Actor
from core.db import db, insert_rows, sum_int
from core.errors import N_, DomainError, NotFound
from core.ids import uuid7
from core.numbering import next_block, next_numbers

SERIES = "journal"
_CLOSED = "the period is closed"
KEY_COLUMNS = {
    "member": JournalLine.member_id,
    "producer": JournalLine.producer_id,
    "lot": JournalLine.lot_id,
    "till": JournalLine.till_id,
    "fund": JournalLine.fund_id,
}


class AlreadyReversed(DomainError):
    """The entry was reversed before, or is a reversal itself: a new entry corrects either."""

    code, status, title = "entry-already-reversed", 409, N_("This entry was already reversed")
    detail = N_("Open the entry to see its reversal.")


@dataclass(frozen=True, slots=True)
class PostedEntry:
    """What `post` gives back; `also_no` is the caller's document number, when one was asked for."""

    id: UUID
    entry_no: int
    fiscal_year: int
    posting_date: date
    also_no: int | None = None


@dataclass(frozen=True, slots=True)
class EntryCard:
    """An entry in a list."""

    id: UUID
    fiscal_year: int
    entry_no: int
    business_date: date
    posting_date: date
    posted_at: datetime
    kind: str
    source_type: str
    source_id: UUID
    memo: str
    total_satang: int
    reverses_id: UUID | None

    @property
    def number(self) -> str:
        """The printed number, e.g. J-2569-00012."""
        return f"J-{self.fiscal_year}-{self.entry_no:05d}"

    @property
    def late(self) -> bool:
        """Tell whether it counts in a later month than its own, which was locked."""
        return self.posting_date != self.business_date


CARD_COLUMNS: tuple[Any, ...] = (
    JournalEntry.id,
    JournalEntry.fiscal_year,
    JournalEntry.entry_no,
    JournalEntry.business_date,
    JournalEntry.posting_date,
    JournalEntry.posted_at,
    JournalEntry.kind,
    JournalEntry.source_type,
    JournalEntry.source_id,
    JournalEntry.memo,
    JournalEntry.debit_total,
    JournalEntry.reverses_id,
)


def post(entry: NewEntry, actor: Actor, also_number: tuple[str, int] | None = None) -> PostedEntry:
    """Post an entry; draw its number and, in the same statement, the caller's document number.

    Raises PeriodClosed. An unbalanced entry is our own mistake and raises BadEntry.
    """
    return _post(entry, actor, also_number, None)


def reverse(
    entry_id: UUID,
    actor: Actor,
    business_date: date,
    *,
    source_type: str,
    source_id: UUID,
    kind: str,
    may_be_late: bool = False,
) -> PostedEntry:
    """Post the opposite of an entry because of another document; the two are linked.

    Raises NotFound, AlreadyReversed, PeriodClosed.
    """
    original = find(actor.centre_id, entry_id)
    if original is None:
        raise NotFound(what="journal_entry")
    if original.reverses_id is not None or reversal_of(actor.centre_id, entry_id) is not None:
        raise AlreadyReversed(entry_id=str(entry_id))
    entry = NewEntry(
        kind=kind,
        source_type=source_type,
        source_id=source_id,
        business_date=business_date,
        occurred_at=clock.now(),
        lines=flipped(lines_of(actor.centre_id, entry_id)),
        memo=original.memo,
        may_be_late=may_be_late,
    )
    return _post(entry, actor, None, entry_id)


def find(centre_id: int, entry_id: UUID) -> EntryCard | None:
    """Return one entry's card, or None."""
    row = db.session.execute(
        select(*CARD_COLUMNS).where(
            JournalEntry.centre_id == centre_id, JournalEntry.id == entry_id
        )
    ).one_or_none()
    return None if row is None else EntryCard(*row)


def reversal_of(centre_id: int, entry_id: UUID) -> EntryCard | None:
    """Return the entry that reversed an entry, if any."""
    row = db.session.execute(
        select(*CARD_COLUMNS).where(
            JournalEntry.centre_id == centre_id, JournalEntry.reverses_id == entry_id
        )
    ).one_or_none()
    return None if row is None else EntryCard(*row)


def entry_of(centre_id: int, source_type: str, source_id: UUID) -> list[EntryCard]:
    """Return the entries of a document, in the order posted."""
    rows = db.session.execute(
        select(*CARD_COLUMNS)
        .where(
            JournalEntry.centre_id == centre_id,
            JournalEntry.source_type == source_type,
            JournalEntry.source_id == source_id,
        )
        .order_by(JournalEntry.posted_at, JournalEntry.id)
    )
    return [EntryCard(*row) for row in rows]


def source_counts(centre_id: int, source_type: str) -> dict[UUID, int]:
    """Return how many entries each document of a type has."""
    rows = db.session.execute(
        select(JournalEntry.source_id, func.count())
        .where(JournalEntry.centre_id == centre_id, JournalEntry.source_type == source_type)
        .group_by(JournalEntry.source_id)
    )
    return dict(iter(rows))


def balance(
    centre_id: int,
    purpose: Purpose,
    *,
    till_id: UUID | None = None,
    producer_id: UUID | None = None,
    until: date | None = None,
) -> int:
    """Return debits less credits of an account, up to and including a day, in satang."""
    query = select(sum_int(JournalLine.debit - JournalLine.credit)).where(
        JournalLine.centre_id == centre_id,
        JournalLine.account_id == chart.account_for(centre_id, purpose).id,
    )
    if till_id is not None:
        query = query.where(JournalLine.till_id == till_id)
    if producer_id is not None:
        query = query.where(JournalLine.producer_id == producer_id)
    if until is not None:
        query = query.where(JournalLine.posting_date <= until)
    return db.session.scalar(query) or 0


def sub_ledger(
    centre_id: int,
    purpose: Purpose,
    key: str,
    keys: Collection[UUID] | None = None,
    *,
    until: date | None = None,
) -> dict[UUID, int]:
    """Return debits less credits of an account by sub-ledger key, up to and including a day.

    `key` is producer, member, lot, till or fund; `keys` narrows it to some of them. A key that
    stands at zero is left out.
    """
    column = KEY_COLUMNS[key]
    net = sum_int(JournalLine.debit - JournalLine.credit)
    query = (
        select(column, net)
        .where(
            JournalLine.centre_id == centre_id,
            JournalLine.account_id == chart.account_for(centre_id, purpose).id,
            column.is_not(None),
        )
        .group_by(column)
        .having(net != 0)
    )
    if keys is not None:
        query = query.where(column.in_(keys))
    if until is not None:
        query = query.where(JournalLine.posting_date <= until)
    return {identity: amount for identity, amount in db.session.execute(query) if identity}


def lines_of(centre_id: int, entry_id: UUID) -> Sequence[NewLine]:
    """Return an entry's lines in their order, by purpose where the account has one."""
    purposes = {card.id: Purpose(card.purpose) for card in chart.listing(centre_id) if card.purpose}
    rows = db.session.execute(
        select(
            JournalLine.account_id,
            JournalLine.debit,
            JournalLine.credit,
            JournalLine.member_id,
            JournalLine.producer_id,
            JournalLine.lot_id,
            JournalLine.till_id,
            JournalLine.fund_id,
            JournalLine.activity_id,
            JournalLine.memo,
        )
        .where(JournalLine.centre_id == centre_id, JournalLine.entry_id == entry_id)
        .order_by(JournalLine.line_no)
    )
    return [
        NewLine(
            purposes.get(row.account_id),
            account_id=None if row.account_id in purposes else row.account_id,
            activity_id=row.activity_id,
            debit=row.debit,
            credit=row.credit,
            member_id=row.member_id,
            producer_id=row.producer_id,
            lot_id=row.lot_id,
            till_id=row.till_id,
            fund_id=row.fund_id,
            memo=row.memo,
        )
        for row in rows
    ]


# --- writing ---------------------------------------------------------------------------------


def post_many(entries: Sequence[NewEntry], actor: Actor) -> None:
    """Post entries of one and the same day, three statements whatever their number.

    Raises PeriodClosed.
    """
    if not entries:
        return
    [_day] = {entry.business_date for entry in entries}
    month = _month(entries[0], actor)
    ids = [uuid7() for _ in entries]
    lines: list[dict[str, Any]] = []
    for entry_id, entry in zip(ids, entries, strict=True):
        lines += _line_rows(entry, actor.centre_id, entry_id, month["posting_date"])
    insert_rows(JournalLine, lines)
    numbers = next_block(actor.centre_id, SERIES, month["fiscal_year"], len(entries))
    headers = [
        _header(entry, entry_id, month, number, actor)
        for entry, entry_id, number in zip(entries, ids, numbers, strict=True)
    ]
    _write_headers(headers, may_be_late=entries[0].may_be_late)


def _month(entry: NewEntry, actor: Actor) -> dict[str, Any]:
    """Return where an entry counts, as its header says it."""
    on = periods.posting_date(actor.centre_id, entry.business_date, entry.may_be_late)
    period_id = periods.ensure(actor.centre_id, on)
    year = fiscal_year(on, actor.centre.fiscal_year_start_month)
    return {"posting_date": on, "period_id": period_id, "fiscal_year": year}


def _post(
    entry: NewEntry,
    actor: Actor,
    also_number: tuple[str, int] | None,
    reverses_id: UUID | None,
) -> PostedEntry:
    month = _month(entry, actor)
    year, entry_id = month["fiscal_year"], uuid7()
    insert_rows(JournalLine, _line_rows(entry, actor.centre_id, entry_id, month["posting_date"]))
    wanted = [(SERIES, year)] if also_number is None else [(SERIES, year), also_number]
    numbers = next_numbers(actor.centre_id, wanted)
    header = _header(entry, entry_id, month, numbers[0], actor) | {"reverses_id": reverses_id}
    _write_headers([header], may_be_late=entry.may_be_late)
    return PostedEntry(
        entry_id, numbers[0], year, month["posting_date"], numbers[1] if also_number else None
    )


def _header(
    entry: NewEntry, entry_id: UUID, month: dict[str, Any], entry_no: int, actor: Actor
) -> dict[str, Any]:
    total = check(entry)
    return {
        "centre_id": actor.centre_id,
        "id": entry_id,
        **month,
        "entry_no": entry_no,
        "business_date": entry.business_date,
        "occurred_at": entry.occurred_at,
        "posted_at": clock.now(),
        "posted_by": actor.user_id,
        "kind": entry.kind,
        "source_type": entry.source_type,
        "source_id": entry.source_id,
        "memo": entry.memo,
        "reverses_id": None,
        "line_count": len(entry.lines),
        "debit_total": total,
        "credit_total": total,
    }


def _write_headers(headers: Sequence[dict[str, Any]], *, may_be_late: bool) -> None:
    try:
        insert_rows(JournalEntry, headers)
    except IntegrityError as error:
        # Only the guard reads the period's state: asking first would cost every sale a statement.
        if _CLOSED in str(error.orig):
            closed = PeriodClosed(period_id=headers[0]["period_id"])
            # It was not over when asked; midnight passed and the month was locked since. A document
            # that may be late counts today instead, when asked anew.
            closed.overtaken = may_be_late
            raise closed from None
        raise


def _line_rows(
    entry: NewEntry, centre_id: int, entry_id: UUID, posting_date: date
) -> list[dict[str, Any]]:
    rows = []
    accounts = chart.by_purpose(centre_id)
    for line_no, line in enumerate(entry.lines, start=1):
        account_id = line.account_id
        if line.purpose is not None:
            account = accounts[line.purpose]
            account_id = account.id
            if account.control_key and line.key(account.control_key) is None:
                raise BadEntry(f"a line of {line.purpose} needs its {account.control_key}")
        rows.append(
            {
                "centre_id": centre_id,
                "entry_id": entry_id,
                "line_no": line_no,
                "account_id": account_id,
                "posting_date": posting_date,
                "debit": line.debit,
                "credit": line.credit,
                "member_id": line.member_id,
                "producer_id": line.producer_id,
                "lot_id": line.lot_id,
                "till_id": line.till_id,
                "fund_id": line.fund_id,
                "activity_id": line.activity_id,
                "memo": line.memo,
            }
        )
    return rows
