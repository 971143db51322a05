"""A whole run reckoned from its snapshot: every member's weights, parts and how they divide. Pure.

What must stay true: Σ of the members' parts is each pool to the satang; the same snapshot gives the
same items whatever order it came in, for members stand by their number and ties go by it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from accounting.rules.surplus import dividend, patronage, taking_part
from accounting.rules.surplus.keeping import (
    ABOVE_MOST,
    ABOVE_PART,
    NOT_MEMBER,
    Kept,
    ShareBook,
    Wish,
    keep,
)
from accounting.rules.surplus.parts import (
    Divided,
    Shared,
    divide,
    share_out,
    split_refund,
    to_keep,
)
from accounting.rules.surplus.taking_part import MemberRules
from core.errors import N_, DomainError


class ZeroShares(DomainError):
    """A dividend was resolved, but nobody who takes part held shares in the year."""

    code, status, title = "zero-shares", 409, N_("Nobody held shares a dividend could go to")
    detail = N_(
        "Withdraw this allocation and use the %(baht)s baht of the dividend another way,"
        " or change who takes part."
    )


class ZeroPatronage(DomainError):
    """A refund was resolved, but nobody who takes part bought or delivered anything that counts."""

    code, status, title = "zero-patronage", 409, N_("There is nothing to share the refund by")
    detail = N_(
        "Nobody who takes part bought or delivered anything that counts. Withdraw this allocation"
        " and use the %(baht)s baht another way, or change the weights or who takes part."
    )


class ZeroPurchases(ZeroPatronage):
    """The purchases' part of the refund finds no purchases."""

    code, title = "zero-purchases", N_("No member's purchases count, so their part can't be shared")
    detail = N_(
        "Withdraw this allocation and give the %(baht)s baht of purchases to deliveries"
        " or another use, or change the weights or who takes part."
    )


class ZeroDeliveries(ZeroPatronage):
    """The deliveries' part of the refund finds no deliveries."""

    code, title = (
        "zero-deliveries",
        N_("No member's deliveries count, so their part can't be shared"),
    )
    detail = N_(
        "Withdraw this allocation and give the %(baht)s baht of deliveries to purchases"
        " or another use, or change the weights or who takes part."
    )


class DividendAboveCap(DomainError):
    """Shared among those who take part, the dividend would pass the rate that is allowed."""

    code, status, title = "dividend-above-cap", 409, N_("The dividend passes the highest rate")
    detail = N_(
        "Among those who take part at most %(most)s baht can be shared, not %(baht)s."
        " Withdraw this allocation and prepare one with the smaller sum."
    )


@dataclass(slots=True)
class MemberFacts:
    """One member's snapshot; what was merged into the member is counted in."""

    member_id: UUID
    member_no: str
    state: str
    since: date
    shares_satang: int
    """Paid-up shares at the end of the last day."""
    share_days: int
    """Satang-days (or satang-months) of the year."""
    opening_satang: int
    movements: tuple[tuple[str, int, str, str, str], ...]
    """(effective day, satang, recorded on, document, its id) within the year."""
    purchases: Mapping[str, int]
    deliveries: Mapping[str, int]
    owed_satang: int
    late: tuple[tuple[str, int, str, str, str], ...] = ()
    """Movements that count in the year and were entered after their month."""
    member_since: date | None = None
    """The day the membership began; a suspension that ended does not begin it anew."""


@dataclass(frozen=True, slots=True)
class Pools:
    """What is shared: the caps already applied; retained in basis points of each member's sum."""

    dividend: int
    patronage: int
    retained_basis_points: int
    first: date
    last: date


@dataclass(slots=True)
class Item:
    """One member's part."""

    facts: MemberFacts
    eligible: bool
    why: str
    purchase_weight: int
    delivery_weight: int
    divided: Divided
    places: dict[str, list[int]]
    """Of each pool: [remainder, place]."""
    back: HeldBack | None = None


@dataclass(frozen=True, slots=True)
class HeldBack:
    """What can't be kept as shares and is paid instead: who holds how much, and why not more."""

    held: int
    wanted: int
    kept: int
    why: str


@dataclass(frozen=True, slots=True)
class Reckoned:
    """The items in the order of the members' numbers, and each pool as it was shared."""

    items: Sequence[Item]
    shared: Mapping[str, Shared]
    without: Mapping[str, int]
    """How many take no part, by why."""
    kept: Kept | None = None
    """What was judged before any of it was kept as shares; None: nothing is to be kept."""


def reckon(
    members: Sequence[MemberFacts],
    pools: Pools,
    rules: MemberRules,
    book: ShareBook | None = None,
) -> Reckoned:
    """Reckon every member's part; what is kept as shares is held back by what `book` allows.

    Raises ZeroShares, ZeroPatronage (or of purchases, of deliveries), DividendAboveCap.
    """
    ordered = sorted(members, key=lambda one: (one.member_no, one.member_id))
    whys = [
        taking_part.why_not(rules, one.state, one.shares_satang, one.owed_satang) for one in ordered
    ]
    bought = [
        patronage.weight_of(one.purchases, rules.purchase_weights, rules.default_weight)
        for one in ordered
    ]
    brought = [
        patronage.weight_of(one.deliveries, rules.delivery_weights, rules.default_weight)
        for one in ordered
    ]
    new = [taking_part.too_new(rules, one.member_since or one.since, pools.last) for one in ordered]
    shared: dict[str, Shared] = {}
    if pools.dividend:
        held = [
            0 if why or late else max(0, one.share_days)
            for one, why, late in zip(ordered, whys, new, strict=True)
        ]
        shared["dividend"] = _dividend(pools, held, rules)
    counted = [
        [0 if why else w for w, why in zip(by, whys, strict=True)] for by in (bought, brought)
    ]
    refunds = _refunds(pools, counted[0], counted[1], rules, shared)
    dividends = shared["dividend"].satang if pools.dividend else (0,) * len(ordered)
    wanted = [
        to_keep(one + sum(refund), pools.retained_basis_points)
        for one, refund in zip(dividends, refunds, strict=True)
    ]
    retained, backs, kept = _kept(ordered, wanted, book)
    items = []
    for i, one in enumerate(ordered):
        parts = divide(dividends[i], *refunds[i], retained[i])
        places = {name: [by.remainders[i], by.places[i]] for name, by in shared.items()}
        why = whys[i] or (taking_part.TOO_NEW if new[i] and pools.dividend else "")
        back = backs.get(one.member_id)
        items.append(Item(one, not whys[i], why, bought[i], brought[i], parts, places, back))
    return Reckoned(items, shared, Counter(item.why for item in items if item.why), kept)


def _kept(
    ordered: Sequence[MemberFacts], wanted: Sequence[int], book: ShareBook | None
) -> tuple[Sequence[int], dict[UUID, HeldBack], Kept | None]:
    """Return what each keeps as shares, who keeps less than wanted, and how it was judged."""
    if book is None or not any(wanted):
        return wanted, {}, None
    asked = {
        one.member_id: satang
        for one, satang in zip(ordered, wanted, strict=True)
        if satang and one.member_id in book.members
    }
    # Whoever holds shares counts, in this year's run or not.
    people = sorted({*book.held, *asked})
    wishes = [Wish(book.held.get(one, 0), asked.get(one, 0)) for one in people]
    kept = keep(book.rules, wishes)
    of = dict(zip(people, kept.satang, strict=True))
    retained = [
        of.get(one.member_id, 0) if satang else 0
        for one, satang in zip(ordered, wanted, strict=True)
    ]
    backs = {}
    for one, satang, got in zip(ordered, wanted, retained, strict=True):
        if got < satang:
            why = ABOVE_PART if kept.by_part else ABOVE_MOST
            why = why if one.member_id in book.members else NOT_MEMBER
            backs[one.member_id] = HeldBack(book.held.get(one.member_id, 0), satang, got, why)
    return retained, backs, kept


def _dividend(pools: Pools, held: Sequence[int], rules: MemberRules) -> Shared:
    total = sum(held)
    if not total:
        raise ZeroShares(baht=_baht(pools.dividend))
    units = dividend.units_in_year(pools.first, pools.last, rules.basis)
    most = dividend.cap_pool(pools.dividend, total, rules.cap_basis_points, units)
    if most < pools.dividend:
        raise DividendAboveCap(baht=_baht(pools.dividend), most=_baht(most))
    return share_out(pools.dividend, held)


def _refunds(
    pools: Pools,
    bought: Sequence[int],
    brought: Sequence[int],
    rules: MemberRules,
    shared: dict[str, Shared],
) -> list[tuple[int, int]]:
    """Return each member's refund on purchases and on deliveries; note how it was shared."""
    if not pools.patronage:
        return [(0, 0)] * len(bought)
    if rules.purchase_share_basis_points is None:
        together = [one + other for one, other in zip(bought, brought, strict=True)]
        if not sum(together):
            raise ZeroPatronage(baht=_baht(pools.patronage))
        shared["patronage"] = share_out(pools.patronage, together)
        return [
            split_refund(*three)
            for three in zip(shared["patronage"].satang, bought, brought, strict=True)
        ]
    refunds: list[Sequence[int]] = []
    of = patronage.pools(pools.patronage, rules.purchase_share_basis_points)
    for name, pool, weights, missing in (
        ("purchases", of[0], bought, ZeroPurchases),
        ("deliveries", of[1], brought, ZeroDeliveries),
    ):
        if not pool:
            refunds.append((0,) * len(weights))
            continue
        if not sum(weights):
            raise missing(baht=_baht(pool))
        shared[name] = share_out(pool, weights)
        refunds.append(shared[name].satang)
    return list(zip(refunds[0], refunds[1], strict=True))


def detail_of(item: Item) -> dict[str, Any]:
    """Return what is frozen beside a member's figures, as JSON."""
    one = item.facts
    found: dict[str, Any] = {
        "standing": [one.state, one.since.isoformat()],
        "shares": one.shares_satang,
        "opening": one.opening_satang,
        "movements": [list(movement) for movement in one.movements],
        "purchases": dict(sorted(one.purchases.items())),
        "deliveries": dict(sorted(one.deliveries.items())),
        "owed": one.owed_satang,
        "places": item.places,
    }
    if item.back is not None:
        found["held_back"] = asdict(item.back)
    return found


def _baht(satang: int) -> str:
    return f"{satang // 100:,}.{satang % 100:02d}"
