"""Prepare or post a settlement run for whoever asked; the file is the run's table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_babel import force_locale

from core.actor import Actor
from core.jobs import JobFile
from inventory.pages.settlement_tables import run_table
from inventory.services.settlement import asking, posting, preparing, statements
from worker.reports.document import Progress, csv_file


def prepare(params: Mapping[str, Any], actor: Actor, progress: Progress) -> JobFile:
    """Prepare the run, raise what `preparing.prepare` raises."""
    run_id = preparing.prepare(asking.command_of(params), actor, progress)
    return _table(run_id, actor)


def post(params: Mapping[str, Any], actor: Actor, progress: Progress) -> JobFile:
    """Post the run, raise what `posting.post` raises."""
    run_id = UUID(params["run_id"])
    posting.post(run_id, actor, progress)
    return _table(run_id, actor)


def _table(run_id: UUID, actor: Actor) -> JobFile:
    run = statements.run(run_id, actor)
    with force_locale(actor.locale):
        return csv_file(run_table(run, statements.of_run(run_id, actor)))
