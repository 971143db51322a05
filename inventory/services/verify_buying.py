"""Do orders, purchases, returns and purchase vouchers hold together? Read-only.

What must stay true: each check compares two sums made in different ways.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, func, literal, select

from core.db import db, sum_int
from core.findings import Finding
from inventory.models import (
    GoodsReceipt,
    Lot,
    PayoutLine,
    PurchaseLine,
    PurchaseOrder,
    PurchaseVoucher,
    PurchaseVoucherPrint,
    StockMove,
    SupplierReturn,
    SupplierReturnLine,
)
from inventory.rules.buying import state_of
from inventory.services import control_accounts, payables
from inventory.services.buying import order_documents
from inventory.services.comparing import compared, entries, gapless

SERIES: tuple[tuple[str, Any, Any, str], ...] = (
    ("purchase_order", PurchaseOrder, PurchaseOrder.order_no, "PO-"),
    ("supplier_return", SupplierReturn, SupplierReturn.return_no, "SR-"),
    ("purchase_voucher", PurchaseVoucher, PurchaseVoucher.voucher_no, "BV-"),
)


def checks(centre_id: int) -> Iterator[Finding]:
    """Yield the outcome of every check of outright buying over one centre."""
    for series, table, column, prefix in SERIES:
        yield gapless(centre_id, series, table, column, prefix)
    returns = select(SupplierReturn.id, literal(1)).where(SupplierReturn.centre_id == centre_id)
    yield entries(
        "each return to a supplier has its entry",
        centre_id,
        "supplier_return",
        db.session.execute(returns).all(),
    )
    yield _paper_is_cost_and_tax(centre_id)
    yield _claimed_as_said(centre_id)
    yield _returned_as_moved(centre_id)
    yield _returns_add_up(centre_id)
    yield _open_is_owed(centre_id)
    yield _no_credit_used_beyond(centre_id)
    yield _orders_follow_what_came(centre_id)
    yield _prints_counted(centre_id)


def _paper_is_cost_and_tax(centre_id: int) -> Finding:
    """What a supplier's paper asks for a lot is its cost and the VAT claimed beside it."""
    of_lot = and_(Lot.centre_id == PurchaseLine.centre_id, Lot.id == PurchaseLine.lot_id)
    asked = select(PurchaseLine.lot_id, PurchaseLine.amount_satang).where(
        PurchaseLine.centre_id == centre_id
    )
    booked = (
        select(PurchaseLine.lot_id, Lot.cost_satang + PurchaseLine.tax_satang)
        .join(Lot, of_lot)
        .where(PurchaseLine.centre_id == centre_id)
    )
    return compared(
        "a lot's cost and VAT are the supplier's price",
        centre_id,
        _pairs(asked),
        _pairs(booked),
        "lot",
    )


def _claimed_as_said(centre_id: int) -> Finding:
    said = select(GoodsReceipt.id, GoodsReceipt.tax_satang).where(
        GoodsReceipt.centre_id == centre_id, GoodsReceipt.tax_satang > 0
    )
    by_line = (
        select(PurchaseLine.goods_receipt_id, sum_int(PurchaseLine.tax_satang))
        .where(PurchaseLine.centre_id == centre_id)
        .group_by(PurchaseLine.goods_receipt_id)
        .having(func.sum(PurchaseLine.tax_satang) > 0)
    )
    return compared(
        "input VAT of a purchase is that of its lines",
        centre_id,
        _pairs(said),
        _pairs(by_line),
        "goods_receipt",
    )


def _returned_as_moved(centre_id: int) -> Finding:
    lines = (
        select(SupplierReturnLine.return_id, sum_int(SupplierReturnLine.cost_satang))
        .where(SupplierReturnLine.centre_id == centre_id)
        .group_by(SupplierReturnLine.return_id)
    )
    moved = (
        select(StockMove.source_id, sum_int(StockMove.cost_satang))
        .where(StockMove.centre_id == centre_id, StockMove.source_type == "supplier_return")
        .group_by(StockMove.source_id)
    )
    return compared(
        "goods returned left at the value said",
        centre_id,
        _pairs(lines),
        _pairs(moved),
        "supplier_return",
    )


def _returns_add_up(centre_id: int) -> Finding:
    lines = (
        select(
            SupplierReturnLine.return_id,
            sum_int(SupplierReturnLine.cost_satang + SupplierReturnLine.tax_satang),
        )
        .where(SupplierReturnLine.centre_id == centre_id)
        .group_by(SupplierReturnLine.return_id)
    )
    said = select(SupplierReturn.id, SupplierReturn.amount_satang).where(
        SupplierReturn.centre_id == centre_id
    )
    return compared(
        "return lines sum to their return",
        centre_id,
        _pairs(said),
        _pairs(lines),
        "supplier_return",
    )


def _open_is_owed(centre_id: int) -> Finding:
    """Payables by due date, credits taken off, are what each supplier is owed on 2110.

    What the books' own papers (vouchers, openings by hand) put there has no document here.
    """
    by_due = {
        producer: sum(line.sign * line.left_satang for line in lines)
        for producer, lines in payables.purchases(centre_id).items()
    }
    owed: dict[Any, int] = {}
    for effect in control_accounts.OUTRIGHT.effects(centre_id):
        part = effect.subquery()
        query = select(part.c.party_id, sum_int(part.c.satang)).group_by(part.c.party_id)
        for producer, satang in db.session.execute(query):
            owed[producer] = owed.get(producer, 0) - satang
    return compared(
        "payables by due date add up to what is owed", centre_id, by_due, owed, "producer"
    )


def _no_credit_used_beyond(centre_id: int) -> Finding:
    given = _pairs(
        select(SupplierReturn.id, SupplierReturn.amount_satang).where(
            SupplierReturn.centre_id == centre_id, SupplierReturn.settled == "credit"
        )
    )
    used = _pairs(
        select(PayoutLine.document_id, -sum_int(PayoutLine.amount_satang))
        .where(PayoutLine.centre_id == centre_id, PayoutLine.kind == "credit")
        .group_by(PayoutLine.document_id)
    )
    beyond = {one: satang for one, satang in used.items() if satang > given.get(one, 0)}
    most = {one: given.get(one, 0) for one in beyond}
    return compared("no credit is used twice", centre_id, most, beyond, "supplier_return")


def _orders_follow_what_came(centre_id: int) -> Finding:
    """An order that is under way is sent, partly or received as its deliveries say."""
    states = dict(
        db.session.execute(
            select(PurchaseOrder.id, PurchaseOrder.state).where(
                PurchaseOrder.centre_id == centre_id,
                PurchaseOrder.state.in_(("sent", "partly", "received")),
            )
        ).all()
    )
    differing = {}
    for order_id, state in states.items():
        lines = order_documents.of(centre_id, order_id).lines
        came = state_of([one.base_milli for one in lines], [one.received_milli for one in lines])
        if came != state:
            differing[order_id] = 1
    return compared(
        "orders follow what came", centre_id, dict.fromkeys(differing, 0), differing, SERIES[0][0]
    )


def _prints_counted(centre_id: int) -> Finding:
    columns = (func.count(), func.max(PurchaseVoucherPrint.print_no))
    rows = db.session.execute(
        select(PurchaseVoucherPrint.voucher_id, *columns)
        .where(PurchaseVoucherPrint.centre_id == centre_id)
        .group_by(PurchaseVoucherPrint.voucher_id)
    ).all()
    return compared(
        "prints of purchase vouchers are counted",
        centre_id,
        {row[0]: row[1] for row in rows},
        {row[0]: row[2] for row in rows},
        "purchase_voucher",
    )


def _pairs(query: Any) -> dict[Any, Any]:
    return dict(db.session.execute(query).all())
