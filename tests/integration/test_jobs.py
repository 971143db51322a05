"""Jobs on both databases: asked for in the transaction, claimed once, never lost, made once."""

from __future__ import annotations

import socket
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import update

from core import bell, clock, jobs
from core.actor import Actor, Centre
from core.bell import Bell, Broker
from core.db import db, in_transaction
from core.jobs import JobCard, JobFile, Superseded, TooManyJobs
from core.models import JobRun
from core.paging import Window
from pos.services.sale import RecordSaleLine
from tests.shop import shop_in

MADE = JobFile("paper.pdf", "application/pdf", b"%PDF-")
THREADS = 8


class RecordingBell:
    """Keeps what was rung instead of sending it."""

    def __init__(self) -> None:
        self.rung: list[tuple[int, UUID]] = []

    def ring(self, centre_id: int, job_id: UUID) -> None:
        self.rung.append((centre_id, job_id))


@pytest.fixture
def rings(app: Flask) -> list[tuple[int, UUID]]:
    """What the bell was rung for."""
    recording = RecordingBell()
    app.extensions[bell.EXTENSION] = recording
    return recording.rung


@pytest.fixture
def time() -> Iterator[list[datetime]]:
    """The moment it is; tests move it."""
    moment = [clock.now()]
    with clock.travel(lambda: moment[0]):
        yield moment


def ask(actor: Actor, name: str = "test") -> UUID:
    return in_transaction(jobs.request, actor, name, {"n": "1"})


def found(centre: Centre, job_id: UUID) -> JobCard:
    job = jobs.get(centre.id, job_id)
    db.session.rollback()
    assert job is not None
    return job


def claimed(centre: Centre, job_id: UUID) -> JobCard:
    job = in_transaction(jobs.claim, centre.id, job_id)
    assert job is not None
    return job


def test_the_bell_rings_after_the_commit(
    manager: Actor, centre: Centre, rings: list[tuple[int, UUID]]
) -> None:
    def asking() -> UUID:
        job_id = jobs.request(manager, "test", {})
        assert not rings
        return job_id

    job_id = in_transaction(asking)
    assert rings == [(centre.id, job_id)]
    assert found(centre, job_id).state == "queued"


def test_what_is_rolled_back_was_never_asked_for(
    manager: Actor, centre: Centre, rings: list[tuple[int, UUID]]
) -> None:
    def failing() -> None:
        jobs.request(manager, "test", {})
        raise ValueError

    with pytest.raises(ValueError):
        in_transaction(failing)
    assert not rings
    assert not jobs.listing(centre.id, Window()).items


def test_of_eight_workers_one_gets_the_job(app: Flask, manager: Actor, centre: Centre) -> None:
    for _ in range(10):
        job_id = ask(manager)
        start = threading.Barrier(THREADS)

        def claim(job_id: UUID = job_id, start: threading.Barrier = start) -> JobCard | None:
            with app.app_context():
                start.wait()
                try:
                    return in_transaction(jobs.claim, centre.id, job_id)
                finally:
                    db.session.remove()

        with ThreadPoolExecutor(THREADS) as pool:
            won = [job for job in pool.map(lambda _: claim(), range(THREADS)) if job]
        assert len(won) == 1
        assert found(centre, job_id).attempts == 1


def test_progress_and_the_file_are_stored(manager: Actor, centre: Centre) -> None:
    job = claimed(centre, ask(manager))
    in_transaction(jobs.progress, job, 2, 5)
    assert (found(centre, job.id).progress_done, found(centre, job.id).progress_total) == (2, 5)
    assert jobs.file(centre.id, job.id) is None
    in_transaction(jobs.finish, job, MADE)
    done = found(centre, job.id)
    assert (done.state, done.progress_done, done.file_name) == ("done", 5, "paper.pdf")
    assert jobs.file(centre.id, job.id) == MADE


def test_a_claim_that_was_lost_changes_nothing(
    manager: Actor, centre: Centre, time: list[datetime]
) -> None:
    first = claimed(centre, ask(manager))
    time[0] += jobs.STALE_AFTER + timedelta(seconds=1)
    in_transaction(jobs.sweep)
    second = claimed(centre, first.id)
    for change in (
        lambda: jobs.progress(first, 1, 1),
        lambda: jobs.finish(first, MADE),
        lambda: jobs.fail(first, "late"),
    ):
        with pytest.raises(Superseded):
            in_transaction(change)
    assert found(centre, first.id).state == "running"
    in_transaction(jobs.finish, second, MADE)
    assert found(centre, first.id).attempts == 2


def test_a_lost_bell_is_rung_again_and_not_all_the_time(
    manager: Actor, centre: Centre, rings: list[tuple[int, UUID]], time: list[datetime]
) -> None:
    job_id = ask(manager)
    rings.clear()
    assert in_transaction(jobs.sweep) == 0
    time[0] += jobs.RING_AGAIN_AFTER + timedelta(seconds=1)
    assert in_transaction(jobs.sweep) == 1
    assert rings == [(centre.id, job_id)]
    assert in_transaction(jobs.sweep) == 0
    time[0] += jobs.RING_AGAIN_AFTER + timedelta(seconds=1)
    assert in_transaction(jobs.sweep) == 1


def test_a_living_worker_keeps_its_job(
    manager: Actor, centre: Centre, rings: list[tuple[int, UUID]], time: list[datetime]
) -> None:
    job = claimed(centre, ask(manager))
    rings.clear()
    for _ in range(5):
        time[0] += jobs.STALE_AFTER - timedelta(seconds=1)
        in_transaction(jobs.progress, job, 0, 1)
        assert in_transaction(jobs.sweep) == 0
    assert found(centre, job.id).state == "running"
    assert not rings


def test_a_dead_workers_job_is_made_by_another(
    manager: Actor, centre: Centre, rings: list[tuple[int, UUID]], time: list[datetime]
) -> None:
    job = claimed(centre, ask(manager))
    rings.clear()
    time[0] += jobs.STALE_AFTER + timedelta(seconds=1)
    assert in_transaction(jobs.sweep) == 1
    assert rings == [(centre.id, job.id)]
    assert claimed(centre, job.id).attempts == 2


def test_a_job_that_kills_its_workers_is_given_up(
    manager: Actor, centre: Centre, time: list[datetime]
) -> None:
    job_id = ask(manager)
    for _ in range(jobs.ATTEMPTS_MAX):
        claimed(centre, job_id)
        time[0] += jobs.STALE_AFTER + timedelta(seconds=1)
        in_transaction(jobs.sweep)
    given_up = found(centre, job_id)
    assert (given_up.state, given_up.error) == ("failed", jobs.GAVE_UP)
    assert in_transaction(jobs.claim, centre.id, job_id) is None


def test_a_centre_can_not_fill_the_queue(manager: Actor, other_centre: Centre) -> None:
    for _ in range(jobs.UNFINISHED_MAX):
        ask(manager)
    with pytest.raises(TooManyJobs):
        ask(manager)
    ask(replace(manager, centre=other_centre))


def test_another_centres_job_is_not_there(
    manager: Actor, centre: Centre, other_centre: Centre
) -> None:
    job = claimed(centre, ask(manager))
    in_transaction(jobs.finish, job, MADE)
    assert jobs.get(other_centre.id, job.id) is None
    assert jobs.file(other_centre.id, job.id) is None
    assert not jobs.listing(other_centre.id, Window()).items


def test_jobs_are_listed_newest_first_in_pages(manager: Actor, centre: Centre) -> None:
    asked = [ask(manager) for _ in range(5)]
    seen: list[UUID] = []
    window = Window(limit=2)
    while True:
        page = jobs.listing(centre.id, window)
        seen += [job.id for job in page.items]
        if page.next is None:
            break
        window = Window(page.next, 2)
    assert seen == asked[::-1]


def test_old_jobs_are_forgotten_and_new_ones_kept(
    manager: Actor, centre: Centre, time: list[datetime]
) -> None:
    old, new = ask(manager), ask(manager)
    for job_id in (old, new):
        in_transaction(jobs.finish, claimed(centre, job_id), MADE)

    def age() -> None:
        db.session.execute(
            update(JobRun)
            .where(JobRun.id == old)
            .values(finished_at=time[0] - jobs.KEEP - timedelta(days=1))
        )

    in_transaction(age)
    assert in_transaction(jobs.discard_old) == 1
    assert jobs.get(centre.id, old) is None
    assert jobs.get(centre.id, new) is not None


# --- a broker that is down, locked or silent ---------------------------------------------------


@pytest.fixture
def locked_broker(tmp_path: Path) -> Iterator[str]:
    """A SQLite broker somebody holds a lock on for as long as the test runs."""
    file = tmp_path / "locked.db"
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    yield f"sqla+sqlite:///{file}"
    holder.close()


@pytest.fixture
def silent_broker() -> Iterator[str]:
    """A Redis that takes the connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


@pytest.fixture
def absent_broker() -> str:
    """A Redis that is not there."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return f"redis://127.0.0.1:{port}/0"


@pytest.mark.parametrize("broker", ["locked_broker", "silent_broker"])
def test_no_request_waits_for_a_broker_in_trouble(
    app: Flask,
    manager: Actor,
    centre: Centre,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    broker: str,
) -> None:
    url = request.getfixturevalue(broker)
    sending, sent = threading.Event(), threading.Event()
    send = Broker.send

    def watched(self: Broker, centre_id: int, job_id: UUID) -> None:
        mine = self.url == url
        if mine:
            sending.set()
        try:
            send(self, centre_id, job_id)
        finally:
            if mine:
                sent.set()

    monkeypatch.setattr(Broker, "send", watched)
    app.extensions[bell.EXTENSION] = Bell(url)
    asked = [ask(manager)]
    assert sending.wait(30)
    asked += [ask(manager) for _ in range(20)]
    # The thread is still at its first try: nobody waited for it.
    assert not sent.is_set()
    assert {found(centre, job_id).state for job_id in asked} == {"queued"}


def test_without_a_broker_a_job_waits_for_the_sweep(
    app: Flask, manager: Actor, centre: Centre, absent_broker: str, time: list[datetime]
) -> None:
    ringer = app.extensions[bell.EXTENSION] = Bell(absent_broker)
    job_id = ask(manager)
    assert ringer.flush(30)
    assert found(centre, job_id).state == "queued"
    time[0] += jobs.RING_AGAIN_AFTER + timedelta(seconds=1)
    assert in_transaction(jobs.sweep) == 1


def test_a_full_list_of_rings_drops_and_never_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    stuck = threading.Event()
    monkeypatch.setattr(Broker, "send", lambda *_: stuck.wait())
    ringer = Bell("memory://")
    for number in range(bell.WAITING_MAX + 50):
        ringer.ring(1, UUID(int=number))
    assert not ringer.flush(0)
    stuck.set()
    assert ringer.flush(30)


def test_the_bell_goes_on_after_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[UUID] = []

    def send(_: Broker, _centre_id: int, job_id: UUID) -> None:
        if job_id.int == 0:
            raise OSError("the broker is away")
        sent.append(job_id)

    monkeypatch.setattr(Broker, "send", send)
    ringer = Bell("memory://")
    for number in range(3):
        ringer.ring(1, UUID(int=number))
    assert ringer.flush(30)
    assert [one.int for one in sent] == [1, 2]


def test_a_sale_does_not_know_the_broker(app: Flask, centre: Centre) -> None:
    class NoBell:
        def ring(self, _centre_id: int, _job_id: UUID) -> None:
            raise AssertionError("a sale rang the bell")

    app.extensions[bell.EXTENSION] = NoBell()
    shop = shop_in(centre)
    shop.open()
    honey = shop.product("น้ำผึ้ง", 12_000)
    shop.consign(honey, 1_000)
    assert shop.sell(RecordSaleLine(honey, 1_000, 12_000)).due_satang == 12_000
