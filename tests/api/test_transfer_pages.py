"""Transfers over HTTP: both sides of the road, what falls short, and who may see what."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from core.actor import Centre
from core.db import db, in_transaction
from core.ids import uuid7
from inventory.models import GoodsReceipt, Lot
from inventory.services import locations
from inventory.services.transfers import sending
from members.services import users
from members.services.centres import NewCentre
from members.services.users import NewUser
from pos.services import founding
from tests.api.conftest import Browser
from tests.conftest import PASSWORD
from tests.rendering import assert_numbers_visible, page_sizes_mm
from tests.shop import Shop, shop_in

BrowserOf = Callable[..., Browser]


@pytest.fixture
def shop(centre: Centre) -> Shop:
    return shop_in(centre)


@pytest.fixture
def keeper(browser_of: BrowserOf) -> Browser:
    return browser_of("stock_keeper")


@pytest.fixture
def neighbour(centre: Centre) -> Shop:
    new = NewCentre(code="NBR", name_th="ข้างเคียง", name_en="Next", network_id=centre.network_id)
    there = shop_in(in_transaction(founding.found, new).centre)
    person = NewUser(
        username="nbr_keeper", display_name="คุณคลัง", password=PASSWORD, roles=("stock_keeper",)
    )
    in_transaction(users.create, person, there.actor)
    return there


@pytest.fixture
def next_door(neighbour: Shop, browser_of: BrowserOf) -> Browser:
    return browser_of("nbr_keeper", neighbour.centre_id)


def lots(centre_id: int) -> list[str]:
    query = select(Lot.lot_no).where(Lot.centre_id == centre_id).order_by(Lot.lot_no)
    found = list(db.session.scalars(query))
    db.session.rollback()
    return found


def send(keeper: Browser, shop: Shop, to: str, **quantities: str) -> str:
    typed = {
        "id": str(uuid7()),
        "from_location_id": str(locations.shop(shop.centre_id).id),
        "to": to,
        "note": "รถกระบะ",
    }
    for _ in range(2):  # sent twice by an impatient finger
        sent = keeper.form("/c/{c}/transfers/new", **typed, **quantities)
        assert sent.status_code == 303, sent.get_data(as_text=True)
    return str(sent.headers["Location"])


def test_goods_go_to_the_store_room_and_back(keeper: Browser, shop: Shop) -> None:
    shop.consign(shop.product("น้ำผึ้ง", 10_000), 10_000)
    [lot] = lots(shop.centre_id)
    store = next(one.id for one in sending.places(shop.centre_id) if one.code == "STORE")
    assert lot in keeper.get("/c/{c}/transfers/new").get_data(as_text=True)
    assert lot in keeper.get("/c/{c}/transfers/new?q=ป้าแดง").get_data(as_text=True)
    assert lot not in keeper.get("/c/{c}/transfers/new?q=ไม่มี").get_data(as_text=True)
    path = send(keeper, shop, f"place:{store}", **{f"send_{lot}": "4"})
    page = keeper.get(path).get_data(as_text=True)
    assert "ห้องเก็บของ" in page
    there = keeper.get(f"/c/{{c}}/transfers/new?from_location_id={store}").get_data(as_text=True)
    assert lot in there
    listed = keeper.get("/c/{c}/transfers").get_data(as_text=True)
    assert path.rsplit("/", 1)[1] in listed
    found = keeper.get(f"/lots/{_lot_id(shop)}").json
    assert found is not None
    assert path in keeper.get(f"/c/{{c}}/lots/{_lot_id(shop)}").get_data(as_text=True)


def _lot_id(shop: Shop) -> str:
    found = db.session.scalars(select(Lot.id).where(Lot.centre_id == shop.centre_id)).first()
    db.session.rollback()
    return str(found)


def test_what_is_refused_stands_beside_its_lot(keeper: Browser, shop: Shop) -> None:
    shop.consign(shop.product("น้ำผึ้ง", 10_000), 10_000)
    [lot] = lots(shop.centre_id)
    place = locations.shop(shop.centre_id).id
    store = next(one.id for one in sending.places(shop.centre_id) if one.code == "STORE")
    head = {"id": str(uuid7()), "from_location_id": str(place), "to": f"place:{store}"}
    for typed, status in (
        ({f"send_{lot}": "11"}, 409),
        ({f"send_{lot}": "1.5"}, 422),
        ({f"send_{lot}": "x"}, 422),
        ({"send_L0-1": "1"}, 409),
        ({}, 422),
    ):
        refused = keeper.form("/c/{c}/transfers/new", **head, **typed)
        assert refused.status_code == status, typed
        if f"send_{lot}" in typed:
            assert f'id="send_{lot}-error"' in refused.get_data(as_text=True)
    elsewhere = keeper.form("/c/{c}/transfers/new", **head | {"to": "x"}, **{f"send_{lot}": "1"})
    assert elsewhere.status_code == 422


def test_the_whole_road_between_two_centres(
    keeper: Browser, next_door: Browser, shop: Shop, neighbour: Shop
) -> None:
    shop.consign(shop.product("น้ำผึ้ง", 10_000), 10_000)
    shop.buy(shop.product("น้ำมัน", 9_000), 5_000, 6_000)
    jars, oil = lots(shop.centre_id)
    path = send(
        keeper, shop, f"centre:{neighbour.centre_id}", **{f"send_{jars}": "4", f"send_{oil}": "2"}
    )
    note = keeper.get(f"{path}/note.pdf")
    assert page_sizes_mm(note.data)[0] == pytest.approx((210, 297), abs=1)
    assert_numbers_visible(note.data, "80", jars.lstrip("L"))
    transfer_id = path.rsplit("/", 1)[1]
    coming = f"/c/{neighbour.centre_id}/incoming/{shop.centre_id}/{transfer_id}"
    assert coming in next_door.get("/c/{c}/transfers").get_data(as_text=True)
    assert next_door.get(f"{coming}/note.pdf").content_type == "application/pdf"
    page = next_door.get(coming).get_data(as_text=True)
    assert "ป้าแดง" in page
    typed = {
        "id": str(uuid7()),
        "location_id": str(locations.shop(neighbour.centre_id).id),
        "received_1": "3",
        "note": "แตกหนึ่งขวด",
    }
    assert next_door.form(coming, **typed).status_code == 422
    more = next_door.form(coming, **typed, received_2="9")
    assert more.status_code == 409
    assert 'id="received_2-error"' in more.get_data(as_text=True)
    for _ in range(2):
        sent = next_door.form(coming, **typed, received_2="2")
        assert sent.status_code == 303, sent.get_data(as_text=True)
    arrived = next_door.get(sent.headers["Location"]).get_data(as_text=True)
    assert "แตกหนึ่งขวด" in arrived
    assert next_door.get(coming).status_code == 303
    receipts = db.session.scalars(
        select(GoodsReceipt.id).where(GoodsReceipt.centre_id == neighbour.centre_id)
    ).all()
    db.session.rollback()
    for receipt_id in receipts:
        intake = next_door.get(f"/c/{{c}}/intakes/{receipt_id}")
        assert intake.status_code == 200
        assert "/cancel" not in intake.get_data(as_text=True)
        assert next_door.get(f"/c/{{c}}/intakes/{receipt_id}/slip.pdf").status_code == 200
    assert next_door.get("/c/{c}/intakes").status_code == 200
    short = keeper.get(path).get_data(as_text=True)
    assert 'name="lost_1"' in short
    assert 'name="lost_2"' not in short
    few = keeper.form(f"{path}/settle", reason="แตก", lost_1="0.5")
    assert few.status_code == 422
    assert 'id="lost_1-error"' in few.get_data(as_text=True)
    for _ in range(2):
        settled = keeper.form(f"{path}/settle", reason="แตก", lost_1="1", bearer_1="centre")
        assert settled.status_code == 303
    assert "80.00" in keeper.get(path).get_data(as_text=True)


def test_strangers_see_no_transfer(
    keeper: Browser, browser_of: BrowserOf, shop: Shop, neighbour: Shop, other_centre: Centre
) -> None:
    shop.consign(shop.product("น้ำผึ้ง", 10_000), 10_000)
    [jars] = lots(shop.centre_id)
    to = f"centre:{neighbour.centre_id}"
    transfer_id = send(keeper, shop, to, **{f"send_{jars}": "4"}).rsplit("/", 1)[1]
    stranger = browser_of("oth_stock_keeper", other_centre.id)
    for page in (
        f"transfers/{transfer_id}",
        f"transfers/{transfer_id}/note.pdf",
        f"incoming/{shop.centre_id}/{transfer_id}",
        f"arrivals/{uuid7()}",
    ):
        assert stranger.get(f"/c/{{c}}/{page}").status_code == 404, page
    refused = keeper.form(
        "/c/{c}/transfers/new",
        id=str(uuid7()),
        from_location_id=str(locations.shop(shop.centre_id).id),
        to=f"centre:{other_centre.id}",
        **{f"send_{jars}": "1"},
    )
    assert refused.status_code == 409
    cashier = browser_of("cashier")
    for page in ("transfers", "transfers/new", f"transfers/{transfer_id}"):
        assert cashier.get(f"/c/{{c}}/{page}").status_code == 403, page
    auditor = browser_of("auditor")
    assert auditor.get(f"/c/{{c}}/transfers/{transfer_id}").status_code == 200
    assert auditor.get("/c/{c}/transfers/new").status_code == 403


def test_a_place_that_is_no_place_is_told(browser_of: Callable[..., Browser]) -> None:
    fields = {"id": str(uuid7()), "from_location_id": str(uuid7()), "to": "place:" + "-" * 36}
    assert browser_of("stock_keeper").form("/c/{c}/transfers/new", **fields).status_code == 422
