"""What the close must hear of cash: a till or a safe can't hold less than nothing.

What must stay true: it is only said here; whoever paid out of what was not there finds the entry.
"""

from __future__ import annotations

from collections.abc import Iterator

from accounting.rules.attention import Attention
from accounting.rules.periods import last_day
from accounting.services import balances, chart
from core.errors import N_

CASH = "cash"


def matters(centre_id: int, period_id: int) -> Iterator[Attention]:
    """Yield the cash accounts that stand below zero at a month's end."""
    on = last_day(period_id)
    sums = balances.until(centre_id, on)
    for card in chart.listing(centre_id):
        debit, credit = sums.get(card.id, (0, 0))
        if card.money == CASH and debit < credit:
            yield Attention(
                "money",
                N_("More cash was paid out than there was: a deposit or payment is missing"),
                1,
                debit - credit,
                f"/c/{{c}}/accounts/{card.id}?to={on.isoformat()}",
                stops=False,
            )
