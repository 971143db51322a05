"""The auditor of allocations: uses add up to the surplus, entries to the members' parts.

Read-only. What must stay true: what the guards promise is worked out again from the rows; the first
allocation that breaks a promise is named.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, func, literal, select

from accounting.models import (
    Account,
    JournalEntry,
    JournalLine,
    MemberRun,
    MemberRunItem,
    SurplusAllocation,
    SurplusAllocationLine,
    SurplusApproval,
    SurplusOutcome,
)
from accounting.rules.chart import Purpose
from accounting.rules.surplus.uses import POOLS
from accounting.services import ledger
from accounting.services.surplus import runs
from accounting.services.surplus.allocations import KIND, POSTED, SOURCE, UNDONE
from accounting.services.surplus.posting import PAID_OUT
from core.db import db, sum_int
from core.findings import Finding

_made: Any = SurplusAllocation.__table__.c
_item: Any = MemberRunItem.__table__.c
_line: Any = JournalLine.__table__.c
_entry: Any = JournalEntry.__table__.c


def checks(centre_id: int) -> Iterator[Finding]:
    """Yield a finding for every promise about allocations."""
    yield _uses(centre_id)
    yield _entries(centre_id)
    yield _two_people(centre_id)
    yield from _runs(centre_id)
    for purpose, column in PAID_OUT:
        yield _members(centre_id, purpose, column)
    yield _surplus_left(centre_id)


def _uses(centre_id: int) -> Finding:
    """The lines of every allocation are its surplus."""
    lines: Any = SurplusAllocationLine.__table__.c
    together = sum_int(lines.amount_satang)
    query = (
        select(_made.id, _made.surplus_satang, together)
        .outerjoin(
            SurplusAllocationLine,
            and_(lines.centre_id == _made.centre_id, lines.allocation_id == _made.id),
        )
        .where(_made.centre_id == centre_id)
        .group_by(_made.id, _made.surplus_satang)
        .having(together != _made.surplus_satang)
    )
    return _first("the uses of a surplus are the surplus", centre_id, query.order_by(_made.id))


def _entries(centre_id: int) -> Finding:
    """What is posted has its one entry of the whole surplus; what is reversed has both."""
    outcomes: Any = SurplusOutcome.__table__.c
    kinds = {POSTED: KIND, "reversed": UNDONE}
    for outcome, kind in kinds.items():
        query = (
            select(_made.id, _made.surplus_satang, func.coalesce(_entry.debit_total, 0))
            .select_from(SurplusAllocation)
            .outerjoin(
                SurplusOutcome,
                and_(
                    outcomes.centre_id == _made.centre_id,
                    outcomes.allocation_id == _made.id,
                    outcomes.kind == outcome,
                ),
            )
            .outerjoin(
                JournalEntry,
                and_(
                    _entry.centre_id == _made.centre_id,
                    _entry.source_type == SOURCE,
                    _entry.source_id == _made.id,
                    _entry.kind == kind,
                ),
            )
            .where(
                _made.centre_id == centre_id,
                (outcomes.kind.is_(None) != _entry.id.is_(None))
                | (_entry.debit_total != _made.surplus_satang),
            )
        )
        found = _first("allocations have their entries", centre_id, query.order_by(_made.id))
        if not found.ok:
            return found
    return found


def _two_people(centre_id: int) -> Finding:
    """Two different people approved the same of everything that is posted."""
    yes: Any = SurplusApproval.__table__.c
    outcomes: Any = SurplusOutcome.__table__.c
    people = func.count(yes.approved_by.distinct())
    query = (
        select(_made.id, literal(2), people)
        .join(
            SurplusOutcome,
            and_(
                outcomes.centre_id == _made.centre_id,
                outcomes.allocation_id == _made.id,
                outcomes.kind == POSTED,
            ),
        )
        .outerjoin(
            SurplusApproval,
            and_(yes.centre_id == _made.centre_id, yes.allocation_id == _made.id),
        )
        .where(_made.centre_id == centre_id)
        .group_by(_made.id)
        .having((people != 2) | (func.count(yes.digest.distinct()) != 1))
    )
    name = "two people approved what is posted"
    return _first(name, centre_id, query.order_by(_made.id))


def _runs(centre_id: int) -> Iterator[Finding]:
    """The members' parts of every run are the pools, and are what the run's hash says."""
    pools, hashes = "members' parts are the pools", "members' parts are as they were measured"
    runs_: Any = MemberRun.__table__.c
    lines: Any = SurplusAllocationLine.__table__.c
    shared = (
        select(lines.allocation_id, sum_int(lines.amount_satang).label("satang"))
        .where(lines.centre_id == centre_id, lines.use.in_(POOLS))
        .group_by(lines.allocation_id)
        .subquery()
    )
    parts = (
        select(_item.run_id, sum_int(_together(_item)).label("satang"))
        .where(_item.centre_id == centre_id)
        .group_by(_item.run_id)
        .subquery()
    )
    wanted, given = func.coalesce(shared.c.satang, 0), func.coalesce(parts.c.satang, 0)
    query = (
        select(runs_.allocation_id, wanted, given)
        .outerjoin(shared, shared.c.allocation_id == runs_.allocation_id)
        .outerjoin(parts, parts.c.run_id == runs_.id)
        .where(runs_.centre_id == centre_id, wanted != given)
    )
    yield _first(pools, centre_id, query.order_by(runs_.allocation_id))
    rows = db.session.execute(
        select(runs_.id, runs_.allocation_id, runs_.result_hash)
        .where(runs_.centre_id == centre_id)
        .order_by(runs_.id)
    ).all()
    for run_id, allocation_id, said in rows:
        if runs.hash_of_items(centre_id, run_id) != said:
            yield Finding(hashes, centre_id, False, 1, 0, SOURCE, allocation_id)
            return
    yield Finding(hashes, centre_id, True)


def _together(item: Any) -> Any:
    return item.dividend_satang + item.purchase_refund_satang + item.delivery_refund_satang


def _members(centre_id: int, purpose: Purpose, column: str) -> Finding:
    """Every member's line of an allocation's entry is that member's part, and the other way."""
    account: Any = Account.__table__.c
    posted = (
        select(
            _entry.source_id.label("allocation_id"),
            _line.member_id.label("member_id"),
            sum_int(_line.credit - _line.debit).label("satang"),
        )
        .select_from(JournalEntry)
        .join(JournalLine, and_(_line.centre_id == _entry.centre_id, _line.entry_id == _entry.id))
        .join(Account, and_(account.centre_id == _line.centre_id, account.id == _line.account_id))
        .where(
            _entry.centre_id == centre_id,
            _entry.source_type == SOURCE,
            _entry.kind == KIND,
            account.purpose == purpose.value,
        )
        .group_by(_entry.source_id, _line.member_id)
        .subquery()
    )
    runs: Any = MemberRun.__table__.c
    outcomes: Any = SurplusOutcome.__table__.c
    part = getattr(_item, column)
    items = (
        select(
            runs.allocation_id.label("allocation_id"),
            _item.member_id.label("member_id"),
            part.label("satang"),
        )
        .join(MemberRun, and_(runs.centre_id == _item.centre_id, runs.id == _item.run_id))
        .join(
            SurplusOutcome,
            and_(
                outcomes.centre_id == runs.centre_id,
                outcomes.allocation_id == runs.allocation_id,
                outcomes.kind == POSTED,
            ),
        )
        .where(_item.centre_id == centre_id, part != 0)
        .subquery()
    )
    query = (
        select(
            func.coalesce(items.c.allocation_id, posted.c.allocation_id),
            func.coalesce(items.c.satang, 0),
            func.coalesce(posted.c.satang, 0),
        )
        .select_from(items)
        .join(
            posted,
            and_(
                posted.c.allocation_id == items.c.allocation_id,
                posted.c.member_id == items.c.member_id,
            ),
            full=True,
        )
        .where(func.coalesce(items.c.satang, 0) != func.coalesce(posted.c.satang, 0))
    )
    return _first(f"members' parts are posted to {purpose.value}", centre_id, query)


def _surplus_left(centre_id: int) -> Finding:
    """No allocation took more off the year's surplus than stood there on its day."""
    name = "no surplus is used twice"
    rows = db.session.execute(
        select(_made.id, _entry.posting_date)
        .join(
            JournalEntry,
            and_(
                _entry.centre_id == _made.centre_id,
                _entry.source_type == SOURCE,
                _entry.source_id == _made.id,
                _entry.kind == KIND,
            ),
        )
        .where(_made.centre_id == centre_id)
        .order_by(_made.id)
    ).all()
    for allocation_id, day in rows:
        left = -ledger.balance(centre_id, Purpose.SURPLUS_OF_YEAR, until=day)
        if left < 0:
            return Finding(name, centre_id, False, 0, left, SOURCE, allocation_id)
    return Finding(name, centre_id, True)


def _first(name: str, centre_id: int, query: Any) -> Finding:
    row = db.session.execute(query.limit(1)).one_or_none()
    if row is None:
        return Finding(name, centre_id, True)
    allocation_id, expected, actual = row
    return Finding(name, centre_id, False, expected, actual, SOURCE, allocation_id)
