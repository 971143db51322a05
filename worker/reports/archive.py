"""The whole centre in one file, for another installation to take in."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from typing import Any

from flask import current_app

from core import clock
from core.actor import Actor
from core.jobs import JobFile
from pos.services.archive import writing
from worker.reports.document import Progress

SPOOLED_BYTES = 8 * 1024 * 1024


def build(_params: Mapping[str, Any], actor: Actor, progress: Progress) -> JobFile:
    """Write the archive, table by table."""
    with tempfile.SpooledTemporaryFile(SPOOLED_BYTES) as spool:
        writing.write(spool, actor, current_app.config["SUNRUAM"].var, progress)
        spool.seek(0)
        name = f"{actor.centre.code}-{clock.today().isoformat()}.sunruam.zip"
        return JobFile(name, "application/zip", spool.read())
