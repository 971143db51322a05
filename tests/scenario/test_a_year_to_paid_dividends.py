"""A year of members: shares, deliveries and purchases, a surplus, and everybody's part paid out.

Read it as documentation. Five members hold shares from different days; one delivers, all buy; the
year is closed; the meeting chooses a scenario; the worker measures and posts; then each is paid in
the way the member wants, and what nobody fetches goes to reserve after five years. Amounts are in
satang, quantities in thousandths.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from accounting.rules.bank_results import LineResult
from accounting.rules.chart import Purpose
from accounting.services import bank_batches, ledger, member_payments, tie_outs
from accounting.services.bank_batches import MakeBatch
from accounting.services.member_payments import batches, choices, due, income, unclaimed
from accounting.services.member_payments.choices import Choice
from accounting.services.shares import recording, register
from accounting.services.shares.recording import WithdrawShares
from accounting.services.surplus import allocations, asking, runs
from accounting.services.surplus.allocations import AllocationCard, PrepareAllocation
from accounting.services.surplus.reversing import AlreadyPaid
from core import clock
from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.ids import uuid7
from core.jobs import Begun
from inventory.services import intake
from inventory.services.intake import RecordIntake, RecordIntakeLine
from members.services import producers
from members.services.producers import NewProducer
from pos.services import shift_report, verify
from pos.services.sale import RecordSaleLine
from tests.allocating import EVENING, MEETING, a_scenario, approve, buy_shares, close_year, parts
from tests.closing import trade
from tests.dividends import Allocated, member, paid, reverse
from tests.resolving import resolve
from tests.shop import Shop, shop_in
from worker.errands import member_credit
from worker.errands import surplus as surplus_errand
from worker.reports import member_statements

PRICE = 100_00
JANUARY = datetime(2026, 1, 5, 5, tzinfo=UTC)
JULY = datetime(2026, 7, 1, 5, tzinfo=UTC)
OCTOBER = datetime(2026, 10, 1, 5, tzinfo=UTC)
NEW_YEARS_EVE = datetime(2026, 12, 31, 5, tzinfo=UTC)
FETCHING = EVENING + timedelta(days=1)
FIVE_YEARS_ON = EVENING.replace(year=2032)


def at(moment: datetime) -> Any:
    return clock.travel(lambda: moment)


def silent(_done: int, _of: int) -> None:
    """Hear of progress and say nothing."""


@pytest.fixture
def shop(centre: Centre) -> Shop:
    with at(JANUARY):
        return shop_in(centre)


@pytest.fixture
def people(shop: Shop, manager: Actor, accountant: Actor) -> dict[str, UUID]:
    """Five members, who hold shares from different days on."""
    with at(JANUARY):
        names = ("แดง", "ดำ", "ขาว", "เขียว", "ฟ้า")
        found = {name: member(manager, name, nickname=f"ป้า{name}") for name in names}
        for name, shares in (("แดง", 10), ("เขียว", 20), ("ฟ้า", 10)):
            buy_shares(found[name], shares, accountant)
    with at(JULY):
        buy_shares(found["ดำ"], 10, accountant)
    with at(OCTOBER):
        back = WithdrawShares(uuid7(), found["เขียว"], 10, date(2026, 10, 1), "safe")
        in_transaction(recording.withdraw, back, accountant)
    with at(NEW_YEARS_EVE):
        buy_shares(found["ขาว"], 10, accountant)
    return found


@pytest.fixture
def year(shop: Shop, people: dict[str, UUID], manager: Actor, accountant: Actor) -> None:
    """The trade of the year: แดง delivers rice, everybody buys; then its months are closed."""
    with at(JANUARY):
        grower = NewProducer(name="แดง", member_id=people["แดง"])
        shop.producer_id = in_transaction(producers.create, grower, shop.actor).id
        rice = shop.product("ข้าวสาร", PRICE)
        line = RecordIntakeLine(product_id=rice, gross_milli=100_000, unit_cost_satang=PRICE)
        bought = RecordIntake(
            id=uuid7(), producer_id=shop.producer_id, kind="outright", lines=(line,)
        )
        in_transaction(intake.record, bought, shop.actor)
        shop.open()
        for pieces, name in enumerate(("แดง", "ดำ", "ขาว", "เขียว", "ฟ้า"), start=1):
            basket = RecordSaleLine(rice, pieces * 1_000, PRICE)
            shop.sell(basket, member_id=people[name])
        shop.close((100_000, 2), (50_000, 1))
        trade(accountant, date(2026, 6, 15), sales=120_000, costs=20_000)
    close_year(manager, accountant)


@pytest.fixture
def posted(year: None, manager: Actor, accountant: Actor) -> AllocationCard:
    """What the meeting of the 9th resolved, measured and posted by the worker for two people."""
    with at(EVENING):
        scenario = a_scenario(
            accountant,
            parts(reserve=20, dividend=40, patronage=40),
            retained_basis_points=1_000,
        )
        resolution_id = resolve(accountant, "1/2570", on=MEETING)
        command = PrepareAllocation(uuid7(), scenario.id, resolution_id)
        in_transaction(asking.choose, command, accountant)
        params = {"allocation_id": str(command.id)}
        first = in_transaction(surplus_errand.measure, params, accountant, silent)
        again = in_transaction(surplus_errand.measure, params, accountant, silent)
        assert again.content == first.content  # delivered twice, measured once
        card = allocations.card(command.id, accountant)
        approve(card, accountant)
        approve(card, manager)
        in_transaction(surplus_errand.post, params, manager, silent)
        return allocations.card(command.id, manager)


def books(actor: Actor, purpose: Purpose) -> int:
    found = ledger.balance(actor.centre_id, purpose)
    db.session.rollback()
    return found


def assert_clean(actor: Actor) -> None:
    """The auditor finds nothing, and dividends and refunds payable are the open items."""
    assert [finding for finding in verify.run(actor.centre_id) if not finding.ok] == []
    ties = tie_outs.ties(actor.centre_id, clock.today())
    assert all(tie.ties for tie in ties if tie.key in ("dividends", "patronage", "shares"))
    db.session.rollback()


def test_a_year_to_paid_dividends(
    posted: AllocationCard,
    people: dict[str, UUID],
    shop: Shop,
    manager: Actor,
    accountant: Actor,
) -> None:
    centre_id = accountant.centre_id
    run = runs.find(centre_id, posted.id)
    assert run is not None
    parts_of = {item.member_id: item for item in runs.items(centre_id, run.id)}
    db.session.rollback()
    # Days of holding: the whole year but its first four days, half a year, the last day only.
    days = {name: parts_of[who].share_days for name, who in people.items()}
    assert days["แดง"] == days["ฟ้า"] > days["ดำ"] > days["ขาว"] > 0
    assert days["แดง"] < days["เขียว"] < 2 * days["แดง"]
    # The pools are shared out to the satang, kinds apart.
    assert sum(item.dividend_satang for item in parts_of.values()) == 40_000
    assert sum(item.refund_satang for item in parts_of.values()) == 40_000
    assert all(
        item.total_satang == item.cash_satang + item.retained_satang for item in parts_of.values()
    )
    assert books(accountant, Purpose.DIVIDENDS_PAYABLE) + books(
        accountant, Purpose.PATRONAGE_PAYABLE
    ) == -sum(item.cash_satang for item in parts_of.values())

    with at(FETCHING):
        assert_clean(accountant)
        _over_the_counter(people["แดง"], parts_of[people["แดง"]].cash_satang, shop, accountant)
        allocated = Allocated(posted.id, run.id)
        with pytest.raises(AlreadyPaid):
            reverse(manager, allocated)
        _by_the_bank(people["ดำ"], parts_of[people["ดำ"]].cash_satang, accountant)
        _credited(people["ขาว"], parts_of[people["ขาว"]].cash_satang, accountant)
        purse = paid(accountant, people["เขียว"], "purse")
        assert purse.satang == parts_of[people["เขียว"]].cash_satang
        _statements(posted, accountant)
        assert_clean(accountant)
        paid_out = {
            row.member.id: row.patronage_satang + row.dividend_satang
            for row in income.of_year(2027, accountant)
        }
        assert paid_out == {
            people[name]: parts_of[people[name]].cash_satang
            for name in ("แดง", "ดำ", "ขาว", "เขียว")
        }
        db.session.rollback()
        with pytest.raises(unclaimed.NothingUnclaimed):
            in_transaction(unclaimed.prepare, uuid7(), accountant)

    left = parts_of[people["ฟ้า"]].cash_satang
    _to_reserve(left, manager, accountant)


def _over_the_counter(who: UUID, satang: int, shop: Shop, accountant: Actor) -> None:
    """ป้าแดง comes and signs: the drawer pays, and the shift's report counts it."""
    opened = shop.open(100_000)
    document = paid(accountant, who, paid_from="till", shift_id=opened.id)
    assert document.satang == satang
    closed = shop.close((1, 100_000 - satang))
    assert closed.over_short_satang == 0
    drawer = shift_report.of(shop.centre_id, closed.id).drawer
    assert (drawer.members_satang, drawer.tied) == (satang, True)
    db.session.rollback()


def _by_the_bank(who: UUID, satang: int, accountant: Actor) -> None:
    """ป้าดำ wants PromptPay; the first try fails, so it is due again, and the second is paid."""
    in_transaction(choices.save, who, Choice("promptpay", "0812345678"), accountant)
    bank = books(accountant, Purpose.BANK)
    first = in_transaction(
        bank_batches.make, batches.DEBT, MakeBatch(uuid7(), "promptpay"), accountant
    )
    failed = (LineResult(1, False, "บัญชีปิด"),)
    in_transaction(bank_batches.match, batches.DEBT, first.id, failed, accountant)
    assert sum(item.satang for item in due.of_member(accountant.centre_id, who)) == satang
    db.session.rollback()
    second = in_transaction(
        bank_batches.make, batches.DEBT, MakeBatch(uuid7(), "promptpay"), accountant
    )
    in_transaction(
        bank_batches.match, batches.DEBT, second.id, (LineResult(1, True, "KB-1"),), accountant
    )
    assert books(accountant, Purpose.BANK) == bank - satang


def _credited(who: UUID, satang: int, accountant: Actor) -> None:
    """ป้าขาว wants shares: the worker credits all who do, once however often it is told."""
    in_transaction(choices.save, who, Choice("shares"), accountant)
    before = register.balances(accountant.centre_id, clock.today())[who]
    db.session.rollback()
    order = {"order_id": str(uuid7()), "way": "shares"}
    for _twice in range(2):
        in_transaction(member_credit.credit, order, accountant, silent)
    assert register.balances(accountant.centre_id, clock.today())[who] == before + satang
    db.session.rollback()


def _statements(posted: AllocationCard, accountant: Actor) -> None:
    """Everybody's statement is a PDF of its own, and drawing goes on where somebody left off."""
    params = {"allocation_id": str(posted.id), "count": "5"}
    made = list(member_statements.parts(params, accountant, Begun()))
    assert [part.name for part in made] == [
        member_statements.file_name(place, part.mark) for place, part in enumerate(made, start=1)
    ]
    assert all(part.content.startswith(b"%PDF") and part.steps == 1 for part in made)
    begun = Begun(parts=3, steps=3, mark=made[2].mark)
    assert list(member_statements.parts(params, accountant, begun)) == made[3:]
    assert member_statements.name(params, accountant) == f"{posted.allocation_no}_statements"
    db.session.rollback()


def _to_reserve(left: int, manager: Actor, accountant: Actor) -> None:
    """ป้าฟ้า never comes: after five years two people send her part to the reserve."""
    with at(FIVE_YEARS_ON - timedelta(days=1)), pytest.raises(unclaimed.NothingUnclaimed):
        in_transaction(unclaimed.prepare, uuid7(), accountant)
    with at(FIVE_YEARS_ON):
        reserve = books(accountant, Purpose.LEGAL_RESERVE)
        taking = in_transaction(unclaimed.prepare, uuid7(), accountant)
        assert taking.satang == left
        in_transaction(unclaimed.approve, taking.id, manager)
        assert books(accountant, Purpose.LEGAL_RESERVE) == reserve - left
        assert member_payments.unpaid(accountant.centre_id) == {}
        assert books(accountant, Purpose.DIVIDENDS_PAYABLE) == 0
        assert books(accountant, Purpose.PATRONAGE_PAYABLE) == 0
        assert_clean(accountant)
