"""The manager's day as pages, files and JSON: what is shown, what it opens, who may not see it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from core import clock
from core.actor import Actor, Centre
from core.db import in_transaction
from core.ids import uuid7
from pos.pages.day_tables import VIEWS
from pos.services import held, overrides
from pos.services.day_figures import exceptions, rolling, settings
from pos.services.held import HoldSale
from pos.services.overrides import GrantOverride
from pos.services.sale import RecordPayment, RecordSaleLine
from tests.api.conftest import Browser
from tests.shop import Shop, shop_in

MORNING = datetime(2026, 9, 28, 2, 0, tzinfo=UTC)  # 09.00 in Bangkok
HONEY = 10_000
DAYS = "from=2026-09-28&to=2026-09-29"


@pytest.fixture
def shop(app: Flask, centre: Centre) -> Iterator[Shop]:
    """Three receipts yesterday and one given back; today nothing but an open shift."""
    moment = [MORNING]
    with clock.travel(lambda: moment[0]):
        shop = shop_in(centre)
        good = shop.product("=น้ำผึ้ง", HONEY)
        shop.consign(good, 6_000)
        shop.open()
        line = RecordSaleLine(good, 1000, HONEY)
        first = shop.sell(line)
        shop.sell(line, pay=(RecordPayment("promptpay", HONEY),))
        moment[0] += timedelta(hours=2)
        shop.sell(RecordSaleLine(good, 2000, HONEY))
        shop.refund(first, (1, 1000))
        shop.close()
        moment[0] = MORNING + timedelta(days=1)
        shop.open()
        yield shop


def rows_of(browser: Browser, path: str) -> list[list[str]]:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return list(csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))


def test_the_day_shows_its_sums_and_each_opens_what_is_behind(
    shop: Shop, browser_of: Callable[[str], Browser]
) -> None:
    browser = browser_of("manager")
    browser.get("/c/{c}/day", headers={"Accept-Language": "en"})
    page = browser.get("/c/{c}/day?period=yesterday").get_data(as_text=True)
    assert "300.00" in page and "400.00" in page and "100.00" in page
    assert "/day/look/refunds?period=yesterday" in page and "<svg" in page
    assert "/sales?from=2026-09-28" in page.replace("&amp;", "&")
    for view in VIEWS:
        answer = browser.get(f"/c/{{c}}/day/{view}?period=yesterday")
        assert answer.status_code == 200, view


def test_every_table_of_takings_is_a_file_that_adds_up_to_the_same(
    shop: Shop, browser_of: Callable[[str], Browser]
) -> None:
    browser = browser_of("manager")
    for kept in (False, True):
        if kept:
            for day in rolling.due(shop.centre_id):
                in_transaction(rolling.roll, shop.centre_id, day)
        for view in VIEWS:
            rows = rows_of(browser, f"/c/{{c}}/day/{view}.csv?{DAYS}")
            if view in ("order", "bring", "expiring", "best", "slow"):
                continue
            assert "300.00" in rows[-1], (view, rows[-1])
    names = [row[0] for row in rows_of(browser, f"/c/{{c}}/day/products.csv?{DAYS}")]
    assert "'=น้ำผึ้ง" in names
    workbook = browser.get(f"/c/{{c}}/day.xlsx?{DAYS}")
    assert workbook.status_code == 200 and workbook.data[:2] == b"PK"


def test_a_row_opens_the_sales_behind_it(shop: Shop, browser_of: Callable[[str], Browser]) -> None:
    browser = browser_of("manager")
    for narrowed, count in (
        ("", 3),
        ("&method=promptpay", 1),
        ("&method=cash", 2),
        ("&hour=11", 1),
        ("&hour=9", 2),
        ("&from=2026-09-29", 0),
    ):
        days = DAYS if "from=" not in narrowed else ""
        rows = rows_of(browser, f"/c/{{c}}/sales.csv?{days}{narrowed}")
        assert len(rows) == 1 + count, narrowed
    product = rows_of(browser, f"/c/{{c}}/day/products.csv?{DAYS}")
    assert len(product) == 3
    assert browser.get("/c/{c}/sales?method=shells").status_code == 422


def test_days_that_cannot_be_read_are_said_so_and_today_is_shown(
    shop: Shop, browser_of: Callable[[str], Browser]
) -> None:
    browser = browser_of("manager")
    for query in ("from=31/31/2569", "from=2026-10-02&to=2026-10-01", "period=century"):
        assert browser.get(f"/c/{{c}}/day?{query}").status_code == 422
        assert browser.get(f"/c/{{c}}/day/hours.csv?{query}").status_code == 404
    assert browser.get("/c/{c}/day?from=2000-01-01&to=2050-12-31").status_code == 200
    for path in ("day/nothing", "day/look/nothing", "day/look/refunds?after=x", "sales?after=x"):
        assert browser.get(f"/c/{{c}}/{path}").status_code == 404, path


def test_what_wants_a_look_is_listed_with_its_document(
    shop: Shop, browser_of: Callable[[str], Browser]
) -> None:
    browser = browser_of("auditor")
    for kind in exceptions.KINDS:
        page = browser.get(f"/c/{{c}}/day/look/{kind}?{DAYS}")
        assert page.status_code == 200, kind
        assert rows_of(browser, f"/c/{{c}}/day/look/{kind}.csv?{DAYS}")
    page = browser.get(f"/c/{{c}}/day/look/refunds?{DAYS}").get_data(as_text=True)
    assert "/refunds/" in page and "ของมีตำหนิ" in page
    drawers = browser.get(f"/c/{{c}}/day/look/drawers?{DAYS}").get_data(as_text=True)
    assert "/shifts/" in drawers


def test_a_cashier_compares_nobody_and_a_stock_keeper_sees_no_takings(
    shop: Shop, browser_of: Callable[[str], Browser]
) -> None:
    cashier = browser_of("cashier")
    page = cashier.get("/c/{c}/day?period=yesterday").get_data(as_text=True)
    assert "300.00" in page and "day/cashiers" not in page and "day/look" not in page
    assert cashier.get("/c/{c}/day/cashiers").status_code == 404
    assert cashier.get("/c/{c}/day/look/refunds").status_code == 403
    assert cashier.form("/c/{c}/day/report", day="2026-09-28").status_code == 403
    assert cashier.get("/c/{c}/day/settings").status_code == 403
    headings = rows_of(cashier, f"/c/{{c}}/day/products.csv?{DAYS}")[0]
    full = rows_of(browser_of("manager"), f"/c/{{c}}/day/products.csv?{DAYS}")[0]
    assert len(headings) == len(full) - 3
    assert browser_of("stock_keeper").get("/c/{c}/day").status_code == 403


def test_settings_are_kept_and_wrong_ones_given_back(
    shop: Shop, browser_of: Callable[[str], Browser]
) -> None:
    browser = browser_of("manager")
    good = {
        "report_on": "1",
        "report_hour": "๒๐",
        "rate_weeks": "2",
        "lead_days": "3",
        "cover_days": "10",
        "expiring_days": "5",
        "version": "0",
    }
    wrong = browser.form("/c/{c}/day/settings", **{**good, "report_hour": "25"})
    assert wrong.status_code == 422 and 'value="25"' in wrong.get_data(as_text=True)
    assert browser.form("/c/{c}/day/settings", **good).status_code == 303
    kept = settings.of(shop.centre_id)
    assert (kept.report_hour, kept.report_next_day, kept.supply.lead_days) == (20, False, 3)
    stale = browser.form("/c/{c}/day/settings", **{**good, "lead_days": "9"})
    assert stale.status_code == 409 and 'name="version" value="1"' in stale.get_data(as_text=True)


def test_the_report_of_a_day_is_asked_for_on_its_page(
    shop: Shop, browser_of: Callable[[str], Browser]
) -> None:
    browser = browser_of("manager")
    asked = browser.form("/c/{c}/day/report", day="2026-09-28")
    assert asked.status_code == 303 and "/jobs/" in asked.headers["Location"]
    assert "/jobs/" in browser.get("/c/{c}/day?period=yesterday").get_data(as_text=True)
    assert browser.form("/c/{c}/day/report", day="2026-09-30").status_code == 422
    assert browser.form("/c/{c}/day/report", day="soon").status_code == 404


def test_a_program_reads_a_days_figures(shop: Shop, browser_of: Callable[[str], Browser]) -> None:
    browser = browser_of("accountant")
    answer = browser.get("/api/v1/centres/{c}/day_figures/2026-09-28")
    found = answer.get_json()
    assert answer.status_code == 200
    assert (found["sales"], found["taken_satang"], found["net_satang"]) == (3, 40_000, 30_000)
    assert found["tenders"] == {"cash": 20_000, "promptpay": 10_000}
    assert found["hours"] == {"09": 20_000, "11": 10_000} and found["complete"] is True
    assert browser.get("/api/v1/centres/{c}/day_figures/soon").status_code == 404
    assert browser.get("/api/v1/centres/{c}/day_figures/2026-09-29").get_json()["complete"] is False


def test_a_basket_nobody_fetched_opens_and_an_override_without_a_document_says_so(
    shop: Shop, browser_of: Callable[[str], Browser], manager: Actor, cashier: Actor
) -> None:
    line = {
        "product": {"name_th": "น้ำผึ้งป่า", "name_en": "", "unit": "ขวด"},
        "quantity_milli": 2000,
        "unit_price_satang": HONEY,
    }
    basket = HoldSale(uuid7(), shop.till_id, "ป้าแดง", {"lines": [line, {}, 7]})
    unused = GrantOverride(uuid7(), "discount-above-limit", uuid7(), shop.till_id, "ขวดบุบ", 5_000)
    with clock.travel(lambda: MORNING):
        in_transaction(held.keep, basket, cashier)
        in_transaction(overrides.grant, unused, manager, cashier)
    auditor = browser_of("auditor")
    listed = auditor.get(f"/c/{{c}}/day/look/held?{DAYS}").get_data(as_text=True)
    assert f"/day/held/{basket.id}" in listed
    page = auditor.get(f"/c/{{c}}/day/held/{basket.id}").get_data(as_text=True)
    assert "ป้าแดง" in page and "น้ำผึ้งป่า" in page and "100.00" in page
    assert auditor.get(f"/c/{{c}}/day/held/{uuid7()}").status_code == 404
    listed = auditor.get(f"/c/{{c}}/day/look/overrides?{DAYS}").get_data(as_text=True)
    assert "/overrides?from=2026-09-28" in listed and "ขวดบุบ" in listed
    opened = auditor.get(f"/c/{{c}}/overrides/{unused.id}")
    assert opened.status_code == 302 and opened.location.endswith("/overrides")
