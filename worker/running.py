"""Make one job: claim it, build its document, store it, all the while showing that we live.

What must stay true: a job that was not claimed is left alone, and a claim that was lost stores
nothing, so messages may come twice and workers may be killed at any moment. A report is made
outside any transaction; an errand acts and stores its file in a single one, which a lost claim
rolls back whole (of one that acts in turns, the turn). A batch of PDFs is drawn in turns: each PDF
is kept as soon as it is drawn, so a turn that ends, or a worker that dies, loses at most one.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import replace
from functools import partial
from types import TracebackType
from typing import Self
from uuid import UUID

from flask import Flask
from sqlalchemy.exc import DBAPIError

from core import jobs
from core.actor import Actor, system_actor
from core.bell import JOB_SECONDS_MAX
from core.db import in_transaction, is_locked
from core.errors import DomainError
from core.jobs import JobCard, Superseded
from members.services import centres, users
from worker.errands import ERRANDS, TURNS
from worker.reports import BATCHES, REPORTS, Batch, Progress

TURN_SECONDS = JOB_SECONDS_MAX // 3
"""How long a batch may draw before others have their turn."""
PAUSE_SECONDS = 0.5
"""Progress reaches the database at most this often, however often a report tells it."""

log = logging.getLogger(__name__)


def run(app: Flask, centre_id: int, job_id: UUID) -> bool:
    """Make the job if it waits; tell whether this call finished it, not only its turn."""
    with app.app_context():
        job = in_transaction(jobs.claim, centre_id, job_id)
        if job is None:
            log.info("Job %s does not wait: it is finished, or another worker has it", job_id)
            return False
        try:
            with Heartbeat(app, job) as heartbeat:
                store = _outcome(job, heartbeat.progress)
            if store is not None:
                in_transaction(store)
            if store is not None and store.func is jobs.hand_on:
                return False
        except Superseded:
            log.warning("Job %s was taken over while it was being made", job_id)
            return False
        except DBAPIError as error:
            if not is_locked(error):
                raise
            log.warning("Job %s found the database busy; the sweep sends it again", job_id)
            return False
        return True


def _outcome(job: JobCard, progress: Progress) -> partial[None] | None:
    """Make the job; return what is still to be written about it, if anything is."""
    try:
        if job.name in ERRANDS:
            while job.name in TURNS and in_transaction(_turn_of, job, _asker(job), progress):
                pass
            in_transaction(_act, job, _asker(job), progress)
            return None
        if job.name in BATCHES:
            return _turn(job, BATCHES[job.name])
        made = REPORTS[job.name](job.params, _reader(job), progress)
    except Superseded:
        raise
    except DomainError as refusal:
        return partial(jobs.fail, job, refusal)
    except Exception as error:
        if is_locked(error):
            raise
        log.exception("Job %s (%s) failed", job.id, job.name)
        return partial(jobs.fail, job, jobs.WENT_WRONG)
    return partial(jobs.finish, job, made)


def _turn(job: JobCard, batch: Batch) -> partial[None]:
    """Draw some of a batch; return what ends the turn, or the batch."""
    actor, until = _reader(job), time.monotonic() + TURN_SECONDS
    so_far = jobs.begun(job)
    # Members don't come or go in a document that is frozen; a count too low would be our slip.
    total = max(int(job.params["count"]), so_far.steps)
    for part in batch.parts(job.params, actor, so_far):
        total = max(total, so_far.steps + part.steps)
        so_far = in_transaction(jobs.keep, job, so_far, part, total)
        if time.monotonic() > until:
            return partial(jobs.hand_on, job)
    return partial(jobs.finish_parts, job, batch.name(job.params, actor))


def _turn_of(job: JobCard, actor: Actor, progress: Progress) -> bool:
    """Do some of an errand and say we live; a lost claim undoes that turn alone."""
    more = TURNS[job.name](job.params, actor, progress)
    jobs.beat(job)
    return more


def _act(job: JobCard, actor: Actor, progress: Progress) -> None:
    """Do an errand and store its file; `finish` undoes all of it when the claim was lost."""
    jobs.finish(job, ERRANDS[job.name](job.params, actor, progress))


def _reader(job: JobCard) -> Actor:
    """The right to the report was checked when it was asked for; the language is the asker's."""
    centre = centres.get(job.centre_id)
    assert centre is not None
    return replace(system_actor(centre), locale=job.params.get("locale", "th"))


def _asker(job: JobCard) -> Actor:
    """An errand is the act of whoever asked for it, with the rights they have by now."""
    reader = _reader(job)
    if job.requested_by is None:
        return reader
    user = users.get(job.requested_by, reader)
    roles = frozenset(user.roles if user.active else ())
    return replace(reader, user_id=user.id, name=user.display_name, roles=roles)


class Heartbeat:
    """Writes a running job's progress, and the moment, from a thread of its own."""

    def __init__(self, app: Flask, job: JobCard) -> None:
        self._app = app
        self._job = job
        self._reached: tuple[int, int] | None = None
        self._lost = threading.Event()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def progress(self, done: int, total: int) -> None:
        """Note how far the job is; raise `Superseded` once another worker has it."""
        if self._lost.is_set():
            raise Superseded
        self._reached = (done, total)

    def _beat(self) -> None:
        written, beat_at = self._reached, time.monotonic()
        every = jobs.HEARTBEAT.total_seconds()
        while not self._over.wait(PAUSE_SECONDS):
            reached = self._reached
            if reached == written and time.monotonic() - beat_at < every:
                continue
            try:
                with self._app.app_context():
                    # A batch tells its progress itself, with each part; here it is only alive.
                    if reached is None:
                        in_transaction(jobs.beat, self._job)
                    else:
                        in_transaction(jobs.progress, self._job, *reached)
            except Superseded:
                self._lost.set()
                return
            except Exception as error:
                if is_locked(error):
                    # SQLite has one writer, and our own errand is it: nobody can sweep either.
                    continue
                log.exception("The progress of job %s could not be written", self._job.id)
            written, beat_at = reached, time.monotonic()
