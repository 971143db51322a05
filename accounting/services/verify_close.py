"""The auditor of the close: the months' maintained sums, and that a locked month took nothing more.

Read-only. What must stay true: sums are worked out from the lines, not from what maintains them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

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
from accounting.rules.entry import CLOSING_KINDS
from core.db import db, sum_int
from core.findings import Finding

_ENTRY: Any = JournalEntry.__table__.c
_LINE: Any = JournalLine.__table__.c


def checks(centre_id: int) -> Iterator[Finding]:
    """Yield a finding for every promise of the close."""
    yield _months_sums(centre_id)
    yield _locked_months_signed(centre_id)
    yield _locked_months_still(centre_id)


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
