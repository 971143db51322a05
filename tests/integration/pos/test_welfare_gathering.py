"""The welfare report's facts tie to the ledger and to the lines of receipts, worked out slowly."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounting.rules.chart import Purpose
from accounting.services import funds, ledger
from accounting.services.funds import NewFund
from core import clock
from core.actor import Actor, Centre
from core.db import in_transaction
from core.errors import Forbidden
from core.ids import uuid7
from core.paging import Window
from inventory.rules.terms import Terms
from inventory.services import consignment_terms, reference_prices
from inventory.services.consignment_terms import DecideTerms, ProposeTerms
from inventory.services.reference_prices import WithdrawReference
from members.services import members, villages
from members.services.members import NewMember
from members.services.villages import NewVillage
from pos.rules.welfare.facts import MILS, Band, WelfareFacts
from pos.rules.welfare.measures import report_of
from pos.rules.welfare.slices import folded
from pos.services.sale import RecordSaleLine
from pos.services.welfare import gathering, lines, slicing
from pos.services.welfare.gathering import Days
from tests.closing import posts
from tests.shop import Shop, shop_in
from tests.village_year import FOR_MEMBERS, YEAR, Village, live, refer


@pytest.fixture
def shop(centre: Centre) -> Shop:
    return shop_in(centre)


def today() -> Days:
    return Days(clock.today(), clock.today())


def every_line(village: Village, actor: Actor, product: object) -> list[lines.GoodsLine]:
    found: list[lines.GoodsLine] = []
    window = Window(limit=2)
    while True:
        page = lines.of_product(product, YEAR, actor, window)  # type: ignore[arg-type]
        found += page.items
        if page.next is None:
            return found
        window = Window(page.next, 2)


def test_producers_and_buyers_gain_what_the_lines_say(centre: Centre, manager: Actor) -> None:
    village = live(centre, manager, FOR_MEMBERS)
    found = gathering.gather(manager, YEAR)
    slowly_b = slowly_p = paid = part = 0
    for product in (village.rice, village.honey, village.broom):
        for line in every_line(village, manager, product):
            paid += line.paid_satang
            part += line.part_satang
            slowly_b += line.buyers_mils or 0
            slowly_p += line.producers_mils or 0
    assert found.facts.buyers.gain_mils.mid == slowly_b
    assert found.facts.producers.gain_mils.mid == slowly_p
    assert (found.facts.buyers.paid_satang, found.facts.producers.part_satang) == (paid, part)


def test_the_ledger_says_the_same(centre: Centre, manager: Actor) -> None:
    live(centre, manager, FOR_MEMBERS)
    books = gathering.gather(manager, YEAR).facts.ledger

    def stands(*purposes: Purpose) -> int:
        return sum(ledger.balance(centre.id, one) for one in purposes)

    income = (Purpose.SALES, Purpose.COMMISSION, Purpose.DISCOUNTS_GIVEN, Purpose.ROUNDING)
    costs = (Purpose.COST_OF_GOODS, Purpose.WAGES, Purpose.UTILITIES, Purpose.CASH_OVER_SHORT)
    assert books.surplus_satang == -stands(*income) - stands(*costs)
    assert books.wages_satang == stands(Purpose.WAGES)
    assert books.margin_satang == -stands(*income[:3]) - stands(Purpose.COST_OF_GOODS)


def test_a_return_takes_back_exactly_what_its_sale_counted(shop: Shop, manager: Actor) -> None:
    honey = shop.product("น้ำผึ้ง", 150_00)
    refer(manager, honey, "shelf", 170_00, 180_00, 190_00)
    refer(manager, honey, "farm_gate", 100_00, 110_00, 120_00)
    shop.consign(honey, 10_000, split=8_500)
    shop.open()
    receipt = shop.sell(RecordSaleLine(honey, 3_000, 150_00))
    shop.refund(receipt, (1, 1_000))
    facts = gathering.gather(manager, today()).facts
    assert facts.buyers.gain_mils == Band(40_00 * MILS, 60_00 * MILS, 80_00 * MILS)
    assert facts.producers.gain_mils.mid == 2 * (127_50 - 110_00) * MILS
    shop.refund(receipt, (1, 2_000))
    after = gathering.gather(manager, today())
    assert after.facts.buyers.gain_mils == after.facts.producers.gain_mils == Band()
    assert report_of(after.facts).why == "no_sales"


def test_levies_and_grants_are_counted_once(
    shop: Shop, manager: Actor, accountant: Actor, stock_keeper: Actor
) -> None:
    new = NewFund(uuid7(), "SWD", "กองทุนสวัสดิการ", "Welfare fund")
    fund = in_transaction(funds.create, new, manager)
    honey = shop.product("น้ำผึ้ง", 100_00)
    terms = Terms(
        split_basis_points=8_000,
        tiers=(),
        floor_satang=0,
        fee_satang=0,
        levy_basis_points=500,
        levy_fund_id=fund.id,
    )
    asked = ProposeTerms(uuid7(), terms, clock.today(), product_id=honey)
    in_transaction(consignment_terms.propose, asked, stock_keeper)
    in_transaction(consignment_terms.decide, DecideTerms(asked.id, "approved"), manager)
    shop.bring(honey, 10_000)
    shop.open()
    receipt = shop.sell(RecordSaleLine(honey, 4_000, 100_00))
    assert gathering.gather(manager, today()).facts.ledger.levies_satang == 20_00
    shop.refund(receipt, (1, 1_000))
    books = gathering.gather(manager, today()).facts.ledger
    assert books.levies_satang == 15_00 == -ledger.balance(shop.centre_id, Purpose.WELFARE_FUND)
    assert books.surplus_satang == 45_00
    assert report_of(gathering.gather(manager, today()).facts).funds_satang == 15_00


def test_a_withdrawn_or_too_old_reference_counts_nowhere(
    centre: Centre, manager: Actor, shop: Shop
) -> None:
    honey = shop.product("น้ำผึ้ง", 150_00)
    wrong = refer(manager, honey, "shelf", 900_00, 900_00, 900_00)
    shop.buy(honey, 10_000, unit_cost=100_00)
    shop.open()
    shop.sell(RecordSaleLine(honey, 1_000, 150_00))
    assert gathering.gather(manager, today()).facts.buyers.gain_mils.mid == 750_00 * MILS
    in_transaction(reference_prices.withdraw, WithdrawReference(wrong, "อ่านผิด"), manager)
    facts = gathering.gather(manager, today()).facts
    assert (facts.buyers.known_satang, facts.buyers.gain_mils) == (0, Band())


def test_producers_wait_from_the_sale_to_their_cash(centre: Centre, manager: Actor) -> None:
    live(centre, manager, FOR_MEMBERS)
    waits = gathering.gather(manager, YEAR).facts.waits
    assert (waits.paid, waits.waiting_satang) == ((), 5_500_00)


def test_slices_add_up_to_the_whole(centre: Centre, manager: Actor) -> None:
    village = live(centre, manager, FOR_MEMBERS)
    assert village.member_id
    found = gathering.gather(manager, YEAR)
    slices = slicing.of_report(found, manager)
    facts = found.facts
    for rows in (slices.products, slices.villages, slices.public):
        assert sum(row.buyers.gain_mils.mid for row in rows) == facts.buyers.gain_mils.mid
        assert sum(row.producers.gain_mils.low for row in rows) == facts.producers.gain_mils.low
        assert sum(row.buyers.paid_satang for row in rows) == facts.buyers.paid_satang
    assert sum(row.producers.gain_mils.mid for row in slices.producers) == (
        facts.producers.gain_mils.mid
    )


def test_on_paper_no_village_of_few_households_stands_alone(shop: Shop, manager: Actor) -> None:
    jam = shop.product("แยม", 50_00)
    refer(manager, jam, "shelf", 60_00, 60_00, 60_00)
    shop.buy(jam, 100_000, unit_cost=10_00)
    shop.open()
    for name, homes in (("บ้านใหญ่", 7), ("บ้านกลาง", 5), ("บ้านเล็ก", 2)):
        place = in_transaction(villages.create, NewVillage(name=name), manager)
        for number in range(homes):
            new = NewMember(first_name=f"{name}{number}", house_no=str(number), village_id=place.id)
            member = in_transaction(members.create, new, manager)
            shop.sell(RecordSaleLine(jam, 1_000, 50_00), member_id=member.id)
    found = gathering.gather(manager, today())
    slices = slicing.of_report(found, manager)
    by_name = {slices.places[row.key].name: row for row in slices.villages if row.key}
    assert {name: row.households for name, row in by_name.items()} == {
        "บ้านใหญ่": 7, "บ้านกลาง": 5, "บ้านเล็ก": 2,
    }  # fmt: skip
    # The small one alone could be found by taking the others from the whole: more go with it.
    public = [row for row in slices.public if row.buyers.paid_satang]
    assert all(row.households >= 5 for row in public)
    assert sum(row.buyers.gain_mils.mid for row in public) == 14 * 10_00 * MILS
    assert list(slices.public) == folded(slices.villages)


def test_officers_and_books_read_sums_and_others_nothing(
    centre: Centre, manager: Actor, cashier: Actor, auditor: Actor
) -> None:
    live(centre, manager, FOR_MEMBERS)
    officer = Actor(centre, None, "เครือข่าย", frozenset({"network_officer"}))
    assert gathering.of_centre(officer, YEAR) == gathering.of_centre(auditor, YEAR)
    for actor in (officer, cashier):
        with pytest.raises(Forbidden):
            gathering.gather(actor, YEAR)
    with pytest.raises(Forbidden):
        gathering.of_centre(cashier, YEAR)


def test_centres_add_up_and_an_empty_one_adds_nothing(centre: Centre, manager: Actor) -> None:
    live(centre, manager, FOR_MEMBERS)
    facts = gathering.of_centre(manager, YEAR)
    assert facts + WelfareFacts() == facts
    twice = facts + facts
    assert report_of(twice).share == report_of(facts).share
    assert twice.buyers.paid_satang == 2 * facts.buyers.paid_satang


def test_halves_of_a_year_add_up_to_it(centre: Centre, manager: Actor) -> None:
    live(centre, manager, FOR_MEMBERS)
    middle = date(2026, 6, 30)
    halves = (Days(YEAR.first, middle), Days(middle + timedelta(days=1), YEAR.last))
    first, second = (gathering.of_centre(manager, days) for days in halves)
    whole = gathering.of_centre(manager, YEAR)
    # The smallest quarter is of the producers of the days, so it alone does not add up.
    together = first + second
    assert together.buyers == whole.buyers
    assert together.producers == whole.producers
    assert together.ledger == whole.ledger


def test_wages_are_a_cost_and_shown_apart(shop: Shop, manager: Actor) -> None:
    posts(manager, clock.today(), Purpose.WAGES, Purpose.CASH_SAFE, 500_00)
    books = gathering.gather(manager, today()).facts.ledger
    assert (books.wages_satang, books.surplus_satang) == (500_00, -500_00)
