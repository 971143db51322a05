"""A waiver used and ended, and a manager's word at the till, to be attacked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from core.db import Base
from core.ids import uuid7
from members.models import DutyWaiver, DutyWaiverEnd, DutyWaiverUse
from pos.models import ManagerOverride
from tests.integration.guarded_ledger import DAY, NOON


def rows(ids: dict[str, UUID]) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    waiver = uuid7()
    yield (
        DutyWaiver,
        {
            "id": waiver,
            "pairs": ["count"],
            "reason": "มีคนเดียว",
            "resolution": "",
            "valid_from": DAY,
            "recorded_at": NOON,
            "recorded_name": "คุณจันทร์",
            "digest": "0" * 64,
            "content": {},
        },
    )
    yield (
        DutyWaiverUse,
        {
            "id": uuid7(),
            "waiver_id": waiver,
            "pair": "count",
            "document_type": "count_sheet",
            "document_id": uuid7(),
            "document_no": "CS-1",
            "facts": [],
            "used_at": NOON,
            "used_by": uuid7(),
            "used_name": "คุณจันทร์",
        },
    )
    yield (
        DutyWaiverEnd,
        {"waiver_id": waiver, "reason": "ครบ", "ended_at": NOON, "ended_name": "คุณจันทร์"},
    )
    yield (
        ManagerOverride,
        {
            "id": uuid7(),
            "kind": "discount-above-limit",
            "document_id": ids["sale"],
            "till_id": ids["till"],
            "reason": "ขวดบุบ",
            "asked_satang": 1000,
            "asked_name": "น้องแก้ว",
            "granted_name": "คุณจันทร์",
            "at": NOON,
            "expires_at": NOON.replace(hour=NOON.hour + 1),
            "facts": {},
            "digest": "0" * 64,
        },
    )
