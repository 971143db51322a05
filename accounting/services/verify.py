"""The auditor of the books: what the guards promise, worked out again from what is stored.

Read-only. What must stay true: a check trusts no total; it adds up the lines, and when it fails it
names the first offending entry. Other rooms compare their documents with `ledger.sub_ledger`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, func, literal, or_, select, text, true

from accounting.models import Account, AccountingPeriod, JournalEntry, JournalLine
from accounting.services import (
    verify_close,
    verify_member_payments,
    verify_shares,
    verify_surplus,
    verify_vouchers,
)
from accounting.services.bank import verify as bank_verify
from accounting.services.credit import tying as credit_ties
from accounting.services.funds import checking as fund_checks
from core.db import db, sum_int
from core.findings import Finding
from core.models import NumberSeries
from migrations import guards

LEDGER_TABLES = ("journal_line", "journal_entry", "account", "accounting_period")
_entry: Any = JournalEntry.__table__.c
_line: Any = JournalLine.__table__.c


def checks(centre_id: int) -> Iterator[Finding]:
    """Yield a finding for every promise of the books."""
    yield _guards(centre_id)
    yield _trial_balance(centre_id)
    yield _entries_complete(centre_id)
    yield _no_orphans(centre_id)
    yield _numbers(centre_id)
    yield _keyed(centre_id)
    yield _own_centre(centre_id)
    yield _reversals(centre_id)
    yield from verify_close.checks(centre_id)
    yield from verify_vouchers.checks(centre_id)
    yield from verify_surplus.checks(centre_id)
    yield from verify_shares.checks(centre_id)
    yield from verify_member_payments.checks(centre_id)
    yield from credit_ties.checks(centre_id)
    yield from bank_verify.run(centre_id)
    yield from fund_checks.checks(centre_id)


def _guards(centre_id: int) -> Finding:
    """Every guard of the database is there, switched on, and says what it should."""
    altered = guards.altered(db.session.connection())
    first = altered[0] if altered else ""
    return Finding(
        "guards are in place", centre_id, not altered, 0, len(altered), "guard" * bool(first), first
    )


def _trial_balance(centre_id: int) -> Finding:
    """Debits equal credits on every single day, so they do at the end of every day."""
    name = "trial balance is zero on every day"
    debit, credit = sum_int(_line.debit), sum_int(_line.credit)
    mine = _line.centre_id == centre_id
    bad = db.session.execute(
        select(_line.posting_date, debit, credit)
        .where(mine)
        .group_by(_line.posting_date)
        .having(debit != credit)
        .order_by(_line.posting_date)
        .limit(1)
    ).one_or_none()
    if bad is not None:
        day, debits, credits_ = bad
        return Finding(name, centre_id, False, debits, credits_, "day", day.isoformat())
    debits, credits_ = db.session.execute(select(debit, credit).where(mine)).one()
    return Finding(name, centre_id, True, debits, credits_)


def _entries_complete(centre_id: int) -> Finding:
    """Every header says what its lines say: how many, how much, on which day."""
    lines = (
        select(
            _line.entry_id,
            func.count().label("count"),
            sum_int(_line.debit).label("debit"),
            sum_int(_line.credit).label("credit"),
            func.min(_line.posting_date).label("first"),
            func.max(_line.posting_date).label("last"),
        )
        .where(_line.centre_id == centre_id)
        .group_by(_line.entry_id)
        .subquery()
    )
    query = (
        select(_entry.id, _entry.debit_total, lines.c.debit)
        .outerjoin(lines, lines.c.entry_id == _entry.id)
        .where(
            _entry.centre_id == centre_id,
            or_(
                lines.c.entry_id.is_(None),
                lines.c.count != _entry.line_count,
                lines.c.debit != _entry.debit_total,
                lines.c.credit != _entry.credit_total,
                lines.c.debit != lines.c.credit,
                lines.c.first != _entry.posting_date,
                lines.c.last != _entry.posting_date,
            ),
        )
    )
    return _first("entries add up", centre_id, query.order_by(_entry.id))


def _no_orphans(centre_id: int) -> Finding:
    """No line belongs to an entry that does not exist."""
    query = (
        select(_line.entry_id, literal(0), _line.debit + _line.credit)
        .outerjoin(
            JournalEntry, and_(_entry.centre_id == _line.centre_id, _entry.id == _line.entry_id)
        )
        .where(_line.centre_id == centre_id, _entry.id.is_(None))
    )
    return _first("no lines without an entry", centre_id, query.order_by(_line.entry_id))


def _numbers(centre_id: int) -> Finding:
    """Entries of a fiscal year are numbered 1 to n, and n is the last number given."""
    name = "entry numbers are gapless"
    rows = db.session.execute(
        select(_entry.fiscal_year, _entry.entry_no, _entry.id)
        .where(_entry.centre_id == centre_id)
        .order_by(_entry.fiscal_year, _entry.entry_no)
        .execution_options(yield_per=1000)
    )
    last: dict[int, int] = {}
    for year, number, entry_id in rows:
        wanted = last.get(year, 0) + 1
        if number != wanted:
            rows.close()
            return _bad(name, centre_id, wanted, number, entry_id)
        last[year] = number
    given = db.session.execute(
        select(NumberSeries.year, NumberSeries.last_number).where(
            NumberSeries.centre_id == centre_id, NumberSeries.series == "journal"
        )
    )
    for year, number in given:
        if number != last.get(year, 0):
            return Finding(
                name,
                centre_id,
                False,
                number,
                last.get(year, 0),
                "number_series",
                f"journal/{year}",
            )
    return Finding(name, centre_id, True, sum(last.values()), sum(last.values()))


def _keyed(centre_id: int) -> Finding:
    """Every line of a control account carries its sub-ledger key.

    So the account is the sum of its sub-ledger at the end of every day, whatever day is asked for.
    """
    account = Account.__table__.c
    lacking = case(
        (account.control_key == "producer", _line.producer_id.is_(None)),
        (account.control_key == "member", _line.member_id.is_(None)),
        (account.control_key == "lot", _line.lot_id.is_(None)),
        (account.control_key == "till", _line.till_id.is_(None)),
        else_=~true(),
    )
    query = (
        select(_line.entry_id, literal(0), _line.debit + _line.credit)
        .join(Account, and_(account.centre_id == _line.centre_id, account.id == _line.account_id))
        .where(_line.centre_id == centre_id, lacking)
    )
    return _first("control accounts are keyed", centre_id, query.order_by(_line.entry_id))


def _own_centre(centre_id: int) -> Finding:
    """Accounts, periods, people, lots and tills of an entry are of its own centre."""
    name = "no reference to another centre"
    account, period = Account.__table__.c, AccountingPeriod.__table__.c
    strange_account = (
        select(_line.entry_id)
        .outerjoin(
            Account, and_(account.centre_id == _line.centre_id, account.id == _line.account_id)
        )
        .where(_line.centre_id == centre_id, account.id.is_(None))
        .limit(1)
    )
    strange_period = (
        select(_entry.id)
        .outerjoin(
            AccountingPeriod,
            and_(period.centre_id == _entry.centre_id, period.id == _entry.period_id),
        )
        .where(_entry.centre_id == centre_id, period.id.is_(None))
        .limit(1)
    )
    for query in (strange_account, strange_period):
        found = db.session.scalar(query)
        if found is not None:
            return _bad(name, centre_id, 1, 0, found)
    if db.session.connection().dialect.name == "sqlite":
        # PostgreSQL's foreign keys can't be off; another tool may have written here without them.
        for table in LEDGER_TABLES:
            broken = db.session.execute(text(f"PRAGMA foreign_key_check({table})")).first()
            if broken is not None:
                return Finding(name, centre_id, False, 1, 0, table, f"row {broken[1]}")
    return Finding(name, centre_id, True)


def _reversals(centre_id: int) -> Finding:
    """A reversal takes back exactly what its entry posted."""
    original = JournalEntry.__table__.alias("original")
    query = (
        select(_entry.id, original.c.debit_total, _entry.debit_total)
        .outerjoin(
            original,
            and_(original.c.centre_id == _entry.centre_id, original.c.id == _entry.reverses_id),
        )
        .where(
            _entry.centre_id == centre_id,
            _entry.reverses_id.is_not(None),
            or_(
                original.c.id.is_(None),
                original.c.debit_total != _entry.debit_total,
                original.c.reverses_id.is_not(None),
            ),
        )
    )
    return _first("reversals mirror their entries", centre_id, query.order_by(_entry.id))


def _first(name: str, centre_id: int, query: Any) -> Finding:
    row = db.session.execute(query.limit(1)).one_or_none()
    if row is None:
        return Finding(name, centre_id, True)
    entry_id, expected, actual = row
    return _bad(name, centre_id, expected, actual or 0, entry_id)


def _bad(name: str, centre_id: int, expected: int, actual: int, entry_id: UUID) -> Finding:
    return Finding(name, centre_id, False, expected, actual, "journal_entry", entry_id)
