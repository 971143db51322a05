"""Dividends and patronage payable beside the members' items, at the end of any day.

What must stay true: for every member the account is what the posted items gave, less what payments
and takings moved, plus what openings and vouchers say by themselves; a member for whom it isn't is
counted even when two faults cancel out, and entries nobody here knows are named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, exists, func, select

from accounting.models import (
    JournalEntry,
    JournalLine,
    MemberItemMove,
    MemberRun,
    MemberRunItem,
    SurplusAllocation,
)
from accounting.rules.attention import Document, TieOut
from accounting.rules.chart import Purpose
from accounting.rules.sources import SAID_OF_MEMBERS
from accounting.services import chart, rooms, sub_ledgers
from core.db import db, sum_int
from core.errors import N_

NAMED_MAX = 10
_ENTRY = and_(
    JournalEntry.centre_id == JournalLine.centre_id, JournalEntry.id == JournalLine.entry_id
)
_ROWS = (
    ("dividends", N_("Dividends to be paid, by member"), Purpose.DIVIDENDS_PAYABLE),
    ("patronage", N_("Patronage to be paid, by member"), Purpose.PATRONAGE_PAYABLE),
)


def ties(centre_id: int, on: date) -> Iterator[TieOut]:
    """Yield both accounts at the end of day `on`; the amounts are debits less credits."""
    items = _open_items(centre_id, on)
    for place, (key, title, purpose) in enumerate(_ROWS):
        account = chart.account_for(centre_id, purpose)
        ledger, own = _ledger(centre_id, account.id, on)
        wanted: dict[UUID | None, int] = defaultdict(int, own)
        for member_id, parts in items.items():
            wanted[member_id] -= parts[place]
        unequal = sum(
            ledger.get(one, 0) != wanted.get(one, 0) for one in {*ledger, *wanted} - {None}
        ) + bool(ledger.get(None))
        yield TieOut(
            key=key,
            title=title,
            code=account.code,
            ledger_satang=sum(ledger.values()),
            sub_ledger_satang=sum(satang for one, satang in wanted.items() if one),
            documents=_strangers(centre_id, account.id, on) if unequal else (),
            unequal=unequal,
        )


def by_member(centre_id: int, on: date) -> Iterator[tuple[str, UUID | None, int, int]]:
    """Yield each member whose two sums differ: account, member, ledger, items; for the auditor."""
    items = _open_items(centre_id, on)
    for place, (key, _title, purpose) in enumerate(_ROWS):
        account = chart.account_for(centre_id, purpose)
        ledger, own = _ledger(centre_id, account.id, on)
        for one in sorted({*ledger, *own, *items}, key=str):
            open_satang = items[one][place] if one is not None and one in items else 0
            wanted = own.get(one, 0) - open_satang
            if ledger.get(one, 0) != wanted:
                yield key, one, ledger.get(one, 0), wanted


def _ledger(
    centre_id: int, account_id: UUID, on: date
) -> tuple[dict[UUID | None, int], dict[UUID | None, int]]:
    """Return the account by member, and of it what openings and vouchers posted to members."""
    net: Any = JournalLine.debit - JournalLine.credit
    own = case((JournalEntry.source_type.in_(sorted(SAID_OF_MEMBERS)), net), else_=0)
    rows = db.session.execute(
        select(JournalLine.member_id, sum_int(net), sum_int(own))
        .join(JournalEntry, _ENTRY)
        .where(
            JournalLine.centre_id == centre_id,
            JournalLine.account_id == account_id,
            JournalLine.posting_date <= on,
        )
        .group_by(JournalLine.member_id)
    ).all()
    ledger = {member_id: satang for member_id, satang, _own in rows}
    return ledger, {member_id: satang for member_id, _all, satang in rows if member_id}


def _open_items(centre_id: int, on: date) -> Mapping[UUID, list[int]]:
    """Return what is open by member at the end of a day: (dividend, patronage)."""
    found: dict[UUID, list[int]] = defaultdict(lambda: [0, 0])
    posted = _posted(centre_id, on)
    if posted:
        given = db.session.execute(
            select(
                MemberRunItem.member_id,
                sum_int(MemberRunItem.cash_dividend_satang),
                sum_int(MemberRunItem.cash_patronage_satang),
            )
            .where(MemberRunItem.centre_id == centre_id, MemberRunItem.run_id.in_(posted))
            .group_by(MemberRunItem.member_id)
        )
        for member_id, dividend, patronage in given:
            found[member_id][0] += dividend
            found[member_id][1] += patronage
    moved = db.session.execute(
        select(
            MemberItemMove.member_id,
            sum_int(MemberItemMove.dividend_satang),
            sum_int(MemberItemMove.patronage_satang),
        )
        .where(MemberItemMove.centre_id == centre_id, MemberItemMove.business_date <= on)
        .group_by(MemberItemMove.member_id)
    )
    for member_id, dividend, patronage in moved:
        found[member_id][0] -= dividend
        found[member_id][1] -= patronage
    return dict(found)


def _posted(centre_id: int, on: date) -> list[UUID]:
    """Return the runs whose allocation stands in the books at the end of a day."""
    back = func.count(JournalEntry.reverses_id)
    rows = db.session.execute(
        select(MemberRun.id)
        .join(
            JournalEntry,
            and_(
                JournalEntry.centre_id == MemberRun.centre_id,
                JournalEntry.source_id == MemberRun.allocation_id,
            ),
        )
        .where(MemberRun.centre_id == centre_id, JournalEntry.posting_date <= on)
        .group_by(MemberRun.id)
        .having(back == 0)
    )
    return [run_id for (run_id,) in rows]


def _strangers(centre_id: int, account_id: UUID, on: date) -> tuple[Document, ...]:
    """Name entries on the account that no item, payment or taking explains, or without a member."""
    known = exists().where(
        SurplusAllocation.centre_id == JournalEntry.centre_id,
        SurplusAllocation.id == JournalEntry.source_id,
    ) | exists().where(
        MemberItemMove.centre_id == JournalEntry.centre_id,
        MemberItemMove.source_id == JournalEntry.source_id,
    )
    columns: tuple[Any, ...] = (JournalEntry.source_type, JournalEntry.source_id)
    rows: Any = db.session.execute(
        select(*columns, sum_int(JournalLine.debit - JournalLine.credit))
        .join(JournalLine, _ENTRY)
        .where(
            JournalLine.centre_id == centre_id,
            JournalLine.account_id == account_id,
            JournalLine.posting_date <= on,
            JournalLine.member_id.is_(None)
            | (JournalEntry.source_type.not_in(sorted(SAID_OF_MEMBERS)) & ~known),
        )
        .group_by(*columns)
        .order_by(*columns)
        .limit(NAMED_MAX)
    ).all()
    sources = [(kind, which) for kind, which, _ in rows]
    numbers = sub_ledgers.numbers(centre_id, sources) | rooms.numbers_of(centre_id, sources)
    return tuple(
        Document(kind, which, numbers.get((kind, which), ""), satang)
        for kind, which, satang in rows
    )
