"""What a producer and a centre agreed about consigned goods, and what it makes of a sale.

What must stay true: the producer's share, the levy and what the producer bore are a pure function
of the shared base, the quantity and the discount put to the producer, so that an auditor works them
out again from the move alone; the centre's part is the remainder, so the parts always add up.
Pure; money in satang, parts in 1/10,000, quantity in thousandths.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from uuid import UUID

from core.errors import N_, DomainError
from core.money import half_up_div, split_by_weight
from core.quantity import MILLI, price_of

WHOLE_BASIS_POINTS = 10_000
TIER_KINDS = ("price", "quantity")
TIERS_MAX = 10


class TermsPastWhole(DomainError):
    """The producer's part and the levy together are more than the whole price."""

    code, status, title = "terms-past-whole", 422, N_("The parts are more than the whole")
    detail = N_(
        "The producer's part and the levy come to %(sum_basis_points)s %% at one of the steps. "
        "Together they may be 100 %% at most."
    )


class TermsIncomplete(DomainError):
    """The terms don't hold together: a levy without a fund, steps that don't ascend."""

    code, status, title = "terms-incomplete", 422, N_("The terms don't hold together")
    detail = N_("Correct the terms, then propose them again.")


class LevyNeedsFund(TermsIncomplete):
    """A levy goes into a named fund, and a fund is named only for a levy."""

    code, title = "levy-needs-fund", N_("A levy goes into a named fund")
    detail = N_("Choose the fund the levy goes into; without a levy leave the fund empty.")


class TiersDisordered(TermsIncomplete):
    """Steps are of one kind and start ever higher."""

    code, title = "tiers-disordered", N_("The steps are not in order")
    detail = N_("Steps go by price or by quantity, not both, and each starts above the one before.")


@dataclass(frozen=True, slots=True)
class Tier:
    """A step: from this unit price (satang) or quantity (thousandths) on another split counts."""

    by: str
    start: int
    split_basis_points: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the terms make of goods sold: the producer's share, the levy, the discount borne."""

    share_satang: int
    levy_satang: int
    borne_satang: int
    """What of the discount the producer really bears; the floor keeps the rest from him."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed: the split with its steps, floor and fee for each unit, levy and its fund."""

    split_basis_points: int
    tiers: tuple[Tier, ...] = ()
    floor_satang: int = 0
    fee_satang: int = 0
    levy_basis_points: int = 0
    levy_fund_id: UUID | None = None

    def split_at(self, base_satang: int, quantity_milli: int) -> int:
        """Return the split at the step reached by these goods: the whole counts at that step."""
        split = self.split_basis_points
        for tier in self.tiers:
            reached = quantity_milli
            if tier.by == "price":
                reached = half_up_div(base_satang * MILLI, quantity_milli)
            if reached >= tier.start:
                split = tier.split_basis_points
        return split

    def outcome(self, base_satang: int, quantity_milli: int, borne_satang: int = 0) -> Outcome:
        """Apply the terms to goods sold for a shared base, of which the producer bears a discount.

        The floor is a promise: what it keeps the producer from bearing falls on the centre. Without
        one the share may fall below zero; that is for the caller to refuse. The levy is cut where
        rounding would take it and the producer's part past the whole.
        """
        split = self.split_at(base_satang, quantity_milli)
        gross = producer_share(base_satang, split)
        before = gross - min(price_of(quantity_milli, self.fee_satang), gross)
        share = before - borne_satang
        if self.floor_satang:
            share = max(share, price_of(quantity_milli, self.floor_satang))
        levy = half_up_div(base_satang * self.levy_basis_points, WHOLE_BASIS_POINTS)
        return Outcome(
            share_satang=share,
            levy_satang=min(levy, base_satang - gross),
            borne_satang=max(before - share, 0) if self.floor_satang else borne_satang,
        )

    def content(self) -> dict[str, Any]:
        """Return the terms as they are frozen in JSON; `terms_of` reads them back."""
        return {
            "split_basis_points": self.split_basis_points,
            "tiers": [
                {"by": tier.by, "from": tier.start, "split_basis_points": tier.split_basis_points}
                for tier in self.tiers
            ],
            "floor_satang": self.floor_satang,
            "fee_satang": self.fee_satang,
            "levy_basis_points": self.levy_basis_points,
            "levy_fund_id": str(self.levy_fund_id) if self.levy_fund_id else None,
        }


@dataclass(frozen=True, slots=True)
class PriceParts:
    """What a price is made of; the centre's part is below zero where a floor is above the price."""

    price_satang: int
    producer_satang: int
    centre_satang: int
    levy_satang: int


def parts_of(terms: Terms, price_satang: int, quantity_milli: int = MILLI) -> PriceParts:
    """Return a price as the producer's part, the centre's margin and the levy."""
    sold = terms.outcome(price_satang, quantity_milli)
    return PriceParts(
        price_satang=price_satang,
        producer_satang=sold.share_satang,
        centre_satang=price_satang - sold.share_satang - sold.levy_satang,
        levy_satang=sold.levy_satang,
    )


def terms_of(content: Mapping[str, Any] | None, split_basis_points: int) -> Terms:
    """Return the terms of a lot: those frozen on it, or its split alone."""
    if not content:
        return Terms(split_basis_points)
    fund = content.get("levy_fund_id")
    return Terms(
        split_basis_points=content["split_basis_points"],
        tiers=tiers_of(content.get("tiers", ())),
        floor_satang=content.get("floor_satang", 0),
        fee_satang=content.get("fee_satang", 0),
        levy_basis_points=content.get("levy_basis_points", 0),
        levy_fund_id=UUID(fund) if fund else None,
    )


def tiers_of(steps: Sequence[Mapping[str, Any]]) -> tuple[Tier, ...]:
    """Return steps read back from JSON."""
    return tuple(Tier(step["by"], step["from"], step["split_basis_points"]) for step in steps)


def levied_into(content: Mapping[str, Any] | None) -> tuple[UUID | None, str]:
    """Return the fund that frozen terms put their levy into, and the purpose of its account."""
    fund = content.get("levy_fund_id") if content else None
    return (UUID(fund), content["levy_purpose"]) if content and fund else (None, "")


def require_sound(terms: Terms) -> None:
    """Refuse terms that don't hold together: TermsPastWhole, LevyNeedsFund, TiersDisordered."""
    if bool(terms.levy_basis_points) != (terms.levy_fund_id is not None):
        raise LevyNeedsFund(field="levy_fund_id")
    if len({tier.by for tier in terms.tiers}) > 1 or len(terms.tiers) > TIERS_MAX:
        raise TiersDisordered(field="tiers")
    if any(one.start >= after.start for one, after in pairwise(terms.tiers)):
        raise TiersDisordered(field="tiers")
    if terms.tiers and terms.tiers[0].start <= 0:
        raise TiersDisordered(field="tiers")
    highest = max([terms.split_basis_points, *(tier.split_basis_points for tier in terms.tiers)])
    whole = highest + terms.levy_basis_points
    if whole > WHOLE_BASIS_POINTS:
        raise TermsPastWhole(field="split_basis_points", sum_basis_points=whole)


def producer_share(base_satang: int, split_basis_points: int) -> int:
    """Return the producer's part of a shared base, halves rounded up (to the producer)."""
    assert 0 <= split_basis_points <= WHOLE_BASIS_POINTS
    return half_up_div(base_satang * split_basis_points, WHOLE_BASIS_POINTS)


def over_lots(amount_satang: int, quantities_milli: Sequence[int]) -> list[int]:
    """Spread an amount of a line over the lots that serve it, by quantity."""
    return split_by_weight(amount_satang, quantities_milli)
