"""Take a brought table for whoever asked, in turns; the file lists the lines not taken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_babel import force_locale

from core.actor import Actor
from core.jobs import JobFile
from core.web.words import translated
from members.services.moving_in import files, taking
from worker.reports.document import Progress, csv_file


def some(params: Mapping[str, Any], actor: Actor, progress: Progress) -> bool:
    """Take some lines; tell whether there may be more. Raises what `taking.turn` raises."""
    return taking.turn(UUID(params["import_id"]), actor, progress)


def take(params: Mapping[str, Any], actor: Actor, _progress: Progress) -> JobFile:
    """Say that the import was taken, and give the other lines back with their reasons."""
    import_id = UUID(params["import_id"])
    taking.finish(import_id, actor)
    with force_locale(actor.locale):
        return csv_file(files.given_back(import_id, translated, actor))
