"""The auditor of vouchers: each posted one has its entry, each such entry its voucher.

Read-only. What must stay true: what the guards promise is worked out again from the rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, select

from accounting.models import JournalEntry, Voucher
from accounting.services.vouchers.reading import ACCRUAL, POSTED, SOURCE
from core.db import db
from core.findings import Finding

_entry: Any = JournalEntry.__table__.c
_voucher: Any = Voucher.__table__.c


def checks(centre_id: int) -> Iterator[Finding]:
    """Yield a finding for every promise about vouchers."""
    yield _entries_of_vouchers(centre_id)
    yield _vouchers_of_entries(centre_id)
    yield _numbers(centre_id)


def _entries_of_vouchers(centre_id: int) -> Finding:
    """Every posted voucher has an entry of its sum and day."""
    query = (
        select(_voucher.id, _voucher.total_satang, _entry.debit_total)
        .outerjoin(
            JournalEntry,
            and_(
                _entry.centre_id == _voucher.centre_id,
                _entry.source_type == SOURCE,
                _entry.source_id == _voucher.id,
                _entry.kind == "voucher_" + _voucher.kind,
            ),
        )
        .where(
            _voucher.centre_id == centre_id,
            _voucher.state == POSTED,
            (_entry.id.is_(None))
            | (_entry.debit_total != _voucher.total_satang)
            | (_entry.business_date != _voucher.business_date),
        )
        .order_by(_voucher.id)
        .limit(1)
    )
    name = "posted vouchers have their entries"
    bad = db.session.execute(query).one_or_none()
    if bad is None:
        return Finding(name, centre_id, True)
    voucher_id, wanted, found = bad
    return Finding(name, centre_id, False, wanted, found or 0, SOURCE, voucher_id)


def _vouchers_of_entries(centre_id: int) -> Finding:
    """Every entry that says it is a voucher's is that of a posted one; accruals go back once."""
    query = (
        select(_entry.id, _entry.debit_total)
        .outerjoin(
            Voucher,
            and_(
                _voucher.centre_id == _entry.centre_id,
                _voucher.id == _entry.source_id,
                _voucher.state == POSTED,
            ),
        )
        .where(
            _entry.centre_id == centre_id,
            _entry.source_type == SOURCE,
            (_voucher.id.is_(None))
            | and_(_entry.kind == ACCRUAL, _voucher.reverse_on.is_(None))
            | and_(_entry.kind != ACCRUAL, _entry.kind != "voucher_" + _voucher.kind),
        )
        .order_by(_entry.id)
        .limit(1)
    )
    name = "voucher entries have their vouchers"
    bad = db.session.execute(query).one_or_none()
    if bad is None:
        return Finding(name, centre_id, True)
    return Finding(name, centre_id, False, 0, bad.debit_total, "journal_entry", bad.id)


def _numbers(centre_id: int) -> Finding:
    """Voucher numbers run 1..n in every year."""
    query = select(_voucher.voucher_no, _voucher.id).where(
        _voucher.centre_id == centre_id, _voucher.voucher_no.is_not(None)
    )
    years: dict[str, dict[int, Any]] = defaultdict(dict)
    for number, voucher_id in db.session.execute(query):
        _letter, year, place = number.split("-")
        years[year][int(place)] = voucher_id
    name = "voucher numbers are gapless"
    for year in sorted(years):
        given = years[year]
        if max(given) != len(given):
            last = max(given)
            return Finding(name, centre_id, False, last, len(given), SOURCE, given[last])
    return Finding(name, centre_id, True)
