"""A year of a centre, month by month, each closed by two people, until its surplus stands.

Read it as documentation: what people do stands in the calls, what the books say in the comments.
Every month ends the same way: all control accounts agree with their documents, the accountant
signs, the auditor signs, and the database takes nothing more. Amounts are in satang, quantities
in thousandths.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from accounting.rules.chart import Purpose
from accounting.rules.closing import State, StepsOpen
from accounting.rules.periods import PeriodClosed, last_day, period_of
from accounting.rules.stretches import Stretch
from accounting.services import (
    balances,
    chart,
    financial_statements,
    late,
    ledger,
    opening,
    verify_seals,
)
from accounting.services.closing import checklist, pack, reopening, signing
from accounting.services.closing.reopening import AskReopening
from accounting.services.closing.signing import CloseCard, PrepareClose
from accounting.services.financial_statements import Ask
from accounting.services.opening import Opening
from accounting.services.vouchers import accruals, posting
from accounting.services.vouchers.posting import SecondPersonNeeded
from core import clock
from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.ids import uuid7
from inventory.services import advances, catalogue, payouts
from inventory.services.advances import GiveAdvance
from members.services import producers
from members.services.producers import NewProducer
from pos.rules.pricing import DiscountTooLarge
from pos.services import verify
from pos.services.receipts import Receipt
from pos.services.refund import MoreThanSold
from pos.services.sale import PriceChanged, RecordPayment, RecordSaleLine
from tests.closing import result_between
from tests.paying import due, pay, settle, whole
from tests.shop import Shop, shop_in
from tests.writing import accrual, draft, payment
from worker.reports import close_pack

JAR = KILO = 1000
BANGKOK_MIDNIGHT = 17  # o'clock UTC


@dataclass
class Calendar:
    """The day it is in the story; noon in Bangkok unless told."""

    now: datetime

    def turn_to(self, month: int, day: int, *, year: int = 2026, hour: int = 5) -> None:
        self.now = datetime(year, month, day, hour, tzinfo=UTC)


@dataclass
class Year:
    """The centre, its people, and the calendar."""

    shop: Shop
    accountant: Actor
    manager: Actor
    auditor: Actor
    calendar: Calendar

    def open(self) -> None:
        self.shop.open(200_000)

    def count(self) -> None:
        """Count the drawer to the last coin and close the shift."""
        expected = ledger.balance(self.shop.centre_id, Purpose.CASH_TILL, till_id=self.shop.till_id)
        self.shop.close((25, expected // 25))
        self.shop.shift = None

    def standing(self, purpose: Purpose) -> int:
        """Debits less credits of an account today."""
        account = chart.account_for(self.shop.centre_id, purpose).id
        debit, credit = balances.until(self.shop.centre_id, clock.today()).get(account, (0, 0))
        return debit - credit

    def close(self, period_id: int) -> CloseCard:
        """Two people close a month on the second of the next one."""
        after = last_day(period_id) + timedelta(days=2)
        self.calendar.turn_to(after.month, after.day, year=after.year)
        found = checklist.of(period_id, self.accountant)
        assert [tie for tie in found.ties if not tie.ties] == []
        for result in found.steps:
            if result.step.key == "stock" and result.state is State.STOPS:
                in_transaction(checklist.waive, period_id, "stock", "นับเมื่อสิ้นปี", self.accountant)
        prepared = in_transaction(
            signing.prepare, PrepareClose(uuid7(), period_id), self.accountant
        )
        closed = in_transaction(signing.sign, prepared.id, self.auditor)
        with pytest.raises(PeriodClosed):
            ledger_takes_nothing(self, last_day(period_id))
        return closed


def ledger_takes_nothing(year: Year, day: date) -> None:
    """Try to post on a day by hand."""
    bill = draft(payment(year.shop.centre_id, 100, day), year.accountant)
    in_transaction(posting.post, bill.id, year.accountant)


@pytest.fixture
def year(centre: Centre, accountant: Actor, manager: Actor, auditor: Actor) -> Iterator[Year]:
    """The first of January 2026, with 10,000 baht in the safe and 50,000 at the bank."""
    calendar = Calendar(datetime(2026, 1, 1, 5, tzinfo=UTC))
    with clock.travel(lambda: calendar.now):
        shop = shop_in(centre).under(cash_rounding_satang=25)
        in_transaction(opening.post, Opening(1_000_000, 5_000_000), accountant)
        yield Year(shop, accountant, manager, auditor, calendar)


def others(year: Year, count: int) -> list[Shop]:
    """More producers of the same shop."""
    return [
        replace(
            year.shop,
            producer_id=in_transaction(
                producers.create, NewProducer(name=f"ผู้ผลิต {number}"), year.shop.actor
            ).id,
        )
        for number in range(count)
    ]


def test_a_year_of_a_centre(year: Year) -> None:
    shop, calendar = year.shop, year.calendar

    # --- January: three producers share jam at a third of 100 baht each to the satang ---------
    year.open()
    honey = shop.product("น้ำผึ้ง", 18_000)
    rice = shop.product("ข้าวสาร", 8_900, by_weight=True)
    stamp = shop.product("ตราประทับ", 1)
    shop.consign(honey, 20 * JAR)
    shop.buy(rice, 50 * KILO, unit_cost=6_000)
    shop.consign(stamp, 10 * JAR)
    jams = []
    for stall in others(year, 3):
        jam = stall.product("แยม", 10_000)
        stall.consign(jam, JAR, split=3333)
        jams.append(jam)
    shop.sell(*(RecordSaleLine(jam, JAR, 10_000) for jam in jams))
    # Each producer gets 33.33; the centre's commission is what is left, so nothing is lost.
    assert year.standing(Purpose.CONSIGNMENT_PAYABLE) == -3 * 3_333
    assert year.standing(Purpose.COMMISSION) == -3 * 6_667
    # 0.237 kg at 89 baht is 21.09; a stamp for one satang goes by PromptPay, exact.
    shop.sell(RecordSaleLine(rice, 237, 8_900), pay=(RecordPayment("promptpay", 2_109, "R1"),))
    shop.sell(RecordSaleLine(stamp, JAR, 1), pay=(RecordPayment("promptpay", 1, "R2"),))
    jar = shop.sell(RecordSaleLine(honey, JAR, 18_000))
    assert year.standing(Purpose.TRANSFERS_AWAITING) == 2_110
    year.count()
    january = year.close(202601)

    # --- February: the jar comes back the day after January was locked ------------------------
    year.open()
    shop.refund(jar, (1, JAR))
    # The refund is February's; January's figures stay.
    assert late.amendment(shop.centre_id, 202601).count == 0
    assert year.standing(Purpose.COMMISSION) == -3 * 6_667
    for _jar in range(2):
        shop.sell(RecordSaleLine(honey, JAR, 18_000))
    offline = shop.command(RecordSaleLine(honey, JAR, 18_000))
    calendar.turn_to(2, 28)
    year.count()
    settle(year.accountant, year.manager)
    pay(shop, whole(due(shop)))
    # Two jars at 80/20: all of the honey's producer is paid.
    assert payouts.due(shop.actor, shop.producer_id).lines == ()
    february = year.close(202602)
    assert digest_now(year, 202601) == january.digest

    # --- March: the tablet sends what it kept since February ---------------------------------
    calendar.turn_to(3, 10)
    receipt, _new = shop_again(shop, offline)
    # It keeps its own day, counts today, and February is marked amended; its figures stay.
    [entry] = ledger.entry_of(shop.centre_id, "sale", receipt.id)
    assert (period_of(entry.business_date), entry.posting_date) == (202602, date(2026, 3, 10))
    assert late.amendment(shop.centre_id, 202602).count == 1
    assert digest_now(year, 202602) == february.digest
    year.close(202603)

    # --- April: what the counter refuses ------------------------------------------------------
    year.open()
    with pytest.raises(DiscountTooLarge):
        shop.sell(RecordSaleLine(honey, JAR, 18_000, 5_000, shop.reason("centre")))
    three = shop.sell(RecordSaleLine(honey, 3 * JAR, 18_000))
    shop.refund(three, (1, 3 * JAR))
    with pytest.raises(MoreThanSold):  # nothing is left to give back of a refund
        shop.refund(three, (1, JAR))
    year.count()
    year.close(202604)

    # --- May: rice is sold that is not there yet, and stops the close until it is ------------
    year.open()
    seller = shop.under(oversell_policy="allow_and_flag")
    short = seller.sell(RecordSaleLine(rice, 60 * KILO, 8_900), pay=in_full(60 * 8_900))
    assert short.flags
    year.count()
    calendar.turn_to(6, 2)
    with pytest.raises(StepsOpen) as stopped:
        in_transaction(signing.prepare, PrepareClose(uuid7(), 202605), year.accountant)
    assert "negative_stock" in stopped.value.facts["steps"]
    in_transaction(checklist.waive, 202605, "negative_stock", "ข้าวมาส่งวันที่ 3", year.accountant)
    year.close(202605)
    # What was never there comes back from the customer's invoice, and new rice is delivered.
    calendar.turn_to(6, 3)
    year.open()
    shop.refund(short, (1, 10_237))
    shop.buy(rice, 20 * KILO, unit_cost=6_000)
    year.count()
    assert all(card.on_hand_milli >= 0 for card in catalogue.shelf(shop.centre_id))

    # --- June, closed, then opened again for a forgotten bill --------------------------------
    june = year.close(202606)
    asked = in_transaction(
        reopening.ask, AskReopening(uuid7(), 202606, "ลืมบิลค่าไฟ"), year.accountant
    )
    in_transaction(reopening.agree, asked.id, year.manager)
    bill = draft(payment(shop.centre_id, 45_000, date(2026, 6, 30)), year.accountant)
    in_transaction(posting.post, bill.id, year.accountant)
    again = year.close(202606)
    assert again.digest != june.digest
    assert [card.undone for card in signing.of_period(shop.centre_id, 202606)] == [True, False]

    # --- July: a held basket meets a new price ------------------------------------------------
    calendar.turn_to(7, 15)
    year.open()
    held = shop.command(RecordSaleLine(honey, JAR, 18_000))
    dearer(shop, honey, 19_000)
    with pytest.raises(PriceChanged):
        shop.record(held)
    year.count()
    year.close(202607)

    # --- August: an advance larger than what is earned is netted as far as it goes -----------
    calendar.turn_to(8, 5)
    year.open()
    in_transaction(
        advances.give,
        GiveAdvance(uuid7(), shop.producer_id, "money", "safe", 500_000),
        year.manager,
    )
    shop.sell(RecordSaleLine(honey, JAR, 19_000))
    year.count()
    calendar.turn_to(8, 31)
    settle(year.accountant, year.manager)
    assert 0 < year.standing(Purpose.PRODUCER_ADVANCES) < 500_000
    year.close(202608)

    # --- September and October: quiet months close too ----------------------------------------
    year.close(202609)
    year.close(202610)

    # --- November: a sale at the last moment of the month -------------------------------------
    calendar.turn_to(11, 30, hour=5)
    year.open()
    calendar.now = datetime(2026, 11, 30, 16, 59, 59, 999_000, tzinfo=UTC)
    last = shop.sell(RecordSaleLine(honey, JAR, 19_000))
    assert last.business_date == date(2026, 11, 30)
    calendar.now = datetime(2026, 11, 30, BANGKOK_MIDNIGHT, tzinfo=UTC)
    # The shift keeps its day past midnight; the next shift's sales are December's.
    after = shop.sell(RecordSaleLine(honey, JAR, 19_000))
    year.count()
    year.open()
    first = shop.sell(RecordSaleLine(honey, JAR, 19_000))
    assert [one.business_date.month for one in (after, first)] == [11, 12]
    year.count()
    year.close(202611)

    # --- December: a large bill needs two, an unbilled one goes back by itself ----------------
    calendar.turn_to(12, 20)
    large = draft(payment(shop.centre_id, 600_000, date(2026, 12, 20)), year.accountant)
    with pytest.raises(SecondPersonNeeded):
        in_transaction(posting.post, large.id, year.accountant)
    waiting = in_transaction(posting.ask, large.id, year.accountant)
    in_transaction(posting.approve, large.id, waiting.version, year.manager)
    unbilled = accrual(shop.centre_id, 30_000, date(2026, 12, 20), date(2027, 1, 1))
    posted = draft(unbilled, year.accountant)
    in_transaction(posting.post, posted.id, year.accountant)
    december = year.close(202612)

    # --- the year's end ----------------------------------------------------------------------
    # Income and costs are carried to the surplus of the year, which is what the statement says.
    result = result_between(shop.centre_id, date(2026, 1, 1), date(2026, 12, 31))
    assert year.standing(Purpose.SURPLUS_OF_YEAR) == -result
    whole_year = Stretch("year", 202601, 202612)
    flow, sheet, income = (
        financial_statements.show(Ask(kind, whole_year, "none"), year.accountant).statement.totals
        for kind in ("cash_flow", "balance", "income")
    )
    assert income["result"] == (result,)
    assert sheet["assets"] == sheet["debts_and_equity"]
    # The year began with nothing in our books; 60,000 baht were brought in on its first day.
    assert flow["after"] == sheet["money"] == (in_money(year),)
    # The new year begins with the accrual taken back and no result but that.
    in_transaction(accruals.take_back_due, year.accountant)
    assert result_between(shop.centre_id, date(2027, 1, 1), date(2027, 1, 31)) == 30_000
    # The paper of December is the same, however often it is made.
    one = close_pack.drawn(pack.gather(december.id, year.manager))
    calendar.turn_to(3, 3, year=2027)
    assert close_pack.drawn(pack.gather(december.id, year.manager)) == one
    # Whatever happened, every promise of the books holds, and nobody altered an entry.
    assert verify_seals.run(shop.centre_id).faults == []
    assert [finding for finding in verify.run(shop.centre_id) if not finding.ok] == []


def in_money(year: Year) -> int:
    """What lies in till, safe and bank at the end of the year, awaited transfers too."""
    found = balances.until(year.shop.centre_id, date(2026, 12, 31))
    return sum(
        debit - credit
        for card in chart.listing(year.shop.centre_id)
        if card.money
        for debit, credit in [found.get(card.id, (0, 0))]
    )


def digest_now(year: Year, period_id: int) -> str:
    """The digest of a month's figures as they stand today."""
    found = checklist.of(period_id, year.accountant)
    return checklist.digest(checklist.content_of(found, year.accountant.centre))


def in_full(satang: int) -> tuple[RecordPayment, ...]:
    return (RecordPayment("cash", -(-satang // 25) * 25),)


def shop_again(shop: Shop, command: object) -> tuple[Receipt, bool]:
    """Send what a tablet kept."""
    db.session.rollback()
    return shop.record(command)  # type: ignore[arg-type]


def dearer(shop: Shop, product_id: UUID, price: int) -> None:
    """Write a new price on a product."""
    before = catalogue.get(product_id, shop.actor)
    facts = catalogue.ProductFacts(
        code=before.code,
        name_th=before.name_th,
        name_en=before.name_en,
        sold_by=before.sold_by,
        unit=before.unit,
        price_satang=price,
    )
    command = catalogue.SaveProduct(product_id, facts, version=before.version)
    in_transaction(catalogue.save, command, shop.actor)
