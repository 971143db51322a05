"""Counts over HTTP: a blind sheet, rounds on a tablet, review and approval by somebody else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock
from core.actor import Centre
from core.db import db
from core.ids import uuid7
from inventory.models import CountEntry, Lot
from inventory.services import locations
from pos.services.sale import RecordSaleLine
from tests.api.conftest import Browser
from tests.rendering import assert_numbers_visible, page_sizes_mm
from tests.shop import Shop, shop_in

BrowserOf = Callable[..., Browser]


@pytest.fixture
def shop(centre: Centre) -> Shop:
    return shop_in(centre)


@pytest.fixture
def keeper(browser_of: BrowserOf) -> Browser:
    return browser_of("stock_keeper")


def lots() -> list[str]:
    found = list(db.session.scalars(select(Lot.lot_no).order_by(Lot.lot_no)))
    db.session.rollback()
    return found


def new_sheet(keeper: Browser, shop: Shop, **typed: str) -> str:
    place = str(locations.shop(shop.centre_id).id)
    sent = keeper.form("/c/{c}/counts/new", id=str(uuid7()), location_id=place, **typed)
    assert sent.status_code == 303, sent.get_data(as_text=True)
    return str(sent.headers["Location"])


def shown(browser: Browser, path: str) -> str:
    """Return a page's words without its tags: an id or a token may hold any digits by chance."""
    return re.sub(r"<[^>]*>", " ", browser.get(path).get_data(as_text=True))


def test_a_count_from_sheet_to_approval(keeper: Browser, browser_of: BrowserOf, shop: Shop) -> None:
    honey, oil = shop.product("น้ำผึ้ง", 10_000), shop.product("น้ำมัน", 9_000)
    shop.consign(honey, 987_000)
    shop.buy(oil, 765_000, 6_000)
    honey_lot, oil_lot = lots()
    assert "ป้าแดง" in keeper.get("/c/{c}/counts/new").get_data(as_text=True)
    path = new_sheet(keeper, shop)
    for page in (path, f"{path}/enter"):
        blind = shown(keeper, page)
        assert honey_lot in blind
        assert "987" not in blind
    paper = keeper.get(f"{path}/sheet.pdf")
    assert page_sizes_mm(paper.data)[0] == pytest.approx((210, 297), abs=1)
    assert_numbers_visible(paper.data, honey_lot.lstrip("L"), oil_lot.lstrip("L"))

    typed = {"round_no": "1", f"count_{honey_lot}": "985", f"count_{oil_lot}": "1.5"}
    wrong = keeper.form(f"{path}/enter", **typed)
    assert wrong.status_code == 422
    body = wrong.get_data(as_text=True)
    assert f'id="count_{oil_lot}-error"' in body
    assert 'value="985"' in body
    assert keeper.form(f"{path}/enter", **typed | {f"count_{oil_lot}": "765"}).status_code == 303
    page = shown(keeper, path)
    assert "987" not in page
    assert honey_lot in page

    accountant = browser_of("accountant")
    assert "987" in shown(accountant, path)
    assert accountant.form(f"{path}/approve").status_code == 409
    again = keeper.get(f"{path}/enter?round=2").get_data(as_text=True)
    assert f"count_{honey_lot}" in again
    assert f"count_{oil_lot}" not in again
    second = {"round_no": "2", f"count_{honey_lot}": "๙๘๕"}
    assert keeper.form(f"{path}/enter", **second).status_code == 303
    assert keeper.form(f"{path}/approve").status_code == 403
    for _ in range(2):
        sent = accountant.form(f"{path}/approve", **{f"bearer_{honey_lot}": "centre"})
        assert sent.status_code == 303
    done = accountant.get(path).get_data(as_text=True)
    assert "160.00" in done
    assert "160.00" in browser_of("auditor").get(path).get_data(as_text=True)
    assert keeper.form(f"{path}/enter", **second).status_code == 303
    listed = keeper.get("/c/{c}/counts").get_data(as_text=True)
    assert path.rsplit("/", 1)[1] in listed


def test_a_paper_count_is_typed_in_with_its_time(
    keeper: Browser, browser_of: BrowserOf, shop: Shop
) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.open()
    start = clock.now()
    with clock.travel(lambda: start - timedelta(minutes=30)):
        shop.consign(honey, 10_000)
        [lot] = lots()
        path = new_sheet(keeper, shop, producer_id=str(shop.producer_id))
    shop.sell(RecordSaleLine(honey, 2_000, 10_000))
    at = (start - timedelta(minutes=10)).astimezone(clock.BANGKOK)
    typed = {
        "round_no": "1",
        f"count_{lot}": "10",
        "counted_on": at.date().isoformat(),
        "counted_time": at.strftime("%H.%M"),
    }
    early = keeper.form(f"{path}/enter", **typed | {"counted_time": "99:00"})
    assert early.status_code == 422
    assert keeper.form(f"{path}/enter", **typed).status_code == 303
    [counted_at] = db.session.scalars(select(CountEntry.counted_at)).all()
    db.session.rollback()
    assert counted_at.astimezone(clock.BANGKOK) == at.replace(second=0, microsecond=0)
    accountant = browser_of("accountant")
    unsigned = accountant.form(f"{path}/approve")
    assert unsigned.status_code == 422
    assert 'id="producer_signed-error"' in unsigned.get_data(as_text=True)
    assert accountant.form(f"{path}/approve", producer_signed="ป้าแดง").status_code == 303
    assert "ป้าแดง" in accountant.get(path).get_data(as_text=True)


def test_found_lots_and_refusals_of_the_form(keeper: Browser, shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 10_000)
    path = new_sheet(keeper, shop)
    shop.consign(honey, 5_000)
    first, later = lots()
    assert keeper.form(f"{path}/enter", round_no="1").status_code == 422
    for typed in ({"extra_lot": "L0000-1", "extra_count": "1"}, {"extra_lot": later}):
        assert keeper.form(f"{path}/enter", round_no="1", **typed).status_code == 422
    both = {f"count_{first}": "10", "extra_lot": later.lower(), "extra_count": "5"}
    assert keeper.form(f"{path}/enter", round_no="1", **both).status_code == 303
    other = keeper.form(f"{path}/enter", round_no="1", **both | {f"count_{first}": "9"})
    assert other.status_code == 409
    assert re.search(r'<a href="#|role="alert"', other.get_data(as_text=True))
    assert later in keeper.get(f"{path}/enter?all=1").get_data(as_text=True)
    assert keeper.form(f"{path}/cancel").status_code == 422
    assert keeper.form(f"{path}/cancel", reason="นับผิดชั้น").status_code == 303
    assert "นับผิดชั้น" in keeper.get(path).get_data(as_text=True)
    assert keeper.get(f"{path}/enter").status_code == 303


def test_nothing_there_is_said_on_the_form(keeper: Browser, shop: Shop) -> None:
    place = str(locations.shop(shop.centre_id).id)
    refused = keeper.form("/c/{c}/counts/new", id=str(uuid7()), location_id=place)
    assert refused.status_code == 409
    assert 'id="location_id-error"' in refused.get_data(as_text=True)


@pytest.mark.parametrize("role", ["cashier", "auditor", "accountant"])
def test_only_the_store_counts(browser_of: BrowserOf, shop: Shop, role: str) -> None:
    browser = browser_of(role)
    assert browser.get("/c/{c}/counts/new").status_code == 403
    assert browser.get(f"/c/{{c}}/counts/{uuid7()}").status_code in {403, 404}


def test_an_owners_sheet_says_where_else_the_owners_goods_lie(
    keeper: Browser, browser_of: BrowserOf, shop: Shop
) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 10_000)
    shop.consign(honey, 5_000)
    kept, held = lots()
    lot_id = db.session.scalars(select(Lot.id).where(Lot.lot_no == held)).one()
    db.session.rollback()
    hold = {"id": str(uuid7()), "kind": "held", "reason": "เกรดไม่ตรง"}
    assert keeper.form(f"/c/{{c}}/lots/{lot_id}/grade", **hold).status_code == 303
    path = new_sheet(keeper, shop, producer_id=str(shop.producer_id))
    page = keeper.get(path).get_data(as_text=True)
    assert kept in page and held not in page
    link = re.search(r'href="([^"]*/counts/new[?][^"]*location_id=[^"]*)"', page)
    assert link
    form = keeper.get(link[1].replace("&amp;", "&")).get_data(as_text=True)
    other = link[1].partition("location_id=")[2][:36]
    assert re.search(rf'<option value="{other}" selected', form)
    whole = keeper.get(new_sheet(keeper, shop)).get_data(as_text=True)
    assert "location_id=" not in whole
