"""The catalogue over HTTP: what hangs on a product, pictures, categories, labels; and its API."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from uuid import UUID

import pytest
from PIL import Image

from core.actor import Centre
from core.ids import uuid7
from tests.api.conftest import Browser
from tests.shop import shop_in

BrowserOf = Callable[..., Browser]


@pytest.fixture
def office(browser_of: BrowserOf) -> Browser:
    return browser_of("manager")


@pytest.fixture
def honey(centre: Centre) -> UUID:
    shop = shop_in(centre)
    product_id = shop.product("น้ำผึ้ง", 18_000)
    shop.consign(product_id, 2_000)
    return product_id


def test_units_tiers_and_licences_are_entered_on_their_pages(office: Browser, honey: UUID) -> None:
    here = f"/c/{{c}}/products/{honey}"
    for kind in ("units", "tiers", "licences"):
        assert office.get(f"{here}/{kind}/new").status_code == 200
    dozen = {"label": "โหล", "count": "๑๒", "price": "2,000", "active": "1"}
    assert office.form(f"{here}/units/new", **dozen).status_code == 303
    again = office.form(f"{here}/units/new", **dozen)
    assert again.status_code == 409 and "โหล" in again.get_data(as_text=True)
    three = {"count": "3", "price": "500", "active": "1"}
    assert office.form(f"{here}/tiers/new", **three).status_code == 303
    assert office.form(f"{here}/tiers/new", count="1", price="10", active="1").status_code == 422
    licence = {"kind": "fda", "number": "93-2-01", "expires_on": "1/1/2569", "active": "1"}
    assert office.form(f"{here}/licences/new", **licence).status_code == 303
    page = office.get(here).get_data(as_text=True)
    for shown in ("โหล", "2,000.00", "500.00", "93-2-01", "144.00"):
        assert shown in page
    unit = re.search(rf"/products/{honey}/units/([0-9a-f-]{{36}})", page)
    assert unit is not None
    assert office.get(f"{here}/units/{unit[1]}").status_code == 200
    stale = {**dozen, "price": "1,900", "version": "7"}
    assert office.form(f"{here}/units/{unit[1]}", **stale).status_code == 412
    assert "93-2-01" in office.get("/c/{c}/licences").get_data(as_text=True)
    assert "93-2-01" in office.get("/c/{c}/licences?format=csv").get_data(as_text=True)
    history = office.get(f"{here}/prices?sheet=csv").get_data(as_text=True)
    assert "2000.00" in history and "โหล" in history
    assert office.get(f"{here}/prices").status_code == 200


def test_a_picture_is_taken_shown_kept_in_caches_and_taken_away(
    office: Browser, honey: UUID, browser_of: BrowserOf
) -> None:
    here = f"/c/{{c}}/products/{honey}"
    made = io.BytesIO()
    Image.new("RGB", (600, 400), "gold").save(made, "PNG")

    def send(data: bytes) -> int:
        file = (io.BytesIO(data), "honey.png")
        return office.form(f"{here}/picture", picture_file=file).status_code

    assert office.get(f"{here}/thumbnail").status_code == 404
    assert send(made.getvalue()) == 303
    page = office.get(here).get_data(as_text=True)
    named = re.search(rf"/products/{honey}/picture\?v=([0-9a-f]{{64}})", page)
    assert named is not None
    shown = office.get(f"{here}/thumbnail?v={named[1]}")
    assert shown.content_type == "image/webp" and "immutable" in shown.headers["Cache-Control"]
    assert "immutable" not in office.get(f"{here}/thumbnail?v=0").headers["Cache-Control"]
    etag = {"If-None-Match": shown.headers["ETag"]}
    assert office.get(f"{here}/thumbnail", headers=etag).status_code == 304
    assert send(b"<script>alert(1)</script>") == 422
    assert office.get(f"{here}/picture?v={named[1]}").status_code == 200, "the old one stays"
    cashier = browser_of("cashier")
    assert cashier.get(f"{here}/thumbnail").status_code == 200
    assert cashier.form(f"{here}/picture/remove").status_code == 403
    assert office.form(f"{here}/picture/remove").status_code == 303
    assert office.get(f"{here}/picture").status_code == 404


def test_the_list_is_narrowed_and_taken_away(office: Browser, centre: Centre) -> None:
    shop = shop_in(centre)
    shop.product("น้ำผึ้ง", 18_000)
    shop.product("ของแจก", 0)
    free = office.get("/c/{c}/products?only=no_price").get_data(as_text=True)
    assert "ของแจก" in free and "น้ำผึ้ง" not in free
    assert "น้ำผึ้ง" not in office.get("/c/{c}/products?state=off").get_data(as_text=True)
    assert "น้ำผึ้ง" in office.get("/c/{c}/products?state=on").get_data(as_text=True)
    file = office.get("/c/{c}/products?format=csv&only=no_price").get_data(as_text=True)
    assert "ของแจก" in file and "น้ำผึ้ง" not in file
    assert office.get("/c/{c}/products?format=xlsx").status_code == 200


def test_categories_are_entered_moved_and_merged(office: Browser) -> None:
    for name in ("ข้าว", "ไข่"):
        assert office.form("/c/{c}/categories", name_th=name).status_code == 303
    assert office.form("/c/{c}/categories", name_th="ไข่").status_code == 409
    page = office.get("/c/{c}/categories").get_data(as_text=True)
    first, second = re.findall(r'/categories/([0-9a-f-]{36})"', page)
    assert office.form(f"/c/{{c}}/categories/{second}/move", way="up").status_code == 303
    after = office.get("/c/{c}/categories").get_data(as_text=True)
    assert re.findall(r'/categories/([0-9a-f-]{36})"', after) == [second, first]
    assert office.get(f"/c/{{c}}/categories/{first}").status_code == 200
    merged = office.form(f"/c/{{c}}/categories/{first}/merge", into_id=second, version="1")
    assert merged.status_code == 303
    assert office.get(f"/c/{{c}}/categories/{first}").status_code == 404


def test_scale_prefixes_are_set_tried_and_told_to_the_till(
    office: Browser, browser_of: BrowserOf, honey: UUID
) -> None:
    facts = {"kind": "weight", "item_digits": "5", "value_digits": "5", "decimals": "3"}
    sent = {"prefix": "๒๑", "active": "1", **facts}
    assert office.form("/c/{c}/scale-labels", **sent).status_code == 303
    changed = {**sent, "decimals": "2"}
    assert office.form("/c/{c}/scale-labels", **changed).status_code == 428
    assert office.form("/c/{c}/scale-labels", **changed, version="1").status_code == 303
    assert office.form("/c/{c}/scale-labels", **{**sent, "prefix": "88"}).status_code == 422
    assert office.get("/c/{c}/scale-labels?code=2100123012503&prefix=21").status_code == 200
    told = browser_of("cashier").get("/catalogue").json
    assert [one["prefix"] for one in told["scale_prefixes"]] == ["21"]
    assert browser_of("cashier").form("/c/{c}/scale-labels", **sent).status_code == 403


def test_a_program_keeps_units_and_tiers(office: Browser, honey: UUID) -> None:
    unit_id, tier_id = uuid7(), uuid7()
    unit = {"label": "โหล", "count_milli": 12_000, "price_satang": 200_000, "barcodes": ["8857"]}
    here = f"/products/{honey}"
    made = office.send("PUT", f"{here}/units/{unit_id}", unit)
    assert (made.status_code, made.json["factor_milli"]) == (201, 12_000)
    assert office.send("PUT", f"{here}/units/{unit_id}", unit).status_code == 200
    dearer = {**unit, "price_satang": 210_000}
    assert office.send("PUT", f"{here}/units/{unit_id}", dearer).status_code == 428
    seen = {"If_Match": made.headers["ETag"]}
    assert office.send("PUT", f"{here}/units/{unit_id}", dearer, **seen).json["version"] == 2
    tier = {"count": 2, "price_satang": 400_000, "unit_id": str(unit_id)}
    assert office.send("PUT", f"{here}/tiers/{tier_id}", tier).status_code == 201
    assert len(office.get(f"{here}/units").json["items"]) == 1
    assert office.get(f"{here}/tiers").json["items"][0]["count"] == 2
    found = office.get("/barcodes/8857").json
    assert (found["unit_id"], found["quantity_milli"]) == (str(unit_id), 1000)
    sources = {row["source"] for row in office.get(f"{here}/prices").json["items"]}
    assert sources == {"api", "system"}
    assert office.get("/barcodes/nothing").status_code == 404
