"""What a person may write into the books, and when it comes again. Pure.

What must stay true: a voucher that passes `check` balances to the satang, names accounts in use and
carries the key of every control account; goods and tills are never posted to by hand. A refusal
names the field it is about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from accounting.rules.funds import KEPT_IN
from accounting.rules.periods import first_day, last_day, next_period, period_of
from core.errors import N_, DomainError

RECEIVE, PAY, JOURNAL, REVERSAL = "receive", "pay", "journal", "reversal"
WRITTEN = (RECEIVE, PAY, JOURNAL)
LINES_MAX = 200
BY_HAND = ("", "member", "producer")
"""The sub-ledgers people may post to; lots and tills are moved by their own documents."""
FUND_PURPOSES = tuple(purpose.value for purpose in KEPT_IN)
SHARES = "share_capital"
"""The account whose register has documents of its own."""
MONTHS = {"month": 1, "quarter": 3, "year": 12}


class BadVoucher(DomainError):
    """The base of what is wrong with a voucher as it was written."""

    code, status, title = "bad-voucher", 422, N_("This entry can't be kept like this")


class TooFewLines(BadVoucher):
    """An entry has at least two lines."""

    code, title = "voucher-too-few-lines", N_("An entry needs at least two lines")
    detail = N_("Write where the amount comes from and where it goes.")


class TooManyLines(BadVoucher):
    """More lines than a form holds."""

    code, title = "voucher-too-many-lines", N_("There are too many lines")
    detail = N_("Part it into entries of at most 200 lines.")


class Unbalanced(BadVoucher):
    """Debits are not credits."""

    code, title = "voucher-unbalanced", N_("Debits and credits are not equal")
    detail = N_("Debits are %(debit_satang)s and credits %(credit_satang)s baht.")


class OneSideOnly(BadVoucher):
    """A line has no amount, or one on both sides."""

    code, title = "voucher-one-side", N_("Line %(line)s needs an amount on exactly one side")
    detail = N_("Write it under debit or under credit.")


class NoSuchAccount(BadVoucher):
    """A line names no account of the centre."""

    code, title = "voucher-no-account", N_("Line %(line)s has no account of this centre")
    detail = N_("Choose an account from the list.")


class AccountRetired(BadVoucher):
    """An account out of use takes no new entries."""

    code, title = "voucher-account-retired", N_("Account %(account)s is no longer in use")
    detail = N_("Choose another account.")


class NotByHand(BadVoucher):
    """Goods and tills are moved by their own documents."""

    code, title = "voucher-not-by-hand", N_("Account %(account)s is not written to by hand")
    detail = N_("Record an intake, a count, a write-off or a cash movement instead.")


class SharesByDocument(BadVoucher):
    """Shares are entered in the register of shares, which posts them."""

    code, title = "voucher-shares", N_("Shares are not written to account %(account)s by hand")
    detail = N_("Enter them in the share register; the books follow by themselves.")


class KeyMissing(BadVoucher):
    """A control account's line must say whose it is."""

    code, title = "voucher-key-missing", N_("Account %(account)s is kept by person")
    detail = N_("Write the number of the member or producer.")


class KeyNotKept(BadVoucher):
    """A person on an account that is not kept by person would never be found again."""

    code, title = "voucher-key-not-kept", N_("Account %(account)s is not kept by person")
    detail = N_("Leave the number of the member or producer empty.")


class FundMissing(BadVoucher):
    """An account of funds must say which fund."""

    code, title = "voucher-fund-missing", N_("Account %(account)s holds funds")
    detail = N_("Choose the fund.")


class NotMoney(BadVoucher):
    """The money of a payment or receipt lies in the safe or at a bank."""

    code, title = "voucher-not-money", N_("Account %(account)s is not money")
    detail = N_("Choose the safe or a bank account.")


class SameAccountTwice(BadVoucher):
    """A payment or receipt with the same account on both sides moves nothing."""

    code, title = "voucher-same-account", N_("Both accounts are the same")
    detail = N_("Choose what the money was for, and the account it came from or went to.")


class FutureDate(BadVoucher):
    """Nothing is entered before its day."""

    code, title = "voucher-future-date", N_("This day is still to come")
    detail = N_("Write today or an earlier day; for later, make it a recurring entry.")


class ReversedTooEarly(BadVoucher):
    """An accrual goes back on a later day than its own."""

    code, title = "voucher-reversed-too-early", N_("It can only be taken back on a later day")
    detail = N_("Leave the first day of next month, or choose another day after the entry's.")


@dataclass(frozen=True, slots=True)
class VoucherLine:
    """A side of an account, as a person wrote it."""

    account_id: UUID
    debit: int = 0
    credit: int = 0
    member_id: UUID | None = None
    producer_id: UUID | None = None
    fund_id: UUID | None = None
    activity_id: UUID | None = None
    memo: str = ""


@dataclass(frozen=True, slots=True)
class VoucherContent:
    """Everything a person wrote: what is signed for, and what is posted."""

    kind: str
    business_date: date
    lines: tuple[VoucherLine, ...]
    party: str = ""
    tax_id: str = ""
    note: str = ""
    reverse_on: date | None = None

    @property
    def total(self) -> int:
        """The sum of the debits."""
        return sum(line.debit for line in self.lines)


@dataclass(frozen=True, slots=True)
class Simple:
    """A payment or receipt: one account against the money; keys belong to the account."""

    account_id: UUID
    money_account_id: UUID
    amount_satang: int
    member_id: UUID | None = None
    producer_id: UUID | None = None
    fund_id: UUID | None = None
    activity_id: UUID | None = None


class Postable(Protocol):
    """What has to be known of an account."""

    @property
    def code(self) -> str: ...
    @property
    def control_key(self) -> str: ...
    @property
    def active(self) -> bool: ...
    @property
    def money(self) -> str: ...
    @property
    def purpose(self) -> str | None: ...


def simple_lines(kind: str, simple: Simple) -> tuple[VoucherLine, ...]:
    """Return the two lines of a payment or receipt: first the account, then the money."""
    account = VoucherLine(
        simple.account_id,
        debit=simple.amount_satang,
        member_id=simple.member_id,
        producer_id=simple.producer_id,
        fund_id=simple.fund_id,
        activity_id=simple.activity_id,
    )
    money = VoucherLine(simple.money_account_id, credit=simple.amount_satang)
    return (account, money) if kind == PAY else tuple(map(_other_side, (account, money)))


def _other_side(line: VoucherLine) -> VoucherLine:
    return replace(line, debit=line.credit, credit=line.debit)


def as_simple(content: VoucherContent) -> Simple:
    """Return what a payment or receipt was typed as."""
    assert content.kind in (PAY, RECEIVE) and len(content.lines) == 2
    account, money = content.lines
    return Simple(
        account.account_id,
        money.account_id,
        account.debit + account.credit,
        account.member_id,
        account.producer_id,
        account.fund_id,
        account.activity_id,
    )


# --- checking --------------------------------------------------------------------------------


def check(content: VoucherContent, accounts: Mapping[UUID, Postable], today: date) -> int:
    """Return the total of a voucher that may be kept; raise a BadVoucher naming its field."""
    assert content.kind in WRITTEN
    if content.business_date > today:
        raise FutureDate(field="business_date")
    if content.reverse_on is not None and content.reverse_on <= content.business_date:
        raise ReversedTooEarly(field="reverse_on")
    if len(content.lines) < 2:
        raise TooFewLines(field="lines")
    if len(content.lines) > (LINES_MAX if content.kind == JOURNAL else 2):
        raise TooManyLines(field="lines")
    for place, line in enumerate(content.lines, start=1):
        _check_line(place, line, accounts)
    if content.kind != JOURNAL:
        money = accounts[content.lines[1].account_id]
        if not money.money:
            raise NotMoney(field="account-2", account=money.code)
        if content.lines[0].account_id == content.lines[1].account_id:
            raise SameAccountTwice(field="account-2")
    debits, credits_ = content.total, sum(line.credit for line in content.lines)
    if debits != credits_:
        raise Unbalanced(field="lines", debit_satang=debits, credit_satang=credits_)
    return debits


def _check_line(place: int, line: VoucherLine, accounts: Mapping[UUID, Postable]) -> None:
    account = accounts.get(line.account_id)
    if account is None:
        raise NoSuchAccount(field=f"account-{place}", line=place)
    named = {"line": place, "account": account.code}
    if not account.active:
        raise AccountRetired(field=f"account-{place}", **named)
    if account.purpose == SHARES:
        raise SharesByDocument(field=f"account-{place}", **named)
    if account.control_key not in BY_HAND:
        raise NotByHand(field=f"account-{place}", **named)
    keys = {"member": line.member_id, "producer": line.producer_id}
    if account.control_key and keys[account.control_key] is None:
        raise KeyMissing(field=f"person-{place}", **named)
    if any(key for name, key in keys.items() if name != account.control_key):
        raise KeyNotKept(field=f"person-{place}", **named)
    if account.purpose in FUND_PURPOSES and line.fund_id is None:
        raise FundMissing(field=f"fund-{place}", **named)
    if min(line.debit, line.credit) < 0 or (line.debit == 0) == (line.credit == 0):
        raise OneSideOnly(field=f"debit-{place}", line=place)


# --- coming again ----------------------------------------------------------------------------


def due_in(period_id: int, day_of_month: int) -> date:
    """Return a day of a month, or its last day in a shorter one."""
    last = last_day(period_id)
    return last.replace(day=min(day_of_month, last.day))


def first_due(start: date, day_of_month: int) -> date:
    """Return the first day from `start` on that falls on a day of the month."""
    period_id = period_of(start)
    due = due_in(period_id, day_of_month)
    return due if due >= start else due_in(next_period(period_id), day_of_month)


def due_after(due: date, every: str, day_of_month: int) -> date:
    """Return when a recurring entry is due next."""
    period_id = period_of(due)
    for _month in range(MONTHS[every]):
        period_id = next_period(period_id)
    return due_in(period_id, day_of_month)


def first_of_next_month(day: date) -> date:
    """Return the day on which an accrual goes back unless another is chosen."""
    return first_day(next_period(period_of(day)))


# --- kept as data ----------------------------------------------------------------------------


def content_from(kept: Mapping[str, Any]) -> VoucherContent:
    """Return what `documents.content_of` wrote down."""
    return VoucherContent(
        kept["kind"],
        date.fromisoformat(kept["business_date"]),
        lines_from(kept["lines"]),
        kept["party"],
        kept["tax_id"],
        kept["note"],
        date.fromisoformat(kept["reverse_on"]) if kept["reverse_on"] else None,
    )


def lines_from(kept: Sequence[Mapping[str, Any]]) -> tuple[VoucherLine, ...]:
    """Return the lines of it."""
    return tuple(
        VoucherLine(
            UUID(line["account_id"]),
            line["debit"],
            line["credit"],
            member_id=_id(line["member_id"]),
            producer_id=_id(line["producer_id"]),
            fund_id=_id(line["fund_id"]),
            activity_id=_id(line["activity_id"]),
            memo=line["memo"],
        )
        for line in kept
    )


def _id(kept: str | None) -> UUID | None:
    return UUID(kept) if kept else None
