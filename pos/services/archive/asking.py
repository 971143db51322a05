"""Ask the worker for the archive of a centre."""

from __future__ import annotations

from uuid import UUID

from core import jobs
from core.actor import Actor
from members.services import access
from pos.rules.archive_tasks import ARCHIVE


def request(actor: Actor) -> UUID:
    """Queue the archive of the actor's centre; return its job. Raises Forbidden, TooManyJobs."""
    access.require(actor, "archive.make")
    return jobs.request(actor, ARCHIVE, {"subject": actor.centre.code, "locale": actor.locale})
