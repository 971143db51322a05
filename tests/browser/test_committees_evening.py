"""The committee's evening: two people compare scenarios, choose one, approve it, see it posted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from accounting.rules.surplus_tasks import ALLOCATION_POST
from accounting.services.surplus import allocations
from core import clock, jobs
from core.actor import Actor, Centre
from core.db import db
from tests.allocating import a_fund, a_year, past_year
from tests.browser.conftest import narrow
from tests.resolving import resolve
from worker import running


@pytest.fixture
def ended(app: Flask, manager: Actor, accountant: Actor) -> None:
    """Last year, by the clock of the server, which is the real one; and tonight's resolution."""
    a_year(manager, accountant, year=past_year())
    a_fund(manager)
    resolve(accountant, "9/2570", "จัดสรรส่วนเกินตามแบบที่เน้นสมาชิก")
    db.session.rollback()


def do_the_work(app: Flask, centre: Centre, job_id: UUID) -> None:
    """Be the worker."""
    assert running.run(app, centre.id, job_id)
    db.session.rollback()


def scenario(page: Page, name: str, **percents: str) -> None:
    """Draw up a scenario by hand."""
    page.get_by_role("link", name="New scenario").first.click()
    page.fill("#name", name)
    for use in ("reserve", "welfare", "public_benefit", "dividend", "patronage", "retained"):
        page.fill(f"#percent_{use}", percents.get(use, ""))
    page.get_by_role("button", name="Keep the scenario").press("Enter")


def test_the_committees_evening(
    app: Flask,
    centre: Centre,
    ended: None,
    sign_in: Callable[..., Page],
    address: str,
    accountant: Actor,
) -> None:
    first = sign_in("accountant")
    first.goto(f"{address}/c/{centre.id}/surplus")
    first.get_by_role("link", name=str(past_year()), exact=True).click()
    scenario(first, "More for members", reserve="20", welfare="10", dividend="30", patronage="40")
    scenario(first, "More for welfare", reserve="20", welfare="40", dividend="20", patronage="20")
    # Until the style sheets are there, both the wide plot and the one for phones show.
    expect(first.locator("main svg.plot:visible")).to_have_count(1)
    expect(first.locator("main")).to_contain_text("300.00")
    assert narrow(first)

    first.get_by_role("link", name="Choose it").first.click()
    first.select_option("#resolution_id", index=1)
    first.get_by_role("button", name="Prepare the allocation").press("Enter")
    first.wait_for_url("**/jobs/*")
    do_the_work(app, centre, UUID(first.url.rpartition("/")[2]))
    expect(first.get_by_role("link", name="Download the document")).to_be_visible()
    first.get_by_role("link", name="Open the allocation").click()
    first.wait_for_url("**/surplus/allocations/*")
    expect(first.locator("main")).to_contain_text("3 members")
    first.get_by_role("button", name="Approve").press("Enter")
    expect(first.locator("main")).to_contain_text("You approved it. Another person must do so too.")
    expect(first.get_by_role("button", name="Approve")).to_have_count(0)
    allocation = first.url

    second = sign_in("manager", width=360, height=740)
    second.goto(allocation)
    assert narrow(second)
    second.get_by_role("button", name="Approve").press("Enter")
    expect(second.locator("main")).to_contain_text("being posted")
    allocation_id = allocation.rpartition("/")[2]
    job = jobs.last_asked(centre.id, ALLOCATION_POST, "allocation_id", allocation_id)
    assert job is not None
    db.session.rollback()
    do_the_work(app, centre, job.id)
    second.goto(allocation)
    expect(second.locator("main")).to_contain_text("Posted as one entry")
    expect(second.locator("main")).to_contain_text("0.00 of 700.00 baht")
    assert narrow(second)
    second.locator("main .tasks a[href*='/journal/']").first.click()
    expect(second.get_by_role("heading", level=1)).to_contain_text("J-")
    card = allocations.card(UUID(allocation_id), accountant)
    assert card.state == allocations.POSTED
    assert len({one.by for one in card.approvals}) == 2
    assert clock.now() - card.approvals[0].at < timedelta(minutes=5)
