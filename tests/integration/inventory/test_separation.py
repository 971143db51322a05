"""Who set a price, proposed the terms or is the producer does not approve what is paid for it."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import insert

from core import clock
from core.actor import Actor
from core.db import db, in_transaction
from core.ids import uuid7
from core.paging import Window
from inventory.models import PriceChange
from inventory.services.catalogue import tiers
from inventory.services.catalogue.tiers import SaveTier, TierFacts
from inventory.services.separation import OwnPayout, PricedIt
from inventory.services.settlement import posting, preparing
from inventory.services.settlement.preparing import PrepareSettlement
from members.services import duties, grants
from pos.services import promotions
from pos.services.promotions import NewPromotion
from pos.services.sale import RecordSaleLine
from tests.shop import Shop, shop_in
from tests.waiving import waive


@pytest.fixture
def shop(system: Actor) -> Shop:
    shop = shop_in(system.centre)
    shop.open()
    return shop


def sold(shop: Shop) -> UUID:
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 10_000)
    shop.sell(RecordSaleLine(honey, 1000, 10_000))
    return honey


def priced_by(actor: Actor, product_id: UUID, before: int | None = 9_000) -> None:
    in_transaction(
        lambda: db.session.execute(
            insert(PriceChange).values(
                centre_id=actor.centre_id,
                id=uuid7(),
                product_id=product_id,
                label="ขวด",
                before_satang=before,
                after_satang=10_000,
                at=clock.now(),
                changed_by=actor.user_id,
                by_name=actor.name,
                source="page",
            )
        )
    )


def prepared(actor: Actor) -> PrepareSettlement:
    command = PrepareSettlement(uuid7(), clock.today())
    in_transaction(preparing.prepare, command, actor)
    return command


def test_who_changed_a_price_cannot_approve_the_payout_without_a_waiver(
    shop: Shop, manager: Actor, accountant: Actor
) -> None:
    priced_by(manager, sold(shop))
    run = prepared(accountant)
    with pytest.raises(PricedIt):
        in_transaction(posting.approve, run.id, manager)
    waive(manager, "settlement")
    with pytest.raises(PricedIt):
        in_transaction(posting.approve, run.id, manager)
    waive(manager, "price-payout")
    in_transaction(posting.approve, run.id, manager)
    [use] = duties.uses(manager, Window()).items
    assert (use.pair, use.document_id, use.used_name) == ("price-payout", run.id, manager.name)
    assert "ขวด" in use.facts[0]


def test_the_first_price_of_a_product_changed_nothing(
    shop: Shop, manager: Actor, accountant: Actor
) -> None:
    priced_by(manager, sold(shop), before=None)
    run = prepared(accountant)
    in_transaction(posting.approve, run.id, manager)
    assert duties.uses(manager, Window()).items == ()


def test_a_new_price_for_several_is_a_change(shop: Shop, manager: Actor, accountant: Actor) -> None:
    honey = sold(shop)
    three = SaveTier(uuid7(), honey, TierFacts(count=3, price_satang=25_000))
    in_transaction(tiers.save, three, manager)
    run = prepared(accountant)
    with pytest.raises(PricedIt):
        in_transaction(posting.approve, run.id, manager)


@pytest.mark.parametrize(
    ("bearer", "of_these", "counts"),
    [
        ("producer", True, True),
        ("shared", True, True),
        ("producer", False, False),
        ("centre", True, False),
    ],
)
def test_who_makes_a_promotion_the_producer_bears_sets_what_they_are_paid(
    shop: Shop, manager: Actor, accountant: Actor, bearer: str, of_these: bool, counts: bool
) -> None:
    honey, other = sold(shop), shop.product("น้ำปลา", 5_000)
    offer = NewPromotion(
        id=uuid7(),
        name_th="ลดท้ายปี",
        name_en="Year end",
        reason_id=shop.reason(bearer),
        kind="percent",
        value=2_000,
        valid_from=clock.today(),
        product_id=honey if of_these else other,
    )
    in_transaction(promotions.create, offer, manager)
    run = prepared(accountant)
    if not counts:
        in_transaction(posting.approve, run.id, manager)
        return
    with pytest.raises(PricedIt):
        in_transaction(posting.approve, run.id, manager)
    waive(manager, "price-payout")
    in_transaction(posting.approve, run.id, manager)
    [use] = duties.uses(manager, Window()).items
    assert list(use.facts) == [f"ลดท้ายปี {clock.today().isoformat()}"]


def test_somebody_else_approves_freely(shop: Shop, manager: Actor, accountant: Actor) -> None:
    priced_by(accountant, sold(shop))
    run = prepared(accountant)
    in_transaction(posting.approve, run.id, manager)
    assert duties.uses(manager, Window()).items == ()


def test_a_producer_does_not_approve_their_own_payout(
    shop: Shop, system: Actor, manager: Actor, accountant: Actor
) -> None:
    sold(shop)
    assert manager.user_id is not None
    in_transaction(grants.give, manager.user_id, "producer", system, shop.producer_id)
    run = prepared(accountant)
    with pytest.raises(OwnPayout):
        in_transaction(posting.approve, run.id, manager)
    waive(manager, "own-payout")
    in_transaction(posting.approve, run.id, manager)
    assert duties.uses(manager, Window()).items[0].pair == "own-payout"
