"""What of the entries by hand needs a person before a month is closed.

What must stay true: whatever is dated in the month or before it and does not count yet is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import select

from accounting.models import Voucher
from accounting.rules.attention import Attention, Document
from accounting.rules.periods import last_day
from accounting.services.vouchers import accruals, templates
from accounting.services.vouchers.reading import DRAFT, SOURCE, WAITING
from core import clock
from core.db import db
from core.errors import N_

NAMED_MAX = 20


def matters(centre_id: int, period_id: int) -> Iterator[Attention]:
    """Yield unposted drafts, vouchers that wait, accruals and recurring entries that are due."""
    until = last_day(period_id)
    drafts = _undecided(centre_id, period_id, DRAFT)
    if drafts:
        yield _of("drafts", N_("Drafts that are not posted"), "/c/{c}/vouchers?state=draft", drafts)
    waiting = _undecided(centre_id, period_id, WAITING)
    if waiting:
        title = N_("Vouchers that wait for a second person")
        yield _of("approvals", title, "/c/{c}/vouchers?state=waiting", waiting)
    back = [
        Document(SOURCE, one.voucher_id, one.voucher_no, one.total_satang)
        for one in accruals.due(centre_id, until)
    ]
    if back:
        title = N_("Accruals that are due to be taken back")
        yield _of("accruals", title, "/c/{c}/voucher-templates", back)
    due = templates.due(centre_id, min(until, clock.today()))
    if due:
        yield Attention(
            "recurring",
            N_("Recurring entries that are due"),
            len(due),
            sum(one.total_satang for one in due),
            "/c/{c}/voucher-templates",
        )


def _undecided(centre_id: int, period_id: int, state: str) -> list[Document]:
    rows = db.session.execute(
        select(Voucher.id, Voucher.total_satang, Voucher.party, Voucher.note)
        .where(
            Voucher.centre_id == centre_id,
            Voucher.state == state,
            Voucher.business_date <= last_day(period_id),
        )
        .order_by(Voucher.business_date, Voucher.id)
    )
    return [Document(SOURCE, row.id, "", row.total_satang, row.party or row.note) for row in rows]


def _of(step: str, title: str, address: str, documents: Sequence[Document]) -> Attention:
    return Attention(
        step,
        title,
        len(documents),
        sum(one.satang for one in documents),
        address,
        documents=tuple(documents[:NAMED_MAX]),
    )
