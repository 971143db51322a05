"""Activities of goods on both databases: chosen on the product, frozen on the sale, and posted."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import event, select

from accounting.models import Account, JournalEntry, JournalLine
from accounting.services import activities
from accounting.services.activities import NewActivity
from core.actor import Centre
from core.db import db, in_transaction
from core.errors import NotFound
from core.ids import uuid7
from core.paging import Window
from inventory.services import catalogue, lots, waste
from inventory.services.catalogue import ProductFacts, SaveProduct
from inventory.services.waste import RecordWaste
from pos.models import SaleLine
from pos.services import verify
from pos.services.sale import RecordSaleLine
from tests.shop import Shop, shop_in

INCOME_AND_COST = {"sales", "discounts_given", "cost_of_goods", "commission"}


@pytest.fixture
def shop(centre: Centre) -> Shop:
    shop = shop_in(centre)
    shop.open()
    return shop


def activity(shop: Shop, code: str) -> UUID:
    new = NewActivity(uuid7(), code, f"กิจการ {code}", code)
    return in_transaction(activities.create, new, shop.actor).id


def belongs_to(shop: Shop, product_id: UUID, activity_id: UUID | None) -> None:
    card = catalogue.get(product_id, shop.actor)
    facts = ProductFacts(
        card.code,
        card.name_th,
        card.name_en,
        card.sold_by,
        card.unit,
        card.price_satang,
        activity_id=activity_id,
    )
    in_transaction(catalogue.save, SaveProduct(product_id, facts, card.version), shop.actor)


def by_activity(shop: Shop, source_id: UUID) -> dict[tuple[str, UUID | None], int]:
    """Return purpose and activity → debit − credit of a document's entry."""
    rows = db.session.execute(
        select(
            Account.purpose,
            JournalLine.activity_id,
            JournalLine.debit - JournalLine.credit,
        )
        .join(Account, Account.id == JournalLine.account_id)
        .join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
        .where(JournalEntry.source_id == source_id, JournalEntry.centre_id == shop.centre_id)
    )
    return {(purpose or "", activity_id): satang for purpose, activity_id, satang in rows}


def test_income_and_cost_carry_the_activity_of_their_product(shop: Shop) -> None:
    water, farm = activity(shop, "water"), activity(shop, "farm")
    bottles, honey = shop.product("น้ำดื่ม", 1_000), shop.product("น้ำผึ้ง", 10_000)
    rice = shop.product("ข้าว", 2_000)
    shop.buy(bottles, 10_000, 600)
    shop.buy(rice, 10_000, 1_500)
    shop.consign(honey, 10_000)
    belongs_to(shop, bottles, water)
    belongs_to(shop, honey, farm)
    receipt = shop.sell(
        RecordSaleLine(bottles, 2000, 1_000, 100, shop.reason("centre")),
        RecordSaleLine(honey, 1000, 10_000),
        RecordSaleLine(rice, 1000, 2_000),
    )
    found = by_activity(shop, receipt.id)
    assert {key: satang for key, satang in found.items() if key[0] in INCOME_AND_COST} == {
        ("sales", water): -2_000,
        ("discounts_given", water): 100,
        ("cost_of_goods", water): 1_200,
        ("commission", farm): -2_000,
        ("sales", None): -2_000,
        ("cost_of_goods", None): 1_500,
    }
    assert {key[1] for key in found if key[0] not in INCOME_AND_COST} == {None}

    # What was sold keeps its activity, whatever the product belongs to later.
    belongs_to(shop, bottles, farm)
    belongs_to(shop, honey, None)
    kept = db.session.scalars(
        select(SaleLine.activity_id)
        .where(SaleLine.sale_id == receipt.id)
        .order_by(SaleLine.line_no)
    )
    assert list(kept) == [water, farm, None]
    back = shop.refund(receipt, (1, 2000), (2, 1000))
    given = by_activity(shop, back.id)
    assert (given["sales", water], given["commission", farm]) == (2_000, 2_000)
    assert all(finding.ok for finding in verify.run(shop.centre_id))


def test_goods_lost_cost_their_activity(shop: Shop) -> None:
    water, farm = activity(shop, "water"), activity(shop, "farm")
    bottles, honey = shop.product("น้ำดื่ม", 1_000), shop.product("น้ำผึ้ง", 10_000)
    shop.buy(bottles, 10_000, 600)
    shop.consign(honey, 10_000)
    belongs_to(shop, bottles, water)
    belongs_to(shop, honey, farm)
    for product_id, bearer, cost, owner in (
        (bottles, "centre", 600, water),
        (honey, "centre", 8_000, farm),
    ):
        [lot] = lots.listing(shop.actor, Window(), product_id=product_id).items
        lost = RecordWaste(uuid7(), lot.id, 1000, "แตก", bearer)
        in_transaction(waste.record, lost, shop.actor)
        assert by_activity(shop, lost.id)["waste", owner] == cost
    assert all(finding.ok for finding in verify.run(shop.centre_id))


def test_an_activity_of_another_centre_is_not_found(shop: Shop, other_centre: Centre) -> None:
    theirs = activity(shop_in(other_centre), "theirs")
    honey = shop.product("น้ำผึ้ง", 10_000)
    with pytest.raises(NotFound):
        belongs_to(shop, honey, theirs)


def test_a_change_of_activity_is_kept_in_the_trail(shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    belongs_to(shop, honey, activity(shop, "farm"))
    assert catalogue.get(honey, shop.actor).version == 2
    belongs_to(shop, honey, catalogue.get(honey, shop.actor).activity_id)
    assert catalogue.get(honey, shop.actor).version == 2


def test_an_activity_costs_the_sale_no_statement(shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 10_000)
    line = RecordSaleLine(honey, 1000, 10_000)

    def statements() -> int:
        seen: list[str] = []

        def count(_c: object, _cu: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        command = replace(shop.command(line), id=uuid7())
        event.listen(db.engine, "before_cursor_execute", count)
        try:
            shop.record(command)
        finally:
            event.remove(db.engine, "before_cursor_execute", count)
        return sum(not one.startswith(("BEGIN", "COMMIT")) for one in seen)

    statements()  # the first sale of a process remembers the chart
    without = statements()
    belongs_to(shop, honey, activity(shop, "farm"))
    assert statements() == without <= 12
