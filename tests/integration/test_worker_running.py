"""Making a job, in this process: once, with progress, and never over another worker's work."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from core import clock, jobs
from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.errors import NotFound
from core.jobs import JobCard, JobFile
from worker import running
from worker.reports import REPORTS, Progress

PATIENCE_SECONDS = 30
MADE = JobFile("paper.txt", "text/plain", "สมุด".encode())


class Paused:
    """A report that can be held in the middle."""

    def __init__(self) -> None:
        self.under_way = threading.Event()
        self.go = threading.Event()
        self.made = 0
        self.locale = ""

    def __call__(self, params: Mapping[str, Any], actor: Actor, progress: Progress) -> JobFile:
        self.locale = actor.locale
        progress(1, 2)
        self.under_way.set()
        assert self.go.wait(PATIENCE_SECONDS)
        progress(2, 2)
        self.made += 1
        return MADE


@pytest.fixture
def paused(monkeypatch: pytest.MonkeyPatch) -> Iterator[Paused]:
    """The report `paused`; released at the end, whatever happens."""
    report = Paused()
    monkeypatch.setitem(REPORTS, "paused", report)
    yield report
    report.go.set()


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as threads:
        yield threads


def ask(actor: Actor, **params: str) -> UUID:
    return in_transaction(jobs.request, actor, "paused", params)


def card(centre: Centre, job_id: UUID) -> JobCard:
    job = jobs.get(centre.id, job_id)
    db.session.rollback()
    assert job is not None
    return job


def until_progress(centre: Centre, job_id: UUID, done: int) -> None:
    never = threading.Event()
    for _ in range(PATIENCE_SECONDS * 20):
        if card(centre, job_id).progress_done == done:
            return
        never.wait(0.05)
    raise AssertionError("progress never reached the database")


def test_progress_is_seen_while_the_report_is_made(
    app: Flask, manager: Actor, centre: Centre, paused: Paused, pool: ThreadPoolExecutor
) -> None:
    job_id = ask(manager, locale="en")
    making = pool.submit(running.run, app, centre.id, job_id)
    until_progress(centre, job_id, 1)
    assert card(centre, job_id).progress_total == 2
    paused.go.set()
    assert making.result(PATIENCE_SECONDS)
    assert jobs.file(centre.id, job_id) == MADE
    assert paused.locale == "en"


def test_a_job_delivered_twice_at_once_is_made_once(
    app: Flask, manager: Actor, centre: Centre, paused: Paused, pool: ThreadPoolExecutor
) -> None:
    job_id = ask(manager)
    both = [pool.submit(running.run, app, centre.id, job_id) for _ in range(4)]
    assert paused.under_way.wait(PATIENCE_SECONDS)
    paused.go.set()
    assert sorted(one.result(PATIENCE_SECONDS) for one in both) == [False, False, False, True]
    assert paused.made == 1
    assert card(centre, job_id).attempts == 1


def test_a_worker_that_wakes_up_late_stores_nothing(
    app: Flask,
    manager: Actor,
    centre: Centre,
    paused: Paused,
    pool: ThreadPoolExecutor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The first worker sleeps: its heart stands still, and so does its report.
    monkeypatch.setattr(running, "PAUSE_SECONDS", PATIENCE_SECONDS)
    job_id = ask(manager)
    first = pool.submit(running.run, app, centre.id, job_id)
    assert paused.under_way.wait(PATIENCE_SECONDS)
    late = clock.now() + jobs.STALE_AFTER + timedelta(seconds=1)
    with clock.travel(lambda: late):
        assert in_transaction(jobs.sweep) == 1
        monkeypatch.setitem(REPORTS, "paused", lambda *_: JobFile("other", "text/plain", b"2"))
        assert running.run(app, centre.id, job_id)
    paused.go.set()
    assert not first.result(PATIENCE_SECONDS)
    made = jobs.file(centre.id, job_id)
    assert made is not None
    assert made.content == b"2"
    assert card(centre, job_id).attempts == 2


def test_a_report_that_lost_its_claim_is_told_to_stop(
    app: Flask,
    manager: Actor,
    centre: Centre,
    paused: Paused,
    pool: ThreadPoolExecutor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(jobs, "HEARTBEAT", timedelta(0))
    job_id = ask(manager)
    making = pool.submit(running.run, app, centre.id, job_id)
    until_progress(centre, job_id, 1)
    in_transaction(jobs.fail, card(centre, job_id), "given up by hand")
    for thread in threading.enumerate():
        if thread.name == "heartbeat":
            thread.join(PATIENCE_SECONDS)
    paused.go.set()
    assert not making.result(PATIENCE_SECONDS)
    assert paused.made == 0
    assert card(centre, job_id).error == "given up by hand"


def test_refusals_and_faults_are_told_apart(
    app: Flask, manager: Actor, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusing(*_: object) -> JobFile:
        raise NotFound(what="shift")

    def broken(*_: object) -> JobFile:
        raise ZeroDivisionError

    for report, title in ((refusing, NotFound.title), (broken, jobs.WENT_WRONG)):
        monkeypatch.setitem(REPORTS, "paused", report)
        job_id = ask(manager)
        assert running.run(app, centre.id, job_id)
        failed = card(centre, job_id)
        assert failed.state == "failed"
        assert failed.error
        assert jobs.reason_of(failed.error).title == title


def test_a_database_that_is_busy_is_tried_again_without_complaint(
    app: Flask,
    manager: Actor,
    centre: Centre,
    paused: Paused,
    pool: ThreadPoolExecutor,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    busy = [True, True, True]
    real = jobs.progress

    def progress(job: JobCard, done: int, total: int) -> None:
        if busy:
            busy.pop()
            raise OperationalError("", {}, sqlite3.OperationalError("database is locked"))
        real(job, done, total)

    monkeypatch.setattr(running, "PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(jobs, "progress", progress)
    job_id = ask(manager)
    making = pool.submit(running.run, app, centre.id, job_id)
    until_progress(centre, job_id, 1)
    assert not busy
    paused.go.set()
    assert making.result(PATIENCE_SECONDS)
    assert "could not be written" not in caplog.text
