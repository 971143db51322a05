"""Rows of outright buying for the guarded world: an order sent, what came of it, what went back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from core.db import Base
from inventory.models import (
    GoodsReceipt,
    Lot,
    PurchaseLine,
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseVoucher,
    PurchaseVoucherPrint,
    Supplier,
    SupplierReturn,
    SupplierReturnLine,
)
from tests.integration.guarded_ledger import DAY, NOON

ORDER, RECEIPT, LOT = UUID(int=0xB1), UUID(int=0xB2), UUID(int=0xB3)
RETURN, VOUCHER = UUID(int=0xB4), UUID(int=0xB5)


def rows(ids: Mapping[str, UUID]) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    """Yield the rows; the producer, the product and the shelf are the world's."""
    told = {"recorded_at": NOON, "recorded_name": "คุณ"}
    same: dict[str, Any] = {"digest": "0" * 64, "content": {}}
    yield Supplier, {"producer_id": ids["producer"], "terms_days": 30}
    yield (
        PurchaseOrder,
        {
            "id": ORDER,
            "order_no": "PO-2569-00777",
            "producer_id": ids["producer"],
            "state": "draft",
            "ordered_on": DAY,
            "prices": "none",
            "terms_days": 30,
            "amount_satang": 100_00,
            **told,
            **same,
        },
    )
    unit = {"unit": "ขวด", "factor_milli": 1000, "quantity_milli": 10_000}
    price = {"unit_price_satang": 10_00, "amount_satang": 100_00}
    yield (
        PurchaseOrderLine,
        {"order_id": ORDER, "line_no": 1, "product_id": ids["product"], **unit, **price},
    )
    yield from _came(ids, unit | price, {**told, **same, "business_date": DAY})
    yield (
        PurchaseVoucher,
        {
            "id": VOUCHER,
            "voucher_no": "BV-2569-00777",
            "source_type": "goods_receipt",
            "source_id": RECEIPT,
            "producer_id": ids["producer"],
            "payee_name": "ป้าแดง",
            "payee_address": "12 หมู่ 3",
            "amount_satang": 100_00,
            "items": [],
            "business_date": DAY,
            **told,
        },
    )
    yield PurchaseVoucherPrint, {"voucher_id": VOUCHER, "print_no": 1, "printed_at": NOON}


def _came(
    ids: Mapping[str, UUID], paper: dict[str, Any], done: dict[str, Any]
) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    of_receipt = {name: value for name, value in done.items() if name != "recorded_name"}
    yield (
        GoodsReceipt,
        {
            "id": RECEIPT,
            "receipt_no": "IN-2569-00777",
            "producer_id": ids["producer"],
            "kind": "outright",
            "paid": "payable",
            "location_id": ids["shop"],
            "cost_satang": 100_00,
            **of_receipt,
        },
    )
    yield (
        Lot,
        {
            "id": LOT,
            "lot_no": "L777",
            "goods_receipt_id": RECEIPT,
            "line_no": 1,
            "product_id": ids["product"],
            "producer_id": ids["producer"],
            "ownership": "own",
            "gross_milli": 10_000,
            "tare_milli": 0,
            "deduction_milli": 0,
            "quantity_milli": 10_000,
            "unit_cost_satang": 10_00,
            "cost_satang": 100_00,
            "received_at": NOON,
        },
    )
    line = {"lot_id": LOT, "goods_receipt_id": RECEIPT, "tax_satang": 0}
    yield PurchaseLine, {**line, **paper}
    yield (
        SupplierReturn,
        {
            "id": RETURN,
            "return_no": "SR-2569-00777",
            "goods_receipt_id": RECEIPT,
            "producer_id": ids["producer"],
            "location_id": ids["shop"],
            "settled": "credit",
            "amount_satang": 20_00,
            "cost_satang": 20_00,
            "tax_satang": 0,
            "reason": "แตก",
            **done,
        },
    )
    yield (
        SupplierReturnLine,
        {
            "return_id": RETURN,
            "line_no": 1,
            "lot_id": LOT,
            "quantity_milli": 2_000,
            "cost_satang": 20_00,
            "tax_satang": 0,
        },
    )
