"""The welfare report over HTTP: what it says, where its figures lead, who may read it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from accounting.rules.chart import Purpose
from core import jobs
from core.actor import Actor, Centre
from core.ids import uuid7
from pos.services.welfare import gathering
from tests.api.conftest import Browser
from tests.resolving import resolve
from tests.village_year import FOR_MEMBERS, FOR_PROFIT, Village, allocate, live

YEAR = "from=2026-01-01&to=2026-12-31"


@pytest.fixture
def village(centre: Centre, manager: Actor) -> Village:
    return live(centre, manager, FOR_MEMBERS)


def test_the_report_says_whom_the_prices_serve(
    village: Village, browser_of: Callable[..., Browser]
) -> None:
    page = browser_of("accountant").get(f"/c/{{c}}/welfare?{YEAR}").text
    assert "ข้าว" in page and "น้ำผึ้ง" in page
    assert 'class="card welfare-verdict serves-members"' in page
    # P, B and what is kept while nothing is resolved: 1,500, 2,800, 600.
    for figure in ("1,500.00", "2,800.00", "4,300.00", "600.00", "700.00 – 2,300.00"):
        assert figure in page
    assert f"/welfare/goods/{village.rice}?{YEAR.replace('&', '&amp;')}" in page


def test_the_same_goods_at_monopoly_prices(
    centre: Centre, manager: Actor, browser_of: Callable[..., Browser]
) -> None:
    live(centre, manager, FOR_PROFIT)
    page = browser_of("manager").get(f"/c/{{c}}/welfare?{YEAR}").text
    assert 'class="card welfare-verdict serves-centre"' in page


def test_an_empty_year_says_nothing_and_breaks_nothing(browser_of: Callable[..., Browser]) -> None:
    page = browser_of("auditor").get("/c/{c}/welfare")
    assert page.status_code == 200
    assert 'class="card welfare-verdict not-determinable"' in page.text


def test_the_receipts_of_a_product_add_up_to_its_row(
    village: Village, browser_of: Callable[..., Browser]
) -> None:
    page = browser_of("accountant").get(f"/c/{{c}}/welfare/goods/{village.rice}?{YEAR}").text
    # Each quarter 100 kg: 22 − 18 for buyers, 14 − 12 for producers.
    assert page.count(">400.00<") == 4
    assert page.count(">200.00<") == 4


def test_what_if_takes_per_cents_and_says_what_it_can_not_read(
    village: Village, browser_of: Callable[..., Browser]
) -> None:
    browser = browser_of("accountant")
    tried = browser.get(f"/c/{{c}}/welfare?{YEAR}&price=-2.5&part=๕&levy=1&elasticity=1.5")
    assert tried.status_code == 200
    assert 'value="-2.5"' in tried.text
    wrong = browser.get(f"/c/{{c}}/welfare?{YEAR}&price=lots")
    assert wrong.status_code == 422
    assert 'value="lots"' in wrong.text
    assert browser.get("/c/{c}/welfare?from=2026-02-01&to=2026-01-01").status_code == 422


def test_one_end_alone_goes_on_to_the_end_of_its_year(
    village: Village, browser_of: Callable[..., Browser]
) -> None:
    page = browser_of("manager").get("/c/{c}/welfare?from=2026-04-01").text
    assert "from=2026-04-01&amp;to=2026-12-31" in page
    assert "from=2026-01-01&amp;to=2026-04-30" in (
        browser_of("manager").get("/c/{c}/welfare?to=2026-04-30").text
    )


def test_what_the_meeting_resolved_leads_to_the_years_surplus(
    village: Village, manager: Actor, browser_of: Callable[..., Browser]
) -> None:
    allocate(village, manager, {Purpose.PATRONAGE_PAYABLE: 140_00, Purpose.LEGAL_RESERVE: 460_00})
    page = browser_of("auditor").get(f"/c/{{c}}/welfare?{YEAR}").text
    # M, and of its use the reserve and the members' part.
    assert page.count("/surplus/allocations/") == 3
    assert "/statements?month=202612&amp;of=year" in page


def test_who_may_not_read_it(village: Village, browser_of: Callable[..., Browser]) -> None:
    for user in ("cashier", "stock_keeper"):
        browser = browser_of(user)
        assert browser.get("/c/{c}/welfare").status_code == 403
        assert browser.get(f"/c/{{c}}/welfare/goods/{village.rice}").status_code == 403
        assert browser.get("/c/{c}/welfare/settings").status_code == 403
        assert browser.form(f"/c/{{c}}/welfare/paper?{YEAR}").status_code == 403


@pytest.mark.parametrize("what", ["paper", "table"])
def test_the_worker_is_asked_for_paper_and_table(
    what: str, app: Flask, centre: Centre, browser_of: Callable[..., Browser]
) -> None:
    answer = browser_of("manager").form(f"/c/{{c}}/welfare/{what}?{YEAR}")
    assert answer.status_code == 303
    job = jobs.get(centre.id, uuid_of(answer.location))
    assert job is not None
    assert job.name == {"paper": "welfare_report", "table": "welfare_table"}[what]
    assert (job.params["first"], job.params["last"]) == ("2026-01-01", "2026-12-31")


def test_the_meetings_limits_are_recorded_by_resolution(
    manager: Actor, browser_of: Callable[..., Browser]
) -> None:
    resolution_id = resolve(manager, "5/2569")
    browser = browser_of("manager")
    fields: dict[str, Any] = {
        "id": str(uuid7()),
        "valid_from": "01/01/2569",
        "members_from": "70",
        "centre_below": "80",
        "coverage": "50",
        "reference_days": "365",
        "resolution_id": str(resolution_id),
    }
    refused = browser.form("/c/{c}/welfare/settings", **fields)
    assert refused.status_code == 422
    assert 'value="80"' in refused.text
    fields["centre_below"] = "30"
    assert browser.form("/c/{c}/welfare/settings", **fields).status_code == 303
    assert browser.form("/c/{c}/welfare/settings", **fields).status_code == 303
    page = browser.get("/c/{c}/welfare/settings").text
    assert page.count("5/2569") >= 1 and "70 %" in page and "30 %" in page
    assert browser_of("accountant").form("/c/{c}/welfare/settings", **fields).status_code == 403
    no_word = {**fields, "id": str(uuid7()), "resolution_id": str(uuid7())}
    assert browser.form("/c/{c}/welfare/settings", **no_word).status_code == 422


def test_days_with_too_many_sales_are_left_to_the_worker(
    village: Village, monkeypatch: pytest.MonkeyPatch, browser_of: Callable[..., Browser]
) -> None:
    monkeypatch.setattr(gathering, "LIVE_MAX", 3)
    browser = browser_of("manager")
    asked = browser.form(f"/c/{{c}}/welfare/paper?{YEAR}").location
    page = browser.get(f"/c/{{c}}/welfare?{YEAR}").text
    assert asked in page
    assert "welfare-verdict" not in page
    assert asked not in browser.get("/c/{c}/welfare?from=2025-01-01&to=2026-12-31").text


def uuid_of(location: str) -> Any:
    from uuid import UUID

    return UUID(location.rsplit("/", 1)[-1])
