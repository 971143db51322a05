"""Rows of vouchers for the guarded world: one waiting for approval, a template, a paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from accounting.models import Attachment, Voucher, VoucherTemplate
from core.db import Base
from core.ids import uuid7

DAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)
VOUCHER, PREPARER, TEMPLATE = UUID(int=0xF1), UUID(int=0xF2), UUID(int=0xF4)


def rows(_ids: Mapping[str, UUID]) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    """Yield the rows."""
    yield (
        VoucherTemplate,
        {
            "id": TEMPLATE,
            "name": "ค่าไฟ",
            "kind": "pay",
            "content": {},
            "every": "month",
            "day_of_month": 31,
            "next_due": DAY,
            "active": True,
        },
    )
    yield (
        Voucher,
        {
            "id": VOUCHER,
            "kind": "pay",
            "state": "draft",
            "business_date": DAY,
            "total_satang": 6_000_00,
            "party": "การไฟฟ้า",
            "note": "",
            "content": {},
            "digest": "0" * 64,
            "template_id": TEMPLATE,
            "due_on": DAY,
            "prepared_by": PREPARER,
            "prepared_name": "คุณ",
            "prepared_at": NOON,
            "decided_name": "",
            "reason": "",
            "version": 1,
        },
    )
    yield (
        Attachment,
        {
            "id": uuid7(),
            "voucher_id": VOUCHER,
            "sha256": "a" * 64,
            "media_type": "image/png",
            "size_bytes": 10,
            "name": "bill.png",
            "added_at": NOON,
            "added_name": "คุณ",
        },
    )
