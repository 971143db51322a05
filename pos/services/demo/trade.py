"""A day at the demo centre: deliveries, sales, a refund, a spoilt crate, a count that is short."""

from __future__ import annotations

import random
from datetime import time, timedelta
from uuid import UUID

from accounting.rules.chart import Purpose
from accounting.services import ledger
from core import clock
from core.db import in_transaction
from core.ids import uuid7
from core.paging import LIMIT_MAX, Window
from core.quantity import price_of
from inventory.services import catalogue, intake, locations, lots, waste
from inventory.services.intake import RecordIntake, RecordIntakeLine
from inventory.services.waste import RecordWaste
from pos.rules.pricing import BasketLine, price_basket
from pos.rules.shift import DENOMINATIONS
from pos.services import refund, sale, shift
from pos.services.demo import words
from pos.services.demo.shop import Goods, Shop, Watch
from pos.services.receipts import Receipt
from pos.services.refund import RecordRefund, RecordRefundLine
from pos.services.sale import RecordPayment, RecordSale, RecordSaleLine
from pos.services.shift import CloseShift, MoveCash, OpenShift

FLOAT = 100_000
GRID = 25
KEPT = 350
"""A customer comes back with what was bought so many receipts ago: some two weeks."""


def play_day(shop: Shop, watch: Watch, dice: random.Random) -> None:
    """Play one day from the first delivery to the count."""
    cashier = shop.staff[dice.choice(("cashier", "cashier2"))]
    opened = in_transaction(shift.open_shift, OpenShift(uuid7(), shop.till_id, FLOAT), cashier)
    on_hand = _take_in(shop, watch, dice, opened.id)
    _write_off(shop, on_hand, watch, dice)
    watch.until(time(8, 30))
    receipts: list[Receipt] = []
    for _ in range(dice.randrange(18, 34)):
        watch.pass_by(dice.randrange(180, 1600))
        sold = _sell(shop, opened.id, on_hand, dice)
        if sold is not None:
            receipts.append(sold)
        if receipts and dice.random() < 0.03:
            watch.pass_by(240)
            _give_back(shop, opened.id, dice.choice(receipts), on_hand, dice)
    if len(shop.past) > KEPT and dice.random() < 0.2:
        # Long after it was settled and paid: what the producer got for it is owed back.
        _give_back(shop, opened.id, shop.past[-KEPT], on_hand, dice)
    shop.past.extend(receipts)
    watch.until(time(17, 10))
    if dice.random() < 0.35:
        reason, amount = dice.choice(words.PAID_OUT)
        in_transaction(
            shift.move_cash, MoveCash(uuid7(), opened.id, "pay_out", amount, reason), cashier
        )
    _close(shop, opened.id, dice)


def _take_in(shop: Shop, watch: Watch, dice: random.Random, shift_id: UUID) -> dict[UUID, int]:
    """Take in what has run low; return what lies on the shelf: product → thousandths."""
    keeper = shop.staff["stock"]
    here = locations.shop(shop.centre.id).id
    shelf = {card.id: card.on_hand_milli for card in catalogue.shelf(shop.centre.id, here)}
    for goods in shop.goods:
        fresh = goods.shelf_days is not None and goods.shelf_days <= 10
        if shelf.get(goods.id, 0) > goods.batch_milli // (2 if fresh else 4):
            continue
        watch.pass_by(dice.randrange(30, 120))
        quantity = goods.batch_milli * dice.randrange(80, 121) // 100
        quantity -= 0 if goods.by_weight else quantity % 1000
        cash = (
            not goods.consigned
            and fresh
            and dice.random() < 0.2
            and (quantity * goods.unit_cost_satang // 1000 < FLOAT // 2)
        )
        in_transaction(
            intake.record,
            RecordIntake(
                id=uuid7(),
                producer_id=goods.producer_id,
                kind="consignment" if goods.consigned else "outright",
                paid="cash" if cash else "payable",
                shift_id=shift_id if cash else None,
                lines=(_delivery(goods, quantity, dice),),
            ),
            keeper,
        )
        shelf[goods.id] = shelf.get(goods.id, 0) + quantity
    return shelf


def _delivery(goods: Goods, quantity: int, dice: random.Random) -> RecordIntakeLine:
    tare = 500 if goods.by_weight else 0
    return RecordIntakeLine(
        product_id=goods.id,
        gross_milli=quantity + tare,
        tare_milli=tare,
        grade=dice.choice(("A", "A", "B")) if goods.by_weight else "",
        unit_cost_satang=goods.unit_cost_satang,
        expires_on=clock.today() + timedelta(days=goods.shelf_days) if goods.shelf_days else None,
    )


def _sell(
    shop: Shop, shift_id: UUID, on_hand: dict[UUID, int], dice: random.Random
) -> Receipt | None:
    wanted = dice.choices(
        shop.goods, [goods.popularity for goods in shop.goods], k=dice.randrange(1, 5)
    )
    member_id = dice.choice(shop.members) if dice.random() < 0.45 else None
    lines: dict[UUID, RecordSaleLine] = {}
    for goods in wanted:
        asked = dice.randrange(150, 3000) if goods.by_weight else dice.randrange(1, 4) * 1000
        quantity = min(asked, on_hand.get(goods.id, 0))
        if quantity <= 0 or goods.id in lines:
            continue
        lines[goods.id] = _line(shop, goods, quantity, member_id)
    if not lines:
        return None
    cashier = shop.staff["cashier"]
    discounted = dice.random() < 0.06
    priced = price_basket(
        [
            BasketLine(line.quantity_milli, line.unit_price_satang, line.discount_satang)
            for line in lines.values()
        ]
    )
    total = sum(line.net_satang for line in priced)
    off = total * 5 // 100 // 100 * 100 if discounted else 0
    receipt, _ = in_transaction(
        sale.record,
        RecordSale(
            id=uuid7(),
            till_id=shop.till_id,
            shift_id=shift_id,
            occurred_at=clock.now(),
            lines=tuple(lines.values()),
            payments=_payments(total - off, dice),
            member_id=member_id,
            discount_satang=off,
            discount_reason_id=dice.choice(shop.reasons) if off else None,
        ),
        cashier,
    )
    for line in lines.values():
        on_hand[line.product_id] -= line.quantity_milli
    return receipt


def _line(shop: Shop, goods: Goods, quantity: int, member_id: UUID | None) -> RecordSaleLine:
    """Return a line as the counter sends it, with the best promotion this customer may have."""
    price = goods.price_satang
    for offer in shop.offers.get(goods.id, ()):
        if member_id is not None or not offer.members_only:
            off = price_of(quantity, offer.off_satang)
            return RecordSaleLine(
                goods.id, quantity, price, discount_satang=off, promotion_id=offer.id
            )
    return RecordSaleLine(goods.id, quantity, price)


def _payments(due: int, dice: random.Random) -> tuple[RecordPayment, ...]:
    way = dice.random()
    if way < 0.22:
        return (RecordPayment("promptpay", due, f"PP{dice.randrange(10**8):08d}"),)
    if way < 0.28 and due > 10_000:
        part = due // 2 // 100 * 100
        return (
            RecordPayment("transfer", part, f"TR{dice.randrange(10**8):08d}"),
            RecordPayment("cash", due - part - (due - part) % GRID),
        )
    cash = due - due % GRID
    if not cash:
        return (RecordPayment("promptpay", due),)
    note = next((note for note in (10_000, 50_000, 100_000) if note >= cash), cash)
    return (RecordPayment("cash", note if dice.random() < 0.6 else cash),)


def _give_back(
    shop: Shop, shift_id: UUID, receipt: Receipt, on_hand: dict[UUID, int], dice: random.Random
) -> None:
    line = dice.choice(receipt.lines)
    left = line.quantity_milli - sum(
        back.quantity_milli
        for refund_id, _, _ in _refunds_of(receipt, shop)
        for back in refund.get(refund_id, shop.staff["manager"]).lines
        if back.line_no == line.line_no
    )
    quantity = 1000 if line.quantity_milli % 1000 == 0 else line.quantity_milli
    if quantity > left or not line.paid_satang:
        return
    in_transaction(
        refund.record,
        RecordRefund(
            id=uuid7(),
            sale_id=receipt.id,
            till_id=shop.till_id,
            shift_id=shift_id,
            reason=dice.choice(words.REFUND_REASONS),
            method="cash",
            lines=(RecordRefundLine(line.line_no, quantity),),
        ),
        shop.staff["cashier"],
    )
    on_hand[line.product_id] = on_hand.get(line.product_id, 0) + quantity


def _refunds_of(receipt: Receipt, shop: Shop) -> tuple[tuple[UUID, str, int], ...]:
    from pos.services import receipts

    return receipts.get(receipt.id, shop.staff["manager"]).refunds


def _write_off(shop: Shop, on_hand: dict[UUID, int], watch: Watch, dice: random.Random) -> None:
    """Write off what passed its day; now and then a consigned lot is the producer's loss."""
    on_shelf = lots.listing(shop.staff["stock"], Window(limit=LIMIT_MAX)).items
    past = [lot for lot in on_shelf if lot.expires_on and lot.expires_on <= clock.today()]
    for lot in past:
        watch.pass_by(60)
        in_transaction(
            waste.record,
            RecordWaste(
                id=uuid7(),
                lot_id=lot.id,
                quantity_milli=lot.on_hand_milli,
                reason=dice.choice(words.WASTE_REASONS),
                bearer="producer"
                if lot.ownership == "consigned" and dice.random() < 0.5
                else "centre",
            ),
            shop.staff["stock"],
        )
        on_hand[lot.product_id] = on_hand.get(lot.product_id, 0) - lot.on_hand_milli


def _close(shop: Shop, shift_id: UUID, dice: random.Random) -> None:
    """Hand in all but the float, then count; some days the drawer is over or short."""
    cashier = shop.staff["cashier"]
    held = ledger.balance(shop.centre.id, Purpose.CASH_TILL, till_id=shop.till_id)
    spare = (held - FLOAT) // 10_000 * 10_000
    if spare > 0:
        in_transaction(
            shift.move_cash,
            MoveCash(uuid7(), shift_id, "pay_out", spare, "นำส่งเงินเข้าตู้เซฟ", "safe"),
            cashier,
        )
        held -= spare
    slip = dice.choices((0, -2000, -500, 500, 1000), (80, 6, 6, 5, 3))[0]
    in_transaction(shift.close_shift, CloseShift(shift_id, _counted(held + slip)), cashier)


def _counted(amount: int) -> tuple[tuple[int, int], ...]:
    counts = []
    for denomination in DENOMINATIONS:
        pieces, amount = divmod(amount, denomination)
        if pieces:
            counts.append((denomination, pieces))
    return tuple(counts)
