"""Everybody measured by the worker: once, whole or not at all, the same after a kill."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from accounting.models import MemberRun, MemberRunItem
from accounting.rules.surplus_tasks import ALLOCATION_RUN
from accounting.services.surplus import running, runs
from core import clock, jobs
from core.actor import Actor, Centre
from core.config import Settings
from core.db import db, in_transaction
from tests.measuring import AFTER, allocate, hold, member
from tests.shop import shop_in
from tests.starting import told_before_killed
from worker import running as worker

MEMBERS = 6
MEASURES = """
import sys, time
from datetime import datetime
from pathlib import Path
from uuid import UUID
from accounting.services.surplus import running
from core import clock
from core.actor import system_actor
from core.db import in_transaction
from members.services import centres
from pos import create_app
from tests.templates import settings_for

url, folder, centre_id, allocation_id, moment, at = sys.argv[1:]
running.CHUNK = 1

def tell(done, total):
    print(done, flush=True)
    if done == int(at):
        time.sleep(60)  # killed here, in the middle of the transaction

with create_app(settings_for(url, Path(folder))).app_context():
    with clock.travel(lambda: datetime.fromisoformat(moment)):
        actor = system_actor(centres.get(int(centre_id)))
        in_transaction(running.prepare_run, UUID(allocation_id), actor, tell)
"""


@pytest.fixture
def allocation_id(centre: Centre, accountant: Actor) -> UUID:
    """A dividend for six members."""
    actor = shop_in(centre).actor
    for number in range(1, MEMBERS + 1):
        one = member(actor, f"000{number}")
        hold(actor, one, number * 100_000, date(2026, number, 1))
    with clock.travel(lambda: AFTER):
        return allocate(accountant, 12_345, retained=1_000)


def rows(table: type[MemberRun] | type[MemberRunItem]) -> int:
    found = db.session.scalar(select(func.count()).select_from(table)) or 0
    db.session.rollback()
    return found


def ask(allocation_id: UUID, actor: Actor) -> UUID:
    params = {"allocation_id": str(allocation_id), "subject": "AL", "locale": "th"}
    return in_transaction(jobs.request, actor, ALLOCATION_RUN, params)


def state(centre: Centre, job_id: UUID) -> str:
    job = jobs.get(centre.id, job_id)
    db.session.rollback()
    assert job is not None
    return job.state


def test_asked_for_twice_and_delivered_twice_there_is_one_run(
    app: Flask, centre: Centre, accountant: Actor, allocation_id: UUID
) -> None:
    with clock.travel(lambda: AFTER):
        asked = [ask(allocation_id, accountant) for _ in range(2)]
        assert [worker.run(app, centre.id, one) for one in (*asked, *asked)] == [
            True,
            True,
            False,
            False,
        ]
        assert [state(centre, one) for one in asked] == ["done", "done"]
    assert (rows(MemberRun), rows(MemberRunItem)) == (1, MEMBERS)


@pytest.mark.parametrize("moment", ["before the file", "after the claim was lost"])
def test_a_worker_that_ends_before_the_commit_leaves_nothing_and_the_next_makes_it(
    app: Flask,
    centre: Centre,
    accountant: Actor,
    allocation_id: UUID,
    monkeypatch: pytest.MonkeyPatch,
    moment: str,
) -> None:
    class Killed(BaseException):
        pass

    finish = jobs.finish

    def die(*_: object) -> None:
        assert db.session.scalar(select(func.count()).select_from(MemberRunItem)) == MEMBERS
        raise Killed if moment == "before the file" else jobs.Superseded

    with clock.travel(lambda: AFTER):
        job_id = ask(allocation_id, accountant)
        monkeypatch.setattr(jobs, "finish", die)
        if moment == "before the file":
            with pytest.raises(Killed):
                worker.run(app, centre.id, job_id)
        else:
            assert not worker.run(app, centre.id, job_id)
    monkeypatch.setattr(jobs, "finish", finish)
    assert (state(centre, job_id), rows(MemberRun), rows(MemberRunItem)) == ("running", 0, 0)
    late = AFTER + jobs.STALE_AFTER + timedelta(seconds=1)
    with clock.travel(lambda: late):
        assert in_transaction(jobs.sweep) == 1
        assert worker.run(app, centre.id, job_id)
    assert (state(centre, job_id), rows(MemberRunItem)) == ("done", MEMBERS)


def test_a_worker_that_ends_after_the_commit_is_answered_with_the_same_run(
    app: Flask, centre: Centre, accountant: Actor, allocation_id: UUID
) -> None:
    # The run was stored, but whoever rang never heard so: it is asked for once more.
    with clock.travel(lambda: AFTER):
        first = in_transaction(running.prepare_run, allocation_id, accountant)
        job_id = ask(allocation_id, accountant)
        assert worker.run(app, centre.id, job_id)
    assert state(centre, job_id) == "done"
    assert running.find(centre.id, allocation_id) == first
    assert rows(MemberRunItem) == MEMBERS


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_process_killed_at_any_step_leaves_nothing(
    app: Flask,
    settings: Settings,
    centre: Centre,
    accountant: Actor,
    allocation_id: UUID,
    at: int,
) -> None:
    db.session.remove()
    arguments = [settings.database_url, str(settings.var), str(centre.id), str(allocation_id)]
    told = told_before_killed(MEASURES, *arguments, AFTER.isoformat(), str(at), lines=at)
    assert told == [str(step) for step in range(1, at + 1)]
    assert (rows(MemberRun), rows(MemberRunItem)) == (0, 0)
    with clock.travel(lambda: AFTER):
        made = in_transaction(running.prepare_run, allocation_id, accountant)
    assert rows(MemberRunItem) == MEMBERS
    assert runs.hash_of_items(centre.id, made.id) == made.result_hash
    assert made.content["sums"]["dividend_satang"] == 12_345
