"""The auditor of payments to members: documents, items and entries agree, worked out anew.

Read-only. What must stay true: no stored total is trusted; the first document that is wrong is
named.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, func, literal, select, union_all

from accounting.models import (
    JournalEntry,
    MemberItemMove,
    MemberPayment,
    MemberPaymentReversal,
    MemberRunItem,
    UnclaimedOutcome,
)
from accounting.services.member_payments import ties
from core import clock
from core.db import db, sum_int
from core.findings import Finding

_move: Any = MemberItemMove.__table__.c


def checks(centre_id: int) -> Iterator[Finding]:
    """Yield a finding for every promise about payments to members."""
    yield _by_member(centre_id)
    yield _items_within(centre_id)
    yield _documents(centre_id)


def _by_member(centre_id: int) -> Finding:
    """What the books owe each member is what is open of the member's items."""
    name = "dividends and patronage payable are the unpaid items"
    for key, member_id, ledger, wanted in ties.by_member(centre_id, clock.today()):
        who = str(member_id) if member_id else "nobody"
        return Finding(name, centre_id, False, wanted, ledger, f"{key} of member", who)
    return Finding(name, centre_id, True)


def _items_within(centre_id: int) -> Finding:
    """No item lost more than it was, or got back more than it lost."""
    name = "members' items are paid once"
    dividend, patronage = func.sum(_move.dividend_satang), func.sum(_move.patronage_satang)
    bad = db.session.execute(
        select(
            _move.member_id,
            sum_int(MemberRunItem.cash_dividend_satang + MemberRunItem.cash_patronage_satang),
            sum_int(_move.dividend_satang + _move.patronage_satang),
        )
        .select_from(MemberItemMove)
        .outerjoin(
            MemberRunItem,
            and_(
                MemberRunItem.centre_id == _move.centre_id,
                MemberRunItem.run_id == _move.run_id,
                MemberRunItem.member_id == _move.member_id,
            ),
        )
        .where(_move.centre_id == centre_id)
        .group_by(_move.run_id, _move.member_id)
        .having(
            (dividend > func.max(func.coalesce(MemberRunItem.cash_dividend_satang, 0)))
            | (patronage > func.max(func.coalesce(MemberRunItem.cash_patronage_satang, 0)))
            | (dividend < 0)
            | (patronage < 0)
        )
        .order_by(_move.member_id)
        .limit(1)
    ).one_or_none()
    if bad is None:
        return Finding(name, centre_id, True)
    return Finding(name, centre_id, False, bad[1], bad[2], "member", str(bad[0]))


def _documents(centre_id: int) -> Finding:
    """Every payment, taking and what took it back moved its sum, by one entry of that sum."""
    name = "each payment to a member has its moves and its entry"
    for source, kind, document_id, satang in db.session.execute(_said(centre_id)):
        moved = db.session.scalar(
            select(func.abs(sum_int(_move.dividend_satang + _move.patronage_satang))).where(
                _move.centre_id == centre_id,
                _move.source_type == source,
                _move.source_id == document_id,
            )
        )
        posted = db.session.scalars(
            select(JournalEntry.debit_total).where(
                JournalEntry.centre_id == centre_id,
                JournalEntry.kind == kind,
                JournalEntry.source_id == document_id,
            )
        ).all()
        if moved != satang or posted != [satang]:
            return Finding(name, centre_id, False, satang, moved or 0, source, str(document_id))
    return Finding(name, centre_id, True)


def _said(centre_id: int) -> Any:
    """Select (source of the moves, kind of the entry, document, its sum)."""
    amount = MemberPayment.dividend_satang + MemberPayment.patronage_satang
    taken = (
        select(
            MemberItemMove.source_id,
            sum_int(MemberItemMove.dividend_satang + MemberItemMove.patronage_satang).label("sum"),
        )
        .where(
            MemberItemMove.centre_id == centre_id,
            MemberItemMove.source_type == "unclaimed_taking",
        )
        .group_by(MemberItemMove.source_id)
        .subquery()
    )
    return union_all(
        select(
            literal("member_payment"), literal("member_payment"), MemberPayment.id, amount
        ).where(MemberPayment.centre_id == centre_id),
        select(
            literal("member_payment_reversal"),
            literal("member_payment_back"),
            MemberPaymentReversal.payment_id,
            MemberPaymentReversal.amount_satang,
        ).where(MemberPaymentReversal.centre_id == centre_id),
        *(
            select(literal(source), literal(entry), UnclaimedOutcome.taking_id, taken.c.sum)
            .outerjoin(taken, taken.c.source_id == UnclaimedOutcome.taking_id)
            .where(UnclaimedOutcome.centre_id == centre_id, UnclaimedOutcome.kind == kind)
            for kind, source, entry in (
                ("approved", "unclaimed_taking", "unclaimed_taking"),
                ("reversed", "unclaimed_reversal", "unclaimed_back"),
            )
        ),
    )
