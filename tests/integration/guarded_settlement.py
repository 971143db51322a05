"""Rows of a settlement for the guarded world: prepared, approved, posted, paid, and taken back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from core.db import Base
from core.ids import uuid7
from inventory.models import (
    Absorption,
    Advance,
    AdvanceNetting,
    Payout,
    PayoutBatch,
    PayoutLine,
    Recovery,
    SettledMove,
    Settlement,
    SettlementApproval,
    SettlementOutcome,
    SettlementRun,
    StockMove,
)

DAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)
RUN, SETTLEMENT, ADVANCE, PAYOUT = (UUID(int=number) for number in range(0xF1, 0xF5))
RETURN = UUID(int=0xF6)


def rows(ids: Mapping[str, UUID]) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    """Yield the rows; the producer, the lot and its sale are the world's."""
    same: dict[str, Any] = {"digest": "0" * 64, "content": {}}
    done: dict[str, Any] = {"business_date": DAY, "recorded_at": NOON}
    who = {"producer_id": ids["producer"]}
    yield (
        SettlementRun,
        {
            "id": RUN,
            "run_no": "SR-2569-00001",
            "cut_off": DAY,
            "recipe": {},
            "producers": 1,
            "payout_satang": 80_00,
            "prepared_at": NOON,
            "prepared_by": UUID(int=1),
            "prepared_name": "คุณ",
            **same,
        },
    )
    yield (
        Settlement,
        {
            "id": SETTLEMENT,
            "settlement_no": "ST-2569-00001",
            "run_id": RUN,
            "brought_forward_satang": 0,
            "earned_satang": 80_00,
            "recovered_satang": 0,
            "netted_satang": 0,
            "payout_satang": 80_00,
            "carried_satang": 0,
            **who,
            **same,
        },
    )
    yield (
        SettlementApproval,
        {
            "run_id": RUN,
            "prepared_by": UUID(int=1),
            "approved_by": UUID(int=2),
            "approved_name": "คุณ",
            "approved_at": NOON,
        },
    )
    yield SettlementOutcome, {"run_id": RUN, "kind": "posted", **done}
    sale = {"source_type": "sale", "source_id": ids["sale"], "move_no": 1}
    yield SettledMove, {**sale, "settlement_id": SETTLEMENT}
    yield from _taken_back(ids, who, same, done)
    yield from _money(who, same, done)


def _taken_back(
    ids: Mapping[str, UUID], who: dict[str, UUID], same: dict[str, Any], done: dict[str, Any]
) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    back = {"source_type": "refund", "source_id": RETURN, "move_no": 1}
    yield (
        StockMove,
        {
            **back,
            "line_no": 1,
            "lot_id": ids["lot"],
            "from_location_id": ids["customer"],
            "to_location_id": ids["shop"],
            "quantity_milli": 500,
            "cost_satang": 0,
            "base_satang": 50_00,
            "share_satang": 40_00,
            "business_date": DAY,
            "moved_at": NOON,
            "original_type": "sale",
            "original_id": ids["sale"],
            "original_move_no": 1,
        },
    )
    absorption = uuid7()
    yield (
        Absorption,
        {
            "id": absorption,
            "absorption_no": "AB-2569-00001",
            "amount_satang": 30_00,
            "reason": "cracked here",
            **who,
            **same,
            **done,
        },
    )
    yield (
        Recovery,
        {
            "document_type": "absorption",
            "document_id": absorption,
            "amount_satang": 30_00,
            "recorded_at": NOON,
            **back,
            **who,
        },
    )


def _money(
    who: dict[str, UUID], same: dict[str, Any], done: dict[str, Any]
) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    yield (
        Advance,
        {
            "id": ADVANCE,
            "advance_no": "AD-2569-00001",
            "recorded_name": "คุณ",
            "kind": "money",
            "paid_from": "safe",
            "amount_satang": 100_00,
            **who,
            **same,
            **done,
        },
    )
    yield (
        AdvanceNetting,
        {
            "document_type": "settlement",
            "document_id": SETTLEMENT,
            "advance_id": ADVANCE,
            "amount_satang": 60_00,
            "recorded_at": NOON,
        },
    )
    yield (
        PayoutBatch,
        {
            "id": uuid7(),
            "batch_no": "PB-2569-00001",
            "method": "promptpay",
            "recorded_name": "คุณ",
            "amount_satang": 1_00,
            "file_content": "",
            **same,
            **done,
        },
    )
    yield (
        Payout,
        {
            "id": PAYOUT,
            "payout_no": "PV-2569-00001",
            "method": "cash",
            "paid_from": "safe",
            "amount_satang": 50_00,
            "recorded_name": "คุณ",
            **who,
            **same,
            **done,
        },
    )
    yield (
        PayoutLine,
        {
            "payout_id": PAYOUT,
            "line_no": 1,
            "kind": "settlement",
            "document_id": SETTLEMENT,
            "amount_satang": 50_00,
        },
    )
