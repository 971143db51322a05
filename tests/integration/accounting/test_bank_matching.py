"""Bank lines and the books: matched once, equal on both sides, taken back with a trace."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from accounting.rules.attention import Attention
from accounting.rules.chart import Purpose
from accounting.rules.periods import period_of
from accounting.services import activities, chart, ledger, opening
from accounting.services.activities import ChangeActivity, NewActivity
from accounting.services.bank import (
    accounts,
    deposits,
    history,
    matching,
    month_close,
    proposing,
)
from accounting.services.bank.deposits import MoveMoney, SafeShort
from accounting.services.bank.matching import (
    AboveLimit,
    ActivityNotForThis,
    EnterLine,
    LineMatched,
    MatchDiffers,
    MatchMoney,
    NotEqual,
    NotForThis,
    NothingToMatch,
    NotUndone,
)
from accounting.services.opening import Opening
from core import clock
from core.actor import Actor, Centre
from core.db import in_transaction
from core.errors import Forbidden, NotFound
from core.ids import uuid7
from core.paging import Window
from pos.services import verify
from pos.services.sale import RecordPayment, RecordSaleLine
from tests import banking
from tests.banking import Told
from tests.shop import Shop, shop_in


@pytest.fixture
def shop(centre: Centre) -> Shop:
    """A shop with rice at 100 baht, open."""
    shop = shop_in(centre)
    shop.rice = shop.product("ข้าว", 100_00)  # type: ignore[attr-defined]
    shop.buy(shop.rice, 100_000, 60_00)  # type: ignore[attr-defined]
    shop.open()
    return shop


def sell_by_transfer(shop: Shop, *references: str, pieces: int = 1) -> None:
    line = RecordSaleLine(shop.rice, pieces * 1000, 100_00)  # type: ignore[attr-defined]
    each = pieces * 100_00 // len(references)
    pay = tuple(RecordPayment("promptpay", each, reference) for reference in references)
    shop.sell(line, pay=pay)


def balance(shop: Shop, purpose: Purpose) -> int:
    return ledger.balance(shop.centre_id, purpose)


def sound(shop: Shop) -> None:
    bad = [finding for finding in verify.run(shop.centre_id) if not finding.ok]
    assert not bad, bad
    for tie in month_close.ties(shop.centre_id, clock.today()):
        assert tie.ties, tie


def match(
    shop: Shop, lines: list[UUID], items: list[tuple[UUID, int]], match_id: UUID | None = None
) -> UUID:
    command = MatchMoney(
        match_id or uuid7(), banking.account_id(shop.actor), tuple(lines), tuple(items)
    )
    return in_transaction(matching.match, command, shop.actor)


def test_a_transfer_becomes_money_in_the_bank_when_the_bank_tells_of_it(shop: Shop) -> None:
    sell_by_transfer(shop, "REF77001")
    banking.told(shop.actor, Told(100_00, "X REF77001"))
    assert balance(shop, Purpose.TRANSFERS_AWAITING) == 100_00
    done = in_transaction(proposing.match_certain, banking.account_id(shop.actor), shop.actor)
    assert done == 1
    assert balance(shop, Purpose.TRANSFERS_AWAITING) == 0
    assert balance(shop, Purpose.BANK) == 100_00
    assert not banking.open_lines(shop.actor)
    assert not banking.open_in_books(shop.actor)
    assert not banking.open_in_books(shop.actor, Purpose.TRANSFERS_AWAITING)
    sound(shop)


def test_one_sale_paid_by_two_transfers_is_two_lines_of_the_bank(shop: Shop) -> None:
    sell_by_transfer(shop, "AAAA1111", "BBBB2222", pieces=2)
    banking.told(shop.actor, Told(100_00, "AAAA1111"), Told(100_00, "BBBB2222"))
    lines = [line.id for line in banking.open_lines(shop.actor)]
    items = [item.key for item in banking.open_in_books(shop.actor, Purpose.TRANSFERS_AWAITING)]
    match(shop, lines, items)
    assert balance(shop, Purpose.BANK) == 200_00
    sound(shop)


def test_a_deposit_is_on_its_way_until_the_bank_tells_of_it(shop: Shop) -> None:
    safe, bank = deposits.places(shop.centre_id)[:2]
    in_transaction(opening.post, Opening(safe_satang=1_500_00), shop.actor)
    command = MoveMoney(uuid7(), safe.id, bank.id, 300_00, memo="ฝากธนาคาร")
    first = in_transaction(deposits.move, command, shop.actor)
    assert in_transaction(deposits.move, command, shop.actor) == first
    with pytest.raises(SafeShort):
        in_transaction(deposits.move, MoveMoney(uuid7(), safe.id, bank.id, 200_01), shop.actor)
    [account] = accounts.listing(shop.actor)[0]
    assert (account.book_satang, account.items.satang, account.difference_satang) == (
        300_00,
        300_00,
        0,
    )
    banking.told(shop.actor, Told(300_00))
    assert in_transaction(proposing.match_certain, bank.id, shop.actor) == 1
    [account] = accounts.listing(shop.actor)[0]
    assert (account.items.count, account.difference_satang) == (0, 0)
    sound(shop)


def test_what_the_bank_held_before_is_matched_with_the_opening_of_the_books(shop: Shop) -> None:
    banking.open_bank(shop.actor, 5_000_00)
    banking.told(shop.actor, Told(-15_00, "", "ค่าธรรมเนียม"), opening_satang=5_000_00)
    assert [line.kind for line in banking.open_lines(shop.actor)] == ["opening", "line"]
    account_id = banking.account_id(shop.actor)
    assert in_transaction(proposing.match_certain, account_id, shop.actor) == 1
    assert [line.amount_satang for line in banking.open_lines(shop.actor)] == [-15_00]
    sound(shop)


def test_a_fee_is_posted_from_its_line_and_taken_back(shop: Shop) -> None:
    banking.open_bank(shop.actor, 100_00)
    banking.told(shop.actor, Told(-15_00, "", "ค่าธรรมเนียม"), opening_satang=100_00)
    fee = banking.open_lines(shop.actor)[1]
    cost = chart.account_for(shop.centre_id, Purpose.EXPENSE_OTHER).id
    command = EnterLine(uuid7(), fee.id, cost)
    in_transaction(matching.enter, command, shop.actor)
    assert in_transaction(matching.enter, command, shop.actor) == command.id
    assert (balance(shop, Purpose.BANK), balance(shop, Purpose.EXPENSE_OTHER)) == (85_00, 15_00)
    with pytest.raises(LineMatched):
        in_transaction(matching.enter, EnterLine(uuid7(), fee.id, cost), shop.actor)
    sound(shop)
    in_transaction(matching.undo, command.id, shop.actor)
    in_transaction(matching.undo, command.id, shop.actor)
    assert (balance(shop, Purpose.BANK), balance(shop, Purpose.EXPENSE_OTHER)) == (100_00, 0)
    assert fee.id in [line.id for line in banking.open_lines(shop.actor)]
    assert len(banking.open_in_books(shop.actor)) == 1
    sound(shop)


def test_a_bank_line_is_not_posted_where_it_may_not_be(shop: Shop) -> None:
    banking.told(shop.actor, Told(9_000_00))
    [line] = banking.open_lines(shop.actor)
    for purpose in (Purpose.CASH_SAFE, Purpose.CONSIGNMENT_PAYABLE, Purpose.WELFARE_FUND):
        account = chart.account_for(shop.centre_id, purpose).id
        with pytest.raises(NotForThis):
            in_transaction(matching.enter, EnterLine(uuid7(), line.id, account), shop.actor)
    income = chart.account_for(shop.centre_id, Purpose.OTHER_INCOME).id
    with pytest.raises(AboveLimit):
        in_transaction(matching.enter, EnterLine(uuid7(), line.id, income), shop.actor)


def test_a_bank_line_is_posted_for_an_activity_in_use_only(
    shop: Shop, other_centre: Centre
) -> None:
    def entered(activity_id: UUID) -> UUID:
        command = EnterLine(activity_id, line.id, income, activity_id=activity_id)
        return in_transaction(matching.enter, command, shop.actor)

    banking.told(shop.actor, Told(50_00))
    [line] = banking.open_lines(shop.actor)
    income = chart.account_for(shop.centre_id, Purpose.OTHER_INCOME).id
    water, retired, strange = (NewActivity(uuid7(), code, "น้ำดื่ม") for code in ("W1", "W2", "W3"))
    in_transaction(activities.create, strange, shop_in(other_centre).actor)
    for own in (water, retired):
        in_transaction(activities.create, own, shop.actor)
    gone = ChangeActivity(retired.id, "น้ำดื่ม", active=False)
    in_transaction(activities.change, gone, shop.actor)
    for activity_id in (uuid7(), strange.id, retired.id):
        with pytest.raises(ActivityNotForThis) as refused:
            entered(activity_id)
        assert refused.value.facts["field"] == "activity_id"
    assert entered(water.id) == water.id
    # The same again answers the same, also when the activity was put out of use since.
    in_transaction(activities.change, replace(gone, id=water.id), shop.actor)
    assert entered(water.id) == water.id
    sound(shop)


def test_both_sides_are_equal_or_it_is_refused(shop: Shop) -> None:
    sell_by_transfer(shop, "AAAA1111")
    banking.told(shop.actor, Told(99_00))
    [line] = banking.open_lines(shop.actor)
    [item] = banking.open_in_books(shop.actor, Purpose.TRANSFERS_AWAITING)
    for lines, items, refusal in (
        ([line.id], [item.key], NotEqual),
        ([], [item.key], NotEqual),
        ([line.id], [], NothingToMatch),
        ([uuid7()], [item.key], NotFound),
        ([line.id], [(item.entry_id, 99)], NotFound),
    ):
        with pytest.raises(refusal):
            match(shop, lines, items)
    assert balance(shop, Purpose.TRANSFERS_AWAITING) == 100_00
    sound(shop)


def test_a_match_is_made_once_and_undone_with_its_trace(shop: Shop) -> None:
    sell_by_transfer(shop, "AAAA1111")
    banking.told(shop.actor, Told(100_00), Told(100_00))
    first, second = banking.open_lines(shop.actor)
    [item] = banking.open_in_books(shop.actor, Purpose.TRANSFERS_AWAITING)
    match_id = match(shop, [first.id], [item.key])
    assert match(shop, [first.id], [item.key], match_id) == match_id
    with pytest.raises(MatchDiffers):
        match(shop, [second.id], [item.key], match_id)
    with pytest.raises(LineMatched):
        match(shop, [second.id], [item.key])
    in_transaction(matching.undo, match_id, shop.actor)
    assert balance(shop, Purpose.TRANSFERS_AWAITING) == 100_00
    assert len(banking.open_lines(shop.actor)) == 2
    assert not banking.open_in_books(shop.actor)
    sound(shop)
    match(shop, [second.id], [item.key])
    assert [line.id for line in banking.open_lines(shop.actor)] == [first.id]
    sound(shop)


def test_what_cancels_out_is_matched_without_the_bank(shop: Shop) -> None:
    line = RecordSaleLine(shop.rice, 1000, 100_00)  # type: ignore[attr-defined]
    receipt = shop.sell(line, pay=(RecordPayment("promptpay", 100_00, "AAAA1111"),))
    shop.refund(receipt, (1, 1000), method="transfer")
    items = [item.key for item in banking.open_in_books(shop.actor, Purpose.TRANSFERS_AWAITING)]
    assert len(items) == 2
    match(shop, [], items)
    assert not banking.open_in_books(shop.actor, Purpose.TRANSFERS_AWAITING)
    sound(shop)


def test_what_undoing_left_behind_is_not_undone(shop: Shop) -> None:
    sell_by_transfer(shop, "AAAA1111")
    banking.told(shop.actor, Told(100_00))
    in_transaction(proposing.match_certain, banking.account_id(shop.actor), shop.actor)
    [made] = history.listing(shop.actor, Window()).items
    in_transaction(matching.undo, made.id, shop.actor)
    left, undone = history.listing(shop.actor, Window()).items
    assert (left.how, undone.live) == ("undo", None)
    with pytest.raises(NotUndone):
        in_transaction(matching.undo, left.id, shop.actor)
    [entry] = history.get(undone.id, shop.actor).lines
    assert entry.amount_satang == 100_00


def test_what_is_unmatched_is_listed_at_close_and_ties_at_any_day(shop: Shop) -> None:
    sell_by_transfer(shop, "AAAA1111")
    period = period_of(clock.today())

    def said() -> list[Attention]:
        return list(month_close.matters(shop.centre_id, period))

    assert [(one.step, one.satang) for one in said()] == [("unmatched_money", 100_00)]
    banking.told(shop.actor, Told(100_00), Told(7_00))
    steps = [one.step for one in said()]
    assert steps.count("unmatched_money") == 1 and "bank" in steps
    assert all(not one.stops and one.documents for one in said())
    in_transaction(proposing.match_certain, banking.account_id(shop.actor), shop.actor)
    assert "unmatched_money" not in [one.step for one in said()]
    for days in range(3):
        for tie in month_close.ties(shop.centre_id, clock.today() - timedelta(days=days)):
            assert tie.ties, (days, tie)


def test_a_match_made_later_leaves_an_earlier_day_as_it_was(shop: Shop) -> None:
    yesterday = clock.today() - timedelta(days=1)
    banking.told(shop.actor, Told(100_00, day=yesterday))
    safe, bank = deposits.places(shop.centre_id)[:2]
    in_transaction(opening.post, Opening(safe_satang=1_500_00), shop.actor)
    in_transaction(deposits.move, MoveMoney(uuid7(), safe.id, bank.id, 100_00), shop.actor)
    in_transaction(proposing.match_certain, bank.id, shop.actor)
    then = accounts.reconciliation(shop.centre_id, bank, yesterday)
    assert (then.lines.satang, then.book_satang, then.difference_satang) == (100_00, 0, 0)
    now = accounts.reconciliation(shop.centre_id, bank, clock.today())
    assert (now.lines.count, now.items.count, now.difference_satang) == (0, 0, 0)


def test_only_who_may_changes_the_bank(shop: Shop, cashier: Actor, auditor: Actor) -> None:
    banking.told(shop.actor, Told(100_00))
    [line] = banking.open_lines(shop.actor)
    for person in (cashier, auditor):
        command = MatchMoney(uuid7(), line.account_id, (line.id,), ((uuid7(), 1),))
        with pytest.raises(Forbidden):
            in_transaction(matching.match, command, person)
    assert accounts.listing(auditor)[0][0].statement_satang == 100_00
    with pytest.raises(Forbidden):
        accounts.listing(cashier)


def test_another_centres_lines_are_not_there(shop: Shop, other_centre: Centre) -> None:
    banking.told(shop.actor, Told(100_00))
    [line] = banking.open_lines(shop.actor)
    stranger = shop_in(other_centre)
    command = MatchMoney(uuid7(), banking.account_id(stranger.actor), (line.id,), ((uuid7(), 1),))
    with pytest.raises(NotFound):
        in_transaction(matching.match, command, stranger.actor)
    with pytest.raises(NotFound):
        proposing.one(line.id, stranger.actor)


def test_an_account_the_people_made_is_a_bank_like_any(shop: Shop) -> None:
    own = banking.made_account(shop.actor)
    sell_by_transfer(shop, "AAAA1111")
    banking.told(shop.actor, Told(100_00, "AAAA1111"), Told(-30_00), account=own)
    assert in_transaction(proposing.match_certain, own, shop.actor) == 1
    move = MoveMoney(uuid7(), own, banking.account_id(shop.actor), 30_00)
    in_transaction(deposits.move, move, shop.actor)
    assert in_transaction(deposits.move, move, shop.actor).total_satang == 30_00
    assert in_transaction(proposing.match_certain, own, shop.actor) == 1
    first, second = accounts.listing(shop.actor)[0]
    assert (first.book_satang, first.items.satang) == (30_00, 30_00)
    assert (second.book_satang, second.lines.count, second.difference_satang) == (70_00, 0, 0)
    made = history.listing(shop.actor, Window()).items[-1]
    in_transaction(matching.undo, made.id, shop.actor)
    assert balance(shop, Purpose.TRANSFERS_AWAITING) == 100_00
    sound(shop)
