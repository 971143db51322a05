"""The named funds themselves, their rules, and what each holds.

What must stay true: a fund is kept in one of the accounts for funds, its balance is the sum of the
lines that name it there, and whoever pays out of it holds it until the transaction ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select

from accounting.models import Coupon, CouponIssue, CouponMove, Fund, FundRuleRow, JournalLine
from accounting.rules.chart import Purpose
from accounting.rules.funds import KEPT_IN, KIND_OF, OF_MEMBERS, FundRule, check_rule, require_sense
from accounting.services import chart, ledger
from accounting.services.meetings import resolutions
from core import audit, clock
from core.actor import Actor
from core.db import db, serialise_on, sum_int
from core.errors import N_, DifferentContent, DomainError, NotFound
from members.services import access


class FundCodeTaken(DomainError):
    """Another fund of the centre has this code."""

    code, status, title = "fund-code-taken", 409, N_("Another fund has this code")
    detail = N_("Give the fund a code of its own.")


class FundClosed(DomainError):
    """Nothing comes into a fund that ended, and nothing is asked of it."""

    code, status, title = "fund-closed", 409, N_("This fund has ended")
    detail = N_("Choose a fund that is in use.")


class FundOverdrawn(DomainError):
    """A fund pays no more than it holds."""

    code, status, title = "fund-overdrawn", 409, N_("The fund doesn't hold this much")
    detail = N_("It holds %(held_satang)s baht. Ask for less, or wait for a contribution.")


@dataclass(frozen=True, slots=True)
class NewFund:
    """A fund as it is set up; `purpose` is the account that keeps it."""

    id: UUID
    code: str
    name_th: str
    name_en: str
    purpose: Purpose = Purpose.WELFARE_FUND
    kind: str = ""
    """What it is for; the ordinary kind of its account unless said."""


@dataclass(frozen=True, slots=True)
class FundCard:
    """A fund, as other rooms see it."""

    id: UUID
    code: str
    name_th: str
    name_en: str
    purpose: Purpose
    active: bool
    kind: str = "other"


@dataclass(frozen=True, slots=True)
class SetRule:
    """A rule to write for a fund; a resolution may stand behind it."""

    id: UUID
    fund_id: UUID
    rule: FundRule
    resolution_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class RuleCard:
    """A rule as it was written, by whom and when."""

    rule: FundRule
    version_no: int
    resolution_id: UUID | None
    recorded_on: date
    recorded_name: str


def listing(centre_id: int, of_members: bool = True) -> list[FundCard]:
    """Return the funds by code: those of the members, or with False every fund."""
    query = select(Fund).where(Fund.centre_id == centre_id).order_by(Fund.code)
    if of_members:
        query = query.where(Fund.purpose.in_(OF_MEMBERS))
    return [_card(row) for row in db.session.scalars(query)]


def card(centre_id: int, fund_id: UUID) -> FundCard:
    """Return a fund; raise `NotFound`."""
    row = db.session.get(Fund, (centre_id, fund_id), populate_existing=True)
    if row is None:
        raise NotFound(what="fund")
    return _card(row)


class NotAMembersFund(DomainError):
    """Levies, allocations, goods and help at the till go through the members' own funds."""

    code, status, title = "not-a-members-fund", 422, N_("This fund is not for this")
    detail = N_("Choose a fund of the members; grants and funeral aid are kept apart.")


def of_members(centre_id: int, fund_id: UUID) -> FundCard:
    """Return a fund the members own; raise NotFound, NotAMembersFund."""
    found = card(centre_id, fund_id)
    if found.purpose not in OF_MEMBERS:
        raise NotAMembersFund(field="fund_id")
    return found


def require_open(centre_id: int, fund_id: UUID) -> FundCard:
    """Return a fund in use; raise NotFound, FundClosed."""
    found = card(centre_id, fund_id)
    if not found.active:
        raise FundClosed(field="fund_id")
    return found


def create(command: NewFund, actor: Actor) -> FundCard:
    """Set up a fund; raise FundCodeTaken, BadFund, Forbidden. The same id again changes nothing."""
    access.require(actor, "fund.change")
    assert command.purpose in KEPT_IN, "a fund is kept in an account for funds"
    kind = command.kind or KIND_OF[command.purpose]
    require_sense(kind, command.purpose)
    for fund in listing(actor.centre_id, of_members=False):
        if fund.id == command.id:
            return fund
        if fund.code == command.code:
            raise FundCodeTaken(field="code")
    db.session.execute(
        insert(Fund).values(
            centre_id=actor.centre_id,
            id=command.id,
            code=command.code,
            name_th=command.name_th,
            name_en=command.name_en,
            purpose=command.purpose,
            kind=kind,
        )
    )
    audit.record(actor, "fund.create", "fund", command.id, code=command.code)
    return card(actor.centre_id, command.id)


# --- rules -------------------------------------------------------------------------------------


def set_rule(command: SetRule, actor: Actor) -> RuleCard:
    """Write a fund's rule; the earlier ones stay. Raises BadRule, NotFound, Forbidden."""
    access.require(actor, "fund.change")
    check_rule(command.rule)
    centre_id = actor.centre_id
    serialise_on(command.fund_id)
    card(centre_id, command.fund_id)
    known = db.session.get(FundRuleRow, (centre_id, command.id))
    if known is not None:
        found = _rule_card(known)
        if known.fund_id != command.fund_id or found.rule != command.rule:
            raise DifferentContent(id=str(command.id))
        return found
    if command.resolution_id is not None:
        resolutions.require_held(centre_id, command.resolution_id)
    last = db.session.scalar(
        select(func.max(FundRuleRow.version_no)).where(
            FundRuleRow.centre_id == centre_id, FundRuleRow.fund_id == command.fund_id
        )
    )
    rule = command.rule
    db.session.execute(
        insert(FundRuleRow).values(
            centre_id=centre_id,
            id=command.id,
            fund_id=command.fund_id,
            version_no=(last or 0) + 1,
            **{name: getattr(rule, name) for name in FundRule.__slots__ if name != "purposes"},
            purposes=list(rule.purposes),
            resolution_id=command.resolution_id,
            recorded_at=clock.now(),
            recorded_by=actor.user_id,
            recorded_name=actor.name,
        )
    )
    audit.record(actor, "fund.rule", "fund", command.fund_id, version=(last or 0) + 1)
    return rules_of(centre_id, command.fund_id)[0]


def rules_of(centre_id: int, fund_id: UUID) -> list[RuleCard]:
    """Return every rule a fund has had, the one in force first."""
    rows = db.session.scalars(
        select(FundRuleRow)
        .where(FundRuleRow.centre_id == centre_id, FundRuleRow.fund_id == fund_id)
        .order_by(FundRuleRow.version_no.desc())
    )
    return [_rule_card(row) for row in rows]


def rule_of(centre_id: int, fund_id: UUID) -> FundRule:
    """Return the rule in force; a fund without one has the least any fund has."""
    known = rules_of(centre_id, fund_id)
    return known[0].rule if known else FundRule()


def rules_in_force(centre_id: int) -> dict[UUID, FundRule]:
    """Return the rule in force of every fund that has one."""
    rows = db.session.scalars(
        select(FundRuleRow)
        .where(FundRuleRow.centre_id == centre_id)
        .order_by(FundRuleRow.version_no)
    )
    return {row.fund_id: _rule_card(row).rule for row in rows}


# --- what it holds -----------------------------------------------------------------------------


def hold(centre_id: int, fund_id: UUID) -> int:
    """Hold a fund against everybody else who pays out of it; return what it holds, in satang.

    Raises NotFound. Whoever posts to several funds holds them in the order of their ids.
    """
    serialise_on(fund_id)
    return balance(centre_id, fund_id)


def require_covered(
    centre_id: int, fund_id: UUID, satang: int, since: date | None = None, field: str = "fund_id"
) -> None:
    """Hold a fund and raise FundOverdrawn unless it holds so much, on every day `since` one."""
    held = hold(centre_id, fund_id)
    if since is not None and since < clock.today():
        held = min(held, least_since(centre_id, fund_id, since))
    held -= kept_back(centre_id, fund_id)
    if held < satang:
        raise FundOverdrawn(field=field, held_satang=held, asked_satang=satang)


def kept_back(centre_id: int, fund_id: UUID) -> int:
    """Return what a fund may not pay otherwise: what is left of its coupons in force."""
    left = CouponIssue.amount_satang - (
        select(sum_int(CouponMove.amount_satang))
        .where(CouponMove.centre_id == Coupon.centre_id, CouponMove.coupon_id == Coupon.id)
        .correlate(Coupon)
        .scalar_subquery()
    )
    query = (
        select(sum_int(left))
        .select_from(CouponIssue)
        .join(
            Coupon,
            (Coupon.centre_id == CouponIssue.centre_id) & (Coupon.issue_id == CouponIssue.id),
        )
        .where(
            CouponIssue.centre_id == centre_id,
            CouponIssue.fund_id == fund_id,
            CouponIssue.valid_until >= clock.today(),
        )
    )
    return db.session.scalar(query) or 0


def free(centre_id: int, fund_id: UUID) -> int:
    """Hold a fund and return what it may pay: what it holds less what coupons keep back."""
    return hold(centre_id, fund_id) - kept_back(centre_id, fund_id)


def balance(centre_id: int, fund_id: UUID, until: date | None = None) -> int:
    """Return what a fund holds, in satang."""
    purpose = card(centre_id, fund_id).purpose
    found = ledger.sub_ledger(centre_id, purpose, "fund", [fund_id], until=until)
    return -found.get(fund_id, 0)


def least_since(centre_id: int, fund_id: UUID, since: date) -> int:
    """Return the least a fund held at the end of a day, or of any day after it, in satang."""
    day = JournalLine.posting_date
    query = (
        select(day, sum_int(JournalLine.credit - JournalLine.debit))
        .where(
            JournalLine.centre_id == centre_id,
            JournalLine.fund_id == fund_id,
            JournalLine.account_id
            == chart.account_for(centre_id, card(centre_id, fund_id).purpose).id,
            day > since,
        )
        .group_by(day)
        .order_by(day)
    )
    least = held = balance(centre_id, fund_id, until=since)
    for _day, satang in db.session.execute(query):
        held += satang
        least = min(least, held)
    return least


def balances_on(centre_id: int, until: date | None = None) -> dict[UUID, int]:
    """Return what each fund holds at the end of a day; an empty one may be missing."""
    held: dict[UUID, int] = {}
    for purpose in KEPT_IN:
        sums = ledger.sub_ledger(centre_id, purpose, "fund", until=until)
        held |= {fund_id: -satang for fund_id, satang in sums.items()}
    return held


def balances(actor: Actor) -> list[tuple[FundCard, int]]:
    """Return every fund with what it holds; raises Forbidden."""
    access.require(actor, "fund.read")
    held = balances_on(actor.centre_id)
    every = listing(actor.centre_id, of_members=False)
    return [(fund, held.get(fund.id, 0)) for fund in every]


def _card(row: Fund) -> FundCard:
    purpose = Purpose(row.purpose)
    return FundCard(row.id, row.code, row.name_th, row.name_en, purpose, row.active, row.kind)


def _rule_card(row: Any) -> RuleCard:
    values = {name: getattr(row, name) for name in FundRule.__slots__}
    rule = FundRule(**values | {"purposes": tuple(row.purposes)})
    on = clock.business_date(row.recorded_at)
    return RuleCard(rule, row.version_no, row.resolution_id, on, row.recorded_name)
