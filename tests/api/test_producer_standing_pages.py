"""What happened to a producer, in the browser: recorded, withdrawn, moved to the right day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from core import clock
from core.actor import Actor
from core.db import db, in_transaction
from core.ids import uuid7
from members.services import producers, standing
from members.services.producers import NewProducer
from tests.api.conftest import Browser

BEGAN = date(2024, 1, 10)


@pytest.fixture
def browser(browser_of: Callable[..., Browser]) -> Browser:
    return browser_of("manager")


@pytest.fixture
def group(manager: Actor) -> UUID:
    new = NewProducer(name="กลุ่มทอผ้า", kind="group", joined_on=BEGAN)
    return in_transaction(producers.create, new, manager).id


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def followed(browser: Browser, answer: Any) -> str:
    assert answer.status_code == 303, text(answer)
    return text(browser.client.get(answer.headers["Location"]))


def test_a_producer_is_suspended_in_sight_and_the_mistake_withdrawn(
    browser: Browser, manager: Actor, group: UUID
) -> None:
    page = f"/c/{{c}}/producers/{group}"
    fact = {"fact_id": str(uuid7()), "kind": "suspended", "on_date": "", "reason": "ค้างตรวจ"}
    refused = browser.form(page + "/facts", **fact)
    assert refused.status_code == 422
    assert 'value="ค้างตรวจ"' in text(refused) and "กลุ่มทอผ้า" in text(refused)
    fact["on_date"] = clock.today().isoformat()
    for _ in range(2):
        shown = followed(browser, browser.form(page + "/facts", **fact))
    assert shown.count("ค้างตรวจ") == 1
    assert not producers.get(manager.centre_id, group).active
    wrong = f"{page}/facts/{fact['fact_id']}/withdraw"
    assert browser.form(wrong, reason="").status_code == 422
    elsewhere = f"/c/{{c}}/producers/{uuid7()}/facts/{fact['fact_id']}/withdraw"
    assert browser.form(elsewhere, reason="ผิด").status_code == 404
    assert "<s>" in followed(browser, browser.form(wrong, reason="ตรวจแล้ว"))
    db.session.rollback()
    assert producers.get(manager.centre_id, group).active


def test_the_day_of_joining_is_put_right(browser: Browser, manager: Actor, group: UUID) -> None:
    [joined] = standing.producer_timeline(group, manager)
    wrong = f"/c/{{c}}/producers/{group}/facts/{joined.id}/withdraw"
    assert browser.form(wrong, reason="ผิด").status_code == 409  # a producer has joined
    typed = {"reason": "ผิดปี", "on_date": "10 ม.ค. 2566", "fact_id": str(uuid7())}
    for _ in range(2):
        followed(browser, browser.form(wrong, **typed))
    right = date(2023, 1, 10)
    found = standing.of_producer(group, manager.centre_id, right)
    assert found is not None and found.state == "member"
    before = standing.of_producer(group, manager.centre_id, right - timedelta(1))
    assert before is not None and before.state == "not_yet"


def test_who_may_not_change_records_nothing(
    browser_of: Callable[..., Browser], group: UUID
) -> None:
    fact = {"fact_id": str(uuid7()), "kind": "died", "on_date": "9 ต.ค. 2568"}
    page = f"/c/{{c}}/producers/{group}"
    for role in ("accountant", "auditor"):
        browser = browser_of(role)
        assert browser.form(page + "/facts", **fact).status_code == 403
        assert "/facts" not in text(browser.get(page))


def test_saving_a_name_never_changes_whether_they_deliver(
    browser: Browser, manager: Actor, group: UUID
) -> None:
    fact = {"fact_id": str(uuid7()), "kind": "suspended", "on_date": clock.today().isoformat()}
    followed(browser, browser.form(f"/c/{{c}}/producers/{group}/facts", **fact))
    card = producers.get(manager.centre_id, group)
    typed = {"name": "กลุ่มทอผ้าไหม", "kind": "group", "version": str(card.version)}
    followed(
        browser,
        browser.form(f"/c/{{c}}/producers/{group}", split_basis_points="80", **typed),
    )
    db.session.rollback()
    card = producers.get(manager.centre_id, group)
    assert (card.name, card.active) == ("กลุ่มทอผ้าไหม", False)
