"""Owed by members, and their purses, beside the documents that made them; for close and auditor.

What must stay true: each side is worked out without the other. What openings, vouchers and merges
say under a member's key is taken as they say it; the counter's part of purses is asked of the
counter (`COUNTER`), which this room doesn't know.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, func, select

from accounting.models import (
    CreditCharge,
    CreditMove,
    CreditRepayment,
    CreditRepaymentReversal,
    JournalEntry,
    JournalLine,
    MemberPayment,
    MemberPaymentReversal,
    PurseMovement,
    ShareMovement,
    ShareTransaction,
)
from accounting.rules.chart import Purpose
from accounting.rules.sources import SAID_OF_MEMBERS
from accounting.services import chart, ledger
from accounting.services.credit.bills import MERGE
from core.appointed import Appointed
from core.db import db, sum_int
from core.findings import Finding

Purses = Callable[[int], Mapping[UUID, int]]
"""centre_id → what the counter's sales and refunds put into each member's purse, net."""
COUNTER: Appointed[Purses] = Appointed(lambda _centre_id: {})
AS_THEY_SAY = sorted({*SAID_OF_MEMBERS, MERGE})
Sums = dict[UUID, int]


def owed(centre_id: int) -> Sums:
    """Return what each member owes by documents."""
    found = _said(centre_id, Purpose.MEMBER_RECEIVABLE)
    _add(found, _grouped(CreditCharge, CreditCharge.amount_satang, centre_id, _not_merged()))
    moved = db.session.execute(
        select(CreditCharge.member_id, sum_int(CreditMove.amount_satang))
        .join(
            CreditCharge,
            and_(
                CreditCharge.centre_id == CreditMove.centre_id,
                CreditCharge.id == CreditMove.charge_id,
            ),
        )
        .where(CreditMove.centre_id == centre_id, CreditMove.source_type != MERGE)
        .group_by(CreditCharge.member_id)
    )
    _add(found, {member_id: -satang for member_id, satang in moved})
    older = _standing_repayments(centre_id, CreditRepayment.older_satang)
    _add(found, {one: -satang for one, satang in older.items()})
    return found


def purses(centre_id: int) -> Sums:
    """Return what each purse holds by documents."""
    found = {one: -satang for one, satang in _said(centre_id, Purpose.MEMBER_PURSE).items()}
    signed = case(
        (PurseMovement.kind == "withdrawal", -PurseMovement.amount_satang),
        else_=PurseMovement.amount_satang,
    )
    _add(found, _grouped(PurseMovement, signed, centre_id))
    paid = MemberPayment.dividend_satang + MemberPayment.patronage_satang
    _add(found, _grouped(MemberPayment, paid, centre_id, MemberPayment.paid_from == "purse"))
    _add(found, _taken_back(centre_id))
    _add(found, _standing_repayments(centre_id, CreditRepayment.purse_satang))
    by_purse = case(
        (
            CreditRepayment.paid_into == "purse",
            CreditRepayment.bills_satang + CreditRepayment.older_satang,
        ),
        else_=0,
    )
    spent = _standing_repayments(centre_id, by_purse)
    _add(found, {one: -satang for one, satang in spent.items()})
    _add(found, _shares(centre_id))
    _add(found, COUNTER.only(centre_id))
    return found


def checks(centre_id: int) -> Iterator[Finding]:
    """Yield what the auditor finds of members' debts, purses and bills."""
    sides = (
        ("owed by members = their documents", Purpose.MEMBER_RECEIVABLE, 1, owed),
        ("purses = their documents", Purpose.MEMBER_PURSE, -1, purses),
    )
    for name, purpose, sign, documents in sides:
        books = ledger.sub_ledger(centre_id, purpose, "member")
        yield _same(name, centre_id, documents(centre_id), {k: sign * v for k, v in books.items()})
    held = ledger.sub_ledger(centre_id, Purpose.MEMBER_PURSE, "member")
    below = sorted((one for one, satang in held.items() if satang > 0), key=str)
    name = "no purse below zero"
    if below:
        yield Finding(name, centre_id, False, 0, -held[below[0]], "member", str(below[0]))
    else:
        yield Finding(name, centre_id, True, len(held), len(held))
    yield _bills_within(centre_id)
    yield _merges_carry(centre_id)


def _same(name: str, centre_id: int, wanted: Mapping[UUID, int], books: Sums) -> Finding:
    for one in sorted({*wanted, *books}, key=str):
        expected, actual = wanted.get(one, 0), books.get(one, 0)
        if expected != actual:
            return Finding(name, centre_id, False, expected, actual, "member", str(one))
    return Finding(name, centre_id, True, sum(wanted.values()), sum(books.values()))


def _bills_within(centre_id: int) -> Finding:
    """No bill has lost more than it was, nor got back more than it lost."""
    name = "bills are paid once"
    gone = func.coalesce(func.sum(CreditMove.amount_satang), 0)
    row = db.session.execute(
        select(CreditCharge.id, CreditCharge.amount_satang, gone)
        .outerjoin(
            CreditMove,
            and_(
                CreditMove.centre_id == CreditCharge.centre_id,
                CreditMove.charge_id == CreditCharge.id,
            ),
        )
        .where(CreditCharge.centre_id == centre_id)
        .group_by(CreditCharge.id, CreditCharge.amount_satang)
        .having((gone < 0) | (gone > CreditCharge.amount_satang))
        .limit(1)
    ).one_or_none()
    if row is None:
        return Finding(name, centre_id, True)
    return Finding(name, centre_id, False, row[1], int(row[2]), "sale", str(row[0]))


def _merges_carry(centre_id: int) -> Finding:
    """A merge takes off one membership's bills what it writes for the other."""
    name = "merged bills are carried whole"
    carried = dict(
        db.session.execute(
            select(CreditCharge.source_id, sum_int(CreditCharge.amount_satang))
            .where(CreditCharge.centre_id == centre_id, CreditCharge.source_type == MERGE)
            .group_by(CreditCharge.source_id)
        ).all()
    )
    closed = dict(
        db.session.execute(
            select(CreditMove.source_id, sum_int(CreditMove.amount_satang))
            .where(CreditMove.centre_id == centre_id, CreditMove.source_type == MERGE)
            .group_by(CreditMove.source_id)
        ).all()
    )
    return _same(name, centre_id, carried, closed)


# --- what documents say ------------------------------------------------------------------------


def _said(centre_id: int, purpose: Purpose) -> Sums:
    """Return what openings, vouchers and merges posted under each member."""
    account = chart.account_for(centre_id, purpose)
    rows = db.session.execute(
        select(JournalLine.member_id, sum_int(JournalLine.debit - JournalLine.credit))
        .join(
            JournalEntry,
            and_(
                JournalEntry.centre_id == JournalLine.centre_id,
                JournalEntry.id == JournalLine.entry_id,
            ),
        )
        .where(
            JournalLine.centre_id == centre_id,
            JournalLine.account_id == account.id,
            JournalLine.member_id.is_not(None),
            JournalEntry.source_type.in_(AS_THEY_SAY),
        )
        .group_by(JournalLine.member_id)
    )
    return {one: satang for one, satang in rows if one is not None}


def _grouped(table: Any, amount: Any, centre_id: int, *where: Any) -> Sums:
    rows = db.session.execute(
        select(table.member_id, sum_int(amount))
        .where(table.centre_id == centre_id, *where)
        .group_by(table.member_id)
    )
    return {one: satang for one, satang in rows}


def _not_merged() -> Any:
    return CreditCharge.source_type != MERGE


def _standing_repayments(centre_id: int, amount: Any) -> Sums:
    """Return a part of every repayment that was not taken back, by member."""
    back = CreditRepaymentReversal
    rows = db.session.execute(
        select(CreditRepayment.member_id, sum_int(amount))
        .outerjoin(
            back,
            and_(
                back.centre_id == CreditRepayment.centre_id,
                back.repayment_id == CreditRepayment.id,
            ),
        )
        .where(CreditRepayment.centre_id == centre_id, back.repayment_id.is_(None))
        .group_by(CreditRepayment.member_id)
    )
    return {one: satang for one, satang in rows}


def _taken_back(centre_id: int) -> Sums:
    """Return what payments into purses took back; of a merged membership, where it was then."""
    account = chart.account_for(centre_id, Purpose.MEMBER_PURSE)
    rows = db.session.execute(
        select(JournalLine.member_id, sum_int(MemberPaymentReversal.amount_satang))
        .join(
            JournalEntry,
            and_(
                JournalEntry.centre_id == JournalLine.centre_id,
                JournalEntry.id == JournalLine.entry_id,
                JournalEntry.kind == "member_payment_back",
            ),
        )
        .join(
            MemberPaymentReversal,
            and_(
                MemberPaymentReversal.centre_id == JournalEntry.centre_id,
                MemberPaymentReversal.payment_id == JournalEntry.source_id,
            ),
        )
        .where(
            JournalLine.centre_id == centre_id,
            JournalLine.account_id == account.id,
            MemberPaymentReversal.paid_into == "purse",
        )
        .group_by(JournalLine.member_id)
    )
    return {one: -satang for one, satang in rows if one is not None}


def _shares(centre_id: int) -> Sums:
    """Return what shares took from purses, and what given back ones put in."""
    rows = db.session.execute(
        select(ShareMovement.member_id, sum_int(-ShareMovement.delta_satang))
        .join(
            ShareTransaction,
            and_(
                ShareTransaction.centre_id == ShareMovement.centre_id,
                ShareTransaction.id == ShareMovement.transaction_id,
            ),
        )
        .where(ShareTransaction.centre_id == centre_id, ShareTransaction.place == "purse")
        .group_by(ShareMovement.member_id)
    )
    return {one: satang for one, satang in rows}


def _add(found: Sums, more: Mapping[UUID, int]) -> None:
    sums = defaultdict(int, found)
    for one, satang in more.items():
        sums[one] += satang
    found.clear()
    found.update({one: satang for one, satang in sums.items() if satang})
