"""Rows of production for the guarded world: a batch with all its parts, and a recipe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from core.db import Base
from core.ids import uuid7
from inventory.models import (
    BatchCancellation,
    BatchCost,
    BatchFee,
    BatchFinish,
    BatchIssue,
    BatchIssueLine,
    BatchOutput,
    BatchOutputLot,
    OwnProducer,
    ProductionBatch,
    Recipe,
)
from tests.integration.guarded_ledger import DAY, NOON
from tests.integration.guarded_payouts import ADVANCE


def rows(ids: Mapping[str, UUID]) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    """Yield the rows; lots, product, producer and the shelf are the world's."""
    batch, issue, recipe = uuid7(), uuid7(), uuid7()
    signed: dict[str, Any] = {
        "business_date": DAY,
        "recorded_at": NOON,
        "recorded_name": "คุณ",
    }
    paper = {**signed, "digest": "0" * 64, "content": {}}
    how = {"kind": "joint", "basis": "weight", "loss_rule": "spread", "note": ""}
    yield Recipe, {"id": recipe, "name": "สีข้าว", "lines": [], "active": True, "version": 1, **how}
    yield (
        ProductionBatch,
        {
            "id": batch,
            "batch_no": "PB-2569-00001",
            "name": "สีข้าว",
            "recipe_id": recipe,
            "planned": [],
            "location_id": ids["shop"],
            **how,
            **paper,
        },
    )
    yield (
        BatchIssue,
        {"id": issue, "batch_id": batch, "location_id": ids["shop"], "cost_satang": 0, **paper},
    )
    yield (
        BatchIssueLine,
        {
            "issue_id": issue,
            "line_no": 1,
            "lot_id": ids["lot"],
            "quantity_milli": 1000,
            "unit_grams": 1000,
            "cost_satang": 0,
        },
    )
    yield (
        BatchCost,
        {
            "id": uuid7(),
            "batch_id": batch,
            "kind": "labour",
            "label": "งาน",
            "quantity_milli": 1000,
            "rate_satang": 0,
            "amount_satang": 0,
            "grams": 0,
            **paper,
        },
    )
    yield (
        BatchFinish,
        {
            "batch_id": batch,
            "in_cost_satang": 0,
            "out_cost_satang": 0,
            "loss_satang": 0,
            "spent_satang": 0,
            "in_grams": 1000,
            "out_grams": 600,
            "over_reason": "",
            **paper,
        },
    )
    yield (
        BatchOutput,
        {
            "batch_id": batch,
            "line_no": 1,
            "role": "main",
            "product_id": ids["product"],
            "quantity_milli": 600,
            "kept_milli": 0,
            "unit_grams": 1000,
            "unit_value_satang": 0,
            "cost_satang": 0,
        },
    )
    yield (
        BatchOutputLot,
        {
            "batch_id": batch,
            "line_no": 1,
            "share_no": 1,
            "kind": "consigned",
            "producer_id": ids["producer"],
            "quantity_milli": 600,
            "cost_satang": 0,
            "lot_id": ids["lot2"],
        },
    )
    yield (
        BatchFee,
        {
            "batch_id": batch,
            "producer_id": ids["producer"],
            "grams": 1000,
            "amount_satang": 1_00,
            "advance_id": ADVANCE,
        },
    )
    yield (
        BatchCancellation,
        {"id": uuid7(), "batch_id": batch, "work_satang": 0, "reason": "ผิด", **signed},
    )
    yield OwnProducer, {"producer_id": ids["producer"]}
