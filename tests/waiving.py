"""A small centre's waiver, recorded the way its manager would."""

from __future__ import annotations

from datetime import timedelta

from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.ids import uuid7
from members.services import duties
from members.services.duties import RecordWaiver, WaiverDoc


def waive(actor: Actor, *pairs: str, reason: str = "มีคนเดียว", days: int = 300) -> WaiverDoc:
    """Let one person do both of some pairs from today on."""
    today = clock.today()
    command = RecordWaiver(uuid7(), pairs, reason, today, today + timedelta(days=days))
    return in_transaction(duties.record, command, actor)
