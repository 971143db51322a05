"""A meeting's resolution with what came of it, to be attacked."""

from __future__ import annotations

from sqlalchemy import insert

from accounting.models import Meeting, Resolution, ResolutionOutcome
from core.db import db
from core.ids import uuid7
from tests.integration.guarded_ledger import DAY, NOON


def write(centre_id: int) -> None:
    """Write the rows."""
    meeting_id, resolution_id = uuid7(), uuid7()
    for model, values in (
        (
            Meeting,
            {"id": meeting_id, "kind": "monthly", "held_on": DAY, "created_at": NOON},
        ),
        (
            Resolution,
            {
                "id": resolution_id,
                "meeting_id": meeting_id,
                "resolution_no": "G/2569",
                "text": "ให้ดำเนินการ",
                "recorded_at": NOON,
            },
        ),
        (
            ResolutionOutcome,
            {"resolution_id": resolution_id, "kind": "done", "recorded_at": NOON},
        ),
    ):
        db.session.execute(insert(model).values(centre_id=centre_id, **values))
