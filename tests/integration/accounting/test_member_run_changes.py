"""What came late is listed with a run; what changed since is named before anybody approves."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounting.services.shares import crediting
from accounting.services.shares.crediting import ShareCredit
from accounting.services.surplus import rechecking, running
from core import clock
from core.actor import Centre
from core.db import in_transaction
from core.ids import uuid7
from pos.services.sale import RecordSaleLine
from tests.measuring import (
    AFTER,
    LAST,
    Village,
    allocate,
    grouped,
    hold,
    into_group,
    maker,
    measure,
    on,
    resign,
    run_of,
    sell_to,
    village_in,
)


@pytest.fixture
def village(centre: Centre) -> Village:
    return village_in(centre)


# --- what came late, and what changed since ----------------------------------------------------


def test_what_was_entered_late_is_listed(village: Village) -> None:
    with on(date(2026, 9, 9)):
        in_transaction(
            crediting.credit,
            [ShareCredit(village.noi, 70_000)],
            on=date(2026, 6, 30),
            source_type="test",
            source_id=uuid7(),
            actor=village.actor,
        )
    with clock.travel(lambda: AFTER):
        allocation_id = allocate(village.actor, 30_000)
        content = measure(village.actor, allocation_id).content
    [late] = content["late"]
    assert (late["type"], late["on"], late["recorded_on"], late["satang"]) == (
        "share_transaction",
        "2026-06-30",
        "2026-09-09",
        70_000,
    )
    assert content["late_count"] == 1


def test_a_sale_that_came_after_its_shift_is_listed(village: Village) -> None:
    shop = village.shop
    with on(date(2026, 10, 1)):
        consigned = grouped(shop, "น้ำผึ้ง", 10_000, "ของสด")
        maker(shop, village.daeng).consign(consigned, 5_000)
        shop.open()
        command = shop.command(RecordSaleLine(village.soap, 1_000, 5_000), member_id=village.mi)
        shop.close()
        # Nobody's purchases, but the one's oil is Daeng's delivery.
        oil, soap = (
            shop.command(RecordSaleLine(product, 1_000, price))
            for product, price in ((consigned, 10_000), (village.soap, 5_000))
        )
    with on(date(2026, 10, 3)):
        receipt, delivered, _ = (shop.record(one)[0] for one in (command, oil, soap))
    with clock.travel(lambda: AFTER):
        content = measure(village.actor, allocate(village.actor, 30_000)).content
    assert [late["number"] for late in content["late"]] == sorted(
        [receipt.receipt_no, delivered.receipt_no]
    )


def test_nothing_changed_is_nothing_named(village: Village) -> None:
    allocation_id, _ = run_of(village, 30_000, 50_000)
    with clock.travel(lambda: AFTER + timedelta(days=1)):
        village.shop.open()
        sell_to(village.shop, village.mi, (village.soap, 1_000, 5_000))
        assert running.recheck(allocation_id, village.actor) == ()


def test_who_resigned_since_is_named(village: Village) -> None:
    allocation_id, _ = run_of(village, 30_000, 50_000)
    with clock.travel(lambda: AFTER + timedelta(days=1)):
        resign(village, village.kham, date(2027, 1, 21))
        [change] = rechecking.changes(allocation_id, village.actor)
        assert (change.kind, change.name, change.state) == ("standing", "0002", "resigned")
        resign(village, village.mi, date(2026, 12, 1))
        assert running.recheck(allocation_id, village.actor) == ("0002", "0003")


def test_shares_entered_since_are_named(village: Village) -> None:
    allocation_id, _ = run_of(village, 30_000, 50_000)
    with clock.travel(lambda: AFTER + timedelta(days=1)):
        in_transaction(
            crediting.credit,
            [ShareCredit(village.noi, 100)],
            on=LAST,
            source_type="test",
            source_id=uuid7(),
            actor=village.actor,
        )
        [change] = rechecking.changes(allocation_id, village.actor)
    assert (change.kind, change.name) == ("shares", "0004")


def test_shares_of_the_next_year_change_nothing(village: Village) -> None:
    allocation_id, _ = run_of(village, 30_000, 50_000)
    hold(village.actor, village.noi, 100_000, date(2027, 1, 22))
    with clock.travel(lambda: AFTER + timedelta(days=5)):
        assert running.recheck(allocation_id, village.actor) == ()


def test_a_sale_that_came_late_since_is_named(village: Village) -> None:
    shop = village.shop
    with on(date(2026, 10, 1)):
        shop.open()
        sold = shop.command(RecordSaleLine(village.soap, 1_000, 5_000), member_id=village.mi)
        nobodys = shop.command(RecordSaleLine(village.soap, 1_000, 5_000))
        shop.close()
    allocation_id, _ = run_of(village, 30_000, 50_000)
    with clock.travel(lambda: AFTER + timedelta(days=1)):
        shop.record(nobodys)
        assert running.recheck(allocation_id, village.actor) == ()
        receipt, _ = shop.record(sold)
        assert running.recheck(allocation_id, village.actor) == (receipt.receipt_no,)


def test_products_moved_to_another_group_are_named(village: Village) -> None:
    allocation_id, _ = run_of(village, 30_000, 50_000)
    with clock.travel(lambda: AFTER + timedelta(days=1)):
        grouped(village.shop, "ของใหม่", 100, "ใหม่")
        assert running.recheck(allocation_id, village.actor) == ()
        into_group(village.shop, village.soap, "ข้าว")
        [change] = rechecking.changes(allocation_id, village.actor)
    assert (change.kind, change.count) == ("groups", 1)
