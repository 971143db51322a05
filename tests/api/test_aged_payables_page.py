"""Who has waited how long for their money: the page with its plot, its pages, and its file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from core import clock
from core.actor import Centre
from core.db import in_transaction
from members.services import producers
from members.services.producers import NewProducer
from tests.api.conftest import Browser
from tests.shop import Shop, shop_in


def test_the_ages_of_what_is_owed(centre: Centre, browser_of: Callable[..., Browser]) -> None:
    shop = shop_in(centre)
    rice = shop.product("ข้าว", 10_000)
    now = clock.now()
    for days, cost in ((0, 1_000), (45, 2_000), (100, 3_000)):
        with clock.travel(lambda days=days: now - timedelta(days=days)):  # type: ignore[misc]
            shop.buy(rice, 1_000, cost)
    browser = browser_of("accountant")
    page = browser.get("/c/{c}/aged-payables?lang=en").get_data(as_text=True)
    for figure in ("10.00", "20.00", "30.00", "60.00", "ป้าแดง", '<svg class="plot"'):
        assert figure in page
    assert f"/producers/{shop.producer_id}/account/documents" in page
    table = browser.get("/c/{c}/aged-payables.csv?lang=en").get_data(as_text=True)
    assert "10.00,20.00,0.00,30.00,60.00" in table
    earlier = (clock.today() - timedelta(days=50)).isoformat()
    page = browser.get(f"/c/{{c}}/aged-payables?lang=en&on={earlier}").get_data(as_text=True)
    assert "30.00" in page
    assert "60.00" not in page
    nothing = (clock.today() - timedelta(days=200)).isoformat()
    page = browser.get(f"/c/{{c}}/aged-payables?lang=en&on={nothing}").get_data(as_text=True)
    assert "Nothing is owed to producers" in page
    wrong = browser.get("/c/{c}/aged-payables?on=31/02/2569")
    assert wrong.status_code == 422
    assert "31/02/2569" in wrong.get_data(as_text=True)


def test_a_long_list_goes_on(centre: Centre, browser_of: Callable[..., Browser]) -> None:
    shop = shop_in(centre)
    rice = shop.product("ข้าว", 10_000)
    for number in range(51):
        one = in_transaction(producers.create, NewProducer(name=f"คนที่ {number:02d}"), shop.actor)
        Shop(shop.actor, one.id, shop.till_id).buy(rice, 1_000, 1_000)
    browser = browser_of("accountant")
    first = browser.get("/c/{c}/aged-payables?lang=en").get_data(as_text=True)
    assert "คนที่ 49" in first
    assert "คนที่ 50" not in first
    assert "510.00" in first
    address = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    rest = browser.get(address).get_data(as_text=True)
    assert "คนที่ 50" in rest
    assert "คนที่ 49" not in rest
    assert "510.00" in rest


def test_a_stock_keeper_may_not(browser_of: Callable[..., Browser]) -> None:
    browser = browser_of("stock_keeper")
    assert browser.get("/c/{c}/aged-payables").status_code == 403
    assert browser.get("/c/{c}/aged-payables.csv").status_code == 403
