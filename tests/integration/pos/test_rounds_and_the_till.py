"""What a joint round keeps for those who ordered, as the till sees it."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest

from accounting.rules.chart import Purpose
from accounting.services import ledger
from core.actor import Centre
from core.db import in_transaction
from core.ids import uuid7
from inventory.services import locations
from inventory.services.buying import suppliers
from inventory.services.buying.suppliers import SaveSupplier
from inventory.services.joint_rounds import sharing
from inventory.services.joint_rounds.sharing import ShareRound
from inventory.services.transfers import quick
from inventory.services.transfers.quick import CarryGoods, CarryLine
from pos.services import counter, verify
from pos.services.handing_out import StillStored
from tests.integration.pos.rounds_of import ask, bought, member, opened, take_home
from tests.shop import Shop, shop_in


@pytest.fixture
def shop(centre: Centre) -> Iterator[Shop]:
    shop = shop_in(centre)
    shop.open()
    known = suppliers.of(shop.centre_id, shop.producer_id)
    in_transaction(suppliers.save, SaveSupplier(shop.producer_id, known.version), shop.actor)
    yield shop
    assert not [finding for finding in verify.run(centre.id) if not finding.ok]


@pytest.fixture
def sacks(shop: Shop) -> UUID:
    return shop.product("ปุ๋ย 46-0-0", 9_500)


def test_what_was_bought_for_the_round_is_handed_out_before_a_producers_goods(
    shop: Shop, sacks: UUID
) -> None:
    """Consigned sacks came first; at the round's price their producer would be paid too little."""
    shop.consign(sacks, 5_000)
    found = opened(shop, sacks)
    order = ask(shop, found, member(shop, "M1", "สมาชิก 1"), 3_000)
    bought(shop, found, 3_000)
    in_transaction(sharing.record, ShareRound(uuid7(), found.id), shop.actor)
    take_home(shop, order)
    assert ledger.balance(shop.centre_id, Purpose.COST_OF_GOODS) == 24_000
    assert ledger.balance(shop.centre_id, Purpose.CONSIGNMENT_PAYABLE) == 0


def test_the_till_is_told_what_is_free_without_what_waits(shop: Shop, sacks: UUID) -> None:
    found = opened(shop, sacks)
    order = ask(shop, found, member(shop, "M1", "สมาชิก 1"), 3_000)
    bought(shop, found, 4_000)
    in_transaction(sharing.record, ShareRound(uuid7(), found.id), shop.actor)

    def free() -> int:
        goods = counter.goods(shop.actor, shop.till_id).products
        return next(one.on_hand_milli for one in goods if one.id == sacks)

    assert free() == 1_000
    take_home(shop, order)
    assert free() == 1_000


def test_goods_in_the_store_room_are_carried_over_before_they_are_handed_out(
    shop: Shop, sacks: UUID
) -> None:
    """A producer's sacks on the shelf are no help: they are not sold at the round's price."""
    found = opened(shop, sacks)
    order = ask(shop, found, member(shop, "M1", "สมาชิก 1"), 3_000)
    bought(shop, found, 3_000)
    in_transaction(sharing.record, ShareRound(uuid7(), found.id), shop.actor)
    shelf = locations.shop(shop.centre_id).id
    [store] = [one.id for one in locations.listing(shop.centre_id) if one.kind == "storage"]

    def carry(milli: int, *way: UUID) -> None:
        command = CarryGoods(uuid7(), *way, (CarryLine(sacks, milli),))
        in_transaction(quick.carry, command, shop.actor)

    carry(2_000, shelf, store)
    shop.consign(sacks, 5_000)
    with pytest.raises(StillStored) as refusal:
        take_home(shop, order)
    assert refusal.value.facts["stored_milli"] == 2_000
    carry(2_000, store, shelf)
    take_home(shop, order)
