"""The surplus over HTTP: scenarios, the choice, two approvals, the posting; and who is kept out."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from flask import Flask
from openpyxl import load_workbook

from accounting.pages import surplus_allocation
from accounting.rules.surplus_tasks import ALLOCATION_POST, ALLOCATION_RUN
from accounting.services.surplus import allocations, scenarios
from core import clock, jobs
from core.actor import Actor, Centre
from core.db import db
from core.ids import uuid7
from tests.allocating import (
    EVENING,
    USUAL,
    YEAR,
    a_fund,
    a_scenario,
    a_year,
    approve,
    measured,
    posted,
)
from tests.api.conftest import Browser
from tests.resolving import resolve
from worker import running

BrowserOf = Callable[..., Browser]
HERE = f"/c/{{c}}/surplus/{YEAR}"
PERCENTS = {"percent_reserve": "20", "percent_dividend": "30.5", "percent_patronage": "๔๙.๕"}


@pytest.fixture(autouse=True)
def evening(app: Flask) -> Iterator[None]:
    with clock.travel(lambda: EVENING):
        yield


def work(app: Flask, centre: Centre, name: str, allocation_id: UUID) -> None:
    """Be the worker of the job asked for last."""
    job = jobs.last_asked(centre.id, name, "allocation_id", str(allocation_id))
    assert job is not None
    db.session.rollback()
    assert running.run(app, centre.id, job.id)


def test_two_people_bring_a_surplus_from_scenarios_to_the_books(
    app: Flask, centre: Centre, manager: Actor, accountant: Actor, browser_of: BrowserOf
) -> None:
    a_year(manager, accountant)
    one, two = browser_of("accountant"), browser_of("manager")
    assert "1,000.00" in one.get(f"{HERE}?lang=en").get_data(as_text=True)
    for name in ("เน้นปันผล", "เน้นสวัสดิการ"):
        sent = one.form(f"{HERE}/scenarios/new", id=uuid7(), version=0, name=name, **PERCENTS)
        assert sent.status_code == 303, sent.get_data(as_text=True)
    page = one.get(HERE).get_data(as_text=True)
    assert "305.00" in page
    assert "495.00" in page
    assert page.count('<svg class="plot"') == 2  # one for a phone
    scenario = scenarios.listing(YEAR, accountant)[0]
    resolution_id = resolve(accountant, "1/2570")
    choose = f"/c/{{c}}/surplus/scenarios/{scenario.id}/choose"
    assert str(resolution_id) in one.get(choose).get_data(as_text=True)
    allocation_id = uuid7()
    for _ in range(2):
        sent = one.form(choose, id=allocation_id, resolution_id=resolution_id)
        assert sent.status_code == 303, sent.get_data(as_text=True)
    work(app, centre, ALLOCATION_RUN, allocation_id)
    here = f"/c/{{c}}/surplus/allocations/{allocation_id}"
    card = allocations.card(allocation_id, accountant)
    assert card.approval_digest in one.get(here).get_data(as_text=True)
    wrong = one.form(f"{here}/approve", digest="0" * 64)
    assert wrong.status_code == 409
    assert one.form(f"{here}/approve", digest=card.approval_digest).status_code == 303
    assert f"{here}/approve".replace("{c}", str(centre.id)) not in one.get(here).get_data(
        as_text=True
    )
    assert one.form(f"{here}/post").status_code == 409
    assert two.form(f"{here}/approve", digest=card.approval_digest).status_code == 303
    work(app, centre, ALLOCATION_POST, allocation_id)
    page = two.get(f"{here}?lang=en").get_data(as_text=True)
    assert "J-2570-" in page
    assert "0.00 of 800.00 baht" in page
    change = f"/surplus/scenarios/{scenario.id}"
    assert change not in one.get(HERE).get_data(as_text=True)
    assert two.form(f"{here}/withdraw", reason="สาย").status_code == 409
    assert two.form(f"{here}/reverse").status_code == 422
    assert two.form(f"{here}/reverse", reason="ผิดปี").status_code == 303
    assert allocations.card(allocation_id, manager).state == allocations.REVERSED
    assert "ผิดปี" in two.get(here).get_data(as_text=True)
    assert change in one.get(HERE).get_data(as_text=True)


def test_what_is_refused_stands_beside_its_field_and_nothing_typed_is_lost(
    manager: Actor, accountant: Actor, browser_of: BrowserOf
) -> None:
    a_year(manager, accountant)
    browser = browser_of("accountant")
    new = f"{HERE}/scenarios/new"
    wrong = browser.form(
        f"{new}?lang=en", id=uuid7(), name="แบบที่ 1", percent_reserve="20", percent_dividend="77.292"
    )
    page = wrong.get_data(as_text=True)
    assert wrong.status_code == 422
    assert "97.292" in page
    assert 'value="77.292"' in page
    too_fine = browser.form(f"{new}?lang=en", id=uuid7(), name="x", percent_reserve="20.00001")
    assert too_fine.status_code == 422
    no_fund = browser.form(
        f"{new}?lang=en", id=uuid7(), name="x", percent_reserve="50", percent_welfare="50"
    )
    assert no_fund.status_code == 422
    assert "Choose the fund" in no_fund.get_data(as_text=True)
    assert scenarios.listing(YEAR, accountant) == []


def test_a_scenario_is_changed_copied_and_thrown_away(
    manager: Actor, accountant: Actor, browser_of: BrowserOf
) -> None:
    a_year(manager, accountant)
    card = a_scenario(accountant)
    browser = browser_of("accountant")
    here = f"/c/{{c}}/surplus/scenarios/{card.id}"
    assert 'value="30"' in browser.get(here).get_data(as_text=True)
    changed = browser.form(here, id=card.id, version=1, name="แบบใหม่", **PERCENTS)
    assert changed.status_code == 303
    stale = browser.form(here, id=card.id, version=1, name="แบบเก่า", **PERCENTS)
    assert stale.status_code == 412
    copied = browser.get(f"{HERE}/scenarios/new?copy={card.id}").get_data(as_text=True)
    assert 'value="30.5"' in copied
    assert str(card.id) not in copied
    assert browser.form(f"{here}/throw-away").status_code == 303
    assert browser.get(here).status_code == 404


def test_an_open_year_shows_expected_figures_marked_as_such(
    accountant: Actor, browser_of: BrowserOf
) -> None:
    browser = browser_of("accountant")
    new = f"{HERE}/scenarios/new"
    missing = browser.form(new, id=uuid7(), name="แบบ", **PERCENTS)
    assert missing.status_code == 422
    sent = browser.form(new, id=uuid7(), name="แบบ", expected="50,000", **PERCENTS)
    assert sent.status_code == 303
    page = browser.get(f"{HERE}?lang=en").get_data(as_text=True)
    assert "expected" in page
    assert "/choose" not in page
    assert browser.get(f"{HERE}/proposal.pdf").data.startswith(b"%PDF-")


def test_the_members_parts_come_as_files_with_kinds_of_money_apart(
    manager: Actor, accountant: Actor, browser_of: BrowserOf
) -> None:
    a_year(manager, accountant)
    card = posted(manager, accountant)
    browser = browser_of("auditor")
    here = f"/c/{{c}}/surplus/allocations/{card.id}/members"
    table = browser.get(f"{here}.csv?lang=en").get_data(as_text=True)
    assert "Share of profit: dividend (baht)" in table
    assert len(table.splitlines()) == 4
    book = load_workbook(io.BytesIO(browser.get(f"{here}.xlsx").data))
    [sheet] = book.worksheets
    assert sheet.max_row == 4
    dividends = [row[6] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert [str(one) for one in dividends] == ["50", "100", "150"]


def test_the_proposal_is_one_sheet_with_every_scenario(
    manager: Actor, accountant: Actor, browser_of: BrowserOf
) -> None:
    a_year(manager, accountant)
    assert browser_of("accountant").get(f"{HERE}/proposal.pdf").status_code == 404
    for number in range(1, 5):
        a_scenario(accountant, name=f"แบบที่ {number}")
    paper = browser_of("accountant").get(f"{HERE}/proposal.pdf")
    assert paper.data.startswith(b"%PDF-")
    assert paper.data.count(b"/Type /Page\n") + paper.data.count(b"/Type /Page/") <= 1


def test_a_change_since_the_measuring_is_shown_before_anybody_approves(
    manager: Actor, accountant: Actor, browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    year = a_year(manager, accountant)
    card = measured(accountant)
    from tests import allocating
    from tests.closing import reopen

    reopen(allocating.LAST_MONTH, accountant, manager)
    allocating.buy_shares(year.members[0], 5, accountant, on=card.last_day)
    allocating.close_year_again(manager, accountant)
    page = browser_of("manager").get(f"/c/{{c}}/surplus/allocations/{card.id}?lang=en")
    assert "Shares of member" in page.get_data(as_text=True)
    assert "/approve" not in page.get_data(as_text=True)
    # Of very many members it is looked up when asked, and when somebody approves.
    monkeypatch.setattr(surplus_allocation, "FEW", 0)
    where = f"/c/{{c}}/surplus/allocations/{card.id}"
    page = browser_of("manager").get(f"{where}?lang=en").get_data(as_text=True)
    assert "Shares of member" not in page and "?look=changes" in page
    asked = browser_of("manager").get(f"{where}?lang=en&look=changes").get_data(as_text=True)
    assert "Shares of member" in asked
    refused = browser_of("manager").form(f"{where}/approve", digest=card.approval_digest)
    assert refused.status_code == 409 and f"{where}/approve" not in refused.get_data(as_text=True)


def test_a_manager_writes_a_rule_set_and_others_only_read(
    manager: Actor, accountant: Actor, browser_of: BrowserOf
) -> None:
    rules = "/c/{c}/surplus/rules"
    browser = browser_of("manager")
    form = browser.get(f"{rules}/new").get_data(as_text=True)
    assert 'name="percent_reserve"' in form
    identity = uuid7()
    fields = {
        "name": "ข้อบังคับ 2570",
        "valid_from": "09/01/2570",
        "percent_reserve": "20",
        "percent_dividend": "77.292",
        "percent_retained": "2.708",
        "minimum_reserve": "15",
        "cap": "8",
        "group_0": "ข้าว",
        "bought_0": "150",
    }
    too_much = browser.form(f"{rules}/new", id=identity, **fields)
    assert too_much.status_code == 422
    sent = browser.form(f"{rules}/new", id=identity, **{**fields, "bought_0": "50"})
    assert sent.status_code == 303, sent.get_data(as_text=True)
    page = browser.get(f"{rules}/{identity}").get_data(as_text=True)
    assert "77.292" in page
    assert "ข้าว" in page
    assert browser.get(f"{rules}/shipped").status_code == 200
    assert "ข้อบังคับ 2570" in browser_of("auditor").get(rules).get_data(as_text=True)
    assert browser_of("accountant").get(f"{rules}/new").status_code == 403


def test_who_has_no_business_with_it_is_kept_out(
    manager: Actor, accountant: Actor, browser_of: BrowserOf
) -> None:
    a_year(manager, accountant)
    scenario = a_scenario(accountant)
    cashier = browser_of("cashier")
    for path in (HERE, "/c/{c}/surplus", "/c/{c}/surplus/rules", f"{HERE}/proposal.pdf"):
        assert cashier.get(path).status_code == 403, path
    auditor = browser_of("auditor")
    assert auditor.get(HERE).status_code == 200
    assert auditor.get(f"/c/{{c}}/surplus/scenarios/{scenario.id}").status_code == 403
    assert auditor.form(f"/c/{{c}}/surplus/scenarios/{scenario.id}/throw-away").status_code == 403
    for odd in (0, 1, 9999, 123456):
        assert auditor.get(f"/c/{{c}}/surplus/{odd}").status_code == 404


def test_the_entry_leads_back_to_its_allocation(
    manager: Actor, accountant: Actor, browser_of: BrowserOf
) -> None:
    a_year(manager, accountant)
    a_fund(manager)
    card = measured(accountant, USUAL)
    approve(card, accountant)
    assert "One person approved" in browser_of("auditor").get(
        f"/c/{{c}}/surplus/allocations/{card.id}?lang=en"
    ).get_data(as_text=True)
