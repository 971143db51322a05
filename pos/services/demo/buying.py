"""What the demo buys from shops: two suppliers, an order half received, something sent back.

Small on purpose; every figure is written here, none is drawn by lot.
"""

from __future__ import annotations

from datetime import time, timedelta
from uuid import UUID

from core import clock
from core.db import in_transaction
from core.ids import uuid7
from inventory.rules.buying import oldest_first
from inventory.services import catalogue, payables, payouts, receipts
from inventory.services.buying import orders, receiving, supplier_returns, suppliers, vouchers
from inventory.services.buying.orders import OrderLine, SaveOrder
from inventory.services.buying.receiving import ReceiveGoods, ReceiveLine
from inventory.services.buying.supplier_returns import ReturnGoods, ReturnLine
from inventory.services.buying.suppliers import SaveSupplier
from inventory.services.buying.vouchers import MakeVoucher
from inventory.services.catalogue import ProductFacts, SaveProduct
from inventory.services.payouts import PayProducer
from pos.services.demo.shop import Shop, Watch

EVENING = time(18, 40)
DAYS_BEFORE_END = (9, 8, 6, 2)
"""On which evenings before the last something happens: ordered, delivered, sent back, paid."""
GOODS = (
    ("SOAP1", "สบู่ก้อน", "Bar soap", "ก้อน", 15_00, 9_00),
    ("FISH1", "น้ำปลา 700 มล.", "Fish sauce 700 ml", "ขวด", 28_00, 19_50),
    ("SALT1", "เกลือป่น 1 กก.", "Salt 1 kg", "ถุง", 12_00, 7_00),
)
"""Code, names, unit, shelf price, what the supplier asks."""


class Play:
    """What one evening leaves for the next; a demo of a few days never begins."""

    begun = False
    wholesaler: UUID
    tools: UUID
    order: UUID
    delivery: UUID


def play_day(shop: Shop, left: int, watch: Watch, play: Play) -> None:
    """Play buying's part of the day that has `left` days behind it."""
    first = left == DAYS_BEFORE_END[0]
    if left not in DAYS_BEFORE_END or not (first or play.begun):
        return
    play.begun = True
    watch.until(EVENING)
    steps = (_order, _deliver, _send_back, _pay)
    steps[DAYS_BEFORE_END.index(left)](shop, play)


def _order(shop: Shop, play: Play) -> None:
    stock = shop.staff["stock"]
    play.wholesaler, play.tools = uuid7(), uuid7()
    for producer_id, name, tax_id, terms, registered, address in (
        (play.wholesaler, "หจก. พัทลุงค้าส่ง", "0993000000021", 30, True, "88 ถ.ราเมศวร์ อ.เมือง จ.พัทลุง"),
        (play.tools, "ร้านลุงดำเครื่องเขียนและถุง", "", 7, False, "12 หมู่ 2 ต.ลำสินธุ์ อ.ศรีนครินทร์ จ.พัทลุง"),
    ):
        command = SaveSupplier(
            producer_id,
            0,
            name=name,
            tax_id=tax_id,
            vat_registered=registered,
            terms_days=terms,
            address=address,
            phone="074-000-010",
        )
        in_transaction(suppliers.save, command, stock)
    for code, name_th, name_en, unit, price, _cost in GOODS:
        facts = ProductFacts(
            code=code,
            name_th=name_th,
            name_en=name_en,
            sold_by="piece",
            unit=unit,
            price_satang=price,
            category="ซื้อมาขาย",
            tax_code="standard",
        )
        in_transaction(catalogue.save, SaveProduct(uuid7(), facts), shop.staff["manager"])
    lines = tuple(
        OrderLine(_product(shop, code), count, cost)
        for (code, *_rest, cost), count in zip(GOODS, (60_000, 48_000, 30_000), strict=True)
    )
    expected = clock.today() + timedelta(days=3)
    command_ = SaveOrder(uuid7(), play.wholesaler, lines, expected, "included")
    play.order = in_transaction(orders.save, command_, stock).id
    in_transaction(orders.send, play.order, shop.staff["manager"])
    draft = (OrderLine(_product(shop, "SALT1"), 20_000, 6_80),)
    in_transaction(orders.save, SaveOrder(uuid7(), play.tools, draft), stock)


def _deliver(shop: Shop, play: Play) -> None:
    """The soap comes whole, of the fish sauce half; the salt is still on its way."""
    came = (
        ReceiveLine(_product(shop, "SOAP1"), 60_000, 9_00, order_line_no=1),
        ReceiveLine(_product(shop, "FISH1"), 24_000, 19_50, order_line_no=2),
    )
    command = ReceiveGoods(
        uuid7(),
        play.wholesaler,
        came,
        order_id=play.order,
        prices="included",
        invoice_no="IV-0417",
        invoice_on=clock.today(),
        note="น้ำปลามาครึ่งเดียว",
    )
    play.delivery = in_transaction(receiving.receive, command, shop.staff["stock"]).id
    bags = (ReceiveLine(_product(shop, "SALT1"), 15_000, 6_80),)
    in_transaction(receiving.receive, ReceiveGoods(uuid7(), play.tools, bags), shop.staff["stock"])


def _send_back(shop: Shop, play: Play) -> None:
    broken = receipts.of(shop.centre.id, play.delivery).lines[1]
    command = ReturnGoods(
        uuid7(), play.delivery, (ReturnLine(broken.lot_id, 2_000),), "ขวดแตก", note_no="CN-0055"
    )
    in_transaction(supplier_returns.record, command, shop.staff["stock"])


def _pay(shop: Shop, play: Play) -> None:
    """Part of the wholesaler's bill, the credit used first; the small shop signs for its money."""
    accountant = shop.staff["accountant"]
    for producer_id, amount in ((play.wholesaler, 300_00), (play.tools, 102_00)):
        due = payables.of(shop.centre.id, [producer_id]).get(producer_id, ())
        left = sum(line.sign * line.left_satang for line in due)
        if left < amount:
            return  # the evening of a settlement paid it before
        pay = PayProducer(uuid7(), producer_id, "cash", "safe", oldest_first(due, amount))
        paid = in_transaction(payouts.pay, pay, accountant)
    # The number is one of those that check themselves but were never given out.
    signed = MakeVoucher(uuid7(), "payout", paid.id, "12 หมู่ 2 ต.ลำสินธุ์", national_id="1999900000013")
    in_transaction(vouchers.make, signed, accountant)


def _product(shop: Shop, code: str) -> UUID:
    return next(one.id for one in catalogue.shelf(shop.centre.id) if one.code == code)
