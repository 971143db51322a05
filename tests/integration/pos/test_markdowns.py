"""What the schedule of a category asks for becomes a promotion, and sells first what is due."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from core import clock
from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.errors import Forbidden
from core.ids import uuid7
from core.paging import Window
from inventory.rules.unsold import Rule, Step
from inventory.services import goods_rules, intake
from inventory.services.goods_rules import SaveRule
from inventory.services.intake import RecordIntake, RecordIntakeLine
from pos.services import markdowns, promotions
from pos.services.markdowns import AcceptMarkdown, DueMarkdown, NotDue
from pos.services.promotions import PromotionDiffers, PromotionDoc, WrongDays
from pos.services.sale import RecordSaleLine
from tests.shop import Shop, shop_in

SCHEDULE = (Step(2000, days_before_expiry=2), Step(5000, days_before_expiry=0))


@pytest.fixture
def shop(centre: Centre) -> Shop:
    shop = shop_in(centre)
    in_transaction(goods_rules.save, SaveRule("", Rule(markdown_steps=SCHEDULE)), shop.actor)
    return shop


@pytest.fixture
def product_id(shop: Shop) -> UUID:
    return shop.product("ขนมกล้วย", 40_00)


def consign(shop: Shop, product_id: UUID, days: int) -> UUID:
    """Take ten in that expire in so many days; return the lot."""
    expires = clock.today() + timedelta(days)
    line = RecordIntakeLine(product_id, 10_000, split_basis_points=8000, expires_on=expires)
    command = RecordIntake(uuid7(), shop.producer_id, "consignment", (line,))
    return in_transaction(intake.record, command, shop.actor).lines[0].lot_id


def due(shop: Shop) -> list[DueMarkdown]:
    found = markdowns.due(shop.actor)
    db.session.rollback()
    return found


def accept(shop: Shop, lot_id: UUID, until: date, **rest: object) -> PromotionDoc:
    command = AcceptMarkdown(
        rest.pop("id", uuid7()),  # type: ignore[arg-type]
        lot_id,
        shop.reason("centre"),
        until,
    )
    return in_transaction(markdowns.accept, command, rest.pop("actor", shop.actor))  # type: ignore[arg-type]


def test_what_is_due_becomes_a_promotion_until_its_last_day(shop: Shop, product_id: UUID) -> None:
    lot_id = consign(shop, product_id, 1)
    consign(shop, product_id, 30)
    [one] = due(shop)
    assert (one.row.lot_id, one.percent_basis_points, one.price_satang) == (lot_id, 2000, 32_00)
    assert one.running_id is None
    last = clock.today() + timedelta(1)
    made = accept(shop, lot_id, last)
    assert (made.kind, made.value, made.product_id) == ("percent", 2000, product_id)
    assert (made.state, made.valid_until, made.reason.bearer) == ("running", last, "centre")
    assert made.name_th == "ลด 20% ขนมกล้วย"
    assert due(shop)[0].running_id == made.id


def test_the_next_step_asks_again(shop: Shop, product_id: UUID) -> None:
    lot_id = consign(shop, product_id, 1)
    accept(shop, lot_id, clock.today() + timedelta(1))
    tomorrow = clock.now() + timedelta(1)
    with clock.travel(lambda: tomorrow):
        [one] = due(shop)
        assert (one.percent_basis_points, one.running_id) == (5000, None)


def test_the_same_markdown_again_makes_one_promotion(shop: Shop, product_id: UUID) -> None:
    lot_id = consign(shop, product_id, 0)
    made = accept(shop, lot_id, clock.today())
    assert accept(shop, lot_id, clock.today(), id=made.id) == made
    other = consign(shop, shop.product("ขนมตาล", 20_00), 0)
    with pytest.raises(PromotionDiffers):
        accept(shop, other, clock.today(), id=made.id)
    assert made.value == 5000


def test_nothing_is_sold_cheaper_past_its_day_or_when_it_is_gone(
    shop: Shop, product_id: UUID
) -> None:
    lot_id = consign(shop, product_id, 1)
    with pytest.raises(WrongDays):
        accept(shop, lot_id, clock.today() + timedelta(2))
    shop.open()
    shop.sell(RecordSaleLine(product_id, 10_000, 40_00))
    with pytest.raises(NotDue):
        accept(shop, lot_id, clock.today())
    assert due(shop) == []


def test_the_store_sees_what_is_due_and_the_manager_decides(
    shop: Shop, product_id: UUID, stock_keeper: Actor, cashier: Actor
) -> None:
    lot_id = consign(shop, product_id, 1)
    assert len(markdowns.due(stock_keeper)) == 1
    with pytest.raises(Forbidden):
        markdowns.due(cashier)
    db.session.rollback()
    with pytest.raises(Forbidden):
        accept(shop, lot_id, clock.today(), actor=stock_keeper)
    assert promotions.listing(shop.actor, Window()).items == ()
