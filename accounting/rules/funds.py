"""What kinds of funds there are, where each is kept, and what a rule lets be asked. Pure.

What must stay true: money of funeral aid is nobody's income and never the shop's; a restricted
grant is a debt until it is used; a match is worked out village by village and never multiplied by
a number of villages nobody gave.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from accounting.rules.chart import Purpose
from core.errors import N_, DomainError
from core.money import half_up_div

VILLAGE_WELFARE, HARDSHIP, OCCUPATION = "village_welfare", "hardship", "occupation"
PRODUCE_ADVANCES, PUBLIC_BENEFIT = "produce_advances", "public_benefit"
RESTRICTED, FUNERAL, OTHER = "restricted_grant", "funeral_aid", "other"
KINDS: dict[str, tuple[str, Purpose]] = {
    VILLAGE_WELFARE: (N_("Village welfare"), Purpose.WELFARE_FUND),
    HARDSHIP: (N_("People in hardship"), Purpose.WELFARE_FUND),
    OCCUPATION: (N_("Occupation grants"), Purpose.WELFARE_FUND),
    PRODUCE_ADVANCES: (N_("Produce management"), Purpose.OTHER_FUNDS),
    PUBLIC_BENEFIT: (N_("Public benefit"), Purpose.PUBLIC_BENEFIT_FUND),
    RESTRICTED: (N_("Restricted grant"), Purpose.RESTRICTED_GRANTS),
    FUNERAL: (N_("Funeral aid"), Purpose.FUNERAL_AID),
    OTHER: (N_("Another fund"), Purpose.OTHER_FUNDS),
}
"""Each kind of fund: its msgid and the account that keeps it unless told otherwise."""
OF_MEMBERS = (Purpose.WELFARE_FUND, Purpose.PUBLIC_BENEFIT_FUND, Purpose.OTHER_FUNDS)
"""Funds the members own; levies, allocations and help at the till go through these only."""
KEPT_IN = (*OF_MEMBERS, Purpose.RESTRICTED_GRANTS, Purpose.FUNERAL_AID)
KIND_OF = {
    Purpose.WELFARE_FUND: VILLAGE_WELFARE,
    Purpose.PUBLIC_BENEFIT_FUND: PUBLIC_BENEFIT,
    Purpose.OTHER_FUNDS: OTHER,
    Purpose.RESTRICTED_GRANTS: RESTRICTED,
    Purpose.FUNERAL_AID: FUNERAL,
}

GIVERS: dict[str, str] = {
    "member": N_("A member"),
    "network": N_("The network"),
    "municipality": N_("The municipality"),
    "state": N_("The state"),
    "donation": N_("Donation"),
    "merit_making": N_("Merit-making"),
    "repayment": N_("Help paid back"),
    "other": N_("Another giver"),
}
"""Who a contribution may come from. Levies and allocations post by their own documents."""
MATCHING = ("network", "municipality", "state", "other")
BEYOND_PAPERS: dict[str, str] = {
    "levy": N_("Levy of sales"),
    "allocation": N_("Allocation of surplus"),
    "transfer": N_("From or to another fund"),
    "need_discount": N_("Help at the till"),
    "goods_given": N_("Goods given away"),
    "by_hand": N_("Entered by hand"),
    "opening": N_("Opening balances"),
    "other_document": N_("Another document"),
}
"""What else moves a fund, by the documents of other rooms."""
CATEGORIES: dict[str, str] = {
    "youth": N_("Young person"),
    "elderly": N_("Elderly person"),
    "household": N_("Household in need"),
    "producer": N_("Producer"),
    "bereaved": N_("Bereaved family"),
    "group": N_("Group or village"),
    "other": N_("Someone else"),
}
"""As little as a report needs; health, religion and the like are never kept."""
PRODUCE_ADVANCE, FUNERAL_HELP, RETURNED = "produce_advance", "funeral", "returned_to_giver"
PUBLIC_WORK = "public_work"
PURPOSES: dict[str, str] = {
    "occupation": N_("To start a trade"),
    "education": N_("Schooling"),
    "hardship": N_("Help in hardship"),
    "welfare": N_("Welfare of the village"),
    PUBLIC_WORK: N_("Work for everybody"),
    PRODUCE_ADVANCE: N_("Advance for produce, to be paid back"),
    FUNERAL_HELP: N_("Funeral"),
    RETURNED: N_("Given back to the giver"),
    "other": N_("Something else"),
}
APPROVALS_MIN, APPROVALS_MAX = 2, 9
PRECISIONS = ("day", "month")
FIXED, RATIO = "fixed", "ratio"


class FundRefusal(DomainError):
    """The base of what a fund's rules refuse."""

    code, status, title = "fund-refused", 409, N_("The fund's rules don't allow this")


class BadFund(FundRefusal):
    """The kind of a fund and the account that keeps it don't belong together."""

    code, status, title = "bad-fund", 422, N_("A fund of this kind is kept elsewhere")
    detail = N_("Restricted grants and funeral aid have accounts of their own.")


class BadRule(FundRefusal):
    """A rule nobody could follow."""

    code, status, title = "bad-fund-rule", 422, N_("This rule can't be kept like this")
    detail = N_("At least two people approve; amounts are above zero.")


class PurposeNotAllowed(FundRefusal):
    """The fund is not for this."""

    code, status = "fund-purpose", 409
    title = N_("The fund doesn't pay for this")
    detail = N_("Choose another purpose or another fund.")


class AboveLimit(FundRefusal):
    """More than the rule lets one request ask for."""

    code, status, title = "fund-above-limit", 409, N_("More than one request may ask for")
    detail = N_("The fund's rule allows %(limit_satang)s baht a request.")


class AboveYearLimit(FundRefusal):
    """More than the rule lets one recipient have in a year."""

    code, status = "fund-above-year-limit", 409
    title = N_("More than one recipient may have in a year")
    detail = N_(
        "The rule allows %(limit_satang)s baht a year; %(had_satang)s are paid or approved."
    )


class FundExpired(FundRefusal):
    """A restricted grant is used before its last day."""

    code, status, title = "fund-expired", 409, N_("The grant could be used until an earlier day")
    detail = N_("It ended on %(expires_on)s. Give the rest back, or enter the giver's new term.")


class GuardianMissing(FundRefusal):
    """A minor's request names the guardian who consents."""

    code, status, title = "guardian-missing", 422, N_("Name the guardian who consents")
    detail = N_("For someone under age, write the guardian's name and relation.")


@dataclass(frozen=True, slots=True)
class FundRule:
    """What a fund pays for, and who must say yes; the latest one written counts."""

    who_may_ask: str = ""
    purposes: tuple[str, ...] = ()
    request_max_satang: int | None = None
    recipient_year_max_satang: int | None = None
    approvals: int = APPROVALS_MIN
    expires_on: date | None = None
    registration_no: str = ""
    giver: str = ""


@dataclass(frozen=True, slots=True)
class MatchRule:
    """What a giver adds for each village: a fixed sum, or a part of what the village put in."""

    type: str
    amount_satang: int = 0
    ratio_basis_points: int = 0
    cap_satang: int | None = None


def require_sense(kind: str, purpose: Purpose) -> None:
    """Raise BadFund unless an account may keep a fund of a kind."""
    own = KINDS[kind][1]
    if purpose != own and (own not in OF_MEMBERS or purpose not in OF_MEMBERS):
        raise BadFund(field="kind")


def check_rule(rule: FundRule) -> None:
    """Raise BadRule for a rule nobody could follow."""
    if not APPROVALS_MIN <= rule.approvals <= APPROVALS_MAX:
        raise BadRule(field="approvals")
    for name in ("request_max_satang", "recipient_year_max_satang"):
        most = getattr(rule, name)
        if most is not None and most <= 0:
            raise BadRule(field=name)
    if not set(rule.purposes) <= set(PURPOSES):
        raise BadRule(field="purposes")


def check_request(
    rule: FundRule, kind: str, purpose: str, amount_satang: int, had_satang: int, on: date
) -> None:
    """Raise what a fund's rule has against a request; `had` is the recipient's year so far.

    What a giver gets back is no help to anybody: no limit and no last day is asked of it.
    """
    if (purpose == RETURNED) > (kind == RESTRICTED):
        raise PurposeNotAllowed(field="purpose")
    if purpose == RETURNED:
        return
    if rule.purposes and purpose not in rule.purposes:
        raise PurposeNotAllowed(field="purpose")
    most = rule.request_max_satang
    if most is not None and amount_satang > most:
        raise AboveLimit(field="amount_satang", limit_satang=most)
    year = rule.recipient_year_max_satang
    if year is not None and had_satang + amount_satang > year:
        raise AboveYearLimit(field="amount_satang", limit_satang=year, had_satang=had_satang)
    require_current(rule, purpose, on)


def require_current(rule: FundRule, purpose: str, on: date) -> None:
    """Raise FundExpired after the last day of a grant, but for giving it back."""
    if purpose != RETURNED and rule.expires_on is not None and on > rule.expires_on:
        raise FundExpired(expires_on=rule.expires_on)


def matched(rule: MatchRule, put_in_satang: int = 0) -> int:
    """Return what a giver adds for one village that put in so much."""
    if rule.type == FIXED:
        return rule.amount_satang
    part = half_up_div(max(put_in_satang, 0) * rule.ratio_basis_points, 10_000)
    return part if rule.cap_satang is None else min(part, rule.cap_satang)


def initials(name: str) -> str:
    """Return a name as those see it who have no business knowing it: first letters and dots."""
    return " ".join(f"{_first(word)}…" for word in name.split())


def _first(word: str) -> str:
    # A Thai vowel before its consonant is no letter one would call an initial.
    return word[:2] if word[0] in "เแโใไ" else word[0]


def purposes_of(kind: str, rule: FundRule) -> tuple[str, ...]:
    """Return what may be asked of a fund, for a form to offer."""
    allowed: Collection[str] = rule.purposes or PURPOSES
    given_back = (RETURNED,) if kind == RESTRICTED else ()
    return (*(one for one in PURPOSES if one in allowed and one != RETURNED), *given_back)
