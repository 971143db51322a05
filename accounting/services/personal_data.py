"""What the books keep about a person, for a copy of it, for being forgotten, and for a merge.

What must stay true: what a merged membership holds in shares and deposits, or owes, or signed for,
is carried by documents; dividends and refunds that are due keep their own key, for payments know
whom they are paid to now.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from accounting.models import Account, JournalEntry, JournalLine
from accounting.rules import sources
from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.services import ledger
from accounting.services.credit import accounts, bills
from accounting.services.purse import holding
from accounting.services.shares import uniting
from core import clock
from core.actor import Actor
from core.db import db, sum_int
from core.errors import N_
from core.sheets import baht_figure
from members.services.erasure import Msgid, Section

SOURCE = "person_merge"
KIND = "member_merge"
CARRIED = (Purpose.MEMBER_PURSE, Purpose.MEMBER_RECEIVABLE)


def tell(centre_id: int, members: Sequence[UUID], producers: Sequence[UUID]) -> Iterator[Section]:
    """Yield every line of the books under someone's numbers, by day."""
    rows = db.session.execute(
        select(
            JournalEntry.business_date,
            JournalEntry.kind,
            JournalEntry.fiscal_year,
            JournalEntry.entry_no,
            Account.code,
            Account.name_th,
            JournalLine.debit,
            JournalLine.credit,
        )
        .join(
            JournalEntry,
            (JournalEntry.centre_id == JournalLine.centre_id)
            & (JournalEntry.id == JournalLine.entry_id),
        )
        .join(
            Account,
            (Account.centre_id == JournalLine.centre_id) & (Account.id == JournalLine.account_id),
        )
        .where(*_theirs(centre_id, members, producers))
        .order_by(JournalEntry.business_date, JournalEntry.fiscal_year, JournalEntry.entry_no)
    )
    yield Section(
        N_("Lines of the books"),
        (N_("Date"), N_("Kind"), N_("Entry"), N_("Account"), N_("Debit"), N_("Credit")),
        tuple(
            (
                row.business_date,
                Msgid(sources.KINDS.get(row.kind, row.kind)),
                f"J-{row.fiscal_year}-{row.entry_no:05d}",
                f"{row.code} {row.name_th}",
                baht_figure(row.debit),
                baht_figure(row.credit),
            )
            for row in rows
        ),
    )


def still_open(centre_id: int, members: Sequence[UUID], producers: Sequence[UUID]) -> int:
    """Return how many satang stand on accounts under someone's numbers, whichever way."""
    net: Any = sum_int(JournalLine.debit - JournalLine.credit)
    rows = db.session.scalars(
        select(func.abs(net))
        .join(
            Account,
            (Account.centre_id == JournalLine.centre_id) & (Account.id == JournalLine.account_id),
        )
        .where(
            *_theirs(centre_id, members, producers),
            Account.control_key.in_(("member", "producer")),
        )
        .group_by(JournalLine.account_id, JournalLine.member_id, JournalLine.producer_id)
    )
    return sum(rows)


def carry(merge_id: UUID, merged: UUID, kept: UUID, actor: Actor) -> None:
    """Carry shares, deposits and debts of a membership over to the one that stands.

    Raises what `shares.uniting.unite` refuses.
    """
    today = clock.today()
    for member_id in sorted((merged, kept)):
        holding.hold(actor.centre_id, member_id)
    uniting.unite(merge_id, merged, kept, actor)
    bills.carry(merge_id, merged, kept, today, actor.centre_id)
    accounts.carry(merged, kept, actor, KIND)
    lines: list[NewLine] = []
    for purpose in CARRIED:
        held = ledger.sub_ledger(actor.centre_id, purpose, "member", [merged]).get(merged, 0)
        if held:
            give, take = max(-held, 0), max(held, 0)
            lines.append(NewLine(purpose, debit=give, credit=take, member_id=merged))
            lines.append(NewLine(purpose, debit=take, credit=give, member_id=kept))
    if lines:
        ledger.post(
            NewEntry(KIND, SOURCE, merge_id, today, clock.now(), tuple(lines)),
            actor,
        )


def _theirs(centre_id: int, members: Sequence[UUID], producers: Sequence[UUID]) -> tuple[Any, ...]:
    return (
        JournalLine.centre_id == centre_id,
        or_(JournalLine.member_id.in_(members), JournalLine.producer_id.in_(producers)),
    )
