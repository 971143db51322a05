"""The year's end: with its last month, a year's income and costs are carried to the surplus.

What must stay true: the entry is posted in the very transaction that locks the year's last month,
and reversed in the one that opens it again; so a locked year is carried and an open one is not.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from accounting.rules import year_close
from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry
from accounting.rules.periods import (
    first_day,
    fiscal_span,
    fiscal_year,
    last_day,
    last_period_of_year,
)
from accounting.services import balances, chart, ledger
from accounting.services.ledger import PostedEntry
from core import clock
from core.actor import Actor


def ends_with(period_id: int, actor: Actor) -> int | None:
    """Return the fiscal year a month is the last of, else None."""
    start = actor.centre.fiscal_year_start_month
    year = fiscal_year(first_day(period_id), start)
    return year if last_period_of_year(year, start) == period_id else None


def carry(year: int, close_id: UUID, actor: Actor) -> PostedEntry | None:
    """Post the entry that closes a year, because of a month's close; None when nothing moved.

    Raises PeriodClosed.
    """
    centre_id = actor.centre_id
    span = fiscal_span(year, actor.centre.fiscal_year_start_month)
    assert span.first is not None and span.last is not None
    # Everything up to the year's end, not the year alone: what an earlier year left on its result
    # accounts (its start month was changed meanwhile) is carried too.
    moved = {
        key: debit - credit
        for key, (debit, credit) in balances.between(centre_id, None, span.last).items()
    }
    accounts = chart.listing(centre_id)
    lines = year_close.lines(
        moved,
        [card.id for card in accounts if card.type in year_close.RESULT_TYPES],
        _surplus_before(centre_id, span.first, span.last),
    )
    if not lines:
        return None
    return ledger.post(
        NewEntry(
            kind=year_close.KIND,
            source_type=year_close.SOURCE,
            source_id=close_id,
            business_date=span.last,
            occurred_at=clock.now(),
            lines=lines,
        ),
        actor,
    )


def _surplus_before(centre_id: int, first: date, last: date) -> int:
    """Return what is left on 3320 of the years before (debits less credits)."""
    surplus = chart.account_for(centre_id, Purpose.SURPLUS_OF_YEAR).id
    debit, credit = balances.until(centre_id, first - timedelta(days=1)).get(surplus, (0, 0))
    in_year = balances.between(centre_id, first, last, closing=False)
    allocated = [sums for (account_id, _), sums in in_year.items() if account_id == surplus]
    return year_close.left_of_before(
        debit - credit, sum(one for one, _ in allocated), sum(one for _, one in allocated)
    )


def take_back(period_id: int, close_id: UUID, actor: Actor) -> PostedEntry | None:
    """Reverse the entry that a month's close posted, if it did. Raises PeriodClosed."""
    for entry in ledger.entry_of(actor.centre_id, year_close.SOURCE, close_id):
        if entry.kind == year_close.KIND:
            return ledger.reverse(
                entry.id,
                actor,
                last_day(period_id),
                source_type=year_close.SOURCE,
                source_id=close_id,
                kind=year_close.UNDONE,
            )
    return None
