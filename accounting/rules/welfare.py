"""What the welfare report takes from the books, and the village's own yardsticks. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LedgerFacts:
    """Sums of ledger lines of some days, in satang.

    surplus = margin + other_income − costs. The uses of a surplus are those resolved for fiscal
    years that lie whole in these days.
    """

    margin_satang: int = 0
    """Sales and commission less discounts and the cost of goods sold."""
    other_income_satang: int = 0
    costs_satang: int = 0
    """All other costs, wages among them."""
    wages_satang: int = 0
    levies_satang: int = 0
    """Put into funds by sales, returns taken off."""
    grants_satang: int = 0
    """Paid out of funds by other documents than sales."""
    helped_satang: int = 0
    """Paid by funds of prices at the counter, returns taken off: the buyers' gain already."""
    to_members_satang: int = 0
    """Dividends and patronage resolved, in cash or as shares."""
    to_funds_satang: int = 0
    to_reserve_satang: int = 0
    brought_forward_satang: int = 0
    to_others_satang: int = 0
    """What the meeting resolved to use otherwise: committee, staff."""

    @property
    def surplus_satang(self) -> int:
        return self.margin_satang + self.other_income_satang - self.costs_satang

    @property
    def resolved_satang(self) -> int:
        """All of the surplus the meeting has resolved about."""
        return (
            self.to_members_satang
            + self.to_funds_satang
            + self.to_reserve_satang
            + self.brought_forward_satang
            + self.to_others_satang
        )


@dataclass(frozen=True, slots=True)
class Aims:
    """The village's yardsticks; `decided` tells whether a meeting resolved them."""

    members_from_basis_points: int = 6_000
    """A welfare share of at least this serves the members."""
    centre_below_basis_points: int = 4_000
    """A welfare share below this serves the centre."""
    coverage_basis_points: int = 6_000
    """With references for less than this part of the sales nothing is said."""
    reference_days: int = 180
    """How many days a reference price holds after its own."""
    decided: bool = False


DEFAULT_AIMS = Aims()
