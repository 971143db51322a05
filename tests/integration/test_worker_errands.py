"""A settlement prepared and posted by the worker: once, whole or not at all, told in words."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from core import clock, job_files, jobs
from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.errors import Forbidden, NotFound
from core.ids import uuid7
from core.jobs import JobCard
from inventory.models import SettledMove, Settlement, SettlementRun
from inventory.services.settlement import asking, posting, preparing, statements
from inventory.services.settlement.posting import NotApproved, RunIsOver
from inventory.services.settlement.preparing import CutOffAhead, PrepareSettlement
from members.services import producers
from pos.services.sale import RecordSaleLine
from tests.shop import Shop, shop_in
from worker import running
from worker.errands import ERRANDS
from worker.reports import settlement_statements


@pytest.fixture
def shop(centre: Centre) -> Shop:
    """A jar sold for a hundred baht, eighty of it the producer's."""
    shop = shop_in(centre)
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 10_000)
    shop.open()
    shop.sell(RecordSaleLine(honey, 1000, 10_000))
    return shop


def card(centre: Centre, job_id: UUID) -> JobCard:
    job = jobs.get(centre.id, job_id)
    db.session.rollback()
    assert job is not None
    return job


def count(model: type) -> int:
    number = db.session.scalar(select(func.count()).select_from(model))
    db.session.rollback()
    return number or 0


def everyone() -> PrepareSettlement:
    return PrepareSettlement(uuid7(), clock.today())


def prepared(app: Flask, actor: Actor, command: PrepareSettlement) -> JobCard:
    job_id = in_transaction(asking.ask_prepare, command, actor)
    assert running.run(app, actor.centre_id, job_id)
    return card(actor.centre, job_id)


def test_a_run_is_prepared_and_posted_by_the_people_who_asked(
    app: Flask, shop: Shop, centre: Centre, accountant: Actor, manager: Actor
) -> None:
    command = everyone()
    job = prepared(app, accountant, command)
    assert job.state == "done", job.error
    run = statements.run(command.id, accountant)
    assert (run.state, run.prepared_by, run.payout_satang) == (
        "prepared",
        accountant.user_id,
        8_000,
    )
    file = jobs.file(centre.id, job.id)
    assert file is not None
    assert file.name == f"{run.run_no}.csv"
    assert "ป้าแดง" in file.content.decode()
    with pytest.raises(NotApproved):
        in_transaction(asking.ask_post, command.id, accountant)
    in_transaction(posting.approve, command.id, manager)
    job_id = in_transaction(asking.ask_post, command.id, accountant)
    assert running.run(app, centre.id, job_id)
    assert statements.run(command.id, accountant).state == "posted"
    assert count(SettledMove) == 1
    with pytest.raises(RunIsOver):
        in_transaction(asking.ask_post, command.id, accountant)


def test_asked_for_twice_and_delivered_twice_it_is_done_once(
    app: Flask, shop: Shop, centre: Centre, accountant: Actor, manager: Actor
) -> None:
    command = everyone()
    asked = [in_transaction(asking.ask_prepare, command, accountant) for _ in range(2)]
    assert [running.run(app, centre.id, one) for one in (*asked, *asked)] == [
        True,
        True,
        False,
        False,
    ]
    assert [card(centre, one).state for one in asked] == ["done", "done"]
    assert (count(SettlementRun), count(Settlement)) == (1, 1)
    in_transaction(posting.approve, command.id, manager)
    asked = [in_transaction(asking.ask_post, command.id, accountant) for _ in range(2)]
    assert all(running.run(app, centre.id, one) for one in asked)
    assert not running.run(app, centre.id, asked[0])
    assert [card(centre, one).state for one in asked] == ["done", "done"]
    assert count(SettledMove) == 1


@pytest.mark.parametrize("moment", ["before the file", "after the claim was lost"])
def test_a_worker_killed_in_the_middle_leaves_nothing_half_done(
    app: Flask,
    shop: Shop,
    centre: Centre,
    accountant: Actor,
    manager: Actor,
    monkeypatch: pytest.MonkeyPatch,
    moment: str,
) -> None:
    class Killed(BaseException):
        pass

    command = everyone()
    assert prepared(app, accountant, command).state == "done"
    in_transaction(posting.approve, command.id, manager)
    job_id = in_transaction(asking.ask_post, command.id, accountant)
    finish = jobs.finish

    def die(*_: object) -> None:
        assert db.session.scalar(select(func.count()).select_from(SettledMove)) == 1
        if moment == "before the file":
            raise Killed
        raise jobs.Superseded

    monkeypatch.setattr(jobs, "finish", die)
    if moment == "before the file":
        with pytest.raises(Killed):
            running.run(app, centre.id, job_id)
    else:
        assert not running.run(app, centre.id, job_id)
    monkeypatch.setattr(jobs, "finish", finish)
    assert (card(centre, job_id).state, count(SettledMove)) == ("running", 0)
    assert statements.run(command.id, accountant).state == "approved"
    late = clock.now() + jobs.STALE_AFTER + timedelta(seconds=1)
    with clock.travel(lambda: late):
        assert in_transaction(jobs.sweep) == 1
        assert running.run(app, centre.id, job_id)
    assert (card(centre, job_id).state, count(SettledMove)) == ("done", 1)


def test_a_refusal_is_kept_whole(
    app: Flask, shop: Shop, centre: Centre, accountant: Actor, manager: Actor
) -> None:
    assert prepared(app, accountant, everyone()).state == "done"
    again = prepared(app, manager, everyone())
    assert again.state == "failed"
    assert again.error
    why = jobs.reason_of(again.error)
    assert why.title == preparing.InWaitingRun.title
    assert why.detail == preparing.InWaitingRun.detail
    assert why.facts["name"] == "ป้าแดง"
    assert why.facts["prepared_name"] == accountant.name
    assert json.loads(again.error)


def test_what_can_be_refused_is_refused_when_it_is_asked_for(
    shop: Shop, accountant: Actor, manager: Actor
) -> None:
    auditor = replace(accountant, roles=frozenset({"auditor"}))
    ahead = PrepareSettlement(uuid7(), clock.today() + timedelta(days=1))
    stranger = PrepareSettlement(uuid7(), clock.today(), (uuid7(),))
    attempts: list[tuple[type[Exception], Callable[[], object]]] = [
        (Forbidden, lambda: asking.ask_prepare(everyone(), auditor)),
        (CutOffAhead, lambda: asking.ask_prepare(ahead, accountant)),
        (NotFound, lambda: asking.ask_prepare(stranger, accountant)),
        (NotFound, lambda: asking.ask_post(uuid7(), accountant)),
        (NotFound, lambda: asking.ask_statements(uuid7(), accountant)),
        (Forbidden, lambda: asking.ask_statements(uuid7(), auditor)),
    ]
    for refusal, attempt in attempts:
        with pytest.raises(refusal):
            in_transaction(attempt)


def test_who_lost_the_right_meanwhile_does_nothing(
    app: Flask, shop: Shop, centre: Centre, accountant: Actor, cashier: Actor
) -> None:
    # Asked for by somebody who has the right no more by the time the worker comes.
    job_id = in_transaction(
        asking.ask_prepare, everyone(), replace(cashier, roles=accountant.roles)
    )
    assert running.run(app, centre.id, job_id)
    failed = card(centre, job_id)
    assert failed.error
    assert jobs.reason_of(failed.error).title == Forbidden.title
    assert count(SettlementRun) == 0


def test_an_errand_that_finds_the_database_busy_is_done_later(
    app: Flask, shop: Shop, centre: Centre, accountant: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> jobs.JobFile:
        raise OperationalError("", {}, sqlite3.OperationalError("database is locked"))

    job_id = in_transaction(asking.ask_prepare, everyone(), accountant)
    with monkeypatch.context() as patched:
        patched.setitem(ERRANDS, "settlement_prepare", busy)
        assert not running.run(app, centre.id, job_id)
    assert card(centre, job_id).state == "running"
    late = clock.now() + jobs.STALE_AFTER + timedelta(seconds=1)
    with clock.travel(lambda: late):
        assert in_transaction(jobs.sweep) == 1
        assert running.run(app, centre.id, job_id)
    assert card(centre, job_id).state == "done"


def test_an_errand_longer_than_the_sweeps_patience_keeps_its_job(
    app: Flask, shop: Shop, centre: Centre, accountant: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = [clock.now()]
    monkeypatch.setattr(running, "PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(jobs, "HEARTBEAT", timedelta(0))
    do = ERRANDS["settlement_prepare"]

    def slowly(*args: object) -> jobs.JobFile:
        made = do(*args)  # type: ignore[arg-type]
        moment[0] += jobs.STALE_AFTER + timedelta(seconds=60)
        return made

    monkeypatch.setitem(ERRANDS, "settlement_prepare", slowly)
    with clock.travel(lambda: moment[0]):
        job = prepared(app, accountant, everyone())
        assert in_transaction(jobs.sweep) == 0
    assert (job.state, job.attempts) == ("done", 1)


def test_all_statements_come_as_one_pdf_or_as_a_zip(
    app: Flask,
    shop: Shop,
    centre: Centre,
    accountant: Actor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:

    for name in ("ลุงดำ", "น้าเขียว"):
        other = in_transaction(producers.create, producers.NewProducer(name=name), shop.actor)
        theirs = replace(shop, producer_id=other.id)
        jam = theirs.product(f"แยม {name}", 5_000)
        theirs.consign(jam, 5_000)
        theirs.sell(RecordSaleLine(jam, 2000, 5_000))
    command = everyone()
    assert prepared(app, accountant, command).state == "done"
    for bundle, kind in ((20, "pdf"), (2, "zip")):
        monkeypatch.setattr(settlement_statements, "BUNDLE", bundle)
        made = []
        for _ in range(2):
            job_id = in_transaction(asking.ask_statements, command.id, accountant)
            assert in_transaction(asking.ask_statements, command.id, accountant) == job_id
            assert running.run(app, centre.id, job_id)
            file = job_files.opened(centre.id, job_id)
            assert file is not None, card(centre, job_id).error
            assert file.name == f"{statements.run(command.id, accountant).run_no}.{kind}"
            with file.stream:
                made.append(file.stream.read())
        assert made[0] == made[1]
