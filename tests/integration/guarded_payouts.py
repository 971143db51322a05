"""Rows of money to producers for the guarded world: goods advanced, repaid, waiting at the bank."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from core.db import Base
from core.ids import uuid7
from inventory.models import (
    Advance,
    AdvanceLine,
    AdvanceRepayment,
    PayoutBatch,
    PayoutBatchLine,
)

DAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)
ADVANCE, BATCH = UUID(int=0xE1), UUID(int=0xE2)


def rows(ids: Mapping[str, UUID]) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    """Yield the rows; the producer and the product are the world's."""
    done: dict[str, Any] = {
        "business_date": DAY,
        "recorded_at": NOON,
        "recorded_name": "คุณ",
        "digest": "0" * 64,
        "content": {},
    }
    yield (
        Advance,
        {
            "id": ADVANCE,
            "advance_no": "AV-2569-00777",
            "producer_id": ids["producer"],
            "kind": "goods",
            "paid_from": "shelf",
            "amount_satang": 40_00,
            **done,
        },
    )
    yield (
        AdvanceLine,
        {
            "advance_id": ADVANCE,
            "line_no": 1,
            "product_id": ids["product"],
            "name_th": "น้ำผึ้ง",
            "name_en": "Honey",
            "unit": "ขวด",
            "quantity_milli": 1000,
            "unit_price_satang": 40_00,
            "amount_satang": 40_00,
            "tax_rate_basis_points": 0,
            "tax_satang": 0,
            "cost_satang": 30_00,
        },
    )
    yield (
        AdvanceRepayment,
        {
            "id": uuid7(),
            "repayment_no": "RP-2569-00777",
            "producer_id": ids["producer"],
            "paid_into": "safe",
            "amount_satang": 10_00,
            **done,
        },
    )
    yield (
        PayoutBatch,
        {
            "id": BATCH,
            "batch_no": "PB-2569-00777",
            "method": "promptpay",
            "amount_satang": 80_00,
            "file_content": "",
            **done,
        },
    )
    yield (
        PayoutBatchLine,
        {
            "batch_id": BATCH,
            "line_no": 1,
            "producer_id": ids["producer"],
            "amount_satang": 80_00,
            "account": "0812345678",
            "account_name": "ป้าแดง",
            "pays": {},
            "state": "waiting",
        },
    )
