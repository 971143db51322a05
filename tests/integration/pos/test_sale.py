"""Sales on both databases: the rows, the books, the refusals, the repeats, the statements."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from accounting.rules.chart import Purpose
from accounting.services import ledger
from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.errors import Forbidden, NotFound
from core.ids import uuid7
from inventory.rules.intake import WholePieces
from inventory.services.stock import OutOfStock
from members.services import members
from members.services.members import NewMember
from pos.models import Payment, Sale, SaleLine
from pos.rules.pricing import DiscountTooLarge, NothingToSell
from pos.rules.tender import TenderShort
from pos.services import sale
from pos.services.sale import (
    PriceChanged,
    ProductNotForSale,
    RecordPayment,
    RecordSaleLine,
    SaleDiffers,
)
from pos.services.tills import ShiftClosed, UnknownDiscountReason
from tests.shop import Shop, shop_in


@pytest.fixture
def shop(centre: Centre) -> Shop:
    shop = shop_in(centre)
    shop.open()
    return shop


def books(shop: Shop, purpose: Purpose) -> int:
    return ledger.balance(shop.centre_id, purpose)


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the statements sent to the database inside the block."""
    sent: list[str] = []

    def note(_c: object, _k: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_own_goods_post_revenue_and_cost(shop: Shop) -> None:
    bananas = shop.product("กล้วย", 3000, by_weight=True)
    shop.buy(bananas, 30_000, 1200)
    receipt = shop.sell(RecordSaleLine(bananas, 1000, 3000))
    assert (receipt.receipt_no, receipt.due_satang, receipt.change_satang) == (
        f"T1-{receipt.business_date.year + 543}-00001",
        3000,
        97_000,
    )
    assert books(shop, Purpose.SALES) == -3000
    assert books(shop, Purpose.COST_OF_GOODS) == 1200
    assert books(shop, Purpose.INVENTORY) == 36_000 - 1200
    assert books(shop, Purpose.CASH_TILL) == 100_000 + 3000


def test_consigned_goods_post_the_producers_share_and_our_commission(shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 20_000)
    receipt = shop.sell(RecordSaleLine(honey, 1000, 10_000))
    assert receipt.producer_satang == 8000
    payable = ledger.sub_ledger(shop.centre_id, Purpose.CONSIGNMENT_PAYABLE, "producer")
    assert payable == {shop.producer_id: -8000}
    assert books(shop, Purpose.COMMISSION) == -2000
    assert books(shop, Purpose.INVENTORY) == 0


@pytest.mark.parametrize(
    ("bearer", "producer", "commission"),
    [("centre", 8000, 1000), ("producer", 7000, 2000), ("shared", 7200, 1800)],
)
def test_the_bearer_of_a_discount_is_the_reasons(
    shop: Shop, bearer: str, producer: int, commission: int
) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 20_000)
    shop.sell(RecordSaleLine(honey, 1000, 10_000, 1000, shop.reason(bearer)))
    assert books(shop, Purpose.CONSIGNMENT_PAYABLE) == -producer
    assert books(shop, Purpose.COMMISSION) == -commission
    assert books(shop, Purpose.CASH_TILL) == 100_000 + 9000


def test_a_discount_above_the_bearers_part_is_refused_and_nothing_is_written(shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 20_000)
    with pytest.raises(DiscountTooLarge) as refused:
        shop.sell(RecordSaleLine(honey, 1000, 10_000, 2500, shop.reason("centre")))
    assert refused.value.facts == {"largest_satang": 2000}
    assert db.session.scalar(select(func.count()).select_from(Sale)) == 0
    assert books(shop, Purpose.COMMISSION) == 0


def test_a_discount_needs_one_of_the_centres_reasons(shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 20_000)
    with pytest.raises(UnknownDiscountReason):
        shop.sell(RecordSaleLine(honey, 1000, 10_000, 100, uuid7()))


def test_a_mixed_basket_is_one_entry_with_two_tenders(shop: Shop) -> None:
    honey, bananas = shop.product("น้ำผึ้ง", 10_000), shop.product("กล้วย", 8900, by_weight=True)
    shop.consign(honey, 20_000)
    shop.buy(bananas, 30_000, 1200)
    receipt = shop.sell(
        RecordSaleLine(honey, 2000, 10_000),
        RecordSaleLine(bananas, 237, 8900),
        pay=(RecordPayment("promptpay", 20_000), RecordPayment("cash", 10_000)),
    )
    assert receipt.due_satang == 22_109
    assert len(ledger.entry_of(shop.centre_id, "sale", receipt.id)) == 1
    assert books(shop, Purpose.TRANSFERS_AWAITING) == 20_000
    assert books(shop, Purpose.CASH_TILL) == 100_000 + 2109


def test_cash_is_rounded_down_to_the_grid_and_booked(shop: Shop) -> None:
    shop = shop.under(cash_rounding_satang=25)
    bananas = shop.product("กล้วย", 8900, by_weight=True)
    shop.buy(bananas, 30_000, 1200)
    receipt = shop.sell(RecordSaleLine(bananas, 237, 8900))
    assert (receipt.total_satang, receipt.rounding_satang, receipt.due_satang) == (2109, -9, 2100)
    assert books(shop, Purpose.ROUNDING) == 9
    assert books(shop, Purpose.SALES) == -2109


def test_the_same_sale_again_is_the_same_receipt(shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 20_000)
    command = shop.command(RecordSaleLine(honey, 1000, 10_000))
    first, new = shop.record(command)
    again, new_again = shop.record(command)
    assert (new, new_again) == (True, False)
    assert replace(again, copies=0) == first
    assert db.session.scalar(select(func.count()).select_from(Sale)) == 1


def test_the_same_id_with_other_content_is_refused_by_name(shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 20_000)
    command = shop.command(RecordSaleLine(honey, 1000, 10_000))
    shop.record(command)
    with pytest.raises(SaleDiffers) as refused:
        shop.record(replace(command, lines=(RecordSaleLine(honey, 2000, 10_000),)))
    assert refused.value.facts == {"differs": ["lines"]}


def test_ten_senders_of_one_sale_make_one_sale(shop: Shop, app: Flask) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 20_000)
    command = shop.command(RecordSaleLine(honey, 1000, 10_000))
    answers: list[tuple[str, bool]] = []

    def send() -> None:
        with app.app_context():
            receipt, new = shop.record(command)
            answers.append((receipt.receipt_no, new))

    threads = [threading.Thread(target=send) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 10
    assert len({number for number, _ in answers}) == 1
    assert sum(new for _, new in answers) == 1


def test_a_short_tender_says_what_is_missing(shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 20_000)
    with pytest.raises(TenderShort) as refused:
        shop.sell(RecordSaleLine(honey, 1000, 10_000), pay=(RecordPayment("cash", 9000),))
    assert refused.value.facts["missing_satang"] == 1000


def test_a_changed_price_is_told_before_money_is_taken(shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 20_000)
    with pytest.raises(PriceChanged) as refused:
        shop.sell(RecordSaleLine(honey, 1000, 9500))
    assert refused.value.facts["price_satang"] == 10_000


def test_an_unknown_product_is_refused(shop: Shop) -> None:
    with pytest.raises(ProductNotForSale):
        shop.sell(RecordSaleLine(uuid7(), 1000, 9500))


def test_a_closed_shift_takes_no_sale(shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 20_000)
    shop.close((100_000, 1))
    with pytest.raises(ShiftClosed):
        shop.sell(RecordSaleLine(honey, 1000, 10_000))


def test_a_shift_of_another_centre_is_not_found(shop: Shop, other_centre: Centre) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 20_000)
    stranger = shop_in(other_centre)
    stranger.shift = shop.shift
    with pytest.raises(NotFound):
        stranger.sell(RecordSaleLine(honey, 1000, 10_000))


def test_an_auditor_changes_nothing(shop: Shop, auditor: Actor) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    with pytest.raises(Forbidden):
        in_transaction(sale.record, shop.command(RecordSaleLine(honey, 1000, 10_000)), auditor)


def test_more_than_the_shelf_holds_is_refused_or_flagged_by_policy(shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 2000)
    with pytest.raises(OutOfStock):
        shop.sell(RecordSaleLine(honey, 3000, 10_000))
    receipt = shop.under(oversell_policy="allow_and_flag").sell(RecordSaleLine(honey, 3000, 10_000))
    assert receipt.flags == ("oversold:1",)


@pytest.mark.parametrize("lines", [1, 3, 40])
def test_a_sale_is_at_most_twelve_statements(shop: Shop, manager: Actor, lines: int) -> None:
    basket = []
    for number in range(lines):
        product = shop.product(f"สินค้า {number}", 1000)
        (shop.consign if number % 2 else lambda p, q: shop.buy(p, q, 500))(product, 10_000)
        basket.append(RecordSaleLine(product, 1000, 1000, 100, shop.reason("centre")))
    member = in_transaction(members.create, NewMember(first_name="สมศรี"), manager)
    shop.sell(basket[0], member_id=member.id)  # what never changes is remembered from here on
    with counted() as sent:
        shop.sell(*basket, member_id=member.id)
    begin = [statement for statement in sent if statement.startswith("BEGIN")]
    assert len(sent) - len(begin) <= 12, "\n".join(sent)


def test_a_sale_keeps_what_it_was(shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 20_000)
    receipt = shop.sell(RecordSaleLine(honey, 1000, 10_000), pay=(RecordPayment("cash", 10_000),))
    line = db.session.scalars(select(SaleLine)).one()
    assert (line.name_th, line.net_satang, line.paid_satang) == ("น้ำผึ้ง", 10_000, 10_000)
    assert db.session.scalars(select(Payment.amount_satang)).one() == 10_000
    assert receipt.lines[0].refunded_milli == 0


def test_pieces_are_sold_whole(shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 20_000)
    with pytest.raises(WholePieces):
        shop.sell(RecordSaleLine(honey, 1500, 10_000))


def test_a_basket_given_away_whole_is_no_sale(shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 20_000)
    with pytest.raises(NothingToSell):
        shop.sell(RecordSaleLine(honey, 1000, 10_000, 10_000, shop.reason("shared")), pay=())
