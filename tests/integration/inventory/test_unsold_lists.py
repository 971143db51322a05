"""What does not sell is listed by its rule; losses are borne by it; disputed grades are held."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from accounting.rules.chart import Purpose
from accounting.services import ledger
from core import clock
from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.errors import ChangedMeanwhile, Forbidden
from core.ids import uuid7
from inventory.rules.unsold import Rule, Step, StepsUnsound
from inventory.services import goods_rules, holds, intake, lots, unsold, verify, waste
from inventory.services.goods_rules import RuleCard, SaveRule
from inventory.services.holds import (
    EventDiffers,
    LotEventDoc,
    NotHeld,
    NothingToHold,
    RecordLotEvent,
    WitnessNeeded,
)
from inventory.services.intake import RecordIntake, RecordIntakeLine
from inventory.services.lots import LotDoc
from inventory.services.stock import OutOfStock
from inventory.services.waste import (
    NoWeightToLose,
    OverrideNeedsReason,
    PastWeightLoss,
    RecordWaste,
    WasteDoc,
)
from pos.services.sale import RecordSaleLine
from tests.shop import Shop, shop_in

RULE = Rule(
    centre_bears_days=2,
    consignment_days=30,
    near_expiry_days=3,
    weight_loss_basis_points=500,
    markdown_steps=(Step(2000, after_days=10), Step(5000, days_before_expiry=1)),
)


@pytest.fixture
def shop(centre: Centre) -> Shop:
    shop = shop_in(centre)
    in_transaction(goods_rules.save, SaveRule("", RULE), shop.actor)
    return shop


@contextmanager
def later(days: int) -> Iterator[None]:
    moment = clock.now() + timedelta(days)
    with clock.travel(lambda: moment):
        yield


def take_in(shop: Shop, product_id: UUID, milli: int, kind: str, **line: Any) -> LotDoc:
    command = RecordIntake(
        id=uuid7(),
        producer_id=shop.producer_id,
        kind=kind,
        lines=(RecordIntakeLine(product_id=product_id, gross_milli=milli, **line),),
    )
    document = in_transaction(intake.record, command, shop.actor)
    return lot_now(shop, document.lines[0].lot_id)


def lot_now(shop: Shop, lot_id: UUID) -> LotDoc:
    found = lots.get(lot_id, shop.actor)
    db.session.rollback()
    return found


def consigned(shop: Shop, milli: int = 10_000, **line: Any) -> LotDoc:
    product = shop.product("กล้วยหอม", 40_00, by_weight=True)
    return take_in(shop, product, milli, "consignment", split_basis_points=8000, **line)


def write_off(shop: Shop, lot_id: UUID, milli: int, bearer: str, **rest: Any) -> WasteDoc:
    command = RecordWaste(uuid7(), lot_id, milli, "เน่า", bearer, **rest)
    return in_transaction(waste.record, command, shop.actor)


def event(shop: Shop, lot_id: UUID, kind: str, **rest: Any) -> LotEventDoc:
    command = RecordLotEvent(
        rest.pop("id", uuid7()), lot_id, kind, rest.pop("reason", "เกรดไม่ตรงกับใบรับ"), **rest
    )
    return in_transaction(holds.record, command, shop.actor)


def wrong(shop: Shop) -> list[str]:
    found = [finding.check for finding in verify.checks(shop.centre_id) if not finding.ok]
    db.session.rollback()
    return found


def stages(shop: Shop) -> dict[str, str]:
    found = unsold.listing(shop.actor)
    db.session.rollback()
    return {row.lot_no: row.standing.stage for row in found}


# --- rules and lists -------------------------------------------------------------------------


def test_a_rule_is_changed_by_who_saw_it_and_leaves_a_trail(
    shop: Shop, stock_keeper: Actor
) -> None:
    changed = SaveRule("", Rule(centre_bears_days=5), version=1)
    assert in_transaction(goods_rules.save, changed, shop.actor).version == 2
    assert in_transaction(goods_rules.save, changed, shop.actor).version == 2
    with pytest.raises(ChangedMeanwhile):
        in_transaction(goods_rules.save, SaveRule("", RULE, version=1), shop.actor)
    bad = Rule(markdown_steps=(Step(1000),))
    with pytest.raises(StepsUnsound):
        in_transaction(goods_rules.save, SaveRule("", bad, version=2), shop.actor)
    with pytest.raises(Forbidden):
        in_transaction(goods_rules.save, SaveRule("", RULE, version=2), stock_keeper)
    assert goods_rules.listing(shop.actor) == [RuleCard("", Rule(centre_bears_days=5), 2)]


def test_a_category_without_a_rule_of_its_own_follows_that_for_all_others(shop: Shop) -> None:
    own = Rule(consignment_days=7)
    in_transaction(goods_rules.save, SaveRule("ผลไม้", own), shop.actor)
    assert goods_rules.rule_for(shop.centre_id, "ผลไม้") == own
    assert goods_rules.rule_for(shop.centre_id, "ผัก") == RULE


def test_lots_are_listed_by_what_the_rule_says_today(shop: Shop) -> None:
    today = clock.today()
    fresh = consigned(shop).card
    soon = consigned(shop, expires_on=today + timedelta(2)).card
    gone = consigned(shop, expires_on=today - timedelta(1)).card
    assert stages(shop) == {gone.lot_no: "expired", soon.lot_no: "near_expiry"}
    with later(10):
        assert stages(shop)[fresh.lot_no] == "markdown_due"
        [due] = [row for row in unsold.due_markdowns(shop.actor) if row.lot_no == fresh.lot_no]
        assert due.standing.step == RULE.markdown_steps[0]
        assert (due.standing.age_days, due.standing.term_days) == (10, 20)
    with later(31):
        assert stages(shop)[fresh.lot_no] == "term_over"


def test_a_listed_lot_shows_the_producers_part_or_our_cost(shop: Shop) -> None:
    day = clock.today()
    banana = consigned(shop, expires_on=day).card
    product = shop.product("ข้าวหอม", 60_00)
    rice = take_in(shop, product, 4_000, "outright", unit_cost_satang=40_00, expires_on=day).card
    found = {row.lot_no: row for row in unsold.listing(shop.actor, "near_expiry")}
    assert found[banana.lot_no].value_satang == 320_00
    assert found[rice.lot_no].value_satang == 160_00
    assert found[banana.lot_no].producer_name == "ป้าแดง"


def test_what_was_sold_is_not_listed(shop: Shop) -> None:
    lot = consigned(shop, expires_on=clock.today()).card
    shop.open()
    shop.sell(RecordSaleLine(lot.product_id, 10_000, 40_00))
    assert stages(shop) == {}


# --- who bears a loss ------------------------------------------------------------------------


def test_the_rule_says_who_bears_a_loss(shop: Shop) -> None:
    lot = consigned(shop).card
    document = write_off(shop, lot.id, 1_000, "centre")
    assert (document.rule_bearer, document.charge_satang) == ("centre", 32_00)
    with later(3):
        document = write_off(shop, lot.id, 1_000, "producer")
        assert (document.rule_bearer, document.charge_satang) == ("producer", 0)
    assert not wrong(shop)


def test_another_bearer_than_the_rules_needs_a_reason(shop: Shop) -> None:
    lot = consigned(shop).card
    with pytest.raises(OverrideNeedsReason):
        write_off(shop, lot.id, 1_000, "producer")
    document = write_off(shop, lot.id, 1_000, "producer", override_reason="มาถึงก็ช้ำแล้ว")
    assert (document.bearer, document.rule_bearer) == ("producer", "centre")
    assert document.override_reason == "มาถึงก็ช้ำแล้ว"
    assert lot_now(shop, lot.id).card.on_hand_milli == 9_000


def test_fresh_weight_loss_of_consigned_goods_is_nobodys_debt(shop: Shop) -> None:
    lot = consigned(shop).card
    document = write_off(shop, lot.id, 300, "centre", kind="weight_loss")
    assert (document.kind, document.charge_satang) == ("weight_loss", 0)
    assert ledger.entry_of(shop.centre_id, "waste", document.id) == []
    assert not wrong(shop)


def test_fresh_weight_loss_of_our_own_goods_is_a_cost(shop: Shop) -> None:
    product = shop.product("ผักกาด", 30_00, by_weight=True)
    lot = take_in(shop, product, 10_000, "outright", unit_cost_satang=20_00).card
    document = write_off(shop, lot.id, 500, "centre", kind="weight_loss")
    assert document.charge_satang == 10_00
    assert ledger.balance(shop.centre_id, Purpose.WASTE) == 10_00
    db.session.rollback()
    assert not wrong(shop)


def test_more_than_the_rules_part_is_no_weight_loss(shop: Shop) -> None:
    lot = consigned(shop).card
    write_off(shop, lot.id, 300, "centre", kind="weight_loss")
    with pytest.raises(PastWeightLoss) as refusal:
        write_off(shop, lot.id, 201, "centre", kind="weight_loss")
    assert refusal.value.facts["allowed_milli"] == 200
    write_off(shop, lot.id, 200, "centre", kind="weight_loss")


def test_pieces_lose_no_weight(shop: Shop) -> None:
    product = shop.product("น้ำผึ้ง", 100_00)
    lot = take_in(shop, product, 10_000, "consignment", split_basis_points=8000).card
    with pytest.raises(NoWeightToLose):
        write_off(shop, lot.id, 1_000, "centre", kind="weight_loss")


# --- a disputed grade ------------------------------------------------------------------------


def test_a_held_lot_is_not_sold_and_comes_back_released(shop: Shop) -> None:
    lot = consigned(shop, grade="A").card
    shop.open()
    shop.sell(RecordSaleLine(lot.product_id, 4_000, 40_00))
    held = event(shop, lot.id, "held")
    assert (held.event_no, held.quantity_milli, held.grade_after) == (1, 6_000, "A")
    with pytest.raises(OutOfStock):
        shop.sell(RecordSaleLine(lot.product_id, 1_000, 40_00))
    assert lot_now(shop, lot.id).card.on_hand_milli == 6_000
    [row] = holds.listing(shop.actor)
    assert (row.lot_no, row.held_milli, row.last) == (lot.lot_no, 6_000, held)
    graded = event(shop, lot.id, "regraded", grade="B", witness="ป้าแดง")
    assert (graded.grade_before, graded.grade_after, graded.witness) == ("A", "B", "ป้าแดง")
    released = event(shop, lot.id, "released")
    assert (released.event_no, released.quantity_milli, released.grade_after) == (3, 6_000, "B")
    shop.sell(RecordSaleLine(lot.product_id, 6_000, 40_00))
    assert holds.listing(shop.actor) == []
    assert lot_now(shop, lot.id).card.grade == "A", "the lot's own row never changes"
    assert holds.grade_of(shop.centre_id, lot.id, "A") == "B"
    db.session.rollback()
    assert not wrong(shop)


def test_our_own_goods_keep_their_value_while_they_are_held(shop: Shop) -> None:
    product = shop.product("ข้าวหอม", 60_00)
    lot = take_in(shop, product, 10_000, "outright", unit_cost_satang=40_00).card
    for _ in range(2):
        event(shop, lot.id, "held")
        assert not wrong(shop)
        event(shop, lot.id, "released")
    assert lot_now(shop, lot.id).card.value_satang == 400_00
    assert not wrong(shop)


def test_what_was_sold_out_cannot_be_held(shop: Shop) -> None:
    lot = consigned(shop).card
    shop.open()
    shop.sell(RecordSaleLine(lot.product_id, 10_000, 40_00))
    with pytest.raises(NothingToHold):
        event(shop, lot.id, "held")


def test_only_a_held_lot_is_graded_anew_or_released_and_not_alone(shop: Shop) -> None:
    lot = consigned(shop, grade="A").card
    for kind in ("regraded", "released"):
        with pytest.raises(NotHeld):
            event(shop, lot.id, kind, grade="B", witness="ป้าแดง")
    event(shop, lot.id, "held")
    with pytest.raises(WitnessNeeded):
        event(shop, lot.id, "regraded", grade="B")


def test_the_same_event_again_is_one_event(shop: Shop) -> None:
    lot = consigned(shop).card
    first = event(shop, lot.id, "held")
    assert event(shop, lot.id, "held", id=first.id) == first
    with pytest.raises(EventDiffers):
        event(shop, lot.id, "released", id=first.id)
    assert len(holds.of_lot(shop.centre_id, lot.id)) == 1


def test_held_goods_can_be_written_off_where_they_lie(shop: Shop) -> None:
    lot = consigned(shop).card
    event(shop, lot.id, "held")
    document = write_off(shop, lot.id, 10_000, "centre")
    assert document.charge_satang == 320_00
    assert holds.listing(shop.actor) == []
    assert not wrong(shop)


def test_a_lot_named_for_a_day_long_past_is_expired(shop: Shop) -> None:
    lot = consigned(shop, expires_on=date(2026, 1, 1)).card
    [row] = unsold.listing(shop.actor, "expired")
    assert row.lot_no == lot.lot_no and row.standing.expiry_days is not None
    assert row.standing.expiry_days < 0


def test_what_is_held_is_not_marked_down(shop: Shop) -> None:
    lot = consigned(shop, expires_on=clock.today()).card
    assert len(unsold.due_markdowns(shop.actor)) == 1
    db.session.rollback()
    event(shop, lot.id, "held")
    assert unsold.due_markdowns(shop.actor) == []
    assert stages(shop)[lot.lot_no] == "near_expiry", "it is still listed"
