"""How the jobs of all centres are getting on, for whoever watches the installation."""

from __future__ import annotations

from sqlalchemy import func, select

from core import clock
from core.db import db
from core.models import JOB_STATES, JobRun


def counts() -> dict[str, int]:
    """Return how many jobs of all centres are in each state."""
    rows = db.session.execute(select(JobRun.state, func.count()).group_by(JobRun.state))
    return dict.fromkeys(JOB_STATES, 0) | {state: number for state, number in rows}


def waiting_seconds() -> float | None:
    """Return how long the job that waits longest has waited, None when none does."""
    first = db.session.scalar(select(func.min(JobRun.requested_at)).where(JobRun.state == "queued"))
    return None if first is None else max(0.0, (clock.now() - first).total_seconds())
