"""Joint rounds for tests, made through the services people use."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from core import clock
from core.db import in_transaction
from core.ids import uuid7
from inventory.services.buying import orders as purchase_orders
from inventory.services.buying import receiving
from inventory.services.buying.receiving import ReceiveGoods, ReceiveLine
from inventory.services.joint_rounds import orders, reading, rounds
from inventory.services.joint_rounds.orders import SaveRoundOrder
from inventory.services.joint_rounds.reading import OrderDoc, RoundDoc
from inventory.services.joint_rounds.rounds import OrderRound, RoundItem, SaveRound
from members.services import members as member_register
from members.services.members import NewMember
from pos.services import handing_out
from pos.services.handing_out import HandOut
from pos.services.sale_rows import RecordPayment
from tests.shop import Shop


def member(shop: Shop, number: str, name: str) -> UUID:
    new = NewMember(first_name=name, member_no=number, joined_on=clock.today())
    return in_transaction(member_register.create, new, shop.actor).id


def opened(shop: Shop, *products: UUID, **said: object) -> RoundDoc:
    command = SaveRound(
        id=uuid7(),
        name="ปุ๋ยก่อนหน้าฝน",
        producer_id=shop.producer_id,
        closes_on=clock.today() + timedelta(days=7),
        items=tuple(RoundItem(product, 8_000) for product in products),
        **said,  # type: ignore[arg-type]
    )
    return in_transaction(rounds.save, command, shop.actor)


def ask(shop: Shop, found: RoundDoc, buyer: UUID, milli: int, item_no: int = 1) -> OrderDoc:
    command = SaveRoundOrder(uuid7(), found.id, ((item_no, milli),), member_id=buyer)
    return in_transaction(orders.save, command, shop.actor)


def bought(shop: Shop, found: RoundDoc, came: int, price: int = 8_000) -> RoundDoc:
    """Order the round, send the order, and receive so many pieces at a price."""
    done = in_transaction(rounds.order, OrderRound(found.id, uuid7()), shop.actor)
    assert done.purchase_order_id
    in_transaction(purchase_orders.send, done.purchase_order_id, shop.actor)
    if came:
        line = ReceiveLine(
            found.items[0].product_id,
            came,
            price,
            order_line_no=1,
            accept_over=True,
            accept_price=True,
        )
        goods = ReceiveGoods(uuid7(), shop.producer_id, (line,), order_id=done.purchase_order_id)
        in_transaction(receiving.receive, goods, shop.actor)
    return done


def take_home(shop: Shop, order: OrderDoc, **said: object) -> UUID:
    assert shop.shift is not None
    due = reading.order_of(shop.centre_id, order.id).due_satang
    command = HandOut(
        id=uuid7(),
        order_id=order.id,
        till_id=shop.till_id,
        shift_id=shop.shift.id,
        occurred_at=clock.now(),
        payments=(RecordPayment("cash", due),),
        **said,  # type: ignore[arg-type]
    )
    receipt = in_transaction(handing_out.record, command, shop.actor)
    assert receipt.total_satang == due
    return command.id
