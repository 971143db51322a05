"""Who takes part in the sharing of a year's surplus, and by which rules. Pure.

What must stay true: everyone left out is left out by a rule that has a name, and nobody is left out
of the dividend for a reason that is about patronage alone, or the other way round.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from accounting.rules.surplus.dividend import DAYS

FEW_SHARES, IN_DEFAULT, TOO_NEW = "few_shares", "in_default", "too_new"
WHYS = ("suspended", "resigned", "expelled", "died", "not_yet", FEW_SHARES, IN_DEFAULT, TOO_NEW)
"""Why a member takes no part; `too_new` bars from the dividend only."""


@dataclass(frozen=True, slots=True)
class MemberRules:
    """The rules of an allocation that say who shares what."""

    basis: str = DAYS
    cap_basis_points: int | None = None
    min_standing_days: int = 0
    purchase_share_basis_points: int | None = None
    """The purchases' part of the patronage pool; None: one pool by total weight."""
    purchase_weights: Mapping[str, int] = field(default_factory=dict)
    delivery_weights: Mapping[str, int] = field(default_factory=dict)
    default_weight: int = 10_000
    standings: tuple[str, ...] = ("member",)
    min_shares_satang: int = 0
    exclude_defaulters: bool = False

    @classmethod
    def of(cls, rules: Mapping[str, Any]) -> MemberRules:
        """Read the rules an allocation was made by."""
        dividend = rules.get("dividend") or {}
        patronage = rules.get("patronage") or {}
        eligibility = rules.get("eligibility") or {}
        assert eligibility.get("on", "last_day") == "last_day"
        return cls(
            basis=dividend.get("basis", DAYS),
            cap_basis_points=dividend.get("cap_basis_points"),
            min_standing_days=dividend.get("min_standing_days", 0),
            purchase_share_basis_points=patronage.get("purchase_share_basis_points"),
            purchase_weights=dict(patronage.get("purchase_weights") or {}),
            delivery_weights=dict(patronage.get("delivery_weights") or {}),
            default_weight=patronage.get("default_weight", 10_000),
            standings=tuple(eligibility.get("standings") or ("member",)),
            min_shares_satang=eligibility.get("min_shares_satang", 0),
            exclude_defaulters=eligibility.get("exclude_defaulters", False),
        )


def why_not(rules: MemberRules, state: str, shares_satang: int, owed_satang: int) -> str:
    """Return why a member takes no part at all; empty for one who does."""
    if state not in rules.standings:
        return state
    if shares_satang < rules.min_shares_satang:
        return FEW_SHARES
    if rules.exclude_defaulters and owed_satang > 0:
        return IN_DEFAULT
    return ""


def too_new(rules: MemberRules, since: date, last: date) -> bool:
    """Tell whether the membership had not lasted long enough by the last day for a dividend."""
    return (last - since).days + 1 < rules.min_standing_days
