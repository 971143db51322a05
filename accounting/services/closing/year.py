"""The year's end: with its last month, a year's income and costs are carried to the surplus.

What must stay true: the entry is posted in the very transaction that locks the year's last month,
and reversed in the one that opens it again; so a locked year is carried and an open one is not.
"""

from __future__ import annotations

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
    moved = {
        key: debit - credit
        for key, (debit, credit) in balances.between(centre_id, span.first, span.last).items()
    }
    accounts = chart.listing(centre_id)
    surplus = chart.account_for(centre_id, Purpose.SURPLUS_OF_YEAR).id
    debit, credit = balances.until(centre_id, span.last).get(surplus, (0, 0))
    lines = year_close.lines(
        moved,
        [card.id for card in accounts if card.type in year_close.RESULT_TYPES],
        debit - credit,
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
