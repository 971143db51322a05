"""Do payouts, advances and repayments hold together, and do the books agree? Read-only.

What must stay true: each check compares two sums made in different ways; no document is paid
beyond what it was, and what is netted stands on the voucher that says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, case, func, literal, or_, select

from core.db import db, sum_int
from core.findings import Finding
from inventory.models import (
    Advance,
    AdvanceLine,
    AdvanceNetting,
    AdvanceRepayment,
    GoodsReceipt,
    GoodsReceiptCancellation,
    OpeningDue,
    Payout,
    PayoutBatch,
    PayoutBatchLine,
    PayoutLine,
    Recovery,
    Settlement,
    SettlementOutcome,
)
from inventory.services import control_accounts
from inventory.services.comparing import compared, entries, gapless, tied

SERIES: tuple[tuple[str, Any, Any, str], ...] = (
    ("advance", Advance, Advance.advance_no, "AV-"),
    ("repayment", AdvanceRepayment, AdvanceRepayment.repayment_no, "RP-"),
    ("payout", Payout, Payout.payout_no, "PV-"),
    ("payout_batch", PayoutBatch, PayoutBatch.batch_no, "PB-"),
)


def checks(centre_id: int) -> Iterator[Finding]:
    """Yield the outcome of every check of money to producers over one centre."""
    yield from _documents_have_their_entry(centre_id)
    for series, table, column, prefix in SERIES:
        yield gapless(centre_id, series, table, column, prefix)
    yield _lines_are_the_amount(centre_id)
    yield tied(
        "advances account equals what is still out",
        centre_id,
        control_accounts.ADVANCES,
        "producer",
    )
    yield _goods_advanced_add_up(centre_id)
    yield tied(
        "outright payable equals unpaid purchases",
        centre_id,
        control_accounts.OUTRIGHT,
        "producer",
    )
    yield _nothing_paid_beyond(centre_id, "settlement", _settled(centre_id))
    yield _nothing_paid_beyond(centre_id, "outright", _bought(centre_id))
    yield _nothing_netted_beyond(centre_id)
    yield _taken_off_as_said(centre_id, "advance", AdvanceNetting)
    yield _taken_off_as_said(centre_id, "recovery", Recovery)
    yield _repayments_give_back(centre_id)
    yield _batches_paid_what_they_say(centre_id)


# --- documents -------------------------------------------------------------------------------


def _documents_have_their_entry(centre_id: int) -> Iterator[Finding]:
    moving = (
        select(PayoutLine.payout_id, _moved().label("moved"))
        .outerjoin(
            OpeningDue,
            and_(
                OpeningDue.centre_id == PayoutLine.centre_id,
                OpeningDue.id == PayoutLine.document_id,
            ),
        )
        .where(PayoutLine.centre_id == centre_id)
        .group_by(PayoutLine.payout_id)
        .subquery()
    )
    paid = db.session.execute(
        select(Payout.id, case((moving.c.moved > 0, 1), else_=0))
        .join(moving, moving.c.payout_id == Payout.id)
        .where(Payout.centre_id == centre_id)
    )
    yield entries("each payout has its entry", centre_id, "payout", paid.all())
    # An advance of the old books stands in the entry of their opening.
    of_its_own = case((Advance.paid_from == "opening", 0), else_=1)
    for source_type, table, count in (
        ("advance", Advance, of_its_own),
        ("repayment", AdvanceRepayment, literal(1)),
    ):
        found = db.session.execute(select(table.id, count).where(table.centre_id == centre_id))
        yield entries(f"each {source_type} has its entry", centre_id, source_type, found.all())


def _moved() -> Any:
    """What of a voucher touches an account: nothing when returns took all of its settlements, or
    credits all of its purchases.
    """
    amount = PayoutLine.amount_satang
    kind, opened = PayoutLine.kind, OpeningDue.kind
    settled = or_(kind.in_(("settlement", "recovery")), opened == "consignment")
    bought = or_(kind.in_(("outright", "credit")), opened == "outright")
    return (
        func.abs(sum_int(case((settled, amount), else_=0)))
        + func.abs(sum_int(case((bought, amount), else_=0)))
        + sum_int(case((kind == "advance", func.abs(amount)), else_=0))
    )


def _lines_are_the_amount(centre_id: int) -> Finding:
    said = select(Payout.id, Payout.amount_satang + Payout.withheld_satang).where(
        Payout.centre_id == centre_id
    )
    return compared(
        "payout lines sum to their voucher",
        centre_id,
        _pairs(said),
        _sums(PayoutLine, PayoutLine.payout_id, PayoutLine.centre_id == centre_id),
        "payout",
    )


def _goods_advanced_add_up(centre_id: int) -> Finding:
    said = select(Advance.id, Advance.amount_satang).where(
        Advance.centre_id == centre_id, Advance.kind == "goods"
    )
    return compared(
        "goods advanced sum to their advance",
        centre_id,
        _pairs(said),
        _sums(AdvanceLine, AdvanceLine.advance_id, AdvanceLine.centre_id == centre_id),
        "advance",
    )


def _repayments_give_back(centre_id: int) -> Finding:
    said = select(AdvanceRepayment.id, AdvanceRepayment.amount_satang).where(
        AdvanceRepayment.centre_id == centre_id
    )
    return compared(
        "repayments give advances back",
        centre_id,
        _pairs(said),
        _sums(
            AdvanceNetting,
            AdvanceNetting.document_id,
            AdvanceNetting.centre_id == centre_id,
            AdvanceNetting.document_type == "repayment",
        ),
        "repayment",
    )


def _taken_off_as_said(centre_id: int, kind: str, table: Any) -> Finding:
    """What a voucher takes off stands, to the satang, where it was taken from."""
    said = (
        select(PayoutLine.payout_id, -sum_int(PayoutLine.amount_satang))
        .where(PayoutLine.centre_id == centre_id, PayoutLine.kind == kind)
        .group_by(PayoutLine.payout_id)
    )
    return compared(
        f"each {kind} on a voucher is taken off",
        centre_id,
        _pairs(said),
        _sums(
            table,
            table.document_id,
            table.centre_id == centre_id,
            table.document_type == "payout",
        ),
        "payout",
    )


def _batches_paid_what_they_say(centre_id: int) -> Finding:
    paid = select(PayoutBatchLine.payout_id, PayoutBatchLine.amount_satang).where(
        PayoutBatchLine.centre_id == centre_id, PayoutBatchLine.state == "paid"
    )
    vouchers = (
        select(Payout.id, Payout.amount_satang)
        .join(
            PayoutBatchLine,
            and_(
                PayoutBatchLine.centre_id == Payout.centre_id,
                PayoutBatchLine.payout_id == Payout.id,
            ),
        )
        .where(Payout.centre_id == centre_id)
    )
    return compared(
        "bank files paid what they say", centre_id, _pairs(paid), _pairs(vouchers), "payout"
    )


# --- what is owed ----------------------------------------------------------------------------


def _nothing_paid_beyond(centre_id: int, kind: str, owed: dict[Any, int]) -> Finding:
    paid = _sums(
        PayoutLine,
        PayoutLine.document_id,
        PayoutLine.centre_id == centre_id,
        PayoutLine.kind == kind,
    )
    beyond = {one: satang for one, satang in paid.items() if satang > owed.get(one, 0)}
    most = {one: owed.get(one, 0) for one in beyond}
    return compared(f"no {kind} is paid beyond what it was", centre_id, most, beyond, kind)


def _nothing_netted_beyond(centre_id: int) -> Finding:
    given = _pairs(select(Advance.id, Advance.amount_satang).where(Advance.centre_id == centre_id))
    back = _sums(AdvanceNetting, AdvanceNetting.advance_id, AdvanceNetting.centre_id == centre_id)
    beyond = {one: satang for one, satang in back.items() if satang > given[one]}
    most = {one: given[one] for one in beyond}
    return compared("no advance is given back twice", centre_id, most, beyond, "advance")


def _settled(centre_id: int) -> dict[Any, int]:
    return _pairs(
        select(Settlement.id, Settlement.payout_satang)
        .join(
            SettlementOutcome,
            and_(
                SettlementOutcome.centre_id == Settlement.centre_id,
                SettlementOutcome.run_id == Settlement.run_id,
            ),
        )
        .where(Settlement.centre_id == centre_id, SettlementOutcome.kind == "posted")
    )


def _bought(centre_id: int) -> dict[Any, int]:
    return _pairs(
        select(GoodsReceipt.id, GoodsReceipt.owed_satang)
        .outerjoin(
            GoodsReceiptCancellation,
            and_(
                GoodsReceiptCancellation.centre_id == GoodsReceipt.centre_id,
                GoodsReceiptCancellation.goods_receipt_id == GoodsReceipt.id,
            ),
        )
        .where(
            GoodsReceipt.centre_id == centre_id,
            GoodsReceipt.paid == "payable",
            GoodsReceiptCancellation.id.is_(None),
        )
    )


def _sums(table: Any, key: Any, *where: Any) -> dict[Any, int]:
    query = select(key, sum_int(table.amount_satang)).where(*where).group_by(key)
    return _pairs(query)


def _pairs(query: Any) -> dict[Any, Any]:
    return dict(db.session.execute(query).all())
