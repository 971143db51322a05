"""The auditor of the close: the months' maintained sums, and that a locked month took nothing more.

Read-only. What must stay true: sums are worked out from the lines, not from what maintains them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, literal, select

from accounting.models import (
    NO_ACTIVITY,
    Account,
    AccountingPeriod,
    AccountMonth,
    JournalEntry,
    JournalLine,
    MonthClose,
    MonthCloseApproval,
    MonthReopeningApproval,
    Seal,
)
from accounting.rules import year_close
from accounting.rules.entry import CLOSING_KINDS
from accounting.rules.periods import first_day, last_day
from accounting.services import balances
from accounting.services.closing import checklist, signing
from accounting.services.closing.signing import CloseCard
from core.db import db, sum_int
from core.findings import Finding

_ENTRY: Any = JournalEntry.__table__.c
_LINE: Any = JournalLine.__table__.c


def checks(centre_id: int) -> Iterator[Finding]:
    """Yield a finding for every promise of the close."""
    yield _months_sums(centre_id)
    yield _locked_months_signed(centre_id)
    yield _locked_months_still(centre_id)
    closes = [
        close
        for period_id, state in checklist.states(centre_id).items()
        if state == "closed"
        and (close := signing.in_force(centre_id, period_id)) is not None
        and close.content
    ]
    yield _as_signed(centre_id, closes)
    yield _trial_as_signed(centre_id, closes)
    yield _sealed_when_locked(centre_id, closes)


def _months_sums(centre_id: int) -> Finding:
    """What reports read for a whole month is what the sealed entries' lines add up to."""
    name = "months' sums are those of the lines"
    kept = {
        tuple(key): (debit, credit)
        for *key, debit, credit in db.session.execute(
            select(
                AccountMonth.account_id,
                AccountMonth.period_id,
                AccountMonth.activity_id,
                AccountMonth.closing,
                AccountMonth.debit,
                AccountMonth.credit,
            ).where(AccountMonth.centre_id == centre_id)
        )
    }
    summed = _sums_of_sealed(centre_id)
    for key in sorted({*kept, *summed}, key=str):
        if kept.get(key, (0, 0)) != summed.get(key, (0, 0)):
            expected, actual = summed.get(key, (0, 0)), kept.get(key, (0, 0))
            side = 0 if expected[0] != actual[0] else 1
            code = db.session.scalar(
                select(Account.code).where(Account.centre_id == centre_id, Account.id == key[0])
            )
            return Finding(
                name,
                centre_id,
                False,
                expected[side],
                actual[side],
                "account_month",
                f"{code}/{key[1]}",
            )
    total = sum(debit for debit, _credit in summed.values())
    return Finding(name, centre_id, True, total, total)


def _sums_of_sealed(centre_id: int) -> dict[tuple[Any, ...], tuple[int, int]]:
    sealed = (
        select(Seal.fiscal_year, func.max(Seal.last_no).label("last_no"))
        .where(Seal.centre_id == centre_id)
        .group_by(Seal.fiscal_year)
        .subquery()
    )
    activity = func.coalesce(_LINE.activity_id, literal(NO_ACTIVITY, _LINE.activity_id.type))
    keys = (_LINE.account_id, _ENTRY.period_id, activity, _ENTRY.kind.in_(CLOSING_KINDS))
    rows = db.session.execute(
        select(*keys, sum_int(_LINE.debit), sum_int(_LINE.credit))
        .select_from(JournalEntry)
        .join(
            sealed,
            and_(sealed.c.fiscal_year == _ENTRY.fiscal_year, _ENTRY.entry_no <= sealed.c.last_no),
        )
        .join(JournalLine, and_(_LINE.centre_id == _ENTRY.centre_id, _LINE.entry_id == _ENTRY.id))
        .where(_ENTRY.centre_id == centre_id)
        .group_by(*keys)
    )
    return {
        (account, period, of, bool(closing)): (debit, credit)
        for account, period, of, closing, debit, credit in rows
    }


def _in_force(centre_id: int) -> Any:
    """Select (period, when signed) of the closes that keep months locked."""
    return (
        select(MonthClose.period_id, func.max(MonthCloseApproval.signed_at).label("signed_at"))
        .join(
            MonthCloseApproval,
            and_(
                MonthCloseApproval.centre_id == MonthClose.centre_id,
                MonthCloseApproval.close_id == MonthClose.id,
            ),
        )
        .outerjoin(
            MonthReopeningApproval,
            and_(
                MonthReopeningApproval.centre_id == MonthClose.centre_id,
                MonthReopeningApproval.close_id == MonthClose.id,
            ),
        )
        .where(MonthClose.centre_id == centre_id, MonthReopeningApproval.close_id.is_(None))
        .group_by(MonthClose.period_id)
        .subquery()
    )


def _locked_months_signed(centre_id: int) -> Finding:
    """A month is locked exactly when a close signed by two people, not undone, stands under it."""
    name = "months are locked by two signatures"
    signed = _in_force(centre_id)
    closed = AccountingPeriod.state == "closed"
    row = db.session.execute(
        select(AccountingPeriod.id, AccountingPeriod.state)
        .outerjoin(signed, signed.c.period_id == AccountingPeriod.id)
        .where(AccountingPeriod.centre_id == centre_id, closed != signed.c.period_id.is_not(None))
        .order_by(AccountingPeriod.id)
        .limit(1)
    ).one_or_none()
    if row is not None:
        return Finding(name, centre_id, False, 1, 0, "accounting_period", str(row.id), row.state)
    return Finding(name, centre_id, True)


def _locked_months_still(centre_id: int) -> Finding:
    """Nothing was posted into a month after its second signature."""
    name = "locked months took nothing more"
    signed = _in_force(centre_id)
    row = db.session.execute(
        select(_ENTRY.id, _ENTRY.debit_total)
        .join(signed, signed.c.period_id == _ENTRY.period_id)
        .where(_ENTRY.centre_id == centre_id, _ENTRY.posted_at > signed.c.signed_at)
        .order_by(_ENTRY.id)
        .limit(1)
    ).one_or_none()
    if row is not None:
        return Finding(name, centre_id, False, 0, row.debit_total, "journal_entry", row.id)
    return Finding(name, centre_id, True)


def _as_signed(centre_id: int, closes: Sequence[CloseCard]) -> Finding:
    """What two people signed still has the hashes that were taken of it."""
    name = "closes are as they were signed"
    for close in closes:
        whole = checklist.content_hash(close.seal_hash, close.content)
        if checklist.digest(close.content) != close.digest or whole != close.content_hash:
            return Finding(name, centre_id, False, 1, 0, "month_close", close.id)
    return Finding(name, centre_id, True, len(closes), len(closes))


def _trial_as_signed(centre_id: int, closes: Sequence[CloseCard]) -> Finding:
    """The trial balance of a locked month is today what was signed.

    The entry that carried the year was posted by the signature itself, after what it signed.
    """
    name = "trial balances are as they were signed"
    for close in closes:
        sums = balances.until(centre_id, last_day(close.period_id))
        for account_id, (debit, credit) in _carried_by(centre_id, close).items():
            had = sums[account_id]
            sums[account_id] = (had[0] - debit, had[1] - credit)
        codes = {UUID(key): code for key, (code, _name) in close.content["accounts"].items()}
        today = {codes.get(one, ""): both for one, both in sums.items() if any(both)}
        signed = {code: (debit, credit) for code, debit, credit in close.content["trial_balance"]}
        for code in sorted({*today, *signed}):
            expected, actual = signed.get(code, (0, 0)), today.get(code, (0, 0))
            if expected != actual:
                side = 0 if expected[0] != actual[0] else 1
                where = f"{code}/{close.period_id}"
                return Finding(
                    name, centre_id, False, expected[side], actual[side], "account_month", where
                )
    return Finding(name, centre_id, True, len(closes), len(closes))


def _carried_by(centre_id: int, close: CloseCard) -> dict[UUID, tuple[int, int]]:
    rows = db.session.execute(
        select(_LINE.account_id, sum_int(_LINE.debit), sum_int(_LINE.credit))
        .join(JournalEntry, and_(_ENTRY.centre_id == _LINE.centre_id, _ENTRY.id == _LINE.entry_id))
        .where(
            _ENTRY.centre_id == centre_id,
            _ENTRY.source_type == year_close.SOURCE,
            _ENTRY.source_id == close.id,
            _ENTRY.kind == year_close.KIND,
        )
        .group_by(_LINE.account_id)
    )
    return {account_id: (debit, credit) for account_id, debit, credit in rows}


def _sealed_when_locked(centre_id: int, closes: Sequence[CloseCard]) -> Finding:
    """Every entry of a locked month lies under a seal that was there when the month was locked."""
    name = "locked months were sealed whole"
    for close in closes:
        sealed = (
            select(Seal.fiscal_year, func.max(Seal.last_no).label("last_no"))
            .where(Seal.centre_id == centre_id, Seal.sequence <= close.sealed_to)
            .group_by(Seal.fiscal_year)
            .subquery()
        )
        row = db.session.execute(
            select(_ENTRY.id, _ENTRY.debit_total)
            .outerjoin(sealed, sealed.c.fiscal_year == _ENTRY.fiscal_year)
            .where(
                _ENTRY.centre_id == centre_id,
                _ENTRY.posting_date.between(first_day(close.period_id), last_day(close.period_id)),
                _ENTRY.entry_no > func.coalesce(sealed.c.last_no, 0),
            )
            .order_by(_ENTRY.id)
            .limit(1)
        ).one_or_none()
        if row is not None:
            return Finding(name, centre_id, False, 0, row.debit_total, "journal_entry", row.id)
    return Finding(name, centre_id, True, len(closes), len(closes))
