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
from core.sheets import csv_lines
from worker.reports.document import Progress


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
        table = members_table(card, actor)
        content = "".join(csv_lines(table.headings, table.rows)).encode()
    return JobFile(f"{table.name}.csv", "text/csv; charset=utf-8", content)
