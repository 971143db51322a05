"""Rows of a joint buying round for the guarded world: asked for, shared out, handed out.

It still collects, so that each test moves it on as it needs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from core.db import Base
from inventory.models import (
    JointRound,
    JointRoundItem,
    JointRoundOrder,
    JointRoundOrderLine,
    JointRoundShare,
    JointRoundSharing,
)
from pos.models import JointRoundHandout
from tests.integration.guarded_buying import ORDER as PURCHASE
from tests.integration.guarded_ledger import DAY, NOON

ROUND, ORDER, SHARING = UUID(int=0xC1), UUID(int=0xC2), UUID(int=0xC3)


def rows(ids: Mapping[str, UUID]) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    """Yield the rows; the producer, the product and the sale are the world's."""
    told = {"recorded_at": NOON, "recorded_name": "คุณ"}
    same: dict[str, Any] = {"digest": "0" * 64, "content": {}}
    yield (
        JointRound,
        {
            "id": ROUND,
            "round_no": "JR-2569-00777",
            "name": "ปุ๋ย",
            "state": "collecting",
            "producer_id": ids["producer"],
            "closes_on": DAY + timedelta(days=7),
            "purchase_order_id": PURCHASE,
            **told,
            **same,
        },
    )
    yield (
        JointRoundItem,
        {
            "round_id": ROUND,
            "item_no": 1,
            "product_id": ids["product"],
            "unit": "ขวด",
            "factor_milli": 1000,
            "expected_price_satang": 80_00,
        },
    )
    buyer = {"producer_id": ids["producer"], "order_no": "JO-2569-00777"}
    yield JointRoundOrder, {"id": ORDER, "round_id": ROUND, **buyer, **told}
    yield JointRoundOrderLine, {"order_id": ORDER, "item_no": 1, "quantity_milli": 1000}
    yield (
        JointRoundSharing,
        {
            "id": SHARING,
            "round_id": ROUND,
            "goods_satang": 80_00,
            "extra_satang": 0,
            "extra_basis": "cost",
            "business_date": DAY,
            **told,
            **same,
        },
    )
    yield (
        JointRoundShare,
        {
            "sharing_id": SHARING,
            "share_no": 1,
            "item_no": 1,
            "order_id": ORDER,
            "asked_milli": 1000,
            "given_milli": 1000,
            "goods_satang": 80_00,
            "extra_satang": 0,
            "margin_satang": 0,
            "tax_satang": 0,
            "due_satang": 80_00,
        },
    )
    yield JointRoundHandout, {"order_id": ORDER, "sale_id": ids["sale"]}
