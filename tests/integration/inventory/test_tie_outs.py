"""Control accounts beside their documents, at any day; a forged difference names its documents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert, select, text, update

from accounting.models import JournalLine
from accounting.rules.attention import TieOut
from accounting.rules.chart import Purpose
from accounting.services import chart
from core import clock
from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.ids import uuid7
from inventory.models import GoodsReceipt, Lot, StockMove
from inventory.services import advances, payouts, tie_outs
from inventory.services.advances import GiveAdvance
from inventory.services.payouts import PaidLine, PayProducer
from members.services import producers
from members.services.producers import NewProducer
from pos.services.sale import RecordSaleLine
from tests.closing import lock_month
from tests.shop import Shop, shop_in

JAR = 1_000


class Days:
    """A clock that tests push on by days."""

    def __init__(self) -> None:
        self.gone = 0

    def now(self) -> datetime:
        return datetime(2026, 11, 3, 3, tzinfo=UTC) + timedelta(days=self.gone)

    @property
    def today(self) -> date:
        return clock.business_date(self.now())


@pytest.fixture
def days() -> Iterator[Days]:
    days = Days()
    with clock.travel(days.now):
        yield days


@pytest.fixture
def shop(days: Days, centre: Centre) -> Shop:
    """Honey on consignment (80 % of 100 baht) and rice of our own at 60, some of both sold."""
    shop = shop_in(centre)
    honey, rice = shop.product("น้ำผึ้ง", 10_000), shop.product("ข้าว", 10_000)
    shop.consign(honey, 20 * JAR)
    shop.buy(rice, 10 * JAR, 6_000)
    shop.open()
    shop.sell(RecordSaleLine(honey, 5 * JAR, 10_000), RecordSaleLine(rice, 2 * JAR, 10_000))
    return shop


def ties(shop: Shop, on: date) -> dict[str, TieOut]:
    found = {tie.key: tie for tie in tie_outs.ties(shop.centre_id, on)}
    db.session.rollback()
    return found


def figures(shop: Shop, on: date) -> dict[str, tuple[int, int]]:
    return {key: (tie.ledger_satang, tie.sub_ledger_satang) for key, tie in ties(shop, on).items()}


def past_the_guards(*statements: object) -> None:
    """Write what the guards refuse, as someone with the file in their hands would."""
    with db.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            names = connection.scalars(text("SELECT name FROM sqlite_master WHERE type='trigger'"))
            for name in names.all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload]


def test_every_account_of_the_room_ties(shop: Shop, days: Days) -> None:
    found = ties(shop, days.today)
    assert list(found) == [
        "inventory",
        "transit",
        "work",
        "consignment",
        "outright",
        "unclaimed",
        "advances",
        "producer_receivable",
    ]
    assert all(tie.ties and not tie.documents for tie in found.values())
    assert [tie.code for tie in found.values()] == [
        *("1310", "1320", "1325", "2120", "2110", "2130", "1230", "1220")
    ]
    assert found["inventory"].ledger_satang == 8 * 6_000
    assert found["consignment"].ledger_satang == -5 * 8_000
    assert found["outright"].sub_ledger_satang == -10 * 6_000


def test_an_earlier_day_stays_what_it_was(shop: Shop, days: Days) -> None:
    first = days.today
    then = figures(shop, first)
    days.gone = 2
    receipt = db.session.scalars(select(GoodsReceipt).where(GoodsReceipt.kind == "outright")).one()
    give = GiveAdvance(uuid7(), shop.producer_id, "money", "safe", 50_000)
    in_transaction(advances.give, give, shop.actor)
    paid = PaidLine("outright", receipt.id, 40_000)
    pay = PayProducer(uuid7(), shop.producer_id, "cash", "safe", (paid,))
    in_transaction(payouts.pay, pay, shop.actor)
    assert figures(shop, first) == then
    assert figures(shop, first - timedelta(days=1)) == dict.fromkeys(then, (0, 0))
    now = figures(shop, days.today)
    assert now["advances"] == (50_000, 50_000)
    assert now["outright"] == (-20_000, -20_000)
    assert all(tie.ties for tie in ties(shop, days.today).values())


def test_a_sale_that_came_after_its_month_was_locked_counts_on_the_day_it_came(
    shop: Shop, days: Days, accountant: Actor, manager: Actor
) -> None:
    """Its own date stays in November; the books, and the tie-outs with them, have it today."""
    honey = db.session.scalars(select(Lot.product_id).where(Lot.ownership == "consigned")).one()
    db.session.rollback()
    offline = shop.command(RecordSaleLine(honey, JAR, 10_000))
    november = date(2026, 11, 30)
    days.gone = 30
    then = figures(shop, november)
    in_transaction(lock_month, 202611, accountant, manager)
    receipt, new = shop.record(offline)
    assert new
    assert receipt.business_date < november < days.today
    assert figures(shop, november) == then
    found = ties(shop, days.today)
    assert all(tie.ties for tie in found.values())
    assert found["consignment"].ledger_satang == then["consignment"][0] - 8_000
    past_the_guards(
        update(StockMove)
        .where(StockMove.centre_id == shop.centre_id, StockMove.source_id == receipt.id)
        .values(share_satang=8_001)
    )
    assert ties(shop, november)["consignment"].ties
    [document] = ties(shop, days.today)["consignment"].documents
    assert (document.id, document.satang) == (receipt.id, 1)


def test_a_share_changed_in_the_file_names_its_sale(shop: Shop, days: Days) -> None:
    sale_id = _one_sale()
    past_the_guards(
        update(StockMove)
        .where(StockMove.centre_id == shop.centre_id, StockMove.share_satang > 0)
        .values(share_satang=StockMove.share_satang + 1)
    )
    found = ties(shop, days.today)
    tie = found["consignment"]
    assert (tie.ties, tie.unequal, tie.difference_satang) == (False, 1, 1)
    [document] = tie.documents
    assert (document.type, document.id, document.satang) == ("sale", sale_id, 1)
    assert (document.number, document.note) == ("T1-2569-00001", "00001 ป้าแดง")
    assert found["inventory"].ties


def test_two_faults_that_cancel_out_are_found(shop: Shop, days: Days) -> None:
    """The account and its documents agree in total, but not producer by producer."""
    other = in_transaction(producers.create, NewProducer(name="ลุงดำ"), shop.actor)
    account = chart.account_for(shop.centre_id, Purpose.CONSIGNMENT_PAYABLE).id
    past_the_guards(
        update(JournalLine)
        .where(JournalLine.centre_id == shop.centre_id, JournalLine.account_id == account)
        .values(producer_id=other.id)
    )
    tie = ties(shop, days.today)["consignment"]
    assert (tie.difference_satang, tie.unequal, tie.ties) == (0, 2, False)
    assert {(one.id, one.satang) for one in tie.documents} == {
        (_one_sale(), 40_000),
        (_one_sale(), -40_000),
    }
    assert {one.note for one in tie.documents} == {"00001 ป้าแดง", "00002 ลุงดำ"}


def test_a_line_without_its_key_is_found(shop: Shop, days: Days) -> None:
    account = chart.account_for(shop.centre_id, Purpose.INVENTORY).id
    past_the_guards(
        update(JournalLine)
        .where(
            JournalLine.centre_id == shop.centre_id,
            JournalLine.account_id == account,
            JournalLine.credit > 0,
        )
        .values(lot_id=None)
    )
    tie = ties(shop, days.today)["inventory"]
    assert (tie.difference_satang, tie.unequal) == (0, 2)


def test_a_line_put_in_names_the_document_it_was_put_into(shop: Shop, days: Days) -> None:
    line = db.session.scalars(
        select(JournalLine).where(
            JournalLine.account_id == chart.account_for(shop.centre_id, Purpose.INVENTORY).id,
            JournalLine.credit > 0,
        )
    ).one()
    columns = {one.key: getattr(line, one.key) for one in JournalLine.__table__.columns}
    db.session.rollback()
    past_the_guards(insert(JournalLine).values(columns | {"line_no": 99, "credit": 7}))
    tie = ties(shop, days.today)["inventory"]
    assert (tie.ledger_satang, tie.sub_ledger_satang) == (48_000 - 7, 48_000)
    assert [(one.type, one.id, one.satang) for one in tie.documents] == [("sale", _one_sale(), -7)]


def _one_sale() -> UUID:
    found = db.session.scalars(
        select(StockMove.source_id).where(StockMove.source_type == "sale").distinct()
    ).one()
    db.session.rollback()
    return found
