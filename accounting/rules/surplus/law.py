"""What the law asks of a surplus's use, by type of organisation: dated data with its source.

What must stay true: no rule set and no scenario of a centre goes below or above what stands here
for its type; by-laws may only ask for more. A rule ends where a later one of the same kind begins.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from accounting.rules.surplus.uses import PERCENT, USE_WORDS, Part, percent_text
from core.errors import N_, DomainError

COOPERATIVE, ENTERPRISE, SAVINGS_GROUP = "cooperative", "community_enterprise", "savings_group"
TYPES = (COOPERATIVE, ENTERPRISE, SAVINGS_GROUP)
TYPE_WORDS = {
    COOPERATIVE: N_("Co-operative"),
    ENTERPRISE: N_("Community enterprise"),
    SAVINGS_GROUP: N_("Savings group"),
}
BY_LAWS = N_("Our own by-laws.")


class BelowMinimum(DomainError):
    """A use gets less than a rule asks for."""

    code, status, title = "use-below-minimum", 422, N_("A rule asks for more than this")
    detail = N_(
        "%(use_words)s: %(percent)s percent of the surplus, but at least %(bound)s percent is asked"
        " for. %(source_words)s"
    )


class AboveMaximum(DomainError):
    """A use gets more than a rule allows."""

    code, status, title = "use-above-maximum", 422, N_("A rule allows less than this")
    detail = N_(
        "%(use_words)s: %(percent)s percent of the surplus, but at most %(bound)s percent is"
        " allowed. %(source_words)s"
    )


class CapAboveLaw(DomainError):
    """The cap of the dividend's rate is higher than the law's, or there is none."""

    code, status, title = "cap-above-law", 422, N_("The law caps the dividend lower")
    detail = N_("At most %(law_basis_points)s a year of the paid-up shares. %(source_words)s")


@dataclass(frozen=True, slots=True)
class Bound:
    """The least and the most of a use, in millionths of the surplus; `source` says who asks."""

    use: str
    minimum: int | None = None
    maximum: int | None = None
    source: str = BY_LAWS


@dataclass(frozen=True, slots=True)
class LegalBound:
    """A bound of the law for a type of organisation, from a day on."""

    organisation_type: str
    valid_from: date
    bound: Bound


@dataclass(frozen=True, slots=True)
class LegalCap:
    """The most a dividend may be of paid-up shares in a year, in basis points."""

    organisation_type: str
    valid_from: date
    basis_points: int
    source: str


ACT = date(1999, 4, 24)
"""The Co-operatives Act B.E. 2542 came into force."""

BOUNDS: tuple[LegalBound, ...] = (
    LegalBound(
        COOPERATIVE,
        ACT,
        Bound(
            "reserve",
            minimum=10 * PERCENT,
            source=N_("Co-operatives Act 2542, section 60: at least a tenth is the reserve."),
        ),
    ),
    LegalBound(
        COOPERATIVE,
        ACT,
        Bound(
            "committee",
            maximum=10 * PERCENT,
            source=N_("Co-operatives Act 2542, section 60: bonuses are at most a tenth."),
        ),
    ),
)
CAPS: tuple[LegalCap, ...] = (
    LegalCap(
        COOPERATIVE,
        ACT,
        1_000,
        N_("Co-operatives Act 2542, section 60, and its ministerial rule: at most ten percent."),
    ),
)
"""A community enterprise and a savings group divide as their by-laws and meeting say."""


def bounds_of(organisation_type: str, on: date) -> tuple[Bound, ...]:
    """Return what the law asks on a day."""
    found: dict[str, LegalBound] = {}
    for one in BOUNDS:
        if one.organisation_type == organisation_type and one.valid_from <= on:
            earlier = found.get(one.bound.use)
            if earlier is None or earlier.valid_from <= one.valid_from:
                found[one.bound.use] = one
    return tuple(one.bound for one in found.values())


def cap_of(organisation_type: str, on: date) -> LegalCap | None:
    """Return the law's cap of the dividend's rate on a day, if there is one."""
    found = [
        one for one in CAPS if one.organisation_type == organisation_type and one.valid_from <= on
    ]
    return max(found, key=lambda one: one.valid_from, default=None)


def require_within(parts: Sequence[Part], bounds: Iterable[Bound]) -> None:
    """Raise BelowMinimum or AboveMaximum, naming the percent and the rule."""
    together: dict[str, int] = {}
    for part in parts:
        together[part.use] = together.get(part.use, 0) + part.millionths
    for bound in bounds:
        here = together.get(bound.use, 0)
        facts = {
            "use_words": USE_WORDS[bound.use],
            "use": bound.use,
            "percent": percent_text(here),
            "source_words": bound.source,
            "field": bound.use,
        }
        if bound.minimum is not None and here < bound.minimum:
            raise BelowMinimum(bound=percent_text(bound.minimum), **facts)
        if bound.maximum is not None and here > bound.maximum:
            raise AboveMaximum(bound=percent_text(bound.maximum), **facts)


def require_lawful_cap(cap_basis_points: int | None, organisation_type: str, on: date) -> None:
    """Raise CapAboveLaw when a rule set's cap of the dividend is not within the law's."""
    law = cap_of(organisation_type, on)
    if law and (cap_basis_points is None or cap_basis_points > law.basis_points):
        raise CapAboveLaw(
            law_basis_points=law.basis_points, source_words=law.source, field="cap_basis_points"
        )
