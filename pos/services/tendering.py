"""What pays a sale besides money: the account, the purse, a scheme of the state, a fund's coupon.

What must stay true: whoever's money is used is held before it is looked at, so that two tills
never pass one limit nor empty one purse twice; a sale without such payments costs no statement
here; a late sale is a fact: it is taken and flagged, what a purse no longer holds is owed by the
member, and what a coupon no longer is worth the centre bears.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from accounting.rules import coupons as coupon_rules
from accounting.rules import credit as credit_rules
from accounting.rules.chart import Purpose
from accounting.services.coupons import using
from accounting.services.coupons.using import Usable
from accounting.services.credit import accounts, bills
from accounting.services.purse import holding
from core.actor import Actor
from core.errors import N_, DomainError
from pos.rules.tender import Settled, TenderTwice
from pos.services import overrides, schemes
from pos.services.sale_rows import RecordPayment, RecordSale
from pos.services.tills import Counter

Goods = Sequence[tuple[str, int]]
"""(category, net satang) of each line."""


class MemberNeeded(DomainError):
    """Account and purse are a member's."""

    code, status, title = "member-needed", 409, N_("Choose the member first")
    detail = N_("Only a member buys on account or pays from a purse. Press F3 and choose.")


class NotNamed(DomainError):
    """A scheme or coupon is named where one pays, and nowhere else."""

    code, status, title = "tender-not-named", 422, N_("Say which scheme or coupon pays")
    detail = N_("Choose the scheme, or scan the coupon; other payments name neither.")


@dataclass(frozen=True, slots=True)
class Taken:
    """What such payments come to: what is posted and written, and what a person should see."""

    credit_satang: int = 0
    from_purse_satang: int = 0
    """The part of the credit that a late sale's purse didn't hold."""
    purse_satang: int = 0
    due_on: date | None = None
    scheme_reference: str = ""
    coupons: dict[UUID, int] = field(default_factory=dict)
    known: dict[UUID, Usable] = field(default_factory=dict)
    funded: tuple[tuple[UUID, Purpose, int], ...] = ()
    borne_satang: int = 0
    balances: dict[str, int] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


NOTHING = Taken()


def require_named(payments: Sequence[RecordPayment]) -> None:
    """Raise NotNamed or TenderTwice for payments that don't say what pays."""
    for one in payments:
        if (one.method == "scheme") != (one.scheme_id is not None):
            raise NotNamed(method=one.method)
        if (one.method == "voucher") != (one.voucher_id is not None):
            raise NotNamed(method=one.method)
    coupons = [one.voucher_id for one in payments if one.voucher_id is not None]
    if len(set(coupons)) != len(coupons):
        raise TenderTwice(method="voucher")


def take(
    command: RecordSale, tender: Settled, goods: Goods, counter: Counter, actor: Actor
) -> Taken:
    """Judge the payments of a sale that are no money, everything they use held.

    Raises MemberNeeded, NotNamed, TenderTwice, PurseShort, NoCredit, CreditSuspended,
    CreditOverdue, OverrideNeeded, what schemes and coupons refuse, NotFound.
    """
    require_named(command.payments)
    if all(one.method in ("cash", "promptpay", "transfer") for one in command.payments):
        return NOTHING
    remarks: list[str] = []
    found: dict[str, object] = {}
    if tender.credit_satang or tender.purse_satang:
        found |= _of_member(command, tender, counter, actor, remarks)
    for one in command.payments:
        if one.scheme_id is not None:
            scheme = schemes.require_pays(one, goods, actor.centre_id, remarks, late=counter.late)
            found["scheme_reference"] = f"{scheme.code} {one.reference}".strip()
    if tender.voucher_satang:
        found |= _coupons(command, goods, counter, actor, remarks)
    return Taken(**found, remarks=tuple(remarks))  # type: ignore[arg-type]


def write(command: RecordSale, taken: Taken, counter: Counter, actor: Actor) -> None:
    """Write the bill and what was used of coupons; nothing when there is neither."""
    if taken.credit_satang:
        assert command.member_id is not None and taken.due_on is not None
        bills.write(
            actor.centre_id,
            command.member_id,
            ("sale", command.id),
            taken.credit_satang,
            (counter.business_date, taken.due_on),
            taken.from_purse_satang,
        )
    if taken.coupons:
        using.use(command.id, taken.coupons, taken.known, actor)


def _of_member(
    command: RecordSale, tender: Settled, counter: Counter, actor: Actor, remarks: list[str]
) -> dict[str, object]:
    member_id = command.member_id
    if member_id is None:
        raise MemberNeeded
    centre_id = actor.centre_id
    holding.hold(centre_id, member_id)
    short, balances = 0, {}
    if tender.purse_satang:
        there = max(holding.balance(centre_id, member_id), 0)
        short = max(tender.purse_satang - there, 0)
        if short and not counter.late:
            raise holding.PurseShort(held_satang=there, asked_satang=tender.purse_satang)
        if short:
            remarks.append("purse-short")
        balances["purse"] = there - tender.purse_satang + short
    owed = tender.credit_satang + short
    due_on = counter.business_date
    if owed:
        standing = accounts.standing(centre_id, member_id, counter.business_date)
        if tender.credit_satang:
            _judge(command, standing, tender.credit_satang, actor, remarks, late=counter.late)
        due_on = credit_rules.due_day(counter.business_date, standing.terms_days)
        balances["credit"] = standing.owed_satang + owed
    return {
        "credit_satang": owed,
        "from_purse_satang": short,
        "purse_satang": tender.purse_satang - short,
        "due_on": due_on,
        "balances": balances,
    }


def _judge(
    command: RecordSale,
    standing: credit_rules.Standing,
    satang: int,
    actor: Actor,
    remarks: list[str],
    *,
    late: bool,
) -> None:
    """Refuse a sale on account, or take it: above the limit only with a manager's word."""
    refusal = credit_rules.refusal(standing, satang)
    if refusal is None:
        return
    if not late:
        if not isinstance(refusal, credit_rules.AboveCreditLimit):
            raise refusal
        overrides.require(
            actor,
            command.id,
            overrides.CREDIT,
            satang,
            command.occurred_at,
            standing.limit_satang,
        )
    remarks.append(refusal.code)


def _coupons(
    command: RecordSale, goods: Goods, counter: Counter, actor: Actor, remarks: list[str]
) -> dict[str, object]:
    asked = {one.voucher_id: one.amount_satang for one in command.payments if one.voucher_id}
    known = using.held(actor.centre_id, set(asked))
    parts: dict[UUID, int] = {}
    borne = 0
    for coupon_id, satang in asked.items():
        coupon = known[coupon_id]
        payable = coupon_rules.covered(coupon.worth.categories, goods)
        refusal = coupon_rules.refusal(coupon.worth, satang, counter.business_date, payable)
        if refusal is None and coupon.member_id not in (None, command.member_id):
            refusal = coupon_rules.CouponOfAnother()
        if refusal is not None and not counter.late:
            raise refusal
        good = satang
        if refusal is not None:
            remarks.append(refusal.code)
            usable = not isinstance(refusal, coupon_rules.CouponExpired)
            good = min(satang, max(coupon.left_satang, 0)) if usable else 0
        borne += satang - good
        if good:
            parts[coupon_id] = good
    kept = using.purposes(actor.centre_id, [known[one] for one in parts])
    funded: dict[UUID, int] = {}
    for coupon_id, satang in parts.items():
        fund_id = known[coupon_id].fund_id
        funded[fund_id] = funded.get(fund_id, 0) + satang
    return {
        "coupons": parts,
        "known": known,
        "funded": tuple((fund, kept[fund], satang) for fund, satang in funded.items()),
        "borne_satang": borne,
    }
