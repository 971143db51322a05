"""What a producer was paid in a year: every way of paying, each once, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest

from core import clock
from core.actor import Actor, Centre
from core.db import in_transaction
from core.errors import Forbidden, NotFound
from core.ids import uuid7
from inventory.rules.payouts import PaidLine
from inventory.services import advances, cancellation, income_certificate, intake, payouts
from inventory.services.advances import GiveAdvance
from inventory.services.cancellation import CancelIntake
from inventory.services.income_certificate import YearAhead
from inventory.services.intake import RecordIntake, RecordIntakeLine
from inventory.services.payouts import PayProducer
from inventory.services.settlement import posting, preparing, statements
from inventory.services.settlement.preparing import PrepareSettlement
from members.services import producers
from members.services.producers import NewProducer
from pos.services.sale import RecordSaleLine
from tests.shop import Shop, shop_in

NOW = datetime(2026, 11, 19, 2, 0, tzinfo=UTC)


class Time:
    now = NOW


@pytest.fixture
def time() -> Iterator[Time]:
    moving = Time()
    with clock.travel(lambda: moving.now):
        yield moving


@pytest.fixture
def shop(centre: Centre, time: Time) -> Shop:
    shop = shop_in(centre)
    shop.open(10_000_00)
    return shop


def pay(shop: Shop, *lines: PaidLine) -> None:
    money = sum(line.signed_satang for line in lines)
    command = PayProducer(
        uuid7(),
        shop.producer_id,
        "cash" if money else "offset",
        "safe" if money else "nothing",
        lines,
    )
    in_transaction(payouts.pay, command, shop.actor)


def settle(shop: Shop, accountant: Actor, manager: Actor) -> statements.StatementCard:
    command = PrepareSettlement(uuid7(), clock.today(), (shop.producer_id,))
    run_id = in_transaction(preparing.prepare, command, accountant)
    in_transaction(posting.approve, run_id, manager)
    in_transaction(posting.post, run_id, manager)
    [card] = statements.of_run(run_id, manager)
    return card


def buy_in_cash(shop: Shop, product_id: UUID, milli: int, unit_cost: int) -> UUID:
    assert shop.shift is not None
    command = RecordIntake(
        id=uuid7(),
        producer_id=shop.producer_id,
        kind="outright",
        lines=(RecordIntakeLine(product_id, gross_milli=milli, unit_cost_satang=unit_cost),),
        paid="cash",
        shift_id=shop.shift.id,
    )
    return in_transaction(intake.record, command, shop.actor).id


def test_every_way_of_paying_counts_once(shop: Shop, accountant: Actor, manager: Actor) -> None:
    honey, bananas = shop.product("น้ำผึ้ง", 100_00), shop.product("กล้วย", 20_00)
    shop.consign(honey, 10_000)
    advance = GiveAdvance(uuid7(), shop.producer_id, "money", "safe", amount_satang=100_00)
    in_transaction(advances.give, advance, accountant)
    shop.sell(RecordSaleLine(honey, 5_000, 100_00))
    statement = settle(shop, accountant, manager)
    assert (statement.netted_satang, statement.payout_satang) == (100_00, 300_00)
    receipt_id = shop.buy(bananas, 30_000, 12_00)
    pay(
        shop,
        PaidLine("settlement", statement.id, 300_00),
        PaidLine("outright", receipt_id, 360_00),
    )
    buy_in_cash(shop, bananas, 5_000, 10_00)
    taken_back = buy_in_cash(shop, bananas, 1_000, 10_00)
    cancel = CancelIntake(taken_back, "ชั่งผิด", shop.shift.id if shop.shift else None)
    in_transaction(cancellation.cancel, cancel, shop.actor)

    found = income_certificate.of(shop.actor, 2026, shop.producer_id)
    assert found.consignment_satang == 400_00  # all that was earned, advance or not
    assert found.outright_satang == 360_00 + 50_00
    assert (found.refund_satang, found.share_satang) == (0, 0)
    assert found.total_satang == 810_00
    assert not found.over
    assert [row.goods_satang for row in found.rows if row.source_type == "payout"] == [660_00]


def test_what_is_owed_but_not_paid_is_no_income_and_each_year_is_its_own(
    shop: Shop, time: Time
) -> None:
    bananas = shop.product("กล้วย", 20_00)
    receipt_id = shop.buy(bananas, 30_000, 12_00)
    assert income_certificate.of(shop.actor, 2026, shop.producer_id).total_satang == 0
    time.now = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)  # 1 January in Bangkok
    pay(shop, PaidLine("outright", receipt_id, 360_00))
    last_year = income_certificate.of(shop.actor, 2026, shop.producer_id)
    assert last_year.over and last_year.total_satang == 0
    assert income_certificate.of(shop.actor, 2027, shop.producer_id).total_satang == 360_00


def test_another_producers_money_is_not_in_it(shop: Shop) -> None:
    bananas = shop.product("กล้วย", 20_00)
    buy_in_cash(shop, bananas, 5_000, 10_00)
    other = in_transaction(producers.create, NewProducer(name="ลุงดำ"), shop.actor)
    assert income_certificate.of(shop.actor, 2026, other.id).rows == ()


def test_a_producer_reads_own_rows_only_and_no_year_to_come(shop: Shop, centre: Centre) -> None:
    own = Actor(centre=centre, roles=frozenset({"producer"}), producer_id=shop.producer_id)
    assert income_certificate.of(own, 2026).producer.id == shop.producer_id
    other = in_transaction(producers.create, NewProducer(name="ลุงดำ"), shop.actor)
    with pytest.raises(Forbidden):
        income_certificate.of(own, 2026, other.id)
    with pytest.raises(NotFound):
        income_certificate.of(shop.actor, 2026, uuid7())
    for year in (2027, 1999):
        with pytest.raises(YearAhead):
            income_certificate.of(own, year)
