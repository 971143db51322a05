"""Advances: money and our own goods given before anything is earned, and given back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from accounting.rules.chart import Purpose
from accounting.services import ledger
from core.actor import Actor, Centre, TaxSetting
from core.db import in_transaction
from core.errors import Forbidden
from core.ids import uuid7
from inventory.rules.advances import MoreThanOutstanding
from inventory.services import advances, verify
from inventory.services.advance_goods import NotOurGoods
from inventory.services.advances import AdvanceDiffers, AdvanceDoc, GiveAdvance, GoodsAsked
from inventory.services.drawer import NotFromThere
from inventory.services.receipts import ShiftNeeded
from inventory.services.stock import OutOfStock
from members.services import producers
from members.services.delivering import ProducerInactive
from members.services.producers import ChangeProducer
from pos.services.shift import ShiftClosed
from tests.shop import Shop, shop_in


@pytest.fixture
def shop(centre: Centre) -> Shop:
    return shop_in(centre)


def give(shop: Shop, actor: Actor | None = None, **said: object) -> AdvanceDoc:
    command = GiveAdvance(
        id=said.pop("id", None) or uuid7(),  # type: ignore[arg-type]
        producer_id=shop.producer_id,
        **({"kind": "money", "paid_from": "safe"} | said),  # type: ignore[arg-type]
    )
    return in_transaction(advances.give, command, actor or shop.actor)


def out(shop: Shop) -> int:
    return ledger.balance(shop.centre_id, Purpose.PRODUCER_ADVANCES, producer_id=shop.producer_id)


def left(shop: Shop) -> list[int]:
    found = advances.outstanding(shop.centre_id, [shop.producer_id])
    return [one.left_satang for one in found.get(shop.producer_id, ())]


def net(shop: Shop, amount: int, document_id: UUID | None = None) -> None:
    in_transaction(
        advances.net,
        shop.centre_id,
        "settlement",
        document_id or uuid7(),
        shop.producer_id,
        amount,
    )


def test_money_from_the_safe_stands_under_the_producer(shop: Shop) -> None:
    document = give(shop, amount_satang=50_000, note="ค่าปุ๋ย")
    assert document.advance_no.startswith("AV-2569-")
    assert (document.left_satang, out(shop), left(shop)) == (50_000, 50_000, [50_000])
    assert ledger.balance(shop.centre_id, Purpose.CASH_SAFE) == -50_000


def test_an_advance_sent_twice_is_given_once(shop: Shop) -> None:
    one = uuid7()
    assert give(shop, id=one, amount_satang=100) == give(shop, id=one, amount_satang=100)
    assert out(shop) == 100
    with pytest.raises(AdvanceDiffers):
        give(shop, id=one, amount_satang=101)


def test_nettings_take_the_oldest_first_and_no_more_than_is_out(shop: Shop) -> None:
    give(shop, amount_satang=300)
    give(shop, amount_satang=200)
    net(shop, 350)
    assert left(shop) == [150]
    with pytest.raises(MoreThanOutstanding) as refused:
        net(shop, 151)
    assert refused.value.facts["left_satang"] == 150
    net(shop, 150)
    assert left(shop) == []


def test_money_from_a_drawer_needs_its_open_shift(shop: Shop) -> None:
    with pytest.raises(ShiftNeeded):
        give(shop, paid_from="till", amount_satang=100)
    opened = shop.open()
    give(shop, paid_from="till", shift_id=opened.id, amount_satang=100)
    shop.close((100_00, 9), (1_00, 99))
    with pytest.raises(ShiftClosed):
        give(shop, paid_from="till", shift_id=opened.id, amount_satang=100)


def test_our_own_goods_are_sold_to_the_producer_on_account(shop: Shop) -> None:
    seed = shop.product("เมล็ดพันธุ์", 40_00)
    shop.buy(seed, 10_000, 25_00)
    document = give(shop, kind="goods", paid_from="shelf", lines=(GoodsAsked(seed, 3_000),))
    assert document.amount_satang == 120_00
    assert [(line.quantity_milli, line.cost_satang) for line in document.lines] == [(3_000, 75_00)]
    assert ledger.balance(shop.centre_id, Purpose.SALES) == -120_00
    assert ledger.balance(shop.centre_id, Purpose.COST_OF_GOODS) == 75_00
    assert ledger.balance(shop.centre_id, Purpose.INVENTORY) == 175_00
    assert out(shop) == 120_00
    assert all(finding.ok for finding in verify.checks(shop.centre_id))


def test_a_registered_centre_owes_the_tax_inside_the_price(shop: Shop) -> None:
    centre = replace(
        shop.actor.centre, tax_settings=(TaxSetting(date(2026, 1, 1), "registered", "gross"),)
    )
    seed = shop.product("ปุ๋ย", 107_00, tax="standard")
    shop.buy(seed, 1_000, 50_00)
    actor = replace(shop.actor, centre=centre)
    give(shop, actor, kind="goods", paid_from="shelf", lines=(GoodsAsked(seed, 1_000),))
    assert ledger.balance(shop.centre_id, Purpose.OUTPUT_VAT) == -7_00
    assert ledger.balance(shop.centre_id, Purpose.SALES) == -100_00
    assert out(shop) == 107_00


def test_consigned_goods_are_not_ours_to_give(shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 100_00)
    shop.consign(honey, 5_000)
    with pytest.raises(NotOurGoods):
        give(shop, kind="goods", paid_from="shelf", lines=(GoodsAsked(honey, 1_000),))
    other = shop.product("เกลือ", 10_00)
    with pytest.raises(OutOfStock):
        give(shop, kind="goods", paid_from="shelf", lines=(GoodsAsked(other, 1_000),))


def test_a_line_twice_draws_on_what_the_first_left(shop: Shop) -> None:
    seed = shop.product("เมล็ดพันธุ์", 40_00)
    shop.buy(seed, 3_000, 25_00)
    asked = (GoodsAsked(seed, 2_000), GoodsAsked(seed, 1_000))
    give(shop, kind="goods", paid_from="shelf", lines=asked)
    assert ledger.balance(shop.centre_id, Purpose.INVENTORY) == 0
    with pytest.raises(OutOfStock):
        give(shop, kind="goods", paid_from="shelf", lines=(GoodsAsked(seed, 1_000),))


def test_goods_do_not_come_from_the_safe(shop: Shop) -> None:
    with pytest.raises(NotFromThere):
        give(shop, kind="goods", paid_from="safe")


def test_only_the_books_give_advances(shop: Shop, cashier: Actor, accountant: Actor) -> None:
    with pytest.raises(Forbidden):
        give(shop, cashier, amount_satang=100)
    assert give(shop, accountant, amount_satang=100).recorded_name == accountant.name


def test_who_no_longer_delivers_gets_no_advance(shop: Shop, manager: Actor) -> None:
    known = producers.get(shop.centre_id, shop.producer_id)
    left = ChangeProducer(
        producer_id=known.id, version=known.version, name=known.name, active=False
    )
    in_transaction(producers.change, left, manager)
    with pytest.raises(ProducerInactive):
        give(shop, amount_satang=100_00)
