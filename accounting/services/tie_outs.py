"""The books' own control accounts beside their members and funds, at the end of a day.

What must stay true: an account of members is the sum of its members, and an account of funds the
sum of the funds kept in it. A line that is nobody's, or of a fund kept elsewhere, is named by its
document even when such lines cancel out. Shares and payments of surplus are held against their own
registers; for the rest, what is posted under a key is what it has, and what can go wrong is a line
without one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, case, func, select

from accounting.models import Fund, JournalEntry, JournalLine
from accounting.rules.attention import Document, TieOut
from accounting.rules.chart import Purpose
from accounting.services import chart, rooms, sub_ledgers
from accounting.services.member_payments import ties as payable
from accounting.services.shares import tying
from core.db import db, sum_int
from core.errors import N_

NAMED_MAX = 10


@dataclass(frozen=True, slots=True)
class _Control:
    key: str
    title: str
    purpose: Purpose
    of_fund: bool = False


CONTROLS = (
    _Control("member_receivable", N_("Owed by members"), Purpose.MEMBER_RECEIVABLE),
    _Control("member_purse", N_("Deposits of members, by member"), Purpose.MEMBER_PURSE),
    _Control("welfare_fund", N_("Welfare, by fund"), Purpose.WELFARE_FUND, True),
    _Control("public_fund", N_("Public benefit, by fund"), Purpose.PUBLIC_BENEFIT_FUND, True),
    _Control("other_funds", N_("Other funds, by fund"), Purpose.OTHER_FUNDS, True),
    _Control("grants", N_("Restricted grants, by fund"), Purpose.RESTRICTED_GRANTS, True),
    _Control("funeral_aid", N_("Funeral aid, by fund"), Purpose.FUNERAL_AID, True),
)


def ties(centre_id: int, on: date) -> Iterator[TieOut]:
    """Yield the accounts of members and of funds at the end of day `on`; one statement each."""
    yield tying.tie(centre_id, on)
    yield from payable.ties(centre_id, on)
    for control in CONTROLS:
        account = chart.account_for(centre_id, control.purpose)
        lines = _lines(control, centre_id, on)
        net = lines.c.debit - lines.c.credit
        total, kept, nobodys = db.session.execute(
            select(
                sum_int(net),
                sum_int(case((lines.c.party_id.is_not(None), net), else_=0)),
                func.count() - func.count(lines.c.party_id),
            )
        ).one()
        yield TieOut(
            key=control.key,
            title=control.title,
            code=account.code,
            ledger_satang=total,
            sub_ledger_satang=kept,
            documents=_without_party(centre_id, lines) if nobodys else (),
            unequal=nobodys,
        )


def _lines(control: _Control, centre_id: int, on: date) -> Any:
    """Select the account's lines; party_id is the member, or the fund if it is kept here."""
    party: Any = Fund.id if control.of_fund else JournalLine.member_id
    query = select(
        party.label("party_id"), JournalLine.entry_id, JournalLine.debit, JournalLine.credit
    ).where(
        JournalLine.centre_id == centre_id,
        JournalLine.account_id == chart.account_for(centre_id, control.purpose).id,
        JournalLine.posting_date <= on,
    )
    if control.of_fund:
        kept_here = and_(
            Fund.centre_id == JournalLine.centre_id,
            Fund.id == JournalLine.fund_id,
            Fund.purpose == control.purpose.value,
        )
        query = query.select_from(JournalLine).outerjoin(Fund, kept_here)
    return query.subquery()


def _without_party(centre_id: int, lines: Any) -> tuple[Document, ...]:
    columns: tuple[Any, ...] = (JournalEntry.source_type, JournalEntry.source_id)
    rows: Any = db.session.execute(
        select(*columns, sum_int(lines.c.debit - lines.c.credit))
        .join(
            lines,
            and_(JournalEntry.centre_id == centre_id, JournalEntry.id == lines.c.entry_id),
        )
        .where(lines.c.party_id.is_(None))
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
