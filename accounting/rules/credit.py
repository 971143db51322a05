"""What a member may owe, which bills a repayment pays, and how old debts are. Pure; satang.

What must stay true: no more is taken off a bill than is open of it; the oldest is paid first unless
the member chose; what is too much is put in the purse only when asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from accounting.rules.chart import Purpose
from accounting.rules.entry import NewLine, merge
from core.errors import N_, DomainError

ACTIVE, SUSPENDED, CLOSED = "active", "suspended", "closed"
AGES = ("not_due", "days_30", "days_60", "days_90", "older")
"""How long a bill is overdue: not yet, up to 30, 60, 90 days, or longer."""
PURPOSES = {
    "till": Purpose.CASH_TILL,
    "safe": Purpose.CASH_SAFE,
    "awaited": Purpose.TRANSFERS_AWAITING,
    "bank": Purpose.BANK,
    "purse": Purpose.MEMBER_PURSE,
}
CASH_PLACES = ("till", "safe")


class NoCredit(DomainError):
    """The member has no account on which to buy."""

    code, status, title = "credit-none", 409, N_("This member can't buy on account")
    detail = N_("Take another payment. The manager opens credit accounts in the office.")


class CreditSuspended(DomainError):
    """The account is suspended or closed."""

    code, status, title = "credit-suspended", 409, N_("This credit account is suspended")
    detail = N_("Take another payment, and ask the manager why.")


class CreditOverdue(DomainError):
    """A bill is past its day: nothing more is sold on account before it is paid."""

    code, status, title = "credit-overdue", 409, N_("A bill of this member is overdue")
    detail = N_("%(overdue_satang)s baht are past their day. Take the repayment first.")


class AboveCreditLimit(DomainError):
    """The sale would bring the member above the limit."""

    code, status, title = "credit-over-limit", 409, N_("More than this member may owe")
    detail = N_(
        "%(left_satang)s baht are left of the limit of %(limit_satang)s. Take the rest another"
        " way, or ask a manager to say yes here."
    )


class NothingOwed(DomainError):
    """There is nothing to pay back, or none of the bills chosen is open."""

    code, status, title = "credit-nothing-owed", 409, N_("Nothing of this is owed")
    detail = N_("It may have been paid just now. Open the page again to see what is left.")


class MoreThanOwed(DomainError):
    """More was handed over than is owed, and nobody asked to keep the rest."""

    code, status, title = "credit-more-than-owed", 409, N_("More than the member owes")
    detail = N_("%(owed_satang)s baht are owed. Take that, or tick to put the rest in the purse.")


class NotInCoins(DomainError):
    """Cash ends at the smallest coin."""

    code, status, title = "credit-no-coins", 422, N_("There is no coin for this sum")
    detail = N_("Round it up and tick to put the rest in the purse, or round it down.")


class BadTerms(DomainError):
    """Terms nobody can keep."""

    code, status, title = "credit-bad-terms", 422, N_("These terms can't be kept")
    detail = N_("The limit is not below zero, and the days are 0 to 366.")


@dataclass(frozen=True, slots=True)
class Standing:
    """What an account is like at the moment of a sale; `state` is empty when there is none."""

    state: str
    limit_satang: int
    terms_days: int
    owed_satang: int
    overdue_satang: int

    @property
    def left_satang(self) -> int:
        """What may still be bought on account."""
        usable = self.state == ACTIVE and not self.overdue_satang
        return max(self.limit_satang - self.owed_satang, 0) if usable else 0


@dataclass(frozen=True, slots=True)
class OpenBill:
    """A bill of which something is still owed."""

    id: UUID
    due_on: date
    open_satang: int


@dataclass(frozen=True, slots=True)
class Split:
    """How a repayment is used: what of each bill, of older debts, and for the purse."""

    bills: tuple[tuple[UUID, int], ...]
    older_satang: int
    purse_satang: int

    @property
    def bills_satang(self) -> int:
        return sum(satang for _, satang in self.bills)


def refusal(standing: Standing, satang: int) -> DomainError | None:
    """Return what speaks against selling so much on account; None when nothing does."""
    if not standing.state:
        return NoCredit()
    if standing.state != ACTIVE:
        return CreditSuspended()
    if standing.overdue_satang:
        return CreditOverdue(overdue_satang=standing.overdue_satang)
    if standing.owed_satang + satang > standing.limit_satang:
        return AboveCreditLimit(
            left_satang=standing.left_satang,
            limit_satang=standing.limit_satang,
            asked_satang=satang,
        )
    return None


def due_day(on: date, terms_days: int) -> date:
    """Return the last day on which a bill of a day is not overdue."""
    return on + timedelta(days=terms_days)


def age_of(due_on: date, today: date) -> str:
    """Return how long a bill is overdue, as one of `AGES`."""
    days = (today - due_on).days
    if days <= 0:
        return AGES[0]
    return AGES[1 + sum(days > most for most in (30, 60, 90))]


def use_repayment(
    satang: int,
    bills: Iterable[OpenBill],
    older_satang: int,
    chosen: Sequence[UUID] = (),
    *,
    rest_to_purse: bool = False,
) -> Split:
    """Return how a repayment is used, older debts and the oldest bill first, or as chosen.

    Raises NothingOwed, MoreThanOwed.
    """
    ordered = sorted(bills, key=lambda bill: (bill.due_on, bill.id))
    if chosen:
        ordered = [bill for bill in ordered if bill.id in chosen]
        older_satang = 0
        if len(ordered) != len(set(chosen)):
            raise NothingOwed
    older_satang = max(older_satang, 0)
    owed = older_satang + sum(bill.open_satang for bill in ordered)
    if not owed or satang <= 0:
        raise NothingOwed
    if satang > owed and not rest_to_purse:
        raise MoreThanOwed(owed_satang=owed, field="amount_satang")
    left = satang - min(satang, older_satang)
    older = satang - left
    paid = []
    for bill in ordered:
        part = min(left, bill.open_satang)
        if part:
            paid.append((bill.id, part))
        left -= part
    return Split(tuple(paid), older, left)


def require_coins(place: str, satang: int, grid: int) -> None:
    """Raise NotInCoins for cash no coins make; `grid` is the smallest coin, 0 for any."""
    if place in CASH_PLACES and grid and satang % grid:
        raise NotInCoins(field="amount_satang")


def repayment_lines(
    split: Split, place: str, member_id: UUID, till_id: UUID | None, reference: str
) -> tuple[NewLine, ...]:
    """Return the entry of a repayment."""
    owed = split.bills_satang + split.older_satang
    money = NewLine(
        PURPOSES[place],
        debit=owed + split.purse_satang,
        member_id=member_id if place == "purse" else None,
        till_id=till_id,
        memo=reference if place == "awaited" else "",
    )
    return merge(
        [
            money,
            NewLine(Purpose.MEMBER_RECEIVABLE, credit=owed, member_id=member_id),
            NewLine(Purpose.MEMBER_PURSE, credit=split.purse_satang, member_id=member_id),
        ]
    )
