"""The auditor of the funds: papers beside their entries. Read-only.

What must stay true: a check adds up the papers themselves and names the first that offends.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, func, select

from accounting.models import (
    FundContribution,
    FundDecision,
    FundGrant,
    FundRequest,
    FundReversal,
    FundTransfer,
    JournalEntry,
)
from accounting.rules.periods import Span
from accounting.services.funds import custody, register
from accounting.services.funds.movements import IN, OUT, fund_movements
from core import clock
from core.db import db
from core.findings import Finding

_PAPERS: tuple[tuple[str, Any], ...] = (
    ("fund_contribution", FundContribution),
    ("fund_grant", FundGrant),
    ("fund_transfer", FundTransfer),
)


def checks(centre_id: int) -> Iterator[Finding]:
    """Yield a finding for every promise of the funds."""
    yield _moved(centre_id)
    yield _papers_posted(centre_id)
    yield _approved(centre_id)
    yield _apart(centre_id)


def _moved(centre_id: int) -> Finding:
    name = "each fund is the sum of its movements"
    sums: dict[Any, int] = {}
    for one in fund_movements(centre_id, Span(None, None)):
        sign = {IN: 1, OUT: -1}[one.kind]
        sums[one.fund_id] = sums.get(one.fund_id, 0) + sign * one.satang
    held = register.balances_on(centre_id)
    for fund_id in sorted({*sums, *held}):
        if sums.get(fund_id, 0) != held.get(fund_id, 0):
            expected, found = held.get(fund_id, 0), sums.get(fund_id, 0)
            return Finding(name, centre_id, False, expected, found, "fund", str(fund_id))
    return Finding(name, centre_id, True, sum(held.values()), sum(sums.values()), "", "")


def _papers_posted(centre_id: int) -> Finding:
    """Every paper has its entry of the same sum, and the opposite one when taken back."""
    name = "papers of funds have their entries"
    checked = 0
    for source, table in _PAPERS:
        entry, undone = JournalEntry.__table__.alias(), JournalEntry.__table__.alias()
        query = (
            select(table.id, FundReversal.document_id, entry.c.debit_total, undone.c.debit_total)
            .select_from(table)
            .outerjoin(entry, _entry_of(entry, table, source, source))
            .outerjoin(undone, _entry_of(undone, table, source, f"{source}_undone"))
            .outerjoin(
                FundReversal,
                and_(
                    FundReversal.centre_id == table.centre_id,
                    FundReversal.document_type == source,
                    FundReversal.document_id == table.id,
                ),
            )
            .add_columns(table.amount_satang)
            .where(table.centre_id == centre_id)
        )
        for paper_id, reversed_id, posted, back, satang in db.session.execute(query):
            checked += 1
            if posted != satang or (satang if reversed_id else None) != back:
                found = (posted or 0) - (back or 0)
                return Finding(name, centre_id, False, satang, found, source, str(paper_id))
    return Finding(name, centre_id, True, checked, checked, "", "")


def _entry_of(entry: Any, table: Any, source: str, kind: str) -> Any:
    return and_(
        entry.c.centre_id == table.centre_id,
        entry.c.source_type == source,
        entry.c.source_id == table.id,
        entry.c.kind == kind,
    )


def _approved(centre_id: int) -> Finding:
    """Every payment was approved by as many different people, none of them the one who asked."""
    name = "payments of funds were approved"
    voices = (
        select(func.count(FundDecision.decided_by.distinct()))
        .where(
            FundDecision.centre_id == FundRequest.centre_id,
            FundDecision.request_id == FundRequest.id,
            FundDecision.kind == "approve",
            FundDecision.decided_by.is_distinct_from(FundRequest.requested_by),
        )
        .correlate(FundRequest)
        .scalar_subquery()
    )
    query = (
        select(FundGrant.id, FundRequest.approvals, voices)
        .join(
            FundRequest,
            and_(
                FundRequest.centre_id == FundGrant.centre_id,
                FundRequest.id == FundGrant.request_id,
            ),
        )
        .where(FundGrant.centre_id == centre_id)
        .order_by(FundGrant.id)
    )
    count = 0
    for grant_id, needed, given in db.session.execute(query):
        count += 1
        if given < needed:
            return Finding(name, centre_id, False, needed, given, "fund_grant", str(grant_id))
    return Finding(name, centre_id, True, count, count, "", "")


def _apart(centre_id: int) -> Finding:
    """What is held for funerals is there, in money of its own."""
    found = custody.custody(centre_id, clock.today())
    name = "funeral aid is kept apart, all of it"
    account = "" if found.ties else "2310"
    kind = "" if found.ties else "account"
    return Finding(
        name, centre_id, found.ties, found.held_satang, found.money_satang, kind, account
    )
