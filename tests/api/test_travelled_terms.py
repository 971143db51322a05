"""Goods of another centre keep the terms they came under there; nothing here links to them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from core import clock
from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.ids import uuid7
from inventory.models import Lot
from inventory.rules.terms import Terms
from inventory.services import consignment_terms, locations
from inventory.services.consignment_terms import DecideTerms, ProposeTerms
from inventory.services.transfers import arrivals, sending
from inventory.services.transfers.arrivals import ArrivedLine, ReceiveGoods
from inventory.services.transfers.sending import SendGoods, SendLine
from members.services import users
from members.services.centres import NewCentre
from members.services.users import NewUser
from pos.services import founding
from tests.api.conftest import Browser
from tests.conftest import PASSWORD
from tests.shop import Shop, shop_in


@pytest.fixture
def neighbour(centre: Centre) -> Shop:
    """Another centre of the same network, with somebody in its store."""
    new = NewCentre(
        code="NBR", name_th="ศูนย์ข้างเคียง", name_en="Next centre", network_id=centre.network_id
    )
    shop = shop_in(in_transaction(founding.found, new).centre)
    keeper = NewUser(
        username="nextdoor", display_name="คุณคลัง", password=PASSWORD, roles=("stock_keeper",)
    )
    in_transaction(users.create, keeper, shop.actor)
    return shop


def lot_at(centre_id: int) -> Lot:
    return db.session.scalars(select(Lot).where(Lot.centre_id == centre_id)).one()


def test_the_lots_page_follows_no_road_that_ends_at_the_other_centre(
    browser_of: Callable[..., Browser],
    centre: Centre,
    neighbour: Shop,
    stock_keeper: Actor,
    manager: Actor,
) -> None:
    shop = shop_in(centre)
    honey = shop.product("น้ำผึ้ง", 10_000)
    terms = ProposeTerms(
        uuid7(), Terms(8000, floor_satang=7_000), clock.today(), producer_id=shop.producer_id
    )
    in_transaction(consignment_terms.propose, terms, stock_keeper)
    in_transaction(consignment_terms.decide, DecideTerms(terms.id, "approved"), manager)
    shop.bring(honey, 10_000)
    lot_id = lot_at(centre.id).id
    shelf = locations.shop(centre.id).id
    there = locations.shop(neighbour.centre_id).id
    db.session.rollback()
    goods = SendGoods(uuid7(), shelf, (SendLine(lot_id, 4_000),), to_centre_id=neighbour.centre_id)
    in_transaction(sending.send, goods, shop.actor)
    arrived = ReceiveGoods(uuid7(), centre.id, goods.id, there, (ArrivedLine(1, 4_000),))
    in_transaction(arrivals.receive, arrived, neighbour.actor)
    new_lot = lot_at(neighbour.centre_id).id
    db.session.rollback()
    link = re.compile(r'href="(/c/[0-9]+/terms/[0-9a-f-]{36})"')
    home = browser_of("stock_keeper")
    [page] = link.findall(home.get(f"/c/{{c}}/lots/{lot_id}").get_data(as_text=True))
    assert home.get(page).status_code == 200
    next_door = browser_of("nextdoor", neighbour.centre_id)
    lot = next_door.get(f"/c/{{c}}/lots/{new_lot}").get_data(as_text=True)
    assert "CT-" in lot
    assert not link.findall(lot)
