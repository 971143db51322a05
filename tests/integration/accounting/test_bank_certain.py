"""What one press matches: what has one partner only at any bank, and no locked month before it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.rules.periods import (
    PeriodClosed,
    first_day,
    last_day,
    period_of,
    previous_period,
)
from accounting.services import ledger, opening
from accounting.services.bank import deposits, matching, proposing
from accounting.services.bank.deposits import MoveMoney
from accounting.services.bank.matching import MatchMoney
from accounting.services.opening import Opening
from core import clock
from core.actor import Actor, Centre
from core.db import in_transaction
from core.ids import uuid7
from core.paging import Window
from pos.services import verify
from pos.services.sale import RecordPayment, RecordSaleLine
from tests import banking
from tests.banking import Told
from tests.closing import lock_month
from tests.shop import Shop, shop_in


@pytest.fixture
def shop(centre: Centre) -> Shop:
    """A shop with rice at 100 baht, open."""
    shop = shop_in(centre)
    shop.rice = shop.product("ข้าว", 100_00)  # type: ignore[attr-defined]
    shop.buy(shop.rice, 100_000, 60_00)  # type: ignore[attr-defined]
    shop.open()
    return shop


def sell_by_transfer(shop: Shop, reference: str) -> None:
    line = RecordSaleLine(shop.rice, 1000, 100_00)  # type: ignore[attr-defined]
    shop.sell(line, pay=(RecordPayment("promptpay", 100_00, reference),))


def sound(shop: Shop) -> None:
    bad = [finding for finding in verify.run(shop.centre_id) if not finding.ok]
    assert not bad, bad


def test_a_press_leaves_what_would_post_into_a_locked_month_to_a_person(
    shop: Shop, accountant: Actor, auditor: Actor
) -> None:
    last_month = first_day(period_of(clock.today())) - timedelta(days=1)
    banking.told(shop.actor, Told(100_00, "AAAA1111", day=last_month), Told(100_00, "BBBB2222"))
    for reference in ("AAAA1111", "BBBB2222"):
        sell_by_transfer(shop, reference)
    in_transaction(lock_month, period_of(last_month), accountant, auditor)
    account_id = banking.account_id(shop.actor)
    assert proposing.certain_count(account_id, shop.actor) == 1
    assert in_transaction(proposing.match_certain, account_id, shop.actor) == 1
    [line] = banking.open_lines(shop.actor)
    [item] = banking.open_in_books(shop.actor, Purpose.TRANSFERS_AWAITING)
    command = MatchMoney(uuid7(), account_id, (line.id,), (item.key,))
    with pytest.raises(PeriodClosed):
        in_transaction(matching.match, command, shop.actor)
    in_transaction(matching.match, replace(command, day=clock.today()), shop.actor)
    assert ledger.balance(shop.centre_id, Purpose.BANK) == 200_00
    sound(shop)


def test_a_press_leaves_what_would_post_before_the_first_locked_month_to_a_person(
    shop: Shop, accountant: Actor, auditor: Actor
) -> None:
    locked = previous_period(period_of(clock.today()))
    before = last_day(previous_period(locked))
    sides = (
        NewLine(Purpose.TRANSFERS_AWAITING, debit=70_00),
        NewLine(Purpose.OTHER_INCOME, credit=70_00),
    )
    entry = NewEntry("opening", "opening", uuid7(), first_day(locked), clock.now(), sides)
    in_transaction(ledger.post, entry, shop.actor)
    sell_by_transfer(shop, "BBBB2222")
    banking.told(shop.actor, Told(70_00, day=before), Told(100_00, "BBBB2222"))
    account_id = banking.account_id(shop.actor)
    assert proposing.certain_count(account_id, shop.actor) == 2
    in_transaction(lock_month, locked, accountant, auditor)
    assert proposing.certain_count(account_id, shop.actor) == 1
    shown = proposing.page(account_id, Window(), shop.actor).items
    assert [[bool(one.why) for one in row.proposals] for row in shown] == [[False], [True]]
    assert in_transaction(proposing.match_certain, account_id, shop.actor) == 1
    assert [line.day for line in banking.open_lines(shop.actor)] == [before]


def test_a_transfer_two_banks_may_have_brought_is_not_certain(shop: Shop) -> None:
    banks = banking.account_id(shop.actor), banking.made_account(shop.actor)
    sell_by_transfer(shop, "")
    for bank in banks:
        banking.told(shop.actor, Told(100_00), account=bank)
    for bank in banks:
        assert proposing.certain_count(bank, shop.actor) == 0
        [row] = proposing.page(bank, Window(), shop.actor).items
        assert [one.why for one in row.proposals] == [""]
    # What a reference tells apart has no rival; then the other bank's line has no partner left.
    sell_by_transfer(shop, "AAAA1111")
    banking.told(shop.actor, Told(100_00, "AAAA1111"), opening_satang=100_00, account=banks[1])
    assert [proposing.certain_count(bank, shop.actor) for bank in banks] == [0, 1]


def test_money_of_one_bank_has_no_rival_at_another(shop: Shop) -> None:
    safe, bank = deposits.places(shop.centre_id)[:2]
    in_transaction(opening.post, Opening(safe_satang=1_500_00), shop.actor)
    in_transaction(deposits.move, MoveMoney(uuid7(), safe.id, bank.id, 300_00), shop.actor)
    for account in (bank.id, banking.made_account(shop.actor)):
        banking.told(shop.actor, Told(300_00), account=account)
    assert in_transaction(proposing.match_certain, bank.id, shop.actor) == 1
    sound(shop)


def test_equal_transfers_are_parted_by_reference_and_never_guessed(shop: Shop) -> None:
    for reference in ("AAAA1111", "BBBB2222", "", ""):
        sell_by_transfer(shop, reference)
    banking.told(
        shop.actor, Told(100_00, "BBBB2222"), Told(100_00, "AAAA1111"), Told(100_00), Told(100_00)
    )
    account_id = banking.account_id(shop.actor)
    assert proposing.certain_count(account_id, shop.actor) == 2
    assert in_transaction(proposing.match_certain, account_id, shop.actor) == 2
    # Two of one amount on one day are left: a person decides.
    assert in_transaction(proposing.match_certain, account_id, shop.actor) == 0
    left = proposing.page(account_id, Window(), shop.actor).items
    assert [len(one.proposals) for one in left] == [2, 2]
    assert ledger.balance(shop.centre_id, Purpose.TRANSFERS_AWAITING) == 200_00
    sound(shop)
