"""Phone and PIN at the door, and the paper they are handed over on."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from core.actor import Actor, Centre
from core.db import in_transaction
from members.services import producers
from members.services.producers import NewProducer
from tests.api.conftest import Browser

PIN = re.compile(r'id="given-pin">([0-9]{6})<')


@pytest.fixture
def address(stock_keeper: Actor) -> str:
    """A producer's page."""
    new = NewProducer(name="ป้าแดง", phone="081-234-5678")
    return f"/c/{{c}}/producers/{in_transaction(producers.create, new, stock_keeper).id}"


def pin_of(browser: Browser, address: str) -> str:
    answer = browser.form(f"{address}/pin")
    assert answer.headers["Cache-Control"] == "no-store"
    found = PIN.search(answer.get_data(as_text=True))
    assert found
    return found[1]


def test_the_pin_is_shown_once_and_opens_the_own_account(
    browser_of: Callable[..., Browser], client: FlaskClient, centre: Centre, address: str
) -> None:
    staff = browser_of("stock_keeper")
    pin = pin_of(staff, address)
    assert pin not in staff.get(address).get_data(as_text=True)
    producer = Browser(client, centre.id)
    assert producer.sign_in("+66 81-234-5678", pin).status_code == 303
    assert "ป้าแดง" in producer.get("/c/{c}/my").get_data(as_text=True)
    assert producer.get(address).status_code == 403
    answer = producer.form(
        "/profile/password", present_password=pin, password="x" * 9, password_again="x" * 9
    )
    assert answer.status_code == 409
    staff.form(f"{address}/pin/withdraw")
    assert producer.get("/c/{c}/my").status_code == 303


def test_the_door_brings_up_the_number_pad_for_producers(client: FlaskClient) -> None:
    page = client.get("/sign-in?by=phone").get_data(as_text=True)
    assert 'type="tel"' in page
    assert 'inputmode="numeric"' in page
    assert "?by=phone" in client.get("/sign-in").get_data(as_text=True)


def test_a_refusal_says_what_is_missing_on_the_producers_page(
    browser_of: Callable[..., Browser], stock_keeper: Actor
) -> None:
    known = in_transaction(producers.create, NewProducer(name="ลุงดำ"), stock_keeper)
    answer = browser_of("stock_keeper").form(f"/c/{{c}}/producers/{known.id}/pin")
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(str(known.id))


def test_only_who_may_gives_a_pin(browser_of: Callable[..., Browser], address: str) -> None:
    assert browser_of("accountant").form(f"{address}/pin").status_code == 403
