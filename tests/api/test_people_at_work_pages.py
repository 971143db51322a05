"""People at work over HTTP: the roster, PINs and overrides at a till, waivers, training."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock
from core.actor import Actor, Centre
from core.db import Base, db, in_transaction
from core.ids import uuid7
from core.quantity import MILLI
from members.rules.roster import NoCashier, monday_of
from members.services import centres
from members.services.centres import SetLimits
from members.services.roster import planning, reading, staffing
from members.services.roster.planning import AddDuty
from members.services.roster.staffing import SaveTime, SaveWorker, TakeOff
from pos.services import tills
from tests.api.conftest import Browser, csrf_of
from tests.conftest import PASSWORD, actor_of
from tests.shop import Shop, shop_in
from tests.waiving import waive

BrowserOf = Callable[..., Browser]
PIN = "274913"
PAGES = (
    "/c/{c}/roster",
    "/c/{c}/roster/mine",
    "/c/{c}/roster/people",
    "/c/{c}/roster/week.csv",
    "/c/{c}/roster/week.xlsx",
    "/c/{c}/duties",
    "/c/{c}/duties/uses",
    "/c/{c}/duties/uses.csv",
    "/c/{c}/my-pin",
    "/c/{c}/till-setup",
    "/c/{c}/overrides",
    "/c/{c}/overrides.xlsx",
)


def test_a_manager_sees_every_page(browser_of: BrowserOf) -> None:
    manager = browser_of("manager")
    for page in PAGES:
        assert manager.get(page).status_code == 200, page


# --- the roster ------------------------------------------------------------------------------


def planned(manager: Actor, cashier: Actor) -> tuple[UUID, UUID]:
    """Enter the cashier, who minds a till, and a morning; return both ids."""
    who, when = uuid7(), uuid7()
    person = SaveWorker(who, "น้องแก้ว", ("till",), cashier.user_id, 5000)
    in_transaction(staffing.save_worker, person, manager)
    in_transaction(staffing.save_time, SaveTime(when, "เช้า", 480, 720), manager)
    return who, when


def test_a_duty_is_planned_published_and_seen_on_the_cashiers_phone(
    browser_of: BrowserOf, manager: Actor, cashier: Actor
) -> None:
    who, when = planned(manager, cashier)
    browser, day = browser_of("manager"), clock.today()
    duty = {"worker_id": str(who), "on_date": day.isoformat(), "work_time_id": str(when)}
    form = {"id": str(uuid7()), "task": "till", "note": "", **duty}
    assert browser.form("/c/{c}/roster/duties", **form).status_code == 303
    assert browser.form("/c/{c}/roster/duties", **form).status_code == 303, "the same form again"
    twice = browser.form("/c/{c}/roster/duties", **{**form, "id": str(uuid7())})
    assert twice.status_code == 409
    assert "น้องแก้ว" in twice.get_data(as_text=True)
    other = browser.form("/c/{c}/roster/duties", **{**form, "id": str(uuid7()), "task": "stock"})
    assert other.status_code == 409, "not able"
    phone = browser_of("cashier")
    assert "เช้า" not in phone.get("/c/{c}/roster/mine").get_data(as_text=True)
    week = reading.week(day, manager)
    address = f"/c/{{c}}/roster/publish?week={day.isoformat()}"
    assert browser.form(address, version=str(week.version)).status_code == 303
    assert "08:00–12:00" in phone.get("/c/{c}/roster/mine").get_data(as_text=True)
    assert browser.form(address, version=str(week.version)).status_code == 412


def test_a_roster_without_cashiers_is_named_and_published_only_for_a_reason(
    browser_of: BrowserOf, manager: Actor, cashier: Actor
) -> None:
    planned(manager, cashier)
    browser, monday = browser_of("manager"), monday_of(clock.today())
    page = browser.get("/c/{c}/roster?lang=en").get_data(as_text=True)
    assert "No cashier on:" in page
    address = f"/c/{{c}}/roster/publish?week={monday.isoformat()}"
    refused = browser.form(address, version="1")
    assert refused.status_code in (409, 412)
    version = str(reading.week(monday, manager).version)
    refused = browser.form(address, version=version)
    refused = browser.form(address, version=version or "1")
    assert refused.status_code in (409, 412)
    assert browser.get("/c/{c}/roster?week=rubbish").status_code == 200


def test_the_last_cashier_leaves_a_published_week_only_for_a_reason(
    browser_of: BrowserOf, manager: Actor, cashier: Actor
) -> None:
    who, when = planned(manager, cashier)
    day = clock.today()
    kaeo = in_transaction(planning.add, AddDuty(uuid7(), who, day, when, "till"), manager)
    helper = SaveWorker(uuid7(), "ลุงชม", ("stock",))
    in_transaction(staffing.save_worker, helper, manager)
    in_transaction(planning.add, AddDuty(uuid7(), helper.id, day, when, "stock"), manager)
    in_transaction(planning.publish, day, reading.week(day, manager).version, "", manager)
    browser = browser_of("manager")
    take_out = f"/c/{{c}}/roster/duties/{kaeo.id}/remove?week={day.isoformat()}"
    refused = browser.form(take_out)
    assert refused.status_code == 409
    assert 'name="no_cashier_reason"' in refused.get_data(as_text=True), "where to write it"
    in_transaction(staffing.take_off, TakeOff(uuid7(), who, "leave", day, day), manager)
    week = reading.week(day, manager)
    assert week.without_cashier == [day], "the cashier on leave minds no till"
    with pytest.raises(NoCashier):
        in_transaction(planning.publish, day, week.version, "", manager)
    in_transaction(planning.publish, day, week.version, "อบรมทั้งวัน", manager)
    assert browser.form(take_out).status_code == 303


def test_people_and_times_keep_what_was_typed_when_refused(
    browser_of: BrowserOf, manager: Actor, cashier: Actor
) -> None:
    who, when = planned(manager, cashier)
    browser = browser_of("manager")

    def refused(where: str, **typed: object) -> str:
        answer = browser.form(f"/c/{{c}}/roster/{where}", **typed)
        assert answer.status_code in (409, 422), where
        return answer.get_data(as_text=True)

    new = {"id": str(uuid7()), "version": "0"}
    page = refused("people", **new, name="ลุงชม", tasks="stock", hourly="สี่สิบ", active="1")
    assert 'value="ลุงชม"' in page and 'value="สี่สิบ"' in page
    page = refused("times", id=str(when), version="1", name="เช้า", starts="09:30", ends="08:00")
    assert 'value="09:30"' in page
    day = {"id": str(uuid7()), "worker_id": str(who), "kind": "wish", "first_day": "31/12/2569"}
    page = refused("off", **day, last_day="30/12/2569")
    assert 'value="31/12/2569"' in page and 'value="30/12/2569"' in page


def test_last_week_is_copied_without_who_is_on_leave(
    browser_of: BrowserOf, manager: Actor, cashier: Actor
) -> None:
    who, when = planned(manager, cashier)
    browser, day = browser_of("manager"), clock.today()
    for n in (0, 1):
        on = monday_of(day) + timedelta(days=n)
        form = {"id": str(uuid7()), "worker_id": str(who), "work_time_id": str(when)}
        form |= {"on_date": on.isoformat(), "task": "till"}
        assert browser.form("/c/{c}/roster/duties", **form).status_code == 303
    away = monday_of(day) + timedelta(days=8)
    leave = {"id": str(uuid7()), "worker_id": str(who), "kind": "leave"}
    mine = browser_of("cashier")
    told = mine.form("/c/{c}/roster/off?back=mine", **leave, first_day=away.isoformat())
    assert told.status_code == 303
    following = (monday_of(day) + timedelta(days=7)).isoformat()
    for _ in range(2):
        assert browser.form(f"/c/{{c}}/roster/copy?week={following}").status_code == 303
    week = reading.week(monday_of(day) + timedelta(days=7), manager)
    assert [duty.on_date for duty in week.duties] == [monday_of(day) + timedelta(days=7)]


# --- PINs and overrides at the till ----------------------------------------------------------


@pytest.fixture
def till_id(centre: Centre) -> str:
    return str(tills.listing(centre.id)[0].id)


def with_pin(browser: Browser, pin: str = PIN) -> Browser:
    form = {"present_password": PASSWORD, "pin_password": pin, "pin_password_again": pin}
    assert browser.form("/c/{c}/my-pin", **form).status_code == 303
    return browser


def at_the_till(browser_of: BrowserOf, till_id: str) -> Browser:
    """Let the manager set the machine up, then the cashier sign in on it."""
    browser = browser_of("manager")
    form = {"till_id": till_id, "name": "เครื่องหน้าร้าน"}
    assert browser.form("/c/{c}/till-setup/devices", **form).status_code == 303
    browser.form("/sign-out")
    browser.sign_in("cashier")
    return browser


def test_weak_pins_are_refused(browser_of: BrowserOf) -> None:
    browser = browser_of("cashier")
    for pin in ("123456", "111111", "252525", "123123", "12345", "abcdef", "๑๒๓๔๕๖"):
        form = {"present_password": PASSWORD, "pin_password": pin, "pin_password_again": pin}
        assert browser.form("/c/{c}/my-pin", **form).status_code == 422, pin
    wrong = {"present_password": "nope", "pin_password": PIN, "pin_password_again": PIN}
    assert browser.form("/c/{c}/my-pin", **wrong).status_code == 403


def test_a_till_is_handed_on_by_pin_and_each_sale_is_its_cashiers(
    browser_of: BrowserOf, till_id: str, centre: Centre
) -> None:
    with_pin(browser_of("manager"))
    manager = actor_of(centre, "manager")
    till = at_the_till(browser_of, till_id)
    switch = {"till_id": till_id, "user_id": str(manager.user_id), "pin": PIN}
    done = till.send("POST", "/till_switch", switch)
    assert done.status_code == 200, done.get_data(as_text=True)
    till.csrf = csrf_of(till.client.get("/profile"))
    assert till.get("/c/{c}/counter").status_code == 200
    # Whoever came by a PIN is a cashier and nothing more.
    assert till.get("/c/{c}/till-setup").status_code == 403
    assert till.get("/c/{c}/overrides").status_code == 403


def test_five_wrong_pins_lock_it_on_that_machine_until_the_password(
    browser_of: BrowserOf, till_id: str, centre: Centre
) -> None:
    with_pin(browser_of("manager"))
    who = str(actor_of(centre, "manager").user_id)
    till = at_the_till(browser_of, till_id)
    wrong = {"till_id": till_id, "user_id": who, "pin": "999998"}
    codes = [till.send("POST", "/till_switch", wrong).get_json()["code"] for _ in range(6)]
    assert codes == ["wrong-pin"] * 4 + ["pin-shut"] * 2
    right = till.send("POST", "/till_switch", {**wrong, "pin": PIN})
    assert right.get_json()["code"] == "pin-shut"
    people = till.get(f"/till_people?till_id={till_id}").get_json()["people"]
    assert [one["pin_shut"] for one in people if one["user_id"] == who] == [True]
    by_password = {"till_id": till_id, "user_id": who, "password": PASSWORD}
    assert till.send("POST", "/till_switch", by_password).status_code == 200


def test_no_pin_works_on_a_machine_that_was_not_set_up_or_was_taken_away(
    browser_of: BrowserOf, till_id: str, centre: Centre
) -> None:
    with_pin(browser_of("manager"))
    who = str(actor_of(centre, "manager").user_id)
    switch = {"till_id": till_id, "user_id": who, "pin": PIN}
    stranger = browser_of("cashier")
    assert stranger.send("POST", "/till_switch", switch).get_json()["code"] == "till-not-enrolled"
    till = at_the_till(browser_of, till_id)
    device = Base.metadata.tables["till_device"]
    device_id = db.session.scalar(select(device.c.id))
    revoked = browser_of("manager").form(f"/c/{{c}}/till-setup/devices/{device_id}/revoke")
    assert revoked.status_code == 303
    assert till.send("POST", "/till_switch", switch).get_json()["code"] == "till-not-enrolled"


def limits(centre: Centre, **given: int) -> None:
    manager = actor_of(centre, "manager")
    now = centres.get(centre.id)
    assert now is not None
    in_transaction(centres.set_limits, SetLimits(version=now.version, **given), manager)


def sale_of(shop: Shop, product_id: UUID, discount: int) -> tuple[str, dict[str, Any]]:
    assert shop.shift is not None
    body = {
        "till_id": str(shop.till_id),
        "shift_id": str(shop.shift.id),
        "occurred_at": clock.now().isoformat(),
        "lines": [
            {
                "product_id": str(product_id),
                "quantity_milli": MILLI,
                "unit_price_satang": 10_000,
                "discount_satang": discount,
                "discount_reason_id": str(shop.reason("centre")),
            }
        ],
        "payments": [{"method": "cash", "amount_satang": 100_000}],
    }
    return str(uuid7()), body


def test_a_discount_above_the_limit_needs_the_managers_word_for_that_very_bill(
    browser_of: BrowserOf, till_id: str, centre: Centre
) -> None:
    with_pin(browser_of("manager"))
    limits(centre, discount_limit_basis_points=1000)
    shop = shop_in(centre)
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 10_000)
    shop.open()
    till = at_the_till(browser_of, till_id)
    within, body = sale_of(shop, honey, 1000)
    assert till.send("PUT", f"/sales/{within}", body).status_code == 201
    sale_id, body = sale_of(shop, honey, 2000)
    refused = till.send("PUT", f"/sales/{sale_id}", body)
    assert refused.status_code == 409
    assert refused.get_json()["code"] == "override-needed"
    assert refused.get_json()["asked_satang"] == 2000
    ask = {
        "till_id": till_id,
        "kind": "discount-above-limit",
        "document_id": sale_id,
        "asked_satang": 1500,
        "reason": "ขวดบุบ",
        "user_id": str(actor_of(centre, "manager").user_id),
        "pin": PIN,
    }
    assert till.send("PUT", f"/overrides/{uuid7()}", ask).status_code == 200
    assert till.send("PUT", f"/sales/{sale_id}", body).status_code == 409, "granted for less"
    override = f"/overrides/{uuid7()}"
    for _ in range(2):
        assert till.send("PUT", override, {**ask, "asked_satang": 2000}).status_code == 200
    other, other_body = sale_of(shop, honey, 2000)
    assert till.send("PUT", f"/sales/{other}", other_body).status_code == 409, "another bill"
    done = till.send("PUT", f"/sales/{sale_id}", body)
    assert done.status_code == 201, done.get_data(as_text=True)
    page = browser_of("auditor").get("/c/{c}/overrides").get_data(as_text=True)
    assert "ขวดบุบ" in page
    own = {**ask, "user_id": str(actor_of(centre, "cashier").user_id), "password": PASSWORD}
    del own["pin"]
    assert till.send("PUT", f"/overrides/{uuid7()}", own).status_code == 403


def test_a_right_pin_of_somebody_who_may_not_say_yes_counts_as_no_wrong_one(
    browser_of: BrowserOf, till_id: str, centre: Centre
) -> None:
    for name in ("cashier", "manager"):
        with_pin(browser_of(name))
    till = at_the_till(browser_of, till_id)
    ask = {
        "till_id": till_id,
        "kind": "discount-above-limit",
        "document_id": str(uuid7()),
        "asked_satang": 1000,
        "reason": "ขวดบุบ",
        "user_id": str(actor_of(centre, "cashier").user_id),
        "pin": PIN,
    }
    for _ in range(6):
        refused = till.send("PUT", f"/overrides/{uuid7()}", ask)
        assert refused.get_json()["code"] == "forbidden"
    switch = {name: ask[name] for name in ("till_id", "user_id", "pin")}
    assert till.send("POST", "/till_switch", switch).status_code == 200


def test_a_waiver_is_recorded_and_ended_on_its_page(browser_of: BrowserOf, manager: Actor) -> None:
    browser, today = browser_of("manager"), clock.today()
    form = {
        "id": str(uuid7()),
        "pairs": ["count", "terms"],
        "reason": "มีเจ้าหน้าที่คนเดียว",
        "resolution": "3/2569",
        "valid_from": today.isoformat(),
        "valid_until": (today + timedelta(days=90)).isoformat(),
    }
    assert browser.form("/c/{c}/duties", **{**form, "reason": ""}).status_code == 422
    assert browser.form("/c/{c}/duties", **{**form, "pairs": []}).status_code == 422
    late = (today + timedelta(days=400)).isoformat()
    assert browser.form("/c/{c}/duties", **{**form, "valid_until": late}).status_code == 422
    assert browser.form("/c/{c}/duties", **{**form, "pairs": ["voucher"]}).status_code == 422
    for _ in range(2):
        assert browser.form("/c/{c}/duties", **form).status_code == 303
    assert "3/2569" in browser_of("auditor").get("/c/{c}/duties").get_data(as_text=True)
    ended = browser.form(f"/c/{{c}}/duties/{form['id']}/end", reason="รับคนเพิ่มแล้ว")
    assert ended.status_code == 303
    assert browser_of("accountant").form("/c/{c}/duties", **form).status_code == 403
    assert waive(manager, "count").holds_on(today)


# --- training --------------------------------------------------------------------------------


def test_training_over_http_sells_and_leaves_the_till_as_it_was(
    app: Flask, browser_of: BrowserOf, centre: Centre, till_id: str
) -> None:
    shop = shop_in(centre)
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 10_000)
    shop.open()
    cashier = browser_of("cashier")
    shift_id = str(uuid7())
    opened = {
        "method": "PUT",
        "path": f"/shifts/{shift_id}",
        "body": {"till_id": till_id, "float_satang": 50_000},
    }
    sale_id, body = sale_of(shop, honey, 0)
    sold = {"method": "PUT", "path": f"/sales/{sale_id}", "body": {**body, "shift_id": shift_id}}
    answer = cashier.send("POST", "/training", {"till_id": till_id, "steps": [opened, sold]})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.get_json()["data"]["receipt_no"].startswith("TRAIN-")
    assert cashier.get(f"/sales/{sale_id}").status_code == 404
    away = {"method": "PUT", "path": "/members/x", "body": {}}
    refused = cashier.send("POST", "/training", {"till_id": till_id, "steps": [away]})
    assert refused.get_json()["code"] == "not-in-training"
