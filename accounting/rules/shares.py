"""Shares: par value, caps and who may do what with them. Pure; money in satang.

What must stay true: a cap is judged on what the register says after the transaction, for the one
whose holding grows; nobody is kept from leaving because of what others hold. Parts are integers
(basis points), never floats.

Where the rules come from (data, each centre changes its own by resolution):
- A co-operative: Co-operatives Act B.E. 2542 s.33 (a member holds at least one share and at most a
  fifth of all paid-up shares). By the model by-laws members neither take shares back while they are
  members nor pass them on without the board.
- A community enterprise and a savings group: no statute; by-laws or the meeting's word decide, so
  there is no cap until one is set.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from accounting.rules.periods import PeriodClosed
from core.errors import N_, DomainError
from core.money import split_by_weight

WHOLE = 10_000
"""A whole, in basis points."""
SHARES_MAX = 1_000_000
PLACES = ("safe", "bank", "till", "purse")


class MonthLocked(PeriodClosed):
    """Shares count from the day they are dated; in a locked month nothing is added any more."""

    code, title = "share-month-locked", N_("The books of that month are locked")
    detail = N_("Enter it with a day in an open month: it counts in the register from then on.")


class NotYet(DomainError):
    """Shares are entered when they were paid, not before."""

    code, status, title = "share-not-yet", 422, N_("This day is still to come")
    detail = N_("Enter shares on the day they are paid or given back, or later.")


class BadRule(DomainError):
    """The base of what is wrong with a rule as it was written."""

    code, status, title = "share-rule-wrong", 422, N_("These share rules contradict each other")
    detail = N_("The most shares of a member can't be fewer than the least.")


class ShareRefused(DomainError):
    """The base of what the rules for shares refuse."""

    code, status, title = "share-refused", 409, N_("This can't be done with these shares")


class NotAMemberThen(ShareRefused):
    """Only members hold shares, from the day they joined on."""

    code, title = "share-not-a-member", N_("This person was not a member on that day")
    detail = N_("Choose a day on which the membership had begun and not ended.")


class TooFewShares(ShareRefused):
    """Every member holds a least number of shares, or none at all."""

    code, title = "share-too-few", N_("This leaves fewer shares than a member must hold")
    detail = N_("The least is %(least)s shares. Take at least so many, or all when leaving.")


class TooManyShares(ShareRefused):
    """The centre's rule names a most number of shares."""

    code, title = "share-too-many", N_("This is more than a member may hold")
    detail = N_("The most is %(most)s shares. Take fewer, or ask the meeting to change the rule.")


class PartTooLarge(ShareRefused):
    """No member holds more than a part of all paid-up shares (a co-operative: one fifth)."""

    code, title = "share-part-too-large", N_("This is too large a part of all shares")
    detail = N_(
        "One member holds at most %(allowed_satang)s baht of all paid-up shares after this. Take"
        " fewer, or wait until others hold more."
    )


class MoreThanHeld(ShareRefused):
    """Nobody gives what they don't hold."""

    code, title = "share-more-than-held", N_("The member doesn't hold so many shares")
    detail = N_("There are %(held_satang)s baht to take from. Look at the passbook.")


class OnlyAll(ShareRefused):
    """Who is no longer a member keeps no shares behind."""

    code, title = "share-only-all", N_("A membership that ended gives back all its shares")
    detail = N_("Give back all of them: %(held_satang)s baht.")


class StillAMember(ShareRefused):
    """The rules of this centre let shares be taken back only on leaving."""

    code, title = "share-still-a-member", N_("Shares are given back only when a member leaves")
    detail = N_("Enter the resignation first, transfer the shares, or change the share rules.")


class ApprovalNeeded(ShareRefused):
    """A transfer by some rules, and shares of the old books once a month is closed."""

    code, title = "share-approval-needed", N_("This needs the meeting's approval")
    detail = N_("Choose the resolution that allows it.")


class SameMember(ShareRefused):
    """Shares pass from one person to another."""

    code, status, title = "share-same-member", 422, N_("Both are the same member")
    detail = N_("Choose somebody else to take the shares.")


class NotDead(ShareRefused):
    """Shares are inherited from the dead."""

    code, title = "share-not-dead", N_("This member is not entered as dead on that day")
    detail = N_("Enter the death in the member's register first, or make it a transfer.")


class HasDied(ShareRefused):
    """What the dead held goes to their heirs, and nowhere else."""

    code, title = "share-member-died", N_("This member has died")
    detail = N_("Give the shares to the heirs who are named, or name the legal ones first.")


class NoSuchHeir(ShareRefused):
    """Only the nominated inherit, each once."""

    code, title = "share-no-heir", N_("This heir is not named, or has been given the part already")
    detail = N_(
        "Look at the member's nominated heirs. Where nobody is named, enter the legal ones."
    )


class HeirsNotWhole(ShareRefused):
    """The parts of the heirs are the whole."""

    code, status, title = "share-heirs-not-whole", 422, N_("The parts don't add up to 100 percent")
    detail = N_("Together they are %(percent)s percent. Change the parts.")


class MoreThanSubscribed(ShareRefused):
    """An instalment pays no more than is left of its subscription."""

    code, title = "share-more-than-subscribed", N_("This is more than is still to be paid")
    detail = N_("%(left_satang)s baht are left of this subscription.")


class SubscriptionOver(ShareRefused):
    """The subscription is paid in full or was given up."""

    code, title = "share-subscription-over", N_("Nothing more is paid on this subscription")
    detail = N_("Sign a new one for more shares.")


class PurseShort(ShareRefused):
    """The member's purse doesn't hold as much."""

    code, title = "share-purse-short", N_("There is not enough in the member's purse")
    detail = N_("It holds %(held_satang)s baht. Choose another way to pay.")


class TillIsToday(ShareRefused):
    """A drawer's money moves now, so its day is today."""

    code, status, title = "share-till-today", 422, N_("Money of a drawer is entered on its day")
    detail = N_("Choose today, or the safe or the bank for an earlier day.")


class AlreadyTakenBack(ShareRefused):
    """A transaction is taken back once, and a taking back not again."""

    code, title = "share-already-taken-back", N_("This transaction was taken back already")
    detail = N_("Open it to see by which one. Enter what is right as a new transaction.")


class BeforeItself(ShareRefused):
    """Nothing is taken back before it counted."""

    code, status, title = "share-before-itself", 422, N_("This day is before the transaction's own")
    detail = N_("Choose its day or a later one.")


class TakenBackElsewhere(ShareRefused):
    """What another document made is corrected at that document."""

    code, title = "share-taken-back-elsewhere", N_("These shares were made by another document")
    detail = N_("Correct it there; the register follows by itself.")


class SharesGone(ShareRefused):
    """What would be taken back has been given away since."""

    code, title = "share-gone", N_("These shares are no longer all there")
    detail = N_(
        "Somebody has given back or transferred them since (%(amount_satang)s baht). Take that back"
        " first."
    )


class NothingToCertify(ShareRefused):
    """A certificate is for whole shares without another certificate."""

    code, title = "share-nothing-to-certify", N_("There are no whole shares left to certify")
    detail = N_("Replace a certificate that was given out, or wait until a whole share is paid.")


class CertificateOver(ShareRefused):
    """A certificate that no longer counts stays so."""

    code, title = "share-certificate-over", N_("This certificate no longer counts")
    detail = N_("Give out a new one from the member's passbook.")


@dataclass(frozen=True, slots=True)
class ShareRules:
    """What counts on a day; None is no cap."""

    par_satang: int = 100_00
    least_shares: int = 1
    most_shares: int | None = None
    largest_part_basis_points: int | None = None
    transfer_needs_approval: bool = False
    withdraw_while_member: bool = True


DEFAULTS: dict[str, ShareRules] = {
    "cooperative": ShareRules(
        par_satang=10_00,
        largest_part_basis_points=2_000,
        transfer_needs_approval=True,
        withdraw_while_member=False,
    ),
    "community_enterprise": ShareRules(),
    "savings_group": ShareRules(),
}
"""The rules of a centre that set none, by the kind of organisation."""


@dataclass(frozen=True, slots=True)
class Holding:
    """One member's shares after a transaction, beside everyone's."""

    held_satang: int
    total_satang: int
    holders: int


# --- caps ------------------------------------------------------------------------------------


def largest_allowed(rules: ShareRules, total_satang: int, holders: int) -> int | None:
    """Return the satang one member may hold of all paid-up shares; None where nothing caps it.

    With so few holders that somebody must hold more (fewer than five for one fifth) the part is
    not judged: a new co-operative could not begin otherwise. From then on whoever is above can't
    grow until the others have.
    """
    part = rules.largest_part_basis_points
    caps = [] if rules.most_shares is None else [rules.most_shares * rules.par_satang]
    if part is not None and holders * part >= WHOLE:
        caps.append(total_satang * part // WHOLE)
    return min(caps) if caps else None


def check_growth(rules: ShareRules, after: Holding, *, in_parts: bool = False) -> None:
    """Raise when a holding that grew is too small or too large; `in_parts` is being paid still."""
    if not in_parts and after.held_satang < rules.least_shares * rules.par_satang:
        raise TooFewShares(least=rules.least_shares)
    most = rules.most_shares
    if most is not None and after.held_satang > most * rules.par_satang:
        raise TooManyShares(most=most)
    allowed = largest_allowed(rules, after.total_satang, after.holders)
    if allowed is not None and after.held_satang > allowed:
        raise PartTooLarge(allowed_satang=allowed)


def check_rest(rules: ShareRules, rest_satang: int) -> None:
    """Raise when what a member keeps is fewer than the least, but something."""
    if 0 < rest_satang < rules.least_shares * rules.par_satang:
        raise TooFewShares(least=rules.least_shares)


def to_give(rules: ShareRules, held_satang: int, shares: int | None) -> int:
    """Return the satang of so many shares (None: all that is held); raise MoreThanHeld."""
    wanted = held_satang if shares is None else shares * rules.par_satang
    if held_satang <= 0 or wanted > held_satang:
        raise MoreThanHeld(held_satang=held_satang)
    return wanted


def check_leaving(rules: ShareRules, state: str, held_satang: int, gives_satang: int) -> None:
    """Raise when shares can't be taken back: only on leaving by some rules, and then all."""
    is_member = state in ("member", "suspended")
    if is_member and not rules.withdraw_while_member:
        raise StillAMember
    if not is_member and gives_satang != held_satang:
        raise OnlyAll(held_satang=held_satang)
    check_rest(rules, held_satang - gives_satang)


def check_rules(rules: ShareRules) -> None:
    """Raise BadRule when no member could keep them."""
    if rules.most_shares is not None and rules.most_shares < rules.least_shares:
        raise BadRule(field="most_shares")


# --- heirs -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heir:
    """A person named to have a part of the shares."""

    name: str
    relationship: str
    part_basis_points: int


def check_heirs(heirs: tuple[Heir, ...]) -> None:
    """Raise HeirsNotWhole unless the parts are the whole; naming nobody is allowed."""
    total = sum(heir.part_basis_points for heir in heirs)
    if heirs and total != WHOLE:
        raise HeirsNotWhole(field="heirs", percent=percent(total))


def parts_of(held_satang: int, heirs: tuple[Heir, ...]) -> list[int]:
    """Return each heir's satang: together all of it, to the satang."""
    return split_by_weight(held_satang, [heir.part_basis_points for heir in heirs])


def percent(basis_points: int) -> str:
    """Return basis points as percent, without needless zeros: 3334 → 33.34, 5000 → 50."""
    whole, rest = divmod(basis_points, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") if rest else str(whole)


# --- kept as data ----------------------------------------------------------------------------


def is_late(effective_on: date, recorded_on: date) -> bool:
    """Tell whether something was entered after the month in which it counts."""
    return (effective_on.year, effective_on.month) < (recorded_on.year, recorded_on.month)


def rules_from(row: Any) -> ShareRules:
    """Return the rules of a row that bears their names."""
    return ShareRules(**{name: getattr(row, name) for name in ShareRules.__dataclass_fields__})
