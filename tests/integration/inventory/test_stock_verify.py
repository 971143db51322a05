"""The checks find what raw SQL breaks, and name it."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from core.actor import Centre
from core.db import db
from core.findings import Finding
from core.models import NumberSeries
from inventory.models import StockLevel
from inventory.services import verify
from pos.services.sale import RecordSaleLine
from tests.shop import Shop, shop_in


@pytest.fixture
def shop(centre: Centre) -> Shop:
    shop = shop_in(centre)
    honey = shop.product("น้ำผึ้ง", 10_000)
    banana = shop.product("กล้วย", 2_000, by_weight=True)
    shop.consign(honey, 20_000)
    shop.buy(banana, 10_000, 1_200)
    shop.open()
    receipt = shop.sell(RecordSaleLine(honey, 5_000, 10_000), RecordSaleLine(banana, 333, 2_000))
    shop.refund(receipt, (1, 1_000), (2, 100))
    return shop


def findings(shop: Shop) -> dict[str, Finding]:
    found = {finding.check: finding for finding in verify.checks(shop.centre_id)}
    db.session.rollback()
    return found


def test_everything_holds_after_trade(shop: Shop) -> None:
    found = findings(shop)
    assert all(finding.ok for finding in found.values())
    assert len(found) >= 13
    assert found["stock levels equal moves"].expected > 0


def test_a_level_changed_behind_our_back_is_named(shop: Shop) -> None:
    with db.engine.begin() as connection:
        connection.execute(
            update(StockLevel)
            .where(StockLevel.value_satang > 0)
            .values(quantity_milli=StockLevel.quantity_milli + 1, value_satang=1)
        )
        lot_id = connection.scalar(select(StockLevel.lot_id).where(StockLevel.value_satang == 1))
    found = findings(shop)
    for check in ("stock levels equal moves", "stock values equal moves"):
        assert not found[check].ok
        assert (found[check].document_type, found[check].document_id) == ("lot", lot_id)
        assert found[check].expected != found[check].actual
    for check in ("lots begin with their intake", "inventory account equals lots"):
        assert found[check].ok, "worked out from the moves, which nobody touched"


def test_a_number_drawn_and_lost_is_named(shop: Shop) -> None:
    with db.engine.begin() as connection:
        connection.execute(
            update(NumberSeries)
            .where(NumberSeries.centre_id == shop.centre_id, NumberSeries.series == "intake")
            .values(last_number=NumberSeries.last_number + 1)
        )
    finding = findings(shop)["intake numbers gapless"]
    assert not finding.ok
    assert str(finding.document_id).endswith("-00003")
    assert (finding.expected, finding.actual) == (1, 0)
