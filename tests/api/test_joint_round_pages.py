"""Joint buying rounds over HTTP: opened, ordered in, closed, shared out, handed out, on paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from core import clock
from core.actor import Centre
from core.db import db, in_transaction
from core.ids import uuid7
from inventory.services import locations
from inventory.services.buying import suppliers
from inventory.services.buying.suppliers import SaveSupplier
from inventory.services.transfers import choosing, sending
from inventory.services.transfers.sending import SendGoods, SendLine
from members.services import members as member_register
from members.services.members import NewMember
from tests.api.conftest import Browser
from tests.rendering import page_sizes_mm
from tests.shop import Shop, shop_in

BrowserOf = Callable[..., Browser]


@pytest.fixture
def shop(centre: Centre) -> Shop:
    shop = shop_in(centre)
    shop.open()
    known = suppliers.of(shop.centre_id, shop.producer_id)
    in_transaction(suppliers.save, SaveSupplier(shop.producer_id, known.version), shop.actor)
    for number in (1, 2):
        new = NewMember(first_name=f"สมใจ{number}", member_no=f"M{number}", joined_on=clock.today())
        in_transaction(member_register.create, new, shop.actor)
    db.session.rollback()
    return shop


def done(response: Any) -> str:
    assert response.status_code == 303, response.get_data(as_text=True)
    return str(response.headers["Location"])


def carry_all(shop: Shop, *kinds: str) -> None:
    """Carry all goods from the place of one kind to that of another."""
    place = {one.kind: one.id for one in locations.listing(shop.centre_id)}
    lots = choosing.lying_at(shop.actor, place[kinds[0]])
    lines = tuple(SendLine(one.lot_id, one.quantity_milli) for one in lots)
    command = SendGoods(uuid7(), place[kinds[0]], lines, to_location_id=place[kinds[1]])
    in_transaction(sending.send, command, shop.actor)


def opened(keeper: Browser, shop: Shop, **said: str) -> str:
    product = shop.product("ปุ๋ย", 95_00)
    db.session.rollback()
    fields = {
        "id": str(uuid7()),
        "name": "ปุ๋ยหน้าฝน",
        "producer_id": str(shop.producer_id),
        "closes_on": (clock.today() + timedelta(days=3)).isoformat(),
        "rows": "1",
        "goods_1": str(product),
        "price_1": "80",
        **said,
    }
    return done(keeper.form("/c/{c}/joint-rounds/new", **fields))


def ordered(keeper: Browser, where: str, who: str, quantity: str) -> None:
    found = keeper.get(f"{where}/orders/new?q={who}").get_data(as_text=True)
    link = re.search(r'href="([^"]+\?member=[^"]+)"', found)
    assert link is not None
    form = keeper.get(link[1]).get_data(as_text=True)
    hidden = dict(re.findall(r'type="hidden" name="(id|member_id)" value="([^"]+)"', form))
    done(keeper.form(f"{where}/orders/new", **hidden, quantity_1=quantity))


def came(keeper: Browser, where: str, quantity: str) -> None:
    """Close the round, send its order, take in what comes."""
    page = keeper.get(where).get_data(as_text=True)
    order_id = re.search(r'name="purchase_order_id" value="([^"]+)"', page)
    assert order_id is not None
    order = done(keeper.form(f"{where}/order", purchase_order_id=order_id[1]))
    done(keeper.form(f"{order}/send"))
    fields = {"id": str(uuid7()), "rows": "1", "quantity_1": quantity, "price_1": "80"}
    done(keeper.form(f"{order}/receive", **fields))


def member_pages(keeper: Browser, number: str) -> str:
    """Go from a member's own page to the rounds that member ordered in."""
    found = keeper.get(f"/c/{{c}}/members?q={number}").get_data(as_text=True)
    member = re.search(r'href="(/c/\d+/members/[0-9a-f-]{36})"', found)
    assert member is not None
    rounds = re.search(
        r'href="([^"]+/joint-rounds\?member=[^"]+)"', keeper.get(member[1]).get_data(as_text=True)
    )
    assert rounds is not None
    return keeper.get(rounds[1]).get_data(as_text=True)


def test_a_round_is_walked_from_opening_to_the_last_receipt(
    browser_of: BrowserOf, shop: Shop
) -> None:
    manager = browser_of("manager")
    where = opened(manager, shop)
    ordered(manager, where, "M1", "๕")
    assert ["JR-" in member_pages(manager, who) for who in ("M1", "M2")] == [True, False]
    ordered(manager, where, "M2", "3")
    page = manager.get(where).get_data(as_text=True)
    assert "สมใจ1" in page and "640.00" in page
    came(manager, where, "6")
    share = manager.get(f"{where}/share").get_data(as_text=True)
    names = re.findall(r'name="(given_[^"]+)"[^>]*value="(\d+)"', share)
    assert [part for _name, part in names] == ["4", "2"]
    fields = {"id": str(uuid7()), "extra_satang": "60", "extra_basis": "cost"}
    (first, _), (second, _) = names
    refused = manager.form(f"{where}/share", **fields, **{first: "5", second: "3"}, keep="1")
    assert refused.status_code == 409
    assert 'value="5"' in refused.get_data(as_text=True)
    reckoned = manager.form(f"{where}/share", **fields, **{first: "5", second: "1"}, reckon="1")
    assert "450.00" in reckoned.get_data(as_text=True)
    kept = {**fields, first: "5", second: "1", "keep": "1"}
    assert done(manager.form(f"{where}/share", **kept)) == where
    assert done(manager.form(f"{where}/share", **kept)) == where
    for paper in ("order-sheet.pdf", "sharing-list.pdf"):
        sheet = manager.get(f"{where}/{paper}")
        assert page_sizes_mm(sheet.data)[0] == pytest.approx((210, 297), abs=0.1)
    assert "450.00" in manager.get(f"{where}/orders.csv").get_data(as_text=True)
    page = manager.get(where).get_data(as_text=True)
    hand_out = re.findall(r'href="([^"]+/hand-out)"', page)
    assert len(hand_out) == 2
    carry_all(shop, "shop", "storage")
    form = manager.get(hand_out[0]).get_data(as_text=True)
    assert "/transfers/carry" in form.split("<main")[1]
    carry_all(shop, "storage", "shop")
    form = manager.get(hand_out[0]).get_data(as_text=True)
    assert "/transfers/carry" not in form.split("<main")[1]
    at = re.search(r'<option value="([^"]+:[^"]+)"', form)
    assert at is not None
    paid = {"id": str(uuid7()), "at": at[1], "method": "cash", "amount": "300"}
    paid |= {"also": "transfer", "also_amount": "200"}
    short = manager.form(hand_out[0], **{**paid, "amount": "200"})
    assert short.status_code == 409
    assert 'value="200"' in short.get_data(as_text=True)
    receipt = done(manager.form(hand_out[0], **paid))
    assert done(manager.form(hand_out[0], **paid)) == receipt
    page = manager.get(receipt).get_data(as_text=True)
    assert all(figure in page for figure in ("450.00", "200.00", "300.00", "50.00")), "change"
    again = manager.form(hand_out[0], **{**paid, "id": str(uuid7())})
    assert again.status_code == 409
    assert len(re.findall(r"/hand-out", manager.get(where).get_data(as_text=True))) == 1


def test_lists_files_and_states(browser_of: BrowserOf, shop: Shop) -> None:
    manager, auditor = browser_of("manager"), browser_of("auditor")
    where = opened(manager, shop)
    assert "JR-" in auditor.get("/c/{c}/joint-rounds?state=collecting").get_data(as_text=True)
    assert "JR-" not in auditor.get("/c/{c}/joint-rounds?state=shared").get_data(as_text=True)
    assert "JR-" in auditor.get("/c/{c}/joint-rounds.csv").get_data(as_text=True)
    assert auditor.get(where).status_code == 200
    assert auditor.get(f"{where}/sharing-list.pdf").status_code == 404
    assert auditor.form(f"{where}/cancel", reason="x").status_code == 403
    assert manager.form(f"{where}/cancel", reason="").status_code == 422
    done(manager.form(f"{where}/cancel", reason="ไม่มีใครสั่ง"))
    assert "ไม่มีใครสั่ง" in auditor.get(where).get_data(as_text=True)


def test_nothing_typed_is_lost_and_refusals_say_what_to_do(
    browser_of: BrowserOf, shop: Shop
) -> None:
    manager = browser_of("manager")
    typed = {"id": str(uuid7()), "name": "ปุ๋ยรอบสอง", "rows": "1", "price_1": "แปดสิบ"}
    refused = manager.form("/c/{c}/joint-rounds/new", **typed)
    assert refused.status_code == 422
    assert "แปดสิบ" in refused.get_data(as_text=True)
    where = opened(manager, shop)
    edit = manager.get(f"{where}/edit")
    assert edit.status_code == 200
    ordered(manager, where, "M1", "2")
    nobody = manager.form(f"{where}/orders/new", id=str(uuid7()), quantity_1="1")
    assert nobody.status_code == 422
    mine = re.search(r'href="([^"]+/joint-rounds/orders/[^"/]+)"', manager.get(where).text)
    assert mine is not None
    order = manager.get(mine[1]).get_data(as_text=True)
    hidden = dict(re.findall(r'type="hidden" name="(id|version|member_id)" value="([^"]+)"', order))
    bad = manager.form(mine[1], **hidden, quantity_1="สองถุง")
    assert bad.status_code == 422 and "สองถุง" in bad.get_data(as_text=True)
    done(manager.form(mine[1], **hidden, quantity_1="4"))
    assert manager.form(mine[1], **hidden, quantity_1="5").status_code == 412
    done(manager.form(f"{mine[1]}/withdraw"))
    assert manager.get(f"{where}/share").status_code == 409
