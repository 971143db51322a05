"""What of paying members the month's checklist shows: files the bank hasn't answered, money due.

What must stay true: a file that waits since the month is named; what members have long not
fetched is shown and stops nobody.
"""

from __future__ import annotations

from collections.abc import Iterator

from accounting.rules.attention import Attention, Document
from accounting.rules.periods import last_day
from accounting.services import bank_batches, book_settings
from accounting.services.member_payments import batches, due
from core.errors import N_

NAMED_MAX = 20


def matters(centre_id: int, period_id: int) -> Iterator[Attention]:
    """Yield bank files without an answer, and what members have not fetched."""
    until = last_day(period_id)
    stale = bank_batches.stale(batches.DEBT, centre_id, until)
    if stale:
        yield Attention(
            "bank",
            N_("Bank files to members that the bank has not answered"),
            len(stale),
            sum(one.amount_satang for one in stale),
            "/c/{c}/member-batches",
            stops=False,
            documents=tuple(
                Document("member_batch", one.id, one.batch_no, one.amount_satang)
                for one in stale[:NAMED_MAX]
            ),
        )
    days = book_settings.of(centre_id).aged_payable_days
    owed = [item for item in due.items(centre_id) if (until - item.due_since).days >= days]
    if owed:
        yield Attention(
            "aged_payables",
            N_("Dividends and refunds that members have long not fetched"),
            len({item.member_id for item in owed}),
            sum(item.satang for item in owed),
            "/c/{c}/member-payments",
            stops=False,
        )
