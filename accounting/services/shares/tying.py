"""Share capital in the books beside the share register, member by member, at the end of a day.

What must stay true: the register is never read from the books, nor the books from it; where a
member's two sums differ, or a line is nobody's, the documents that explain it are named.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, union_all

from accounting.models import JournalLine, ShareMovement, ShareTransaction
from accounting.rules.attention import Document, TieOut
from accounting.rules.chart import Purpose
from accounting.services import chart, rooms, sub_ledgers
from accounting.services.shares import reading, register
from accounting.services.shares.register import OF_TRANSACTION
from core.db import db, sum_int
from core.errors import N_
from members.services import members

NAMED_MAX = 10
LOOKED_AT = 200


def tie(centre_id: int, on: date | None = None) -> TieOut:
    """Return the account and the register up to the end of a day, or with all there is."""
    account = chart.account_for(centre_id, Purpose.SHARE_CAPITAL)
    books = sub_ledgers.by_key(centre_id, Purpose.SHARE_CAPITAL, "member", on)
    held = {who: -satang for who, satang in register.balances(centre_id, on).items()}
    nobodys = _nobodys_lines(centre_id, account.id, on)
    differing = sorted(
        who for who in {*books, *held} if who and books.get(who, 0) != held.get(who, 0)
    )
    unequal = len(differing) + nobodys
    return TieOut(
        key="shares",
        title=N_("Share capital, by member"),
        code=account.code,
        ledger_satang=sum(books.values()),
        sub_ledger_satang=sum(held.values()),
        documents=_explaining(centre_id, on, differing) if unequal else (),
        unequal=unequal,
    )


def _nobodys_lines(centre_id: int, account_id: UUID, on: date | None) -> int:
    query = select(func.count()).where(
        JournalLine.centre_id == centre_id,
        JournalLine.account_id == account_id,
        JournalLine.member_id.is_(None),
    )
    if on is not None:
        query = query.where(JournalLine.posting_date <= on)
    return db.session.scalar(query) or 0


def _explaining(
    centre_id: int, on: date | None, differing: Collection[UUID]
) -> tuple[Document, ...]:
    """Return the first documents that did something else in the books than in the register."""
    posted = sub_ledgers.effects(centre_id, Purpose.SHARE_CAPITAL, "member").subquery()
    entered = (
        select(
            ShareMovement.member_id.label("party_id"),
            ShareTransaction.source_type.label("source_type"),
            ShareTransaction.source_id.label("source_id"),
            ShareMovement.effective_on.label("counted_on"),
            ShareMovement.delta_satang.label("satang"),
        )
        .join(ShareTransaction, OF_TRANSACTION)
        .where(ShareMovement.centre_id == centre_id)
        .subquery()
    )
    some = sorted(differing)[:LOOKED_AT]
    parts = [_narrowed(effect, on, some) for effect in (posted, entered)]
    every = union_all(*parts).subquery()
    # A credit in the books is a growth in the register, so the two cancel out.
    more = sum_int(every.c.satang)
    columns = (every.c.source_type, every.c.source_id, every.c.party_id)
    rows = db.session.execute(
        select(*columns, more)
        .group_by(*columns)
        .having(more != 0)
        .order_by(every.c.source_id, every.c.source_type, every.c.party_id)
        .limit(NAMED_MAX)
    ).all()
    sources = [(kind, which) for kind, which, _, _ in rows]
    numbers = (
        sub_ledgers.numbers(centre_id, sources)
        | rooms.numbers_of(centre_id, sources)
        | reading.numbers(centre_id, sources)
    )
    people = members.names(centre_id, {party for _, _, party, _ in rows if party})
    whose = {one.id: f"{one.member_no} {one.name}" for one in people.values()}
    return tuple(
        Document(kind, which, numbers.get((kind, which), ""), satang, whose.get(party, ""))
        for kind, which, party, satang in rows
    )


def _narrowed(effect: Any, on: date | None, parties: Collection[UUID]) -> Any:
    query = select(effect).where(effect.c.party_id.in_(parties) | effect.c.party_id.is_(None))
    return query if on is None else query.where(effect.c.counted_on <= on)
