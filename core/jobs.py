"""Jobs: asked for in the transaction of a request, made once by a worker, with progress.

What must stay true: the `job_run` row is the truth and the broker only a bell. A job is claimed by
one worker at a time, and only the claim that still holds (its attempt is the row's) may report
progress or store a file, so a bell rung twice or a worker that wakes up late changes nothing.
A document of many PDFs is kept part by part: whoever has the job next goes on behind the last one.
Every function that writes runs inside `in_transaction`; the caller is an edge.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, insert, select, tuple_, update

from core import bell, clock
from core.actor import Actor
from core.db import after_commit, db
from core.errors import N_, DomainError, NotFound
from core.ids import uuid7
from core.models import JobPart, JobRun
from core.paging import Page, Window, page_of
from core.sought import NOTHING, Sought, matching

ATTEMPTS_MAX = 3
UNFINISHED_MAX = 50
"""Jobs of one centre that may wait or run at a time: a stuck key must not fill the queue."""
SWEEP_LIMIT = 100

HEARTBEAT = timedelta(seconds=5)
STALE_AFTER = timedelta(seconds=45)
RING_AGAIN_AFTER = timedelta(seconds=20)
SWEEP_EVERY = timedelta(seconds=30)
KEEP = timedelta(days=90)

PDF, ZIP = "application/pdf", "application/zip"

GAVE_UP = N_("The worker stopped three times while making this. Ask for it again.")
WENT_WRONG = N_("Something went wrong while making this. Ask for it again.")


class TooManyJobs(DomainError):
    """The centre already has as many unfinished jobs as may wait at a time."""

    code, status, title = "too-many-jobs", 429, N_("Too many documents are being made")
    detail = N_("Wait until some of the %(limit)s that were asked for are finished.")


class Superseded(Exception):
    """Another worker has this job now; whoever meets this stops and stores nothing."""


@dataclass(frozen=True, slots=True)
class JobCard:
    """A job as people see it, without the file itself."""

    centre_id: int
    id: UUID
    name: str
    params: dict[str, Any]
    state: str
    progress_done: int
    progress_total: int
    attempts: int
    requested_by: UUID | None
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    error: str | None
    file_name: str | None
    file_type: str | None

    @property
    def finished(self) -> bool:
        return self.state in {"done", "failed"}


@dataclass(frozen=True, slots=True)
class JobFile:
    """What a job made."""

    name: str
    type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Part:
    """One finished PDF of many: `steps` of the work done, to be gone on with behind `mark`."""

    name: str
    content: bytes
    steps: int
    mark: str


@dataclass(frozen=True, slots=True)
class Begun:
    """How far a document of many PDFs is: parts kept, steps done, the mark to go on behind."""

    parts: int = 0
    steps: int = 0
    mark: str = ""

    def with_part(self, part: Part) -> Begun:
        return Begun(self.parts + 1, self.steps + part.steps, part.mark)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a job failed: msgids with the facts they show; `detail` says what to do."""

    title: str
    detail: str
    facts: Mapping[str, Any]


_CARD = tuple(getattr(JobRun, name) for name in JobCard.__dataclass_fields__)


# --- asking, by the web ----------------------------------------------------------------------


def request(actor: Actor, name: str, params: Mapping[str, Any]) -> UUID:
    """Ask for a job in the running transaction; its bell rings after the commit."""
    unfinished = select(func.count()).where(
        JobRun.centre_id == actor.centre_id, JobRun.state.in_(("queued", "running"))
    )
    if (db.session.scalar(unfinished) or 0) >= UNFINISHED_MAX:
        raise TooManyJobs(limit=UNFINISHED_MAX)
    job_id = uuid7()
    db.session.execute(
        insert(JobRun).values(
            centre_id=actor.centre_id,
            id=job_id,
            name=name,
            params=dict(params),
            state="queued",
            requested_by=actor.user_id,
            requested_at=clock.now(),
        )
    )
    after_commit(partial(bell.ring, actor.centre_id, job_id))
    return job_id


def last_asked(
    centre_id: int, name: str, param: str, value: str, failures_max: int = 1
) -> JobCard | None:
    """Return the job of this name asked for last with a param of this value, if it is kept.

    One that failed counts as never asked, until as many as `failures_max` did.
    """
    rows = db.session.execute(
        select(*_CARD)
        .where(JobRun.centre_id == centre_id, JobRun.name == name)
        .order_by(JobRun.id.desc())
    )
    found = [card for card in (JobCard(*row) for row in rows) if card.params.get(param) == value]
    good = [card for card in found if card.state != "failed"]
    if not good and len(found) < failures_max:
        return None
    return (good or found)[0]


def get(centre_id: int, job_id: UUID) -> JobCard | None:
    """Return one job of the centre."""
    row = db.session.execute(select(*_CARD).where(_is(centre_id, job_id))).one_or_none()
    return None if row is None else JobCard(*row)


def listing(
    centre_id: int, window: Window, without: Collection[str] = (), sought: Sought = NOTHING
) -> Page[JobCard]:
    """Return the centre's jobs, newest first, leaving out those of some names."""
    narrowed = matching(sought, day=JobRun.requested_at)
    wanted = select(*_CARD).where(JobRun.centre_id == centre_id, *narrowed)
    if without:
        wanted = wanted.where(JobRun.name.not_in(sorted(without)))
    if window.after is not None:
        wanted = wanted.where(JobRun.id < _id_of(window.after))
    wanted = wanted.order_by(JobRun.id.desc()).limit(window.limit + 1)
    rows = [JobCard(*row) for row in db.session.execute(wanted)]
    return page_of(rows, window, key=lambda job: str(job.id))


def file(centre_id: int, job_id: UUID) -> JobFile | None:
    """Return what a finished job made; None when it isn't in one piece, or not there (yet)."""
    row = db.session.execute(
        select(JobRun.file_name, JobRun.file_type, JobRun.file_content).where(
            _is(centre_id, job_id), JobRun.state == "done"
        )
    ).one_or_none()
    if row is None or row.file_content is None:
        return None
    assert row.file_name
    assert row.file_type
    return JobFile(row.file_name, row.file_type, row.file_content)


# --- making, by the worker -------------------------------------------------------------------


def claim(centre_id: int, job_id: UUID) -> JobCard | None:
    """Take a queued job; of many that try at once, one gets it and the rest get None."""
    moment = clock.now()
    taken = (
        update(JobRun)
        .where(_is(centre_id, job_id), JobRun.state == "queued")
        .values(
            state="running",
            attempts=JobRun.attempts + 1,
            started_at=moment,
            heartbeat_at=moment,
            error=None,
        )
        .returning(*_CARD)
    )
    row = db.session.execute(taken, execution_options={"synchronize_session": False}).one_or_none()
    return None if row is None else JobCard(*row)


def progress(job: JobCard, done: int, total: int) -> None:
    """Say how far the job is, and that its worker lives."""
    assert 0 <= done <= total
    _change(job, heartbeat_at=clock.now(), progress_done=done, progress_total=total)


def beat(job: JobCard) -> None:
    """Say that the job's worker lives."""
    _change(job, heartbeat_at=clock.now())


def finish(job: JobCard, made: JobFile) -> None:
    """Store what the job made."""
    _done(job, made.name, made.type, made.content)


def begun(job: JobCard) -> Begun:
    """Return how far a document of many PDFs is, whoever drew them."""
    kept = db.session.execute(
        select(JobPart.steps, JobPart.mark).where(_part_of(job)).order_by(JobPart.position)
    ).all()
    return Begun(len(kept), sum(row.steps for row in kept), kept[-1].mark if kept else "")


def keep(job: JobCard, so_far: Begun, part: Part, total: int) -> Begun:
    """Store the next PDF of many and how far that is, of `total` steps."""
    reached = so_far.with_part(part)
    progress(job, reached.steps, total)
    db.session.execute(
        insert(JobPart).values(
            centre_id=job.centre_id,
            job_id=job.id,
            position=so_far.parts,
            attempt=job.attempts,
            steps=part.steps,
            mark=part.mark,
            name=part.name,
            content=part.content,
        )
    )
    return reached


def hand_on(job: JobCard) -> None:
    """Let others have their turn; whoever takes the job next goes on behind the last part."""
    # As after a ring of the sweep: a queued job's heartbeat is the last time somebody rang.
    _change(job, state="queued", heartbeat_at=clock.now())
    after_commit(partial(bell.ring, job.centre_id, job.id))


def finish_parts(job: JobCard, name: str) -> None:
    """Say that all parts are kept: one is the document itself, several are a ZIP when fetched."""
    some = db.session.scalars(select(JobPart.content).where(_part_of(job)).limit(2)).all()
    assert some, "a document without a page"
    if len(some) == 1:
        _done(job, f"{name}.pdf", PDF, some[0])
    else:
        _done(job, f"{name}.zip", ZIP, None)


def fail(job: JobCard, reason: str | DomainError) -> None:
    """Give the job up; `reason`, a msgid or a refusal, is translated where it is read."""
    error = reason if isinstance(reason, str) else _kept(reason)
    _change(job, state="failed", finished_at=clock.now(), error=error)


def reason_of(error: str) -> Reason:
    """Return why a job failed, from the text its row keeps."""
    if not error.startswith("{"):
        return Reason(error, "", {})
    return Reason(**json.loads(error))


def _kept(refusal: DomainError) -> str:
    facts = {name: value for name, value in refusal.facts.items() if name != "field"}
    kept = {"title": refusal.title, "detail": refusal.detail or "", "facts": facts}
    return json.dumps(kept, ensure_ascii=False, default=str)


def sweep() -> int:
    """Put jobs of dead workers back and ring again for those that wait; return how many rang.

    A job whose worker died too often is given up, for it is likely what kills them; each part
    that was kept begins the count anew.
    """
    moment = clock.now()
    kept = select(func.coalesce(func.max(JobPart.attempt), 0)).where(
        JobPart.centre_id == JobRun.centre_id, JobPart.job_id == JobRun.id
    )
    tries = JobRun.attempts - kept.correlate(JobRun).scalar_subquery()
    dead = (JobRun.state == "running", JobRun.heartbeat_at < moment - STALE_AFTER)
    _execute(
        update(JobRun)
        .where(*dead, tries >= ATTEMPTS_MAX)
        .values(state="failed", finished_at=moment, error=GAVE_UP)
    )
    _execute(
        update(JobRun)
        .where(*dead)
        .values(state="queued", heartbeat_at=None, progress_done=0, progress_total=1)
    )
    # A queued job's heartbeat is the last time the sweep rang for it.
    last_rung = func.coalesce(JobRun.heartbeat_at, JobRun.requested_at)
    waiting = db.session.execute(
        select(JobRun.centre_id, JobRun.id)
        .where(JobRun.state == "queued")
        .where(last_rung < moment - RING_AGAIN_AFTER)
        .order_by(JobRun.requested_at)
        .limit(SWEEP_LIMIT)
    ).all()
    if waiting:
        keys = [(row.centre_id, row.id) for row in waiting]
        _execute(
            update(JobRun)
            .where(tuple_(JobRun.centre_id, JobRun.id).in_(keys), JobRun.state == "queued")
            .values(heartbeat_at=moment)
        )
    for row in waiting:
        after_commit(partial(bell.ring, row.centre_id, row.id))
    return len(waiting)


def discard_old() -> int:
    """Forget jobs finished long ago, with their files; whatever they told can be made again."""
    old = JobRun.finished_at < clock.now() - KEEP
    theirs = tuple_(JobPart.centre_id, JobPart.job_id).in_(
        select(JobRun.centre_id, JobRun.id).where(old)
    )
    _execute(delete(JobPart).where(theirs))
    return _execute(delete(JobRun).where(old))


def _id_of(key: str) -> UUID:
    try:
        return UUID(key)
    except ValueError:
        raise NotFound(what="page") from None


def _done(job: JobCard, name: str, kind: str, content: bytes | None) -> None:
    _change(
        job,
        state="done",
        finished_at=clock.now(),
        progress_done=JobRun.progress_total,
        file_name=name,
        file_type=kind,
        file_content=content,
    )


def _change(job: JobCard, **values: Any) -> None:
    """Change the row if this claim still holds it."""
    held = (JobRun.state == "running", JobRun.attempts == job.attempts)
    if not _execute(update(JobRun).where(_is(job.centre_id, job.id), *held).values(**values)):
        raise Superseded


def _execute(statement: Any) -> int:
    result = db.session.execute(statement, execution_options={"synchronize_session": False})
    return int(result.rowcount)  # type: ignore[attr-defined]


def _part_of(job: JobCard) -> ColumnElement[bool]:
    return (JobPart.centre_id == job.centre_id) & (JobPart.job_id == job.id)


def _is(centre_id: int, job_id: UUID) -> ColumnElement[bool]:
    return (JobRun.centre_id == centre_id) & (JobRun.id == job_id)
