"""The yearly income certificate: the page for both sides, and the paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from core import clock
from core.actor import Centre
from core.db import in_transaction
from core.ids import uuid7
from inventory.services import intake
from inventory.services.intake import RecordIntake, RecordIntakeLine
from members.services import pins, producers
from members.services.producers import NewProducer
from tests.api.conftest import Browser as SignedIn
from tests.rendering import assert_numbers_visible, page_sizes_mm
from tests.shop import Shop, shop_in

Browser = Any
PHONE = "0811111234"


@pytest.fixture
def shop(centre: Centre) -> Shop:
    """A producer with a phone, paid 1,234.50 from the drawer today."""
    shop = shop_in(centre)
    new = NewProducer(name="ป้าแดงใจดี", producer_no="ZA-111", phone=PHONE)
    shop.producer_id = in_transaction(producers.create, new, shop.actor).id
    opened = shop.open(5_000_00)
    command = RecordIntake(
        id=uuid7(),
        producer_id=shop.producer_id,
        kind="outright",
        lines=(
            RecordIntakeLine(
                shop.product("กล้วย", 20_00), gross_milli=1_000, unit_cost_satang=1_234_50
            ),
        ),
        paid="cash",
        shift_id=opened.id,
    )
    in_transaction(intake.record, command, shop.actor)
    return shop


def test_the_office_opens_it_from_the_producers_page(
    shop: Shop, browser_of: Callable[[str], Browser]
) -> None:
    browser = browser_of("accountant")
    where = f"/c/{{c}}/producers/{shop.producer_id}"
    assert f"{shop.producer_id}/income" in browser.get(f"{where}/account").get_data(as_text=True)
    year = clock.today().year + 543
    page = browser.get(f"{where}/income?year={year}&lang=en").get_data(as_text=True)
    assert "1,234.50" in page and "The year is not over" in page
    before = browser.get(f"{where}/income?year={year - 1}&lang=en").get_data(as_text=True)
    assert "Nothing was paid in this year" in before


def test_the_paper_can_be_read_by_eye(shop: Shop, browser_of: Callable[[str], Browser]) -> None:
    answer = browser_of("manager").get(f"/c/{{c}}/producers/{shop.producer_id}/income.pdf")
    assert answer.content_type == "application/pdf"
    [(width, height)] = page_sizes_mm(answer.get_data())
    assert (round(width), round(height)) == (210, 297)
    assert_numbers_visible(answer.get_data(), "1,234.50", str(clock.today().year + 543))


def test_the_producer_opens_it_at_the_phone(app: Flask, shop: Shop) -> None:
    pin = in_transaction(pins.give, shop.producer_id, shop.actor).pin
    browser = SignedIn(app.test_client(), shop.centre_id)
    assert browser.sign_in(PHONE, pin).status_code == 303
    assert "1,234.50" in browser.get("/c/{c}/my/income").get_data(as_text=True)
    assert browser.get("/c/{c}/my/income.pdf").get_data().startswith(b"%PDF-")


def test_a_year_to_come_is_told_and_a_cashier_refused(
    shop: Shop, browser_of: Callable[[str], Browser]
) -> None:
    where = f"/c/{{c}}/producers/{shop.producer_id}/income"
    ahead = clock.today().year + 1
    assert browser_of("accountant").get(f"{where}?year={ahead}").status_code == 422
    assert browser_of("accountant").get(f"{where}.pdf?year={ahead}").status_code == 422
    assert browser_of("cashier").get(where).status_code == 403
    assert browser_of("accountant").get(f"/c/{{c}}/producers/{uuid7()}/income").status_code == 404
