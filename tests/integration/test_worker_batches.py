"""A batch of PDFs on both databases: kept one by one, gone on with, one ZIP in the end."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from core import clock, job_files, jobs
from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.jobs import Begun, JobCard, Part, Superseded
from core.models import JobPart
from worker import running
from worker.reports import BATCHES, Batch

PAGES = 5


class Killed(BaseException):
    """What no report can catch: the machine is gone."""


class Pages:
    """A batch of five papers that remembers which it drew, and dies before one when told to."""

    def __init__(self) -> None:
        self.drawn: list[int] = []
        self.dies_before: int | None = None

    def parts(self, _params: Mapping[str, Any], _actor: Actor, begun: Begun) -> Iterator[Part]:
        for number in range(int(begun.mark or 0) + 1, PAGES + 1):
            if number == self.dies_before:
                raise Killed
            self.drawn.append(number)
            yield Part(f"{number}.pdf", b"%%PDF %d" % number, 1, str(number))


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> Pages:
    made = Pages()
    monkeypatch.setitem(BATCHES, "pages", Batch(lambda *_: "papers", made.parts))
    return made


def ask(actor: Actor) -> UUID:
    return in_transaction(jobs.request, actor, "pages", {"count": str(PAGES)})


def card(centre: Centre, job_id: UUID) -> JobCard:
    job = jobs.get(centre.id, job_id)
    db.session.rollback()
    assert job is not None
    return job


def fetched(centre: Centre, job_id: UUID) -> bytes:
    opened = job_files.opened(centre.id, job_id)
    db.session.rollback()
    assert opened is not None
    with opened.stream:
        content = opened.stream.read()
    assert len(content) == opened.size
    return content


def there(centre: Centre, job_id: UUID) -> bool:
    opened = job_files.opened(centre.id, job_id)
    db.session.rollback()
    return opened is not None


def kept() -> int:
    count = db.session.scalar(select(func.count()).select_from(JobPart))
    db.session.rollback()
    return count or 0


def sweep_later() -> None:
    late = clock.now() + jobs.STALE_AFTER + timedelta(seconds=1)
    with clock.travel(lambda: late):
        in_transaction(jobs.sweep)


def test_turns_end_early_and_the_whole_is_one_zip(
    app: Flask,
    manager: Actor,
    centre: Centre,
    pages: Pages,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    quick = ask(manager)
    assert running.run(app, centre.id, quick)
    monkeypatch.setattr(running, "TURN_SECONDS", -1)
    pages.drawn.clear()
    slow = ask(manager)
    for number in range(1, PAGES):
        assert not running.run(app, centre.id, slow)
        waiting = card(centre, slow)
        assert (waiting.state, waiting.progress_done, waiting.progress_total) == (
            "queued",
            number,
            PAGES,
        )
        assert not there(centre, slow)
    # The last one's turn ends before anybody knows that it was the last.
    assert not running.run(app, centre.id, slow)
    assert running.run(app, centre.id, slow)
    assert pages.drawn == [1, 2, 3, 4, 5]
    done = card(centre, slow)
    assert (done.state, done.file_name, done.file_type) == ("done", "papers.zip", jobs.ZIP)
    content = fetched(centre, slow)
    assert content == fetched(centre, quick)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [f"{number}.pdf" for number in range(1, PAGES + 1)]
        assert archive.read("3.pdf") == b"%PDF 3"


def test_killed_and_delivered_twice_nothing_is_drawn_twice_or_missing(
    app: Flask, manager: Actor, centre: Centre, pages: Pages
) -> None:
    job_id = ask(manager)
    # More deaths than a job may have: each of them got on, so none counts against the next.
    for number in (2, 3, 4, 5):
        pages.dies_before = number
        with pytest.raises(Killed):
            running.run(app, centre.id, job_id)
        assert not running.run(app, centre.id, job_id)
        sweep_later()
        assert card(centre, job_id).state == "queued"
    pages.dies_before = None
    assert running.run(app, centre.id, job_id)
    assert not running.run(app, centre.id, job_id)
    assert (card(centre, job_id).state, pages.drawn, kept()) == ("done", [1, 2, 3, 4, 5], PAGES)
    assert zipfile.ZipFile(io.BytesIO(fetched(centre, job_id))).namelist()[-1] == "5.pdf"


def test_a_batch_that_gets_nowhere_is_given_up(
    app: Flask, manager: Actor, centre: Centre, pages: Pages
) -> None:
    job_id = ask(manager)
    pages.dies_before = 3
    for _ in range(1 + jobs.ATTEMPTS_MAX):
        with pytest.raises(Killed):
            running.run(app, centre.id, job_id)
        sweep_later()
    given_up = card(centre, job_id)
    assert (given_up.state, given_up.error) == ("failed", jobs.GAVE_UP)
    assert not there(centre, job_id)


def test_who_lost_the_claim_keeps_nothing(manager: Actor, centre: Centre) -> None:
    first = in_transaction(jobs.claim, centre.id, ask(manager))
    assert first is not None
    sweep_later()
    second = in_transaction(jobs.claim, centre.id, first.id)
    assert second is not None
    part = Part("1.pdf", b"%PDF", 1, "1")
    for change in (
        lambda: jobs.keep(first, Begun(), part, PAGES),
        lambda: jobs.hand_on(first),
        lambda: jobs.finish_parts(first, "papers"),
    ):
        with pytest.raises((Superseded, AssertionError)):
            in_transaction(change)
    assert kept() == 0
    in_transaction(jobs.keep, second, Begun(), part, PAGES)
    in_transaction(jobs.finish_parts, second, "papers")
    made = jobs.file(centre.id, first.id)
    assert made is not None
    assert (made.name, made.type, made.content) == ("papers.pdf", jobs.PDF, b"%PDF")


def test_parts_are_forgotten_with_their_job(
    app: Flask, manager: Actor, centre: Centre, pages: Pages
) -> None:
    job_id = ask(manager)
    assert running.run(app, centre.id, job_id)
    late = clock.now() + jobs.KEEP + timedelta(days=1)
    with clock.travel(lambda: late):
        assert in_transaction(jobs.discard_old) == 1
    assert kept() == 0
    assert jobs.get(centre.id, job_id) is None
