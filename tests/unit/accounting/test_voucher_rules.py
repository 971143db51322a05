"""What a person may write into the books, by example."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

import pytest

from accounting.rules import vouchers as rules
from accounting.rules.vouchers import (
    JOURNAL,
    PAY,
    RECEIVE,
    BadVoucher,
    Simple,
    VoucherContent,
    VoucherLine,
    as_simple,
    check,
    content_from,
    due_after,
    due_in,
    first_due,
    first_of_next_month,
    simple_lines,
)
from core.documents import content_of


@dataclass(frozen=True)
class Account:
    """As little of an account as the rules ask for."""

    code: str
    control_key: str = ""
    active: bool = True
    money: str = ""
    purpose: str | None = None


RENT, SAFE, OLD, SHARES, PRODUCERS, GOODS, TILL, FUND = (UUID(int=n) for n in range(1, 9))
ACCOUNTS = {
    RENT: Account("5150"),
    SAFE: Account("1120", money="cash"),
    OLD: Account("5999", active=False),
    SHARES: Account("3110", "member"),
    PRODUCERS: Account("2120", "producer"),
    GOODS: Account("1310", "lot"),
    TILL: Account("1110", "till", money="cash"),
    FUND: Account("3220", purpose="welfare_fund"),
}
TODAY = date(2026, 11, 21)
KEY = UUID(int=99)
GOOD = VoucherContent(JOURNAL, TODAY, (VoucherLine(RENT, debit=300), VoucherLine(SAFE, credit=300)))


def with_first(**more: object) -> VoucherContent:
    line = replace(GOOD.lines[0], **more)  # type: ignore[arg-type]
    return replace(GOOD, lines=(line, GOOD.lines[1]))


def test_what_balances_may_be_kept() -> None:
    assert check(GOOD, ACCOUNTS, TODAY) == 300
    assert check(with_first(account_id=SHARES, member_id=KEY), ACCOUNTS, TODAY) == 300
    assert check(with_first(account_id=PRODUCERS, producer_id=KEY), ACCOUNTS, TODAY) == 300
    assert check(with_first(account_id=FUND, fund_id=KEY), ACCOUNTS, TODAY) == 300


@pytest.mark.parametrize(
    ("content", "refusal", "at"),
    [
        (replace(GOOD, lines=()), rules.TooFewLines, "lines"),
        (replace(GOOD, lines=GOOD.lines[:1]), rules.TooFewLines, "lines"),
        (replace(GOOD, lines=GOOD.lines * 101), rules.TooManyLines, "lines"),
        (with_first(debit=301), rules.Unbalanced, "lines"),
        (with_first(debit=0), rules.OneSideOnly, "debit-1"),
        (with_first(credit=300), rules.OneSideOnly, "debit-1"),
        (with_first(debit=-300), rules.OneSideOnly, "debit-1"),
        (with_first(account_id=KEY), rules.NoSuchAccount, "account-1"),
        (with_first(account_id=OLD), rules.AccountRetired, "account-1"),
        (with_first(account_id=GOODS), rules.NotByHand, "account-1"),
        (with_first(account_id=TILL), rules.NotByHand, "account-1"),
        (with_first(account_id=SHARES), rules.KeyMissing, "person-1"),
        (with_first(account_id=PRODUCERS, member_id=KEY), rules.KeyMissing, "person-1"),
        (with_first(member_id=KEY), rules.KeyNotKept, "person-1"),
        (with_first(account_id=FUND), rules.FundMissing, "fund-1"),
        (replace(GOOD, business_date=date(2026, 11, 22)), rules.FutureDate, "business_date"),
        (replace(GOOD, reverse_on=TODAY), rules.ReversedTooEarly, "reverse_on"),
        (
            VoucherContent(PAY, TODAY, simple_lines(PAY, Simple(SAFE, RENT, 300))),
            rules.NotMoney,
            "account-2",
        ),
    ],
)
def test_what_the_books_could_not_keep_is_refused_by_its_field(
    content: VoucherContent, refusal: type[BadVoucher], at: str
) -> None:
    with pytest.raises(refusal) as caught:
        check(content, ACCOUNTS, TODAY)
    assert caught.value.facts["field"] == at


def test_a_payment_and_a_receipt_move_money_opposite_ways() -> None:
    simple = Simple(RENT, SAFE, 300, activity_id=KEY)
    paid, received = simple_lines(PAY, simple), simple_lines(RECEIVE, simple)
    assert [(one.debit, one.credit) for one in paid] == [(300, 0), (0, 300)]
    assert [(one.debit, one.credit) for one in received] == [(0, 300), (300, 0)]
    assert [one.activity_id for one in paid] == [KEY, None]
    for kind, lines in ((PAY, paid), (RECEIVE, received)):
        assert as_simple(VoucherContent(kind, TODAY, lines)) == simple


def test_what_is_kept_as_data_comes_back_the_same() -> None:
    content = replace(GOOD, party="ก", note="ข", reverse_on=date(2026, 12, 1))
    assert content_from(content_of(content)) == content


@pytest.mark.parametrize(
    ("day", "every", "day_of_month", "due"),
    [
        (date(2027, 1, 31), "month", 31, date(2027, 2, 28)),
        (date(2027, 2, 28), "month", 31, date(2027, 3, 31)),
        (date(2028, 1, 30), "month", 30, date(2028, 2, 29)),
        (date(2026, 11, 5), "quarter", 5, date(2027, 2, 5)),
        (date(2028, 2, 29), "year", 29, date(2029, 2, 28)),
        (date(2026, 12, 1), "month", 1, date(2027, 1, 1)),
    ],
)
def test_a_short_month_has_its_due_day_at_its_end(
    day: date, every: str, day_of_month: int, due: date
) -> None:
    assert due_after(day, every, day_of_month) == due


def test_the_first_due_day_is_from_the_start_on() -> None:
    assert first_due(date(2026, 11, 20), 20) == date(2026, 11, 20)
    assert first_due(date(2026, 11, 21), 20) == date(2026, 12, 20)
    assert due_in(202602, 31) == date(2026, 2, 28)
    assert first_of_next_month(date(2026, 12, 31)) == date(2027, 1, 1)
