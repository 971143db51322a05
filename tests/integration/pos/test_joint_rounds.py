"""Joint buying rounds: orders collected, one purchase, shared out to the satang, handed out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from core import clock
from core.actor import Actor, Centre
from core.db import in_transaction
from core.errors import ChangedMeanwhile, Forbidden, NotFound
from core.ids import uuid7
from inventory.rules.intake import WholePieces
from inventory.rules.rounds import MoreThanAsked, MoreThanCame
from inventory.services.buying import orders as purchase_orders
from inventory.services.buying import receiving, suppliers
from inventory.services.buying.orders import EndOrder, OrderLine, SaveOrder
from inventory.services.buying.receiving import ReceiveGoods, ReceiveLine
from inventory.services.buying.suppliers import SaveSupplier
from inventory.services.joint_rounds import orders, reading, rounds, sharing
from inventory.services.joint_rounds.orders import (
    NothingOrdered,
    OrderedAlready,
    OrdersOver,
    SaveRoundOrder,
)
from inventory.services.joint_rounds.rounds import (
    CancelRound,
    ItemOrdered,
    ItemTwice,
    NobodyOrdered,
    NothingOffered,
    OrderRound,
    RoundClosed,
    RoundItem,
    SaveRound,
    StillExpected,
)
from inventory.services.joint_rounds.sharing import NothingCame, SharedAlready, ShareRound
from members.services import members as member_register
from members.services import merging, producers, standing
from members.services.groups import NotAGroup
from members.services.merging import MergePeople
from members.services.producers import NewProducer
from members.services.standing import RecordFact
from pos.services import receipts, verify
from pos.services.handing_out import HandedOutAlready, NothingToHandOut
from tests.integration.pos.rounds_of import ask, bought, member, opened, take_home
from tests.shop import Shop, shop_in


@pytest.fixture
def shop(centre: Centre) -> Shop:
    shop = shop_in(centre)
    shop.open()
    known = suppliers.of(shop.centre_id, shop.producer_id)
    in_transaction(suppliers.save, SaveSupplier(shop.producer_id, known.version), shop.actor)
    return shop


@pytest.fixture(autouse=True)
def books_hold(centre: Centre) -> Iterator[None]:
    yield
    failed = [finding for finding in verify.run(centre.id) if not finding.ok]
    assert not failed, failed


@pytest.fixture
def sacks(shop: Shop) -> UUID:
    """Fertiliser, sold by the sack (the test shop's pieces)."""
    return shop.product("ปุ๋ย 46-0-0", 9_500)


def test_a_round_from_the_first_order_to_the_last_sack(shop: Shop, sacks: UUID) -> None:
    """Three ask for 10 sacks, 11 come for 880.00 with 100.00 of transport; one stays for sale."""
    found = opened(shop, sacks)
    asked = [
        ask(shop, found, member(shop, f"M{n}", f"สมาชิก {n}"), milli)
        for n, milli in enumerate((5_000, 3_000, 2_000))
    ]
    bought(shop, found, 11_000)
    done = in_transaction(
        sharing.record, ShareRound(uuid7(), found.id, extra_satang=10_000), shop.actor
    )
    assert done.state == "shared"
    assert done.sharing
    assert done.sharing.goods_satang == 88_000
    shares = done.sharing.shares
    assert [share.given_milli for share in shares] == [5_000, 3_000, 2_000, 1_000]
    assert [share.goods_satang for share in shares] == [40_000, 24_000, 16_000, 8_000]
    # 100.00 over 11 sacks: 45.4545…, 27.2727…, 18.1818…, 9.0909…; the largest remainder takes up.
    assert [share.extra_satang for share in shares] == [4_546, 2_727, 1_818, 909]
    assert [share.due_satang for share in shares] == [44_546, 26_727, 17_818, 0]
    for order in asked:
        take_home(shop, order)


def test_too_little_came_and_is_shared_by_what_was_asked(shop: Shop, sacks: UUID) -> None:
    found = opened(shop, sacks)
    for n, milli in enumerate((5_000, 3_000, 2_000)):
        ask(shop, found, member(shop, f"M{n}", f"สมาชิก {n}"), milli)
    bought(shop, found, 7_000)
    seen = sharing.preview(ShareRound(uuid7(), found.id), shop.actor)
    assert seen.items[0].given == (4_000, 2_000, 1_000)
    assert seen.due_satang == 7 * 8_000


def test_the_committee_may_give_otherwise_but_not_more_than_came_or_was_asked(
    shop: Shop, sacks: UUID
) -> None:
    found = opened(shop, sacks)
    first = ask(shop, found, member(shop, "M1", "สมาชิก 1"), 5_000)
    second = ask(shop, found, member(shop, "M2", "สมาชิก 2"), 3_000)
    bought(shop, found, 6_000)

    def given(one: int, two: int) -> ShareRound:
        return ShareRound(uuid7(), found.id, given=((first.id, 1, one), (second.id, 1, two)))

    with pytest.raises(MoreThanAsked):
        sharing.preview(given(2_000, 4_000), shop.actor)
    with pytest.raises(MoreThanCame):
        sharing.preview(given(5_000, 2_000), shop.actor)
    done = in_transaction(sharing.record, given(5_000, 0), shop.actor)
    assert done.sharing
    assert [share.given_milli for share in done.sharing.shares] == [5_000, 0, 1_000]
    with pytest.raises(NothingToHandOut):
        take_home(shop, second)


def test_a_round_is_closed_ordered_and_shared_once(shop: Shop, sacks: UUID) -> None:
    found = opened(shop, sacks)
    order = ask(shop, found, member(shop, "M1", "สมาชิก 1"), 5_000)
    done = bought(shop, found, 0)
    assert done.purchase_order_id
    again = in_transaction(rounds.order, OrderRound(found.id, done.purchase_order_id), shop.actor)
    assert again == done
    with pytest.raises(RoundClosed):
        in_transaction(rounds.order, OrderRound(found.id, uuid7()), shop.actor)
    with pytest.raises(RoundClosed):
        ask(shop, found, member(shop, "M2", "สมาชิก 2"), 1_000)
    with pytest.raises(RoundClosed):
        in_transaction(orders.withdraw, order.id, shop.actor)
    with pytest.raises(StillExpected):
        in_transaction(rounds.cancel, CancelRound(found.id, "x"), shop.actor)
    with pytest.raises(NothingCame):
        in_transaction(sharing.record, ShareRound(uuid7(), found.id), shop.actor)


def test_sharing_again_changes_nothing_and_sharing_otherwise_is_refused(
    shop: Shop, sacks: UUID
) -> None:
    found = opened(shop, sacks)
    order = ask(shop, found, member(shop, "M1", "สมาชิก 1"), 5_000)
    bought(shop, found, 5_000)
    command = ShareRound(uuid7(), found.id)
    done = in_transaction(sharing.record, command, shop.actor)
    assert in_transaction(sharing.record, command, shop.actor) == done
    with pytest.raises(SharedAlready):
        in_transaction(sharing.record, ShareRound(uuid7(), found.id), shop.actor)
    take_home(shop, order)
    with pytest.raises(HandedOutAlready):
        take_home(shop, order)


def test_a_member_orders_once_and_changes_or_withdraws_it(shop: Shop, sacks: UUID) -> None:
    found = opened(shop, sacks)
    buyer = member(shop, "M1", "สมาชิก 1")
    order = ask(shop, found, buyer, 5_000)
    with pytest.raises(OrderedAlready):
        ask(shop, found, buyer, 1_000)
    more = SaveRoundOrder(order.id, found.id, ((1, 6_000),), member_id=buyer, version=1)
    changed = in_transaction(orders.save, more, shop.actor)
    assert changed.lines == ((1, 6_000),)
    with pytest.raises(ChangedMeanwhile):
        in_transaction(orders.save, more, shop.actor)
    in_transaction(orders.withdraw, order.id, shop.actor)
    assert reading.of(shop.centre_id, found.id).items[0].asked_milli == 0
    with pytest.raises(NobodyOrdered):
        in_transaction(rounds.order, OrderRound(found.id, uuid7()), shop.actor)
    assert ask(shop, found, buyer, 1_000).version == 1
    with pytest.raises(NothingOrdered):
        ask(shop, found, member(shop, "M2", "สมาชิก 2"), 0)


def test_a_group_orders_together_and_a_person_orders_as_a_member(shop: Shop, sacks: UUID) -> None:
    found = opened(shop, sacks)
    group = in_transaction(producers.create, NewProducer(name="กลุ่มนาปรัง", kind="group"), shop.actor)
    command = SaveRoundOrder(uuid7(), found.id, ((1, 9_000),), producer_id=group.id)
    order = in_transaction(orders.save, command, shop.actor)
    assert order.buyer == "กลุ่มนาปรัง"
    with pytest.raises(NotAGroup):
        in_transaction(
            orders.save,
            SaveRoundOrder(uuid7(), found.id, ((1, 9_000),), producer_id=shop.producer_id),
            shop.actor,
        )
    bought(shop, found, 9_000)
    in_transaction(sharing.record, ShareRound(uuid7(), found.id), shop.actor)
    take_home(shop, order)


def test_after_the_last_day_no_order_is_taken(shop: Shop, sacks: UUID) -> None:
    found = opened(shop, sacks)
    buyer = member(shop, "M1", "สมาชิก 1")
    later = clock.now() + timedelta(days=8)
    with clock.travel(lambda: later), pytest.raises(OrdersOver):
        ask(shop, found, buyer, 1_000)


def test_what_was_ordered_is_not_taken_out_of_a_round(shop: Shop, sacks: UUID) -> None:
    found = opened(shop, sacks)
    ask(shop, found, member(shop, "M1", "สมาชิก 1"), 5_000)
    other = shop.product("ปุ๋ยหมัก", 12_000)
    command = SaveRound(
        id=found.id,
        name=found.name,
        producer_id=shop.producer_id,
        closes_on=found.closes_on,
        items=(RoundItem(other, 9_000),),
        version=found.version,
    )
    with pytest.raises(ItemOrdered):
        in_transaction(rounds.save, command, shop.actor)


def test_the_centre_may_add_for_its_work_and_vat_comes_on_top(shop: Shop, sacks: UUID) -> None:
    found = opened(shop, sacks, margin_basis_points=250)
    ask(shop, found, member(shop, "M1", "สมาชิก 1"), 3_000)
    bought(shop, found, 3_000, price=33_333)
    done = in_transaction(sharing.record, ShareRound(uuid7(), found.id), shop.actor)
    assert done.sharing
    [share] = done.sharing.shares
    assert (share.goods_satang, share.margin_satang) == (99_999, 2_500)
    assert share.due_satang == 102_499


def test_a_cashier_takes_orders_and_does_not_close_rounds(
    shop: Shop, sacks: UUID, cashier: Actor, auditor: Actor
) -> None:
    found = opened(shop, sacks)
    buyer = member(shop, "M1", "สมาชิก 1")
    command = SaveRoundOrder(uuid7(), found.id, ((1, 1_000),), member_id=buyer)
    in_transaction(orders.save, command, cashier)
    with pytest.raises(Forbidden):
        in_transaction(rounds.order, OrderRound(found.id, uuid7()), cashier)
    assert reading.orders(found.id, auditor)
    with pytest.raises(Forbidden):
        in_transaction(orders.save, command, auditor)


def test_whoever_sends_the_purchase_order_may_change_its_lines(shop: Shop, sacks: UUID) -> None:
    """What came is told by product: a line taken off the order shifts nobody's goods."""
    lime = shop.product("ปูนขาว", 6_000)
    found = opened(shop, sacks, lime)
    buyer = member(shop, "M1", "สมาชิก 1")
    both = SaveRoundOrder(uuid7(), found.id, ((1, 2_000), (2, 3_000)), member_id=buyer)
    in_transaction(orders.save, both, shop.actor)
    done = in_transaction(rounds.order, OrderRound(found.id, uuid7()), shop.actor)
    assert done.purchase_order_id
    only = SaveOrder(
        done.purchase_order_id, shop.producer_id, (OrderLine(lime, 3_000, 5_000),), version=1
    )
    in_transaction(purchase_orders.save, only, shop.actor)
    in_transaction(purchase_orders.send, done.purchase_order_id, shop.actor)
    line = ReceiveLine(lime, 3_000, 5_000, order_line_no=1)
    goods = ReceiveGoods(uuid7(), shop.producer_id, (line,), order_id=done.purchase_order_id)
    in_transaction(receiving.receive, goods, shop.actor)
    seen = sharing.preview(ShareRound(uuid7(), found.id), shop.actor)
    assert [item.given for item in seen.items] == [(0,), (3_000,)]


def test_a_round_is_cancelled_when_its_purchase_order_ended_without_goods(
    shop: Shop, sacks: UUID
) -> None:
    found = opened(shop, sacks)
    ask(shop, found, member(shop, "M1", "สมาชิก 1"), 5_000)
    done = bought(shop, found, 0)
    assert done.purchase_order_id
    with pytest.raises(StillExpected):
        in_transaction(rounds.cancel, CancelRound(found.id, "ไม่มีของ"), shop.actor)
    ended = EndOrder(done.purchase_order_id, "ผู้ขายไม่มีของ")
    in_transaction(purchase_orders.cancel, ended, shop.actor)
    gone = in_transaction(rounds.cancel, CancelRound(found.id, "ไม่มีของ"), shop.actor)
    assert (gone.state, gone.reason) == ("cancelled", "ไม่มีของ")


def test_a_product_is_offered_once_and_a_round_offers_something(shop: Shop, sacks: UUID) -> None:
    with pytest.raises(ItemTwice):
        opened(shop, sacks, sacks)
    with pytest.raises(NothingOffered):
        opened(shop)


def test_half_a_sack_is_given_to_nobody(shop: Shop, sacks: UUID) -> None:
    found = opened(shop, sacks)
    order = ask(shop, found, member(shop, "M1", "สมาชิก 1"), 3_000)
    bought(shop, found, 3_000)
    half = ShareRound(uuid7(), found.id, given=((order.id, 1, 1_500),))
    with pytest.raises(WholePieces):
        sharing.preview(half, shop.actor)
    nobody = ShareRound(uuid7(), found.id, given=((uuid7(), 1, 1_000),))
    with pytest.raises(NotFound):
        sharing.preview(nobody, shop.actor)


def test_something_weighed_is_paid_to_the_satang(shop: Shop) -> None:
    """34.567 kg at an uneven cost: the receipt is what is due, and the books hold."""
    rice = shop.product("ข้าวเปลือก", 1_500, by_weight=True)
    found = opened(shop, rice)
    first = ask(shop, found, member(shop, "M1", "สมาชิก 1"), 34_567)
    ask(shop, found, member(shop, "M2", "สมาชิก 2"), 17_001)
    bought(shop, found, 51_568, price=237)
    command = ShareRound(uuid7(), found.id, extra_satang=33_333, extra_basis="quantity")
    in_transaction(sharing.record, command, shop.actor)
    take_home(shop, first)


def test_who_left_meanwhile_still_takes_home_and_a_merged_member_buys_as_who_stands(
    shop: Shop, sacks: UUID
) -> None:
    found = opened(shop, sacks)
    left, merged, kept = (member(shop, f"M{n}", f"สมาชิก {n}") for n in range(3))
    leaver, other = ask(shop, found, left, 2_000), ask(shop, found, merged, 1_000)
    bought(shop, found, 3_000)
    in_transaction(sharing.record, ShareRound(uuid7(), found.id), shop.actor)
    fact = RecordFact(
        fact_id=uuid7(), member_id=left, kind="resigned", on_date=clock.today(), reason="ย้ายบ้าน"
    )
    in_transaction(standing.record, fact, shop.actor)
    people = {one: member_register.get(one, shop.actor).person_id for one in (merged, kept)}
    both = MergePeople(uuid7(), people[kept], people[merged], "คนเดียวกัน")
    in_transaction(merging.merge, both, shop.actor)
    buyers = [receipts.get(take_home(shop, one), shop.actor).member for one in (leaver, other)]
    assert [one.member_no if one else "" for one in buyers] == ["", "M2"]
