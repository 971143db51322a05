"""Two joint buying rounds of the demo: one shared out and partly handed out, one collecting.

Small on purpose; every figure is written here, none is drawn by lot.
"""

from __future__ import annotations

from datetime import time, timedelta
from uuid import UUID

from core import clock
from core.db import in_transaction
from core.ids import uuid7
from inventory.services import catalogue
from inventory.services.buying import orders as purchase_orders
from inventory.services.buying import receiving, suppliers
from inventory.services.buying.receiving import ReceiveGoods, ReceiveLine
from inventory.services.buying.suppliers import SaveSupplier
from inventory.services.catalogue import ProductFacts, SaveProduct
from inventory.services.joint_rounds import orders, reading, rounds, sharing
from inventory.services.joint_rounds.orders import SaveRoundOrder
from inventory.services.joint_rounds.rounds import OrderRound, RoundItem, SaveRound
from inventory.services.joint_rounds.sharing import ShareRound
from pos.services import handing_out, shift
from pos.services.demo.shop import Shop, Watch
from pos.services.handing_out import HandOut
from pos.services.sale_rows import RecordPayment
from pos.services.shift import CloseShift, OpenShift

EVENING = time(18, 50)
"""After the till was counted: a shift of its own hands out."""
DAYS_BEFORE_END = (7, 4)
"""On which day before the last the first round is collected, and comes."""
GOODS = (
    ("UREA50", "ปุ๋ยยูเรีย 46-0-0 กระสอบ 50 กก.", "Urea 46-0-0, 50 kg sack", 1050_00, 880_00),
    ("DOLO25", "ปูนโดโลไมท์ 25 กก.", "Dolomite 25 kg", 95_00, 72_00),
)
"""Code, names, shelf price, what one is expected to cost."""
ASKED = ((5, 4), (3, 2), (2, 0))
"""How many of each the first three members of the round want."""
CAME = (9, 6)
TRANSPORT, FLOAT = 450_00, 1_000_00


class Play:
    """What one day leaves for the next; a demo of a few days never begins."""

    begun = False
    round_id: UUID
    supplier: UUID


def play_day(shop: Shop, left: int, watch: Watch, play: Play) -> None:
    """Play the rounds' part of the day that has `left` days behind it."""
    if left == DAYS_BEFORE_END[0]:
        play.begun = True
        watch.until(EVENING)
        _collect(shop, play)
    elif left == DAYS_BEFORE_END[1] and play.begun:
        watch.until(EVENING)
        _share(shop, play)


def collect_another(shop: Shop, play: Play) -> None:
    """Leave a round that collects, with two orders in it."""
    if not play.begun:
        return
    found = _open(shop, play, "ปูนโดโลไมท์ก่อนไถ", GOODS[1:])
    for member_id, count in zip(shop.members[3:5], (10, 6), strict=True):
        wanted = SaveRoundOrder(uuid7(), found, ((1, count * 1000),), member_id=member_id)
        in_transaction(orders.save, wanted, shop.staff["stock"])


def _collect(shop: Shop, play: Play) -> None:
    play.supplier = uuid7()
    command = SaveSupplier(
        play.supplier,
        0,
        name="ร้านเกษตรรุ่งเรือง",
        terms_days=15,
        address="5 ถ.เพชรเกษม อ.ศรีนครินทร์ จ.พัทลุง",
        phone="074-000-020",
    )
    in_transaction(suppliers.save, command, shop.staff["stock"])
    for code, name_th, name_en, price, _cost in GOODS:
        facts = ProductFacts(
            code=code,
            name_th=name_th,
            name_en=name_en,
            sold_by="piece",
            unit="กระสอบ",
            price_satang=price,
            category="ปัจจัยการผลิต",
            tax_code="exempt",
        )
        in_transaction(catalogue.save, SaveProduct(uuid7(), facts), shop.staff["manager"])
    play.round_id = _open(shop, play, "ปุ๋ยก่อนหน้าฝน", GOODS)
    for member_id, counts in zip(shop.members, ASKED, strict=False):
        lines = tuple((n, count * 1000) for n, count in enumerate(counts, start=1) if count)
        wanted = SaveRoundOrder(uuid7(), play.round_id, lines, member_id=member_id)
        in_transaction(orders.save, wanted, shop.staff["stock"])
    done = in_transaction(rounds.order, OrderRound(play.round_id, uuid7()), shop.staff["stock"])
    assert done.purchase_order_id is not None
    in_transaction(purchase_orders.send, done.purchase_order_id, shop.staff["manager"])


def _open(
    shop: Shop, play: Play, name: str, goods: tuple[tuple[str, str, str, int, int], ...]
) -> UUID:
    products = {one.code: one.id for one in catalogue.shelf(shop.centre.id)}
    command = SaveRound(
        id=uuid7(),
        name=name,
        producer_id=play.supplier,
        closes_on=clock.today() + timedelta(days=5),
        items=tuple(RoundItem(products[code], cost) for code, *_names, cost in goods),
    )
    return in_transaction(rounds.save, command, shop.staff["stock"]).id


def _share(shop: Shop, play: Play) -> None:
    """A sack less of the urea comes than was asked; the first in the list takes theirs home."""
    stock = shop.staff["stock"]
    found = reading.get(play.round_id, stock)
    came = tuple(
        ReceiveLine(item.product_id, count * 1000, item.expected_price_satang, order_line_no=number)
        for number, (item, count) in enumerate(zip(found.items, CAME, strict=True), start=1)
    )
    goods = ReceiveGoods(
        uuid7(), play.supplier, came, order_id=found.purchase_order_id, rest_dropped=True
    )
    in_transaction(receiving.receive, goods, stock)
    share = ShareRound(uuid7(), play.round_id, TRANSPORT, extra_note="ค่ารถ")
    in_transaction(sharing.record, share, stock)
    cashier = shop.staff["cashier"]
    opened = in_transaction(shift.open_shift, OpenShift(uuid7(), shop.till_id, FLOAT), cashier)
    first = reading.orders(play.round_id, stock)[0]
    take = HandOut(
        id=uuid7(),
        order_id=first.id,
        till_id=shop.till_id,
        shift_id=opened.id,
        occurred_at=clock.now(),
        payments=(RecordPayment("transfer", first.due_satang, "โอน 4471"),),
    )
    in_transaction(handing_out.record, take, cashier)
    in_transaction(shift.close_shift, CloseShift(opened.id, ((100_00, FLOAT // 100_00),)), cashier)
