"""Rows of the welfare report for the guarded world: a price, its withdrawal, the aims."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from accounting.models import Meeting, Resolution, WelfareSettings
from core.db import Base
from core.ids import uuid7
from inventory.models import ReferencePrice, ReferencePriceWithdrawal

NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)
DAY = date(2026, 11, 20)


def rows(ids: Mapping[str, UUID]) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    """Yield the rows; the product is the world's."""
    price_id, meeting_id, resolution_id = uuid7(), uuid7(), uuid7()
    yield (
        ReferencePrice,
        {
            "id": price_id,
            "product_id": ids["product"],
            "kind": "shelf",
            "price_satang": 110_00,
            "low_satang": 100_00,
            "high_satang": 120_00,
            "valid_from": DAY,
            "place": "ตลาดศรีนครินทร์",
            "source": "ป้ายราคา",
            "note": "",
            "entered_name": "สมใจ",
            "entered_at": NOON,
        },
    )
    yield (
        ReferencePriceWithdrawal,
        {"price_id": price_id, "reason": "wrong", "withdrawn_name": "สมใจ", "withdrawn_at": NOON},
    )
    yield Meeting, {"id": meeting_id, "kind": "general", "held_on": DAY, "created_at": NOON}
    yield (
        Resolution,
        {
            "id": resolution_id,
            "meeting_id": meeting_id,
            "resolution_no": "77/2569",
            "text": "เกณฑ์ของหมู่บ้าน",
            "recorded_at": NOON,
        },
    )
    yield (
        WelfareSettings,
        {
            "id": uuid7(),
            "valid_from": DAY,
            "members_from_basis_points": 6000,
            "centre_below_basis_points": 4000,
            "coverage_basis_points": 6000,
            "reference_days": 180,
            "resolution_id": resolution_id,
            "recorded_name": "ผู้จัดการ",
            "recorded_at": NOON,
        },
    )
