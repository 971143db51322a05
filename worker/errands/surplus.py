"""Measure or post an allocation for whoever asked; the file is the list of the members' parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_babel import force_locale

from accounting.pages.surplus_tables import members_table
from accounting.services.surplus import allocations, posting, running
from core.actor import Actor
from core.jobs import JobFile
from worker.reports.document import Progress, csv_file


def measure(params: Mapping[str, Any], actor: Actor, progress: Progress) -> JobFile:
    """Measure every member, raise what `running.prepare_run` raises."""
    allocation_id = UUID(params["allocation_id"])
    running.prepare_run(allocation_id, actor, progress)
    return _table(allocation_id, actor)


def post(params: Mapping[str, Any], actor: Actor, progress: Progress) -> JobFile:
    """Post the allocation, raise what `posting.post` raises."""
    allocation_id = UUID(params["allocation_id"])
    posting.post(allocation_id, actor, progress)
    return _table(allocation_id, actor)


def _table(allocation_id: UUID, actor: Actor) -> JobFile:
    card = allocations.card(allocation_id, actor)
    with force_locale(actor.locale):
        return csv_file(members_table(card, actor))
