"""Celery's tasks, thin: each opens the app and calls what does the work.

What must stay true: `run_job` is the only task that makes anything, whatever the report.
"""

from __future__ import annotations

import logging
from functools import cache, partial
from typing import Any
from uuid import UUID

from celery.signals import worker_ready
from flask import Flask

from core import jobs
from core.bell import RUN_JOB, forget_delivered
from core.db import in_transaction
from members.services import sessions
from members.services.moving_in import discarding
from pos import create_app
from worker import running
from worker.celery_app import app, settings
from worker.days import add_up_days
from worker.schedule import (
    BACKUP_SECONDS,
    CLEAN,
    CLEAN_SECONDS,
    DAYS,
    DAYS_SECONDS,
    DUE,
    DUE_SECONDS,
    PACKS,
    PACKS_SECONDS,
    SEAL,
    SEAL_SECONDS,
    SWEEP,
    SWEEP_SECONDS,
    Clockwork,
)
from worker.upkeep import back_up, do_due_entries, make_meeting_papers, make_packs, seal_books

log = logging.getLogger(__name__)


@cache
def web_app() -> Flask:
    """Return this process's app; made on first use, for connections don't survive a fork."""
    return create_app(settings)


@app.task(name=RUN_JOB)
def run_job(centre_id: int, job_id: str) -> None:
    """Make the job that is waiting under this id."""
    running.run(web_app(), centre_id, UUID(job_id))


@app.task(name=SWEEP)
def sweep() -> None:
    """Rescue jobs whose worker died or whose message was lost."""
    with web_app().app_context():
        rung = in_transaction(jobs.sweep)
    if rung:
        log.info("%s waiting jobs were sent again", rung)


@app.task(name=CLEAN)
def clean() -> None:
    """Forget what nobody will ask for again."""
    with web_app().app_context():
        in_transaction(jobs.discard_old)
        in_transaction(sessions.discard_old)
        in_transaction(discarding.discard_old)
    forget_delivered(settings.broker_url)


@app.task(name=SEAL)
def seal() -> None:
    """Seal what was posted since the last time."""
    with web_app().app_context():
        sealed = seal_books()
    if sealed:
        log.info("%s entries were sealed", sealed)


@app.task(name=PACKS)
def packs() -> None:
    """Ask for the papers of months that were locked since, and of meetings that are near."""
    with web_app().app_context():
        make_packs()
        make_meeting_papers()


@app.task(name=DUE)
def due() -> None:
    """Draft the recurring entries that are due, and take back accruals."""
    with web_app().app_context():
        done = do_due_entries()
    if done:
        log.info("%s entries that were due are made", done)


@app.task(name=DAYS)
def days() -> None:
    """Add up the days that are over, and ask for the papers of the day that are due."""
    with web_app().app_context():
        done = add_up_days()
    if done:
        log.info("%s days were added up", done)


@worker_ready.connect
def start_clockwork(**_: Any) -> None:
    """Embedded: do the chores that production leaves to beat."""
    if settings.mode == "embedded":
        chores = {
            sweep: SWEEP_SECONDS,
            clean: CLEAN_SECONDS,
            seal: SEAL_SECONDS,
            packs: PACKS_SECONDS,
            due: DUE_SECONDS,
            days: DAYS_SECONDS,
        }
        Clockwork(chores).start()
        # Beside the others: trying a backup out takes as long as `verify` does.
        Clockwork({partial(back_up, settings): BACKUP_SECONDS}).start()
