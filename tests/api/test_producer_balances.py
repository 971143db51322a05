"""What is owed to producers at any day: the page, its file, and that the books agree."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from core import clock
from core.actor import Actor, Centre
from inventory.services import producer_account
from pos.services.sale import RecordSaleLine
from tests.api.conftest import Browser
from tests.shop import shop_in

AGREES = "add up to the control accounts"


def test_the_balance_of_each_producer_at_any_day(
    centre: Centre, accountant: Actor, browser_of: Callable[..., Browser]
) -> None:
    yesterday = clock.now() - timedelta(days=1)
    with clock.travel(lambda: yesterday):
        shop = shop_in(centre)
        honey = shop.product("น้ำผึ้ง", 10_000)
        shop.consign(honey, 10_000)
        shop.open()
        shop.sell(RecordSaleLine(honey, 1000, 10_000))
        shop.close((100_000, 1), (10_000, 1))
    shop.open()
    shop.sell(RecordSaleLine(honey, 2000, 10_000))
    browser = browser_of("accountant")
    days = {
        clock.today(): "240.00",
        clock.today() - timedelta(days=1): "80.00",
    }
    for day, owed in days.items():
        asked = f"on={day.isoformat()}&lang=en"
        page = browser.get(f"/c/{{c}}/producer-accounts?{asked}").get_data(as_text=True)
        assert owed in page
        assert AGREES in page
        table = browser.get(f"/c/{{c}}/producer-accounts.csv?{asked}").get_data(as_text=True)
        assert owed in table
        cards = producer_account.owed(accountant, day)
        control = producer_account.control(accountant, day)
        assert sum(card.consignment_satang for card in cards) == control.consignment_satang
    before = (clock.today() - timedelta(days=2)).isoformat()
    assert "ป้าแดง" not in browser.get(f"/c/{{c}}/producer-accounts?on={before}").get_data(
        as_text=True
    )
    wrong = browser.get("/c/{c}/producer-accounts?on=31/02/2569")
    assert wrong.status_code == 422
    assert "31/02/2569" in wrong.get_data(as_text=True)
