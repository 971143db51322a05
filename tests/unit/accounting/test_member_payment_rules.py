"""What is paid of items: never mixed, never more, and in coins there are."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounting.rules import member_payments as rules
from accounting.rules import unclaimed
from accounting.rules.chart import Purpose
from accounting.rules.entry import NewLine
from accounting.rules.member_payments import PaidItem

ME, HER, RUN = UUID(int=1), UUID(int=2), UUID(int=9)
satang = st.integers(0, 10_000_00)
items = st.lists(st.tuples(satang, satang).filter(any), min_size=1, max_size=6).map(
    lambda parts: [
        PaidItem(UUID(int=100 + place), ME if place % 2 else HER, *part)
        for place, part in enumerate(parts)
    ]
)


@given(items, st.sampled_from(sorted(rules._PURPOSES)))
def test_an_entry_balances_and_keeps_the_kinds_apart(paid: list[PaidItem], place: str) -> None:
    till = UUID(int=5) if place == "till" else None
    lines = rules.payment_lines(paid, place, ME, till)
    assert sum(line.debit for line in lines) == sum(line.credit for line in lines)
    by_member: dict[tuple[Purpose | None, UUID | None], int] = defaultdict(int)
    for line in lines:
        by_member[line.purpose, line.member_id] += line.debit
    for who in (ME, HER):
        mine = [item for item in paid if item.member_id == who]
        dividend = sum(item.dividend_satang for item in mine)
        assert by_member[Purpose.DIVIDENDS_PAYABLE, who] == dividend
        patronage = sum(item.patronage_satang for item in mine)
        assert by_member[Purpose.PATRONAGE_PAYABLE, who] == patronage


@given(items, st.sampled_from([0, 1, 25, 50, 100]))
def test_coins_pay_all_but_less_than_one_coin(paid: list[PaidItem], grid: int) -> None:
    total = sum(item.satang for item in paid)
    kept = rules.in_coins(paid, grid)
    got = sum(item.satang for item in kept)
    assert total - got == (total % grid if grid else 0)
    before = {item.key: item for item in paid}
    for item in kept:
        assert 0 <= item.dividend_satang <= before[item.key].dividend_satang
        assert 0 <= item.patronage_satang <= before[item.key].patronage_satang


@given(items)
def test_what_goes_to_reserve_leaves_every_member(taken: list[PaidItem]) -> None:
    lines = rules.reserve_lines(taken)
    total = sum(item.satang for item in taken)
    assert NewLine(Purpose.LEGAL_RESERVE, credit=total) in lines
    assert sum(line.debit for line in lines) == total


@given(items)
def test_giving_back_is_the_opposite(paid: list[PaidItem]) -> None:
    for item in paid:
        back = item.given_back()
        assert back.satang == -item.satang
        assert back.given_back() == item


def test_items_must_be_open_and_named_once() -> None:
    one = PaidItem(RUN, ME, 100, 50)
    rules.check_items([one], {(RUN, ME): (100, 50)})
    for wrong in ([], [one, one], [PaidItem(RUN, ME, 0, 0)], [PaidItem(RUN, HER, 1, 0)]):
        with pytest.raises(rules.NothingToPay):
            rules.check_items(wrong, {(RUN, ME): (100, 50)})
    with pytest.raises(rules.NothingToPay):
        rules.check_items([PaidItem(RUN, ME, -5, 50)], {(RUN, ME): (100, 50)})
    for much in (PaidItem(RUN, ME, 101, 0), PaidItem(RUN, ME, 0, 51)):
        with pytest.raises(rules.MoreThanDue):
            rules.check_items([much], {(RUN, ME): (100, 50)})


@pytest.mark.parametrize("state", ["member", "suspended", "resigned", "expelled"])
def test_the_living_take_their_own_money(state: str) -> None:
    rules.check_recipient("cash", state, "member", "", "")
    with pytest.raises(rules.RecipientNeeded):
        rules.check_recipient("cash", state, "proxy", "นายหนึ่ง", " ")


def test_only_members_get_shares() -> None:
    rules.check_recipient("shares", "suspended", "member", "", "")
    for state in ("resigned", "expelled", "not_yet"):
        with pytest.raises(rules.OnlyMembersHold):
            rules.check_recipient("shares", state, "member", "", "")


def test_years_are_counted_by_the_calendar() -> None:
    since = date(2021, 11, 21)
    assert not unclaimed.is_unclaimed(since, 5, date(2026, 11, 20))
    assert unclaimed.is_unclaimed(since, 5, date(2026, 11, 21))
    leap = date(2024, 2, 29)
    assert not unclaimed.is_unclaimed(leap, 5, date(2029, 2, 28))
    assert unclaimed.is_unclaimed(leap, 5, date(2029, 3, 1))
    assert unclaimed.is_unclaimed(leap, 4, date(2028, 3, 1))


def test_an_allocations_own_years_come_first() -> None:
    assert unclaimed.years_of({}, 5) == 5

    def frozen(years: object, rule_set_id: str = "018f") -> dict[str, object]:
        made = {"rule_set_id": rule_set_id, "rule_set": {"unclaimed_years": years}}
        return {"dividend": {}, "allocation": made}

    assert unclaimed.years_of(frozen(2), 5) == 2
    assert unclaimed.years_of(frozen(2, rule_set_id=""), 3) == 3  # no meeting resolved what we ship
    for nonsense in (0, -1, "2", None, True):
        assert unclaimed.years_of(frozen(nonsense), 5) == 5


def test_ages_are_columns() -> None:
    assert [unclaimed.age_of(days) for days in (0, 90, 91, 365, 366, 1096)] == [0, 0, 1, 1, 2, 3]
