"""A rule set: how a type of organisation divides a surplus, as versioned data.

What must stay true: what is kept as JSON reads back to the same rule set; `run_rules` is exactly
what the members' run reads, and nothing else of the set changes anybody's part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from accounting.rules.surplus.law import (
    BY_LAWS,
    Bound,
    bounds_of,
    require_lawful_cap,
    require_within,
)
from accounting.rules.surplus.uses import Part, require_whole

BASES = ("days", "months")
CUT_GOES_TO = ("reserve", "retained", "patronage")
UNCLAIMED_YEARS = 5
WEIGHT = 10_000
"""A weight of one, in basis points."""


@dataclass(frozen=True, slots=True)
class DividendRule:
    """How shares earn: by days or months held, up to a rate, above which it goes elsewhere."""

    basis: str = "days"
    cap_basis_points: int | None = None
    min_standing_days: int = 0
    cut_goes_to: str = "reserve"


@dataclass(frozen=True, slots=True)
class PatronageRule:
    """How purchases and deliveries earn: in one pool by weight, or each in its own part of it."""

    purchase_share_basis_points: int | None = None
    purchase_weights: Mapping[str, int] = field(default_factory=dict)
    delivery_weights: Mapping[str, int] = field(default_factory=dict)
    default_weight: int = WEIGHT


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Who takes part: members in standing on the year's last day, with shares enough."""

    min_shares_satang: int = 0
    exclude_defaulters: bool = False


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Everything by which a surplus is divided."""

    organisation_type: str
    parts: tuple[Part, ...]
    bounds: tuple[Bound, ...] = ()
    """The by-laws' own; the law's come on top (accounting.rules.surplus.law)."""
    dividend: DividendRule = DividendRule()
    patronage: PatronageRule = field(default_factory=PatronageRule)
    eligibility: Eligibility = Eligibility()
    retained_basis_points: int = 0
    unclaimed_years: int = UNCLAIMED_YEARS

    def bounds_on(self, day: date) -> tuple[Bound, ...]:
        """Return the law's bounds of a day and the by-laws' own."""
        return bounds_of(self.organisation_type, day) + self.bounds

    def require_lawful(self, day: date, parts: tuple[Part, ...] | None = None) -> None:
        """Raise PartsNotWhole, UseTwice, BelowMinimum, AboveMaximum, CapAboveLaw.

        `parts` are those a scenario puts in place of the set's own.
        """
        parts = self.parts if parts is None else parts
        require_whole(parts)
        require_within(parts, self.bounds_on(day))
        require_lawful_cap(self.dividend.cap_basis_points, self.organisation_type, day)


def run_rules(rules: RuleSet) -> dict[str, Any]:
    """Return what the members' run reads, as it is kept with the allocation."""
    return {
        "dividend": {
            "basis": rules.dividend.basis,
            "cap_basis_points": rules.dividend.cap_basis_points,
            "min_standing_days": rules.dividend.min_standing_days,
        },
        "patronage": {
            "purchase_share_basis_points": rules.patronage.purchase_share_basis_points,
            "purchase_weights": dict(rules.patronage.purchase_weights),
            "delivery_weights": dict(rules.patronage.delivery_weights),
            "default_weight": rules.patronage.default_weight,
        },
        "eligibility": {
            "standings": ["member"],
            "on": "last_day",
            "min_shares_satang": rules.eligibility.min_shares_satang,
            "exclude_defaulters": rules.eligibility.exclude_defaulters,
        },
    }


# --- as JSON ---------------------------------------------------------------------------------


def parts_out(parts: tuple[Part, ...]) -> list[dict[str, Any]]:
    """Return parts as JSON data."""
    return [
        {
            "use": part.use,
            "millionths": part.millionths,
            "fund_id": str(part.fund_id) if part.fund_id else None,
        }
        for part in parts
    ]


def parts_in(data: list[dict[str, Any]]) -> tuple[Part, ...]:
    """Read parts from JSON data."""
    return tuple(
        Part(one["use"], one["millionths"], UUID(one["fund_id"]) if one["fund_id"] else None)
        for one in data
    )


def content_of(rules: RuleSet) -> dict[str, Any]:
    """Return a rule set as JSON data."""
    return {
        **run_rules(rules),
        "organisation_type": rules.organisation_type,
        "parts": parts_out(rules.parts),
        "bounds": [
            {"use": one.use, "minimum": one.minimum, "maximum": one.maximum} for one in rules.bounds
        ],
        "cut_goes_to": rules.dividend.cut_goes_to,
        "retained_basis_points": rules.retained_basis_points,
        "unclaimed_years": rules.unclaimed_years,
    }


def rule_set_of(content: Mapping[str, Any]) -> RuleSet:
    """Read a rule set from JSON data."""
    dividend, patronage = content["dividend"], content["patronage"]
    eligibility = content["eligibility"]
    return RuleSet(
        organisation_type=content["organisation_type"],
        parts=parts_in(content["parts"]),
        bounds=tuple(
            Bound(one["use"], one["minimum"], one["maximum"], BY_LAWS) for one in content["bounds"]
        ),
        dividend=DividendRule(**dividend, cut_goes_to=content["cut_goes_to"]),
        patronage=PatronageRule(**patronage),
        eligibility=Eligibility(
            eligibility["min_shares_satang"], eligibility["exclude_defaulters"]
        ),
        retained_basis_points=content["retained_basis_points"],
        unclaimed_years=content["unclaimed_years"],
    )
