"""Rows of unsold goods for the guarded world: one of each document, and a lot's event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from core.db import Base
from core.ids import uuid7
from inventory.models import Donation, LotConversion, LotEvent, ProducerReturn


def rows(ids: Mapping[str, UUID]) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    """Yield the rows; the lots, the intake and the shelf are the world's."""
    recorded: dict[str, Any] = {
        "quantity_milli": 1000,
        "reason": "unsold",
        "business_date": date(2026, 11, 20),
        "recorded_at": datetime(2026, 11, 20, 5, tzinfo=UTC),
        "digest": "0" * 64,
        "content": {},
    }
    lying = {"lot_id": ids["lot"], "location_id": ids["shop"]}
    yield ProducerReturn, {"id": uuid7(), "return_no": "RT-2569-00001", **lying, **recorded}
    yield (
        LotConversion,
        {
            "id": uuid7(),
            "conversion_no": "CV-2569-00001",
            "unit_cost_satang": 50_00,
            "cost_satang": 50_00,
            "goods_receipt_id": ids["receipt"],
            "new_lot_id": ids["lot2"],
            **lying,
            **recorded,
        },
    )
    yield (
        Donation,
        {
            "id": uuid7(),
            "donation_no": "DN-2569-00001",
            "recipient": "วัด",
            "bearer": "producer",
            "charge_satang": 0,
            **lying,
            **recorded,
        },
    )
    yield (
        LotEvent,
        {
            "id": uuid7(),
            "lot_id": ids["lot"],
            "event_no": 1,
            "kind": "held",
            "grade_before": "A",
            "grade_after": "A",
            "witness": "",
            "recorded_name": "คุณ",
            **recorded,
        },
    )
