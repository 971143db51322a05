"""The close of a month by two people, its lock, opening again, and the year's end; both engines."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from accounting.models import MonthClose, MonthCloseApproval
from accounting.rules.attention import Attention, TieOut
from accounting.rules.chart import Purpose
from accounting.rules.closing import (
    FiguresMoved,
    MonthNotOver,
    NothingToWaive,
    NotNextToClose,
    NotWaivable,
    SamePersonSigns,
    State,
    StepsOpen,
)
from accounting.rules.periods import LongAgo, PeriodClosed
from accounting.services import balances, contributors, late, periods
from accounting.services.closing import checklist, reopening, signing
from accounting.services.closing.reopening import AskReopening, NotLastLocked, NotLocked
from accounting.services.closing.signing import PrepareClose
from core import clock
from core.actor import Actor
from core.db import db, in_transaction
from core.errors import DifferentContent, DomainError, Forbidden, NotFound
from core.ids import uuid7
from tests.closing import close, close_through, posts, quiet_rooms, reopen, trade

JANUARY, FEBRUARY = 202601, 202602
AFTER_THE_YEAR = datetime(2027, 1, 2, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def only_the_books() -> Iterator[None]:
    """Let only the books speak in the close; some tests appoint others."""
    with quiet_rooms():
        yield


@pytest.fixture(autouse=True)
def new_year() -> Iterator[None]:
    with clock.travel(lambda: AFTER_THE_YEAR):
        yield


# --- two signatures --------------------------------------------------------------------------


def test_two_people_lock_a_month_and_the_books_take_nothing_more(
    app: Flask, accountant: Actor, auditor: Actor
) -> None:
    trade(accountant, date(2026, 1, 15))
    card = close(JANUARY, accountant, auditor)
    assert (card.prepared_by, card.signed_by) == (accountant.user_id, auditor.user_id)
    assert card.in_force and len(card.seal_hash) == 64
    assert periods.state_of(accountant.centre_id, JANUARY) == "closed"
    with pytest.raises(PeriodClosed):
        trade(accountant, date(2026, 1, 31))
    trade(accountant, date(2026, 2, 1))
    assert card.content["trial_balance"] == [
        ["1120", 500, 200],
        ["4110", 0, 500],
        ["5210", 200, 0],
    ]
    assert card.content["entries"] == {"count": 2, "satang": 700}


def test_nobody_signs_for_two(app: Flask, accountant: Actor, manager: Actor) -> None:
    trade(accountant, date(2026, 1, 15))
    prepared = in_transaction(signing.prepare, PrepareClose(uuid7(), JANUARY), accountant)
    with pytest.raises(SamePersonSigns):
        in_transaction(signing.sign, prepared.id, accountant)
    assert periods.state_of(accountant.centre_id, JANUARY) == "open"
    signed = in_transaction(signing.sign, prepared.id, manager)
    assert in_transaction(signing.sign, prepared.id, manager) == signed
    assert db.session.scalar(select(func.count()).select_from(MonthCloseApproval)) == 1


def test_only_those_who_keep_or_oversee_the_books_take_part(
    app: Flask, cashier: Actor, auditor: Actor, accountant: Actor
) -> None:
    trade(accountant, date(2026, 1, 15))
    for actor in (cashier, auditor):
        with pytest.raises(Forbidden):
            in_transaction(signing.prepare, PrepareClose(uuid7(), JANUARY), actor)
    prepared = in_transaction(signing.prepare, PrepareClose(uuid7(), JANUARY), accountant)
    with pytest.raises(Forbidden):
        in_transaction(signing.sign, prepared.id, cashier)
    with pytest.raises(NotFound):
        in_transaction(signing.sign, uuid7(), auditor)
    in_transaction(signing.sign, prepared.id, auditor)
    with pytest.raises(Forbidden):
        in_transaction(reopening.ask, AskReopening(uuid7(), JANUARY, "x"), auditor)


def test_months_close_in_their_order_and_only_when_over(
    app: Flask, accountant: Actor, manager: Actor
) -> None:
    trade(accountant, date(2026, 1, 15))
    trade(accountant, date(2026, 3, 15))
    with pytest.raises(NotNextToClose) as refusal:
        in_transaction(signing.prepare, PrepareClose(uuid7(), 202603), accountant)
    assert refusal.value.facts == {"period_id": JANUARY}
    close_through(202603, accountant, manager)  # February, in which nothing happened, too
    with pytest.raises(PeriodClosed):
        in_transaction(signing.prepare, PrepareClose(uuid7(), FEBRUARY), accountant)
    with (
        clock.travel(lambda: datetime(2026, 4, 30, 16, 59, 59, tzinfo=UTC)),
        pytest.raises(MonthNotOver),
    ):
        in_transaction(signing.prepare, PrepareClose(uuid7(), 202604), accountant)
    with clock.travel(lambda: datetime(2026, 4, 30, 17, tzinfo=UTC)):  # midnight in Bangkok
        close(202604, accountant, manager)


def test_what_changed_between_the_signatures_is_signed_anew(
    app: Flask, accountant: Actor, manager: Actor
) -> None:
    trade(accountant, date(2026, 1, 15))
    prepared = in_transaction(signing.prepare, PrepareClose(uuid7(), JANUARY), accountant)
    trade(accountant, date(2026, 1, 16))
    with pytest.raises(FiguresMoved):
        in_transaction(signing.sign, prepared.id, manager)
    again = in_transaction(signing.prepare, PrepareClose(uuid7(), JANUARY), accountant)
    with pytest.raises(FiguresMoved):
        in_transaction(signing.sign, prepared.id, manager)
    assert in_transaction(signing.sign, again.id, manager).in_force


def test_a_close_asked_for_twice_is_one(app: Flask, accountant: Actor, manager: Actor) -> None:
    trade(accountant, date(2026, 1, 15))
    command = PrepareClose(uuid7(), JANUARY)
    first = in_transaction(signing.prepare, command, accountant)
    assert in_transaction(signing.prepare, command, accountant) == first
    with pytest.raises(DifferentContent):
        in_transaction(signing.prepare, replace(command, period_id=FEBRUARY), accountant)
    assert db.session.scalar(select(func.count()).select_from(MonthClose)) == 1

    def sign(who: Actor) -> str:
        with app.app_context(), clock.travel(lambda: AFTER_THE_YEAR):
            try:
                in_transaction(signing.sign, first.id, who)
            except DomainError as refusal:
                return refusal.code
            finally:
                db.session.remove()
        return "signed"

    owner = replace(manager, user_id=uuid7())
    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(sign, (manager, owner)))
    assert outcomes == ["period-closed", "signed"]


# --- the checklist ---------------------------------------------------------------------------


def speaks(*matters: Attention, ties: tuple[TieOut, ...] = ()) -> None:
    contributors.MATTERS.appoint(lambda _centre, _period: iter(matters))
    contributors.TIES.appoint(lambda _centre, _on: iter(ties))


def test_what_stops_the_close_is_settled_or_waived_with_a_reason(
    app: Flask, accountant: Actor, manager: Actor
) -> None:
    trade(accountant, date(2026, 1, 15))
    speaks(Attention("stock", "Nobody counted", 1), Attention("drafts", "Drafts", 2, 90_00))
    with pytest.raises(StepsOpen) as refusal:
        in_transaction(signing.prepare, PrepareClose(uuid7(), JANUARY), accountant)
    assert refusal.value.facts == {"steps": ["drafts", "stock"]}
    with pytest.raises(NotWaivable):
        in_transaction(checklist.waive, JANUARY, "drafts", "because", accountant)
    with pytest.raises(checklist.ReasonMissing):
        in_transaction(checklist.waive, JANUARY, "stock", " ", accountant)
    in_transaction(checklist.waive, JANUARY, "stock", "ศูนย์ปิดเพราะน้ำท่วม", accountant)
    in_transaction(checklist.waive, JANUARY, "stock", "another reason", accountant)
    speaks(Attention("stock", "Nobody counted", 1), Attention("turnover", "Near", 1, stops=False))
    card = close(JANUARY, accountant, manager)
    steps = {step["key"]: step for step in card.content["steps"]}
    assert steps["stock"]["waiver"][0] == "ศูนย์ปิดเพราะน้ำท่วม"
    assert (steps["turnover"]["state"], steps["drafts"]["state"]) == ("listed", "done")


def test_a_waiver_is_part_of_what_is_signed_and_serves_one_close(
    app: Flask, accountant: Actor, manager: Actor
) -> None:
    trade(accountant, date(2026, 1, 15))
    with pytest.raises(NothingToWaive):
        in_transaction(checklist.waive, JANUARY, "stock", "x", accountant)
    prepared = in_transaction(signing.prepare, PrepareClose(uuid7(), JANUARY), accountant)
    speaks(Attention("stock", "Nobody counted", 1))
    in_transaction(checklist.waive, JANUARY, "stock", "น้ำท่วม", manager)
    with pytest.raises(FiguresMoved):
        in_transaction(signing.sign, prepared.id, manager)
    card = close(JANUARY, accountant, manager)
    assert card.content["waived"] == [["stock", "น้ำท่วม", "คุณmanager"]]
    reopen(JANUARY, accountant, manager)
    with pytest.raises(StepsOpen):
        in_transaction(signing.prepare, PrepareClose(uuid7(), JANUARY), accountant)
    in_transaction(checklist.waive, JANUARY, "stock", "ยังแห้งไม่ทัน", accountant)
    assert close(JANUARY, accountant, manager).content["waived"][0][1] == "ยังแห้งไม่ทัน"


def test_a_month_before_the_first_locked_one_takes_nothing(
    app: Flask, accountant: Actor, manager: Actor
) -> None:
    trade(accountant, date(2026, 3, 15))
    close(202603, accountant, manager)
    assert not periods.is_open(accountant.centre_id, date(2026, 2, 1))
    assert periods.is_open(accountant.centre_id, date(2026, 4, 1))
    with pytest.raises(PeriodClosed):
        trade(accountant, date(2026, 2, 1))
    with pytest.raises(LongAgo):  # 21/11/26 read as 2526
        trade(accountant, date(1983, 11, 21))


def test_a_difference_between_ledger_and_documents_stops_the_close(
    app: Flask, accountant: Actor
) -> None:
    trade(accountant, date(2026, 1, 15))
    speaks(ties=(TieOut("inventory", "Inventory", "1310", 100, 60), TieOut("x", "X", "2120", 5, 5)))
    found = checklist.of(JANUARY, accountant)
    step = next(result for result in found.steps if result.step.key == "tie_outs")
    assert (step.state, step.count, step.satang) == (State.STOPS, 1, 40)
    assert not found.ready


# --- late documents --------------------------------------------------------------------------


def test_what_comes_late_amends_the_close_and_moves_no_figure(
    app: Flask, accountant: Actor, manager: Actor
) -> None:
    trade(accountant, date(2026, 1, 15))
    card = close(JANUARY, accountant, manager)
    before = balances.until(accountant.centre_id, date(2026, 1, 31))
    posts(accountant, date(2026, 1, 31), Purpose.CASH_SAFE, Purpose.SALES, 75, may_be_late=True)
    assert balances.until(accountant.centre_id, date(2026, 1, 31)) == before
    amended = late.amendment(accountant.centre_id, JANUARY)
    assert (amended.count, amended.satang) == (1, 75)
    ((document, satang),) = late.documents(accountant.centre_id, JANUARY)
    assert satang == 75
    assert (document.business_date, document.posting_date) == (
        date(2026, 1, 31),
        clock.today(),
    )
    again = checklist.content_of(checklist.of(JANUARY, accountant), accountant.centre)
    assert checklist.digest(again) == card.digest


# --- opening again ---------------------------------------------------------------------------


def test_a_month_is_opened_by_two_people_with_a_reason(
    app: Flask, accountant: Actor, manager: Actor
) -> None:
    trade(accountant, date(2026, 1, 15))
    close(JANUARY, accountant, manager)
    with pytest.raises(checklist.ReasonMissing):
        in_transaction(reopening.ask, AskReopening(uuid7(), JANUARY, "  "), accountant)
    command = AskReopening(uuid7(), JANUARY, "ใบเสร็จค่าไฟตกหล่น")
    asked = in_transaction(reopening.ask, command, accountant)
    assert in_transaction(reopening.ask, command, accountant) == asked
    with pytest.raises(SamePersonSigns):
        in_transaction(reopening.agree, asked.id, accountant)
    agreed = in_transaction(reopening.agree, asked.id, manager)
    assert agreed.agreed_at is not None
    assert in_transaction(reopening.agree, asked.id, manager) == agreed
    trade(accountant, date(2026, 1, 31))
    with pytest.raises(NotLocked):
        in_transaction(reopening.ask, replace(command, id=uuid7()), accountant)
    assert close(JANUARY, accountant, manager).in_force
    log = [(card.in_force, card.undone) for card in signing.of_period(manager.centre_id, JANUARY)]
    assert log == [(False, True), (True, False)]


def test_only_the_last_locked_month_opens(app: Flask, accountant: Actor, manager: Actor) -> None:
    trade(accountant, date(2026, 1, 15))
    close_through(FEBRUARY, accountant, manager)
    with pytest.raises(NotLastLocked):
        in_transaction(reopening.ask, AskReopening(uuid7(), JANUARY, "x"), accountant)
    reopen(FEBRUARY, accountant, manager)
    reopen(JANUARY, manager, accountant)
