"""Two people settle at their desks; the producer opens the statement on a phone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from core import clock
from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.ids import uuid7
from inventory.services.settlement import posting, preparing, statements
from inventory.services.settlement.preparing import PrepareSettlement
from members.services import producers, users
from members.services.producers import NewProducer
from members.services.users import NewUser
from pos.services.sale import RecordSaleLine
from tests.browser.conftest import narrow
from tests.conftest import PASSWORD
from tests.shop import Shop
from worker import running


@pytest.fixture
def sold(shop: Shop) -> Shop:
    """Some days of sales of three producers; one jar came back the same day."""
    stalls = [shop]
    for name in ("ลุงดำ ใจดี", "กลุ่มแม่บ้านสินธุ์แพรทอง"):
        other = in_transaction(producers.create, NewProducer(name=name), shop.actor)
        stalls.append(replace(shop, producer_id=other.id))
    goods = []
    start = clock.now() - timedelta(days=9)
    with clock.travel(lambda: start):
        for stall, (name, price) in zip(
            stalls,
            (("น้ำผึ้งดอกลำไย", 18_000), ("แยมมะม่วง", 6_500), ("ผ้าทอ", 45_000)),
            strict=True,
        ):
            product = stall.product(name, price)
            stall.consign(product, 50_000)
            goods.append((product, price))
        shop.open()
    for day in range(8):
        moment = start + timedelta(days=day + 1)
        with clock.travel(lambda moment=moment: moment):
            for number, (product, price) in enumerate(goods):
                line = RecordSaleLine(product, (1 + (day + number) % 2) * 1000, price)
                receipt = shop.sell(line)
                if day == 3 and number == 0:
                    shop.refund(receipt, (1, 1000))
    return shop


def do_the_work(app: Flask, centre: Centre, page: Page) -> None:
    """Be the worker of the job whose page is open."""
    page.wait_for_url("**/jobs/*")
    job_id = UUID(page.url.rpartition("/")[2])
    assert running.run(app, centre.id, job_id)
    db.session.rollback()


def test_two_people_settle_with_the_keyboard(
    app: Flask, centre: Centre, sold: Shop, sign_in: Callable[..., Page], address: str
) -> None:
    first = sign_in("accountant")
    first.goto(f"{address}/c/{centre.id}/settlement-runs")
    first.get_by_role("link", name="Prepare a settlement").first.click()
    # The day is filled in and has the focus; Enter is enough.
    expect(first.locator("#cut_off")).to_be_focused()
    first.keyboard.press("Enter")
    do_the_work(app, centre, first)
    first.get_by_role("link", name="Open the settlement").click()
    expect(first.locator("main")).to_contain_text("another person must look at it")
    expect(first.get_by_role("button", name="Approve")).to_have_count(0)
    expect(first.locator("tbody tr")).to_have_count(3)
    run = first.url

    second = sign_in("manager")
    second.goto(run)
    second.get_by_role("button", name="Approve").press("Enter")
    expect(second.locator("main")).to_contain_text("Approved by")
    second.get_by_role("button", name="Post the settlement").press("Enter")
    do_the_work(app, centre, second)
    second.get_by_role("link", name="Open the settlement").click()
    expect(second.locator("main")).to_contain_text("0 of 3 producers")
    second.locator("tbody a", has_text="ST-").first.click()
    expect(second.get_by_role("heading", level=1)).to_contain_text("ST-")
    expect(second.locator("main svg.plot")).to_be_visible()
    receipt = second.locator("tbody a[href*='/sales/']").first
    number = receipt.inner_text()
    receipt.click()
    expect(second.get_by_role("heading", level=1)).to_contain_text(number)


def test_a_producer_reads_the_statement_on_a_phone(
    centre: Centre,
    sold: Shop,
    sign_in: Callable[..., Page],
    address: str,
    accountant: Actor,
    manager: Actor,
) -> None:
    command = PrepareSettlement(uuid7(), clock.today())
    in_transaction(preparing.prepare, command, accountant)
    in_transaction(posting.approve, command.id, manager)
    in_transaction(posting.post, command.id, accountant)
    cards = statements.of_run(command.id, accountant)
    mine = next(card for card in cards if card.producer_id == sold.producer_id)
    db.session.rollback()
    in_transaction(
        users.create,
        NewUser(
            username="pa_daeng",
            display_name="ป้าแดง",
            password=PASSWORD,
            roles=("producer",),
            producer_id=sold.producer_id,
        ),
        sold.actor,
    )
    page = sign_in("pa_daeng", width=360, height=740, language="th")
    page.goto(f"{address}/c/{centre.id}/settlements/{mine.id}")
    whole, part = divmod(mine.payout_satang, 100)
    expect(page.locator(".figure")).to_contain_text(f"{whole:,}.{part:02d}")
    assert narrow(page)
    assert page.locator("a[href*='/sales/']").count() == 0
    answer = page.request.get(f"{page.url}/statement.pdf")
    assert answer.body().startswith(b"%PDF-")
