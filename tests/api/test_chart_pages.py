"""The chart, the activities and the settings of the books, changed at the browser."""

from __future__ import annotations

import re
from collections.abc import Callable

from accounting.rules.chart import Purpose
from accounting.services import activities, book_settings, chart
from core.actor import Centre
from core.ids import uuid7
from tests.api.conftest import Browser
from tests.writing import account

BrowserOf = Callable[[str], Browser]


def rent(**more: str) -> dict[str, str]:
    fields = {"id": str(uuid7()), "code": "๕๑๕๕", "type": "expense", "name_th": "ค่าเช่า"}
    return fields | more


def test_an_account_is_added_renamed_and_put_out_of_use(
    browser_of: BrowserOf, centre: Centre
) -> None:
    accountant = browser_of("accountant")
    assert accountant.get("/c/{c}/accounts/new").status_code == 200
    assert accountant.form("/c/{c}/accounts/new", **rent()).status_code == 303
    [made] = [one for one in chart.listing(centre.id) if one.code == "5155"]
    where = f"/c/{{c}}/accounts/{made.id}/change"
    assert where.replace("{c}", str(centre.id)) in accountant.get("/c/{c}/accounts").text
    assert accountant.form(where, name_th="ค่าเช่าที่").status_code == 303
    now = chart.get(centre.id, made.id)
    assert (now.name_th, now.active) == ("ค่าเช่าที่", False)


def test_a_refused_account_keeps_what_was_typed(browser_of: BrowserOf, centre: Centre) -> None:
    accountant = browser_of("accountant")
    taken = accountant.form("/c/{c}/accounts/new", **rent(code="5210"))
    assert taken.status_code == 409
    assert 'value="ค่าเช่า"' in taken.text and 'id="code-error"' in taken.text
    wages = account(centre.id, Purpose.WAGES)
    kept = accountant.form(f"/c/{{c}}/accounts/{wages}/change", name_th="ค่าจ้าง")
    assert kept.status_code == 409 and 'href="#active"' in kept.text
    assert chart.get(centre.id, wages).active


def test_activities_are_set_up_renamed_and_put_out_of_use(
    browser_of: BrowserOf, centre: Centre
) -> None:
    accountant = browser_of("accountant")
    assert accountant.get("/c/{c}/activities").status_code == 200
    fields = {"id": str(uuid7()), "code": "W1", "name_th": "น้ำดื่ม"}
    assert accountant.form("/c/{c}/activities", **fields).status_code == 303
    again = accountant.form("/c/{c}/activities", **fields | {"id": str(uuid7())})
    assert again.status_code == 409 and 'value="น้ำดื่ม"' in again.text
    change = {"id": fields["id"], "name_th": "โรงน้ำ"}
    assert accountant.form("/c/{c}/activities/change", **change).status_code == 303
    [now] = activities.listing(centre.id)
    assert (now.name_th, now.active) == ("โรงน้ำ", False)
    assert "โรงน้ำ" in browser_of("auditor").get("/c/{c}/activities").text


def test_the_manager_changes_the_limits_of_the_books(browser_of: BrowserOf, centre: Centre) -> None:
    manager = browser_of("manager")
    page = manager.get("/c/{c}/book-settings").text
    fields = dict(re.findall(r'name="(\w+)" type="text" value="([^"]*)"', page)) | {"version": "0"}
    assert fields["approval_limit"] == "5,000.00"
    wrong = manager.form("/c/{c}/book-settings", **fields | {"moved_percent": "0"})
    assert wrong.status_code == 422 and 'id="moved_percent-error"' in wrong.text
    fields["approval_limit"] = "๒,๐๐๐"
    assert manager.form("/c/{c}/book-settings", **fields).status_code == 303
    assert book_settings.of(centre.id).approval_limit_satang == 2_000_00
    assert manager.form("/c/{c}/book-settings", **fields).status_code == 409
    assert browser_of("accountant").get("/c/{c}/book-settings").status_code == 403
