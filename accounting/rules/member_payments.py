"""What may be paid of a member's items, to whom, and what each payment posts. Pure; satang.

What must stay true: share of profit and patronage refund are never mixed; nothing is paid beyond
what is open; whoever has died is paid through a named heir only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from accounting.rules.chart import Purpose
from accounting.rules.entry import NewLine, merge
from core.errors import N_, DomainError

MEMBER, PROXY, HEIR = "member", "proxy", "heir"
CREDITS = ("shares", "purse")
CASH_PLACES = ("till", "safe")
PLACES_OF: dict[str, tuple[str, ...]] = {
    "cash": CASH_PLACES,
    "promptpay": ("bank",),
    "transfer": ("bank",),
    "shares": ("shares",),
    "purse": ("purse",),
}
"""Way of paying → where it may come from."""
_PURPOSES: dict[str, Purpose] = {
    "till": Purpose.CASH_TILL,
    "safe": Purpose.CASH_SAFE,
    "bank": Purpose.BANK,
    "shares": Purpose.SHARE_CAPITAL,
    "purse": Purpose.MEMBER_PURSE,
}

ItemKey = tuple[UUID, UUID]
"""(run, member) of an item."""
Parts = tuple[int, int]
"""(dividend, patronage) in satang."""


class NothingToPay(DomainError):
    """Nothing of what was chosen is open."""

    code, status, title = "member-nothing-to-pay", 409, N_("There is nothing to pay this member")
    detail = N_("It may have been paid just now. Look at the member's payments.")


class MoreThanDue(DomainError):
    """More was asked for than is open."""

    code, status, title = "member-more-than-due", 409, N_("More is asked for than is due")
    detail = N_("Something was paid meanwhile. Open the page again to see what is left.")


class NotFromThatPlace(DomainError):
    """Cash comes from a drawer or the safe, the rest from where it is credited."""

    code, status, title = "member-not-from-there", 422, N_("This can't be paid from there")
    detail = N_("Cash comes from a drawer or the safe, a transfer from the bank.")


class HeirNeeded(DomainError):
    """The member has died."""

    code, status, title = "heir-needed", 422, N_("This member has died")
    detail = N_("Pay a named heir, and write how they are related. Nothing is credited any more.")


class RecipientNeeded(DomainError):
    """Somebody else than the member takes the money, and isn't named."""

    code, status, title = "recipient-needed", 422, N_("Say who takes the money")
    detail = N_("Write the name and who they are to the member; for a proxy, what they showed.")


class MemberMerged(DomainError):
    """This membership was merged into another one, which is paid for both."""

    code, status, title = "member-merged", 409, N_("This membership was merged into another")
    detail = N_("Pay the membership that stands for both: %(name)s.")


class OnlyMembersHold(DomainError):
    """Shares are credited to members only."""

    code, status, title = "shares-for-members", 409, N_("Only a member's shares can grow")
    detail = N_("This membership has ended. Pay in cash or by the bank.")


@dataclass(frozen=True, slots=True)
class PaidItem:
    """A part of one item: whose item of which run, share of profit and patronage refund apart."""

    run_id: UUID
    member_id: UUID
    dividend_satang: int
    patronage_satang: int

    @property
    def key(self) -> ItemKey:
        return self.run_id, self.member_id

    @property
    def satang(self) -> int:
        return self.dividend_satang + self.patronage_satang

    def given_back(self) -> PaidItem:
        """Return the same below zero: what takes it back."""
        return replace(
            self,
            dividend_satang=-self.dividend_satang,
            patronage_satang=-self.patronage_satang,
        )


def check_items(items: Sequence[PaidItem], still_open: Mapping[ItemKey, Parts]) -> None:
    """Refuse what is not open; raise NothingToPay, MoreThanDue."""
    if not items or len({item.key for item in items}) != len(items):
        raise NothingToPay
    for item in items:
        dividend, patronage = still_open.get(item.key, (0, 0))
        if min(item.dividend_satang, item.patronage_satang) < 0 or item.satang == 0:
            raise NothingToPay
        if not dividend + patronage:
            raise NothingToPay
        if item.dividend_satang > dividend or item.patronage_satang > patronage:
            raise MoreThanDue


def check_recipient(way: str, state: str, kind: str, name: str, relation: str) -> None:
    """Refuse a recipient who may not take a member's money; raise HeirNeeded, RecipientNeeded."""
    if state == "died" and (kind != HEIR or way in CREDITS):
        raise HeirNeeded(field="recipient_kind")
    if kind != MEMBER and not (name.strip() and relation.strip()):
        raise RecipientNeeded(field="recipient_name")
    if way == "shares" and state not in ("member", "suspended"):
        raise OnlyMembersHold(field="way")


def in_coins(items: Sequence[PaidItem], grid: int) -> tuple[PaidItem, ...]:
    """Return what coins can pay: what they can't stays due, taken off the last parts.

    `grid` is the smallest coin in satang; 0 leaves everything as it is.
    """
    rest = sum(item.satang for item in items) % grid if grid else 0
    kept = list(items)
    for place in range(len(kept) - 1, -1, -1):
        if not rest:
            break
        off = min(rest, kept[place].patronage_satang)
        rest -= off
        also = min(rest, kept[place].dividend_satang)
        rest -= also
        kept[place] = replace(
            kept[place],
            patronage_satang=kept[place].patronage_satang - off,
            dividend_satang=kept[place].dividend_satang - also,
        )
    return tuple(item for item in kept if item.satang)


def debits(items: Iterable[PaidItem]) -> list[NewLine]:
    """Return the lines that take items off what is owed, each under its own member."""
    lines = []
    for item in items:
        for purpose, satang in (
            (Purpose.DIVIDENDS_PAYABLE, item.dividend_satang),
            (Purpose.PATRONAGE_PAYABLE, item.patronage_satang),
        ):
            if satang:
                lines.append(NewLine(purpose, debit=satang, member_id=item.member_id))
    return lines


def payment_lines(
    items: Sequence[PaidItem], place: str, payee_id: UUID, till_id: UUID | None
) -> tuple[NewLine, ...]:
    """Return the entry of a payment."""
    money = NewLine(
        _PURPOSES[place],
        credit=sum(item.satang for item in items),
        member_id=payee_id if place in CREDITS else None,
        till_id=till_id,
    )
    return merge([*debits(items), money])


def reserve_lines(items: Sequence[PaidItem]) -> tuple[NewLine, ...]:
    """Return the entry by which what nobody fetched goes to reserve."""
    total = sum(item.satang for item in items)
    return merge([*debits(items), NewLine(Purpose.LEGAL_RESERVE, credit=total)])
