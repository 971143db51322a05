"""A real worker process on a real broker: killed in the middle, bells lost, messages doubled.

The SQLite broker always; Redis when SUNRUAM_TEST_REDIS_URL names one that may be used.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import update

from core import bell, clock, jobs
from core.actor import Actor, Centre
from core.bell import Bell, Broker
from core.config import Settings
from core.db import db, in_transaction
from core.jobs import JobCard
from core.models import JobRun
from tests.starting import Started
from tests.waiting_worker import GO, NAME, STARTS, STEPS

PATIENCE_SECONDS = 60
REDIS_URL = os.environ.get("SUNRUAM_TEST_REDIS_URL", "")
WITHOUT_REDIS = pytest.mark.skipif(not REDIS_URL, reason="SUNRUAM_TEST_REDIS_URL is not set")

Start = Callable[[], Started]


@pytest.fixture(params=["sqlite-broker", pytest.param("redis-broker", marks=WITHOUT_REDIS)])
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """The test's own database, with one broker after the other."""
    return replace(settings, broker_url=REDIS_URL) if "redis" in request.param else settings


@pytest.fixture
def start(app: Flask, settings: Settings, tmp_path: Path) -> Iterator[Start]:
    """Start workers of this test's database and broker; none outlives the test."""
    running: list[Started] = []
    own = {
        "SUNRUAM_VAR": str(settings.var),
        "SUNRUAM_DATABASE_URL": settings.database_url,
        "SUNRUAM_BROKER_URL": settings.broker_url,
        "SUNRUAM_SECRET_KEY": settings.secret_key,
    }

    def start_worker() -> Started:
        process = Started("tests.waiting_worker", own, tmp_path / "worker.log")
        running.append(process)
        return process

    yield start_worker
    for process in running:
        process.kill_all()
    if running:
        # Shown by pytest when the test failed.
        print((tmp_path / "worker.log").read_text(encoding="utf-8")[-8000:])


def until(reached: Callable[[], bool], what: str) -> None:
    """Wait until something is so; give up, loudly, when it takes too long."""
    never = threading.Event()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not reached():
        assert time.monotonic() < deadline, f"waited too long for {what}"
        never.wait(0.05)


def ask(actor: Actor, folder: Path) -> UUID:
    return in_transaction(jobs.request, actor, NAME, {"folder": str(folder)})


def card(centre: Centre, job_id: UUID) -> JobCard:
    job = jobs.get(centre.id, job_id)
    db.session.rollback()
    assert job is not None
    return job


def starts(folder: Path) -> list[str]:
    noted = folder / STARTS
    return noted.read_text(encoding="ascii").split() if noted.exists() else []


def let_time_pass(job_id: UUID) -> None:
    """Make the job look as if nobody had touched it for a while."""
    long_ago = clock.now() - timedelta(minutes=5)

    def age() -> None:
        db.session.execute(
            update(JobRun)
            .where(JobRun.id == job_id)
            .values(requested_at=long_ago, heartbeat_at=long_ago)
        )

    in_transaction(age)


def test_a_job_of_a_killed_worker_is_finished_by_another(
    manager: Actor, centre: Centre, start: Start, tmp_path: Path
) -> None:
    first = start()
    job_id = ask(manager, tmp_path)
    until(lambda: card(centre, job_id).progress_done == 1, "the job to be under way")
    assert card(centre, job_id).progress_total == STEPS
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert card(centre, job_id).state == "running"

    let_time_pass(job_id)
    (tmp_path / GO).touch()
    second = start()
    until(lambda: card(centre, job_id).state == "done", "the second worker")
    made = jobs.file(centre.id, job_id)
    assert made is not None
    assert made.content == str(second.pid).encode()
    assert card(centre, job_id).attempts == 2
    assert starts(tmp_path) == [str(first.pid), str(second.pid)]


def test_a_message_delivered_again_makes_nothing(
    manager: Actor, centre: Centre, start: Start, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / GO).touch()
    start()
    job_id = ask(manager, tmp_path)
    until(lambda: card(centre, job_id).state == "done", "the first document")
    finished_at = card(centre, job_id).finished_at
    broker = Broker(settings.broker_url)
    for _ in range(3):
        broker.send(centre.id, job_id)
    # Messages are taken in order, so when this one is done those were looked at.
    last = ask(manager, tmp_path)
    until(lambda: card(centre, last).state == "done", "the last document")
    assert card(centre, job_id).finished_at == finished_at
    assert card(centre, job_id).attempts == 1
    assert len(starts(tmp_path)) == 2


def test_a_job_whose_bell_was_lost_is_found_by_the_sweep(
    app: Flask, manager: Actor, centre: Centre, start: Start, tmp_path: Path
) -> None:
    del app.extensions[bell.EXTENSION]
    (tmp_path / GO).touch()
    job_id = ask(manager, tmp_path)
    let_time_pass(job_id)
    start()
    until(lambda: card(centre, job_id).state == "done", "the sweep")


def test_a_worker_stopped_kindly_finishes_its_job(
    manager: Actor, centre: Centre, start: Start, tmp_path: Path
) -> None:
    worker = start()
    job_id = ask(manager, tmp_path)
    until(lambda: bool(starts(tmp_path)), "the job to be under way")
    worker.send_signal(signal.SIGTERM)
    (tmp_path / GO).touch()
    assert worker.wait(PATIENCE_SECONDS) == 0
    assert card(centre, job_id).state == "done"


def test_a_refused_job_says_why_and_a_broken_one_says_sorry(
    manager: Actor, centre: Centre, start: Start, tmp_path: Path
) -> None:
    start()
    broken = in_transaction(jobs.request, manager, "no such report", {})
    nobodys = {"shift_id": "01234567-89ab-7def-8123-456789abcdef"}
    refused = in_transaction(jobs.request, manager, "shift_summary", nobodys)
    until(lambda: card(centre, refused).finished, "the refusal")
    assert (card(centre, broken).state, card(centre, broken).error) == ("failed", jobs.WENT_WRONG)
    why = card(centre, refused).error
    assert why
    assert (card(centre, refused).state, jobs.reason_of(why).title) == ("failed", "Not found")


def test_the_bell_of_a_web_process_reaches_the_broker(app: Flask) -> None:
    ringer = app.extensions[bell.EXTENSION]
    assert isinstance(ringer, Bell)
    ringer.ring(1, UUID(int=1))
    assert ringer.flush(PATIENCE_SECONDS)
