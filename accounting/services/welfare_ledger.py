"""What the books say for the welfare report: surplus and its use, wages, levies, grants, refunds.

What must stay true: every figure is a sum of ledger lines of accounts found by their purpose. The
use of a surplus belongs to the year it was earned in, whenever the meeting resolved it; a surplus
nobody has resolved about yet is nobody's but the centre's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ScalarSelect, and_, case, func, or_, select

from accounting.models import (
    FundGrant,
    FundRequest,
    JournalEntry,
    JournalLine,
    SurplusAllocation,
)
from accounting.rules.chart import Purpose
from accounting.rules.entry import CLOSING_KINDS
from accounting.rules.welfare import LedgerFacts
from accounting.services import balances, chart
from core.db import db, sum_int

ALLOCATION = "surplus_allocation"
FUNDS = (Purpose.WELFARE_FUND, Purpose.PUBLIC_BENEFIT_FUND, Purpose.OTHER_FUNDS)
TRADE = (Purpose.SALES, Purpose.COMMISSION, Purpose.DISCOUNTS_GIVEN, Purpose.COST_OF_GOODS)
MEMBERS = (Purpose.DIVIDENDS_PAYABLE, Purpose.PATRONAGE_PAYABLE, Purpose.SHARE_CAPITAL)
LENDING = "fund_grant"
_COUNTER = ("sale", "refund")


def of_days(centre_id: int, first: date, last: date) -> LedgerFacts:
    """Return what the books say of some days."""
    moved: dict[UUID, int] = {}
    sums = balances.between(centre_id, first, last, closing=False)
    for (account_id, _), (debit, credit) in sums.items():
        moved[account_id] = moved.get(account_id, 0) + credit - debit
    purposes = chart.by_purpose(centre_id)
    trade = {purposes[purpose].id for purpose in TRADE}
    cards = chart.listing(centre_id)

    def total(kind: str) -> int:
        return sum(
            moved.get(one.id, 0) for one in cards if one.type == kind and one.id not in trade
        )

    levies, helped, grants = _funds(centre_id, first, last, [purposes[one].id for one in FUNDS])
    uses = _uses(centre_id, first, last)
    by_purpose = {purpose: uses.get(account.id, 0) for purpose, account in purposes.items()}
    to_members = sum(by_purpose.get(one, 0) for one in MEMBERS)
    to_funds = sum(by_purpose.get(one, 0) for one in FUNDS)
    reserve = by_purpose.get(Purpose.LEGAL_RESERVE, 0)
    forward = by_purpose.get(Purpose.BROUGHT_FORWARD, 0)
    # The entry takes it all out of the surplus of the year, which therefore balances the rest.
    every = sum(uses.values()) - by_purpose.get(Purpose.SURPLUS_OF_YEAR, 0)
    return LedgerFacts(
        margin_satang=sum(moved.get(account_id, 0) for account_id in trade),
        other_income_satang=total("income"),
        costs_satang=-total("expense"),
        wages_satang=-moved.get(purposes[Purpose.WAGES].id, 0),
        levies_satang=levies,
        grants_satang=grants,
        helped_satang=helped,
        to_members_satang=to_members,
        to_funds_satang=to_funds,
        to_reserve_satang=reserve,
        brought_forward_satang=forward,
        to_others_satang=every - to_members - to_funds - reserve - forward,
    )


def _funds(
    centre_id: int, first: date, last: date, accounts: Sequence[UUID]
) -> tuple[int, int, int]:
    """Return what sales put into funds, what funds paid of prices at the counter, and what other
    documents paid out of funds.

    What a fund pays of a price is in the buyer's price already. An entry that only
    moves money from fund to fund pays nothing out; one that reverses another takes it back. Help
    that is to be paid back is lent: nobody gained its sum.
    """
    of_entry = and_(
        JournalEntry.centre_id == JournalLine.centre_id, JournalEntry.id == JournalLine.entry_id
    )
    span = (
        JournalLine.centre_id == centre_id,
        JournalLine.account_id.in_(accounts),
        JournalLine.posting_date >= first,
        JournalLine.posting_date <= last,
    )
    levied = case(
        (JournalEntry.source_type == "sale", JournalLine.credit), else_=-JournalLine.debit
    )
    helped = case(
        (JournalEntry.source_type == "sale", JournalLine.debit), else_=-JournalLine.credit
    )
    levies, help_given = db.session.execute(
        select(sum_int(levied), sum_int(helped))
        .select_from(JournalLine)
        .join(JournalEntry, of_entry)
        .where(*span, JournalEntry.source_type.in_(_COUNTER))
    ).one()
    entries = (
        select(
            JournalEntry.reverses_id.label("reverses_id"),
            func.sum(JournalLine.debit - JournalLine.credit).label("out"),
        )
        .select_from(JournalLine)
        .join(JournalEntry, of_entry)
        .where(
            *span,
            JournalEntry.source_type.not_in((*_COUNTER, ALLOCATION)),
            JournalEntry.kind.not_in(CLOSING_KINDS),
            or_(
                JournalEntry.source_type != LENDING, JournalEntry.source_id.not_in(_lent(centre_id))
            ),
        )
        .group_by(JournalEntry.id, JournalEntry.reverses_id)
        .subquery()
    )
    paid = or_(
        and_(entries.c.reverses_id.is_(None), entries.c.out > 0),
        and_(entries.c.reverses_id.is_not(None), entries.c.out < 0),
    )
    grants = db.session.scalar(select(sum_int(entries.c.out)).where(paid))
    return int(levies or 0), int(help_given or 0), int(grants or 0)


def _lent(centre_id: int) -> ScalarSelect[UUID]:
    """Select the grants that are to be paid back."""
    return (
        select(FundGrant.id)
        .join(
            FundRequest,
            and_(
                FundRequest.centre_id == FundGrant.centre_id,
                FundRequest.id == FundGrant.request_id,
            ),
        )
        .where(FundGrant.centre_id == centre_id, FundRequest.repayable)
        .scalar_subquery()
    )


def _uses(centre_id: int, first: date, last: date) -> dict[UUID, int]:
    """Return what the allocations of whole fiscal years in these days credited, by account."""
    mine = (
        select(SurplusAllocation.id)
        .where(
            SurplusAllocation.centre_id == centre_id,
            SurplusAllocation.first_day >= first,
            SurplusAllocation.last_day <= last,
        )
        .scalar_subquery()
    )
    posted = (
        select(JournalEntry.id)
        .where(
            JournalEntry.centre_id == centre_id,
            JournalEntry.source_type == ALLOCATION,
            JournalEntry.source_id.in_(mine),
        )
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(JournalLine.account_id, sum_int(JournalLine.credit - JournalLine.debit))
        .join(
            JournalEntry,
            and_(
                JournalEntry.centre_id == JournalLine.centre_id,
                JournalEntry.id == JournalLine.entry_id,
            ),
        )
        .where(
            JournalLine.centre_id == centre_id,
            or_(JournalEntry.id.in_(posted), JournalEntry.reverses_id.in_(posted)),
        )
        .group_by(JournalLine.account_id)
    )
    return {account_id: satang for account_id, satang in rows}
