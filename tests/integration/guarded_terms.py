"""Rows of consignment terms for the guarded world: one version and its decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from core.db import Base
from core.ids import uuid7
from inventory.models import ConsignmentTerms, ConsignmentTermsDecision

NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)


def rows(ids: Mapping[str, UUID]) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    """Yield the rows; the producer is the world's."""
    terms_id, proposer, approver = uuid7(), uuid7(), uuid7()
    yield (
        ConsignmentTerms,
        {
            "id": terms_id,
            "terms_no": "CT-2569-00001",
            "producer_id": ids["producer"],
            "valid_from": date(2026, 11, 20),
            "split_basis_points": 8000,
            "tiers": [],
            "floor_satang": 0,
            "fee_satang": 0,
            "levy_basis_points": 0,
            "proposed_by": proposer,
            "proposed_name": "สมใจ",
            "proposed_at": NOON,
            "digest": "0" * 64,
            "content": {},
        },
    )
    yield (
        ConsignmentTermsDecision,
        {
            "terms_id": terms_id,
            "kind": "approved",
            "proposed_by": proposer,
            "decided_by": approver,
            "decided_name": "ผู้จัดการ",
            "decided_at": NOON,
        },
    )
