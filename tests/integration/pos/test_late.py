"""What comes after its shift was counted, on both databases: taken, flagged, and the books tie."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from accounting.rules.chart import Purpose
from accounting.services import ledger
from core import clock
from core.actor import Centre
from core.db import db, in_transaction
from core.documents import digest_of
from core.ids import uuid7
from inventory.services import catalogue
from inventory.services.catalogue import ProductFacts, SaveProduct
from pos.services import late_documents, refund, shift_report, verify
from pos.services.refund import RecordRefund, RecordRefundLine
from pos.services.sale import PriceChanged, RecordPayment, RecordSaleLine
from pos.services.shift_report import ShiftReport
from pos.services.tills import OutsideShift, ShiftClosed
from tests.shop import Shop, shop_in

MORNING = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)  # 08.00 in Bangkok
HONEY = 10_000


class Day:
    """A clock the test moves."""

    def __init__(self) -> None:
        self.now = MORNING

    def later(self, **span: int) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def day() -> Iterator[Day]:
    moving = Day()
    with clock.travel(lambda: moving.now):
        yield moving


@pytest.fixture
def shop(centre: Centre, day: Day) -> Shop:
    shop = shop_in(centre)
    shop.open(100_000)
    day.later(hours=1)
    return shop


def honey(shop: Shop, pieces: int = 20) -> RecordSaleLine:
    product = shop.product("น้ำผึ้ง", HONEY)
    shop.consign(product, pieces * 1000)
    return RecordSaleLine(product, 1000, HONEY)


def balance(shop: Shop, purpose: Purpose) -> int:
    return ledger.balance(shop.centre_id, purpose)


def z(shop: Shop) -> ShiftReport:
    assert shop.shift is not None
    return shift_report.of(shop.centre_id, shop.shift.id)


def books_hold(shop: Shop) -> bool:
    bad = [finding for finding in verify.run(shop.centre_id) if not finding.ok]
    assert not bad, bad
    return True


def test_a_late_cash_sale_was_counted_as_over(shop: Shop, day: Day) -> None:
    """The tablet had no line; the drawer was counted with the money of its sale in it."""
    jar = honey(shop)
    shop.sell(jar)
    kept = shop.command(jar)
    day.later(hours=8)
    closed = shop.close((100_000, 1), (10_000, 2))
    assert closed.over_short_satang == 10_000
    assert balance(shop, Purpose.CASH_OVER_SHORT) == -10_000

    day.later(hours=1)
    receipt, new = shop.record(kept)
    assert new and receipt.late and "late" in receipt.flags
    assert receipt.business_date == closed.business_date
    # The drawer stays what was counted; nothing is over any more.
    assert balance(shop, Purpose.CASH_TILL) == 120_000
    assert balance(shop, Purpose.CASH_OVER_SHORT) == 0
    assert balance(shop, Purpose.CONSIGNMENT_PAYABLE) == -16_000
    assert books_hold(shop)

    assert shop.record(kept) == (receipt, False)
    report = z(shop)
    assert (report.sale_count, report.due_satang, report.drawer.tied) == (1, 10_000, True)
    assert [one.number for one in report.late] == [receipt.receipt_no]
    assert (report.late_cash_satang, report.late_tied, report.over_short_satang) == (
        10_000,
        True,
        0,
    )


def test_a_late_transfer_awaits_its_bank_line_as_usual(shop: Shop, day: Day) -> None:
    jar = honey(shop)
    kept = shop.command(
        jar, jar, pay=(RecordPayment("promptpay", 15_000), RecordPayment("cash", 10_000))
    )
    day.later(hours=8)
    shop.close((100_000, 1), (5_000, 1))
    shop.record(kept)
    assert balance(shop, Purpose.TRANSFERS_AWAITING) == 15_000
    assert balance(shop, Purpose.CASH_OVER_SHORT) == 0
    report = z(shop)
    [one] = report.late
    assert (one.cash_satang, one.other_satang) == (5_000, 15_000)
    assert books_hold(shop)


def test_a_late_refund_is_the_other_way_round(shop: Shop, day: Day) -> None:
    jar = honey(shop)
    sold = shop.sell(replace(jar, quantity_milli=2000))
    assert shop.shift is not None
    given_at = clock.now()
    day.later(hours=8)
    closed = shop.close((100_000, 1), (10_000, 1))
    assert closed.over_short_satang == -10_000
    command = RecordRefund(
        uuid7(),
        sold.id,
        shop.till_id,
        shop.shift.id,
        "แตก",
        "cash",
        (RecordRefundLine(1, 1000),),
        given_at,
    )
    document, new = in_transaction(refund.record, command, shop.actor)
    assert new and document.late and document.occurred_at == given_at
    assert balance(shop, Purpose.CASH_OVER_SHORT) == 0
    assert balance(shop, Purpose.CASH_TILL) == 110_000
    report = z(shop)
    assert (report.refund_satang, report.late_cash_satang, report.late_tied) == (0, -10_000, True)
    assert books_hold(shop)
    # Without a moment of its own it would be now, and now the shift is closed.
    day.later(seconds=1)
    again = replace(command, id=uuid7(), occurred_at=None)
    with pytest.raises(ShiftClosed):
        in_transaction(refund.record, again, shop.actor)


def test_what_did_not_happen_in_the_shift_is_refused(shop: Shop, day: Day) -> None:
    jar = honey(shop)
    assert shop.shift is not None
    day.later(hours=8)
    closed = shop.close((100_000, 1))
    assert closed.closed_at is not None
    instant = timedelta(microseconds=1)
    for outside in (closed.opened_at - instant, closed.closed_at + instant):
        with pytest.raises(OutsideShift):
            shop.record(replace(shop.command(jar), occurred_at=outside))
    for inside in (closed.opened_at, closed.closed_at):
        assert shop.record(replace(shop.command(jar), occurred_at=inside))[0].late
    assert books_hold(shop)


def test_a_new_shift_in_the_drawer_is_not_touched_by_the_old_ones_sale(
    shop: Shop, day: Day
) -> None:
    jar = honey(shop)
    kept = shop.command(jar)
    old = shop.shift
    day.later(hours=8)
    shop.close((100_000, 1), (10_000, 1))
    new = shop.open(50_000)
    shop.record(kept)
    assert balance(shop, Purpose.CASH_TILL) == 50_000
    day.later(hours=8)
    assert shop.close((50_000, 1)).over_short_satang == 0
    shop.shift = old
    assert z(shop).late_cash_satang == 10_000
    shop.shift = new
    assert z(shop).late == ()
    assert books_hold(shop)


def test_what_was_told_the_customer_stands(shop: Shop, day: Day) -> None:
    """Price changed, goods taken off sale and the shelf empty meanwhile: flagged, not lost."""
    line = honey(shop, pieces=1)
    kept = shop.command(line)
    also = shop.command(line)
    day.later(hours=8)
    shop.close((100_000, 1), (10_000, 2))
    card = catalogue.get(line.product_id, shop.actor)
    facts = ProductFacts(
        card.code, card.name_th, card.name_en, card.sold_by, card.unit, 12_000, active=False
    )
    in_transaction(catalogue.save, SaveProduct(card.id, facts, card.version), shop.actor)
    assert shop.record(kept)[0].flags == ("price-changed:1", "not-for-sale:1", "late")
    assert shop.record(also)[0].flags == (
        "oversold:1",
        "price-changed:1",
        "not-for-sale:1",
        "late",
    )
    assert balance(shop, Purpose.CASH_OVER_SHORT) == 0
    assert books_hold(shop)


def test_an_open_shift_still_asks_about_the_price(shop: Shop) -> None:
    line = honey(shop)
    with pytest.raises(PriceChanged):
        shop.sell(replace(line, unit_price_satang=9_000))


def test_late_documents_are_found_by_their_day_and_the_day_they_came(shop: Shop, day: Day) -> None:
    jar = honey(shop)
    kept = shop.command(jar)
    day.later(hours=8)
    closed = shop.close((100_000, 1))
    day.later(days=20)
    receipt, _ = shop.record(kept)
    own, came = closed.business_date, clock.today()
    assert own != came
    for first, last, found in (
        (own, own, 1),
        (came, came, 1),
        (own + timedelta(days=1), came - timedelta(days=1), 0),
    ):
        documents = late_documents.of_days(shop.centre_id, first, last)
        assert [one.id for one in documents] == [receipt.id] * found


@pytest.mark.parametrize(
    ("change", "holds"),
    [
        ("late = true", True),
        ("late = false", False),
        ("late = true, occurred_at = {after}", False),
        ("late = true, occurred_at = {before}", False),
    ],
)
def test_the_database_takes_only_what_happened_in_the_closed_shift(
    shop: Shop, day: Day, change: str, holds: bool
) -> None:
    """By raw SQL, on both databases: a copy of a late sale under another id."""
    jar = honey(shop)
    kept = shop.command(jar)
    day.later(hours=8)
    closed = shop.close((100_000, 1))
    shop.record(kept)
    assert closed.closed_at is not None
    sale = db.metadata.tables["sale"]
    row = dict(db.session.execute(sale.select().where(sale.c.id == kept.id)).mappings().one())
    row |= {"id": uuid7(), "receipt_no": "X1", "digest": digest_of({})}
    row["late"] = "late = true" in change
    if "after" in change:
        row["occurred_at"] = closed.closed_at + timedelta(microseconds=1)
    if "before" in change:
        row["occurred_at"] = closed.opened_at - timedelta(microseconds=1)
    if holds:
        db.session.execute(sale.insert(), row)
    else:
        with pytest.raises(IntegrityError, match="the shift is not open"):
            db.session.execute(sale.insert(), row)
    db.session.rollback()
