"""What parts of a surplus come to in satang, with what is known of members and funds.

What must stay true: the amounts add up to the surplus, the dividend's cap applied before anything
is shared; whatever shows a scenario and whatever prepares the allocation goes through here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from accounting.rules.chart import Purpose
from accounting.rules.periods import Span
from accounting.rules.surplus import dividend, patronage
from accounting.rules.surplus.patronage import weight_of
from accounting.rules.surplus.rule_set import WEIGHT, RuleSet, run_rules
from accounting.rules.surplus.taking_part import MemberRules, why_not
from accounting.rules.surplus.uses import (
    FUND_USES,
    USE_WORDS,
    WHOLE,
    Amount,
    Part,
    moved,
    require_whole,
    split,
)
from accounting.services import funds
from accounting.services.funds import FundCard
from accounting.services.surplus import measuring
from accounting.services.surplus.years import YearSurplus
from core.documents import digest_of
from core.errors import N_, DomainError

KEPT_IN: dict[str, tuple[Purpose, ...]] = {
    "welfare": (Purpose.WELFARE_FUND,),
    "public_benefit": (Purpose.PUBLIC_BENEFIT_FUND,),
    "committee": (Purpose.OTHER_FUNDS,),
    "other_fund": (Purpose.OTHER_FUNDS, Purpose.WELFARE_FUND, Purpose.PUBLIC_BENEFIT_FUND),
}


class FundNeeded(DomainError):
    """A use is kept in a fund, and none that fits was chosen."""

    code, status, title = "fund-needed", 422, N_("Choose the fund this goes to")
    detail = N_("%(use_words)s is kept in a fund of its own. Choose one, or set one up first.")


class NobodyHoldsShares(DomainError):
    """A dividend was resolved, but no share was held in the year."""

    code, status, title = "no-shares-held", 409, N_("Nobody held shares in that year")
    detail = N_("A dividend has nobody to go to. Enter the shares first, or resolve none.")


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """A surplus by its uses: amounts that add up to it, and the cap's work."""

    surplus_satang: int
    amounts: tuple[Amount, ...]
    uncapped_satang: int
    """The dividend before its cap."""
    cut_satang: int
    share_units: int
    """Satang-days (or satang-months) of paid-up shares in the year."""
    units_in_year: int

    def of(self, use: str) -> int:
        """Return what a use gets, over all its funds."""
        return sum(one.satang for one in self.amounts if one.use == use)

    @property
    def dividend_rate_millionths(self) -> int | None:
        """The dividend as a part of shares held all year; None where nobody holds any."""
        if not self.share_units:
            return None
        return self.of("dividend") * self.units_in_year * WHOLE // self.share_units


def fitting(use: str, cards: Iterable[FundCard]) -> list[FundCard]:
    """Return the funds a use may be kept in."""
    return [card for card in cards if card.active and card.purpose in KEPT_IN[use]]


def with_funds(centre_id: int, parts: Sequence[Part]) -> tuple[Part, ...]:
    """Return the parts that are above zero, each fund's with its fund.

    Where only one fund fits, it is meant. Raises FundNeeded.
    """
    cards = funds.listing(centre_id)
    found = []
    for part in parts:
        if not part.millionths:
            continue
        if part.use not in FUND_USES:
            found.append(replace(part, fund_id=None))
            continue
        fits = [card.id for card in fitting(part.use, cards)]
        fund_id: UUID | None = part.fund_id
        if fund_id is None and len(fits) == 1:
            fund_id = fits[0]
        if fund_id is None or fund_id not in fits:
            raise FundNeeded(use_words=USE_WORDS[part.use], use=part.use, field=f"fund_{part.use}")
        found.append(replace(part, fund_id=fund_id))
    return tuple(found)


class Members:
    """What members held, bought and delivered in a year, asked for once for each kind of rules."""

    def __init__(self, centre_id: int, year: YearSurplus) -> None:
        self._centre_id, self._year = centre_id, year
        self._units: dict[str, int] = {}
        self._weights: dict[str, tuple[int, int]] = {}

    def units(self, rules: RuleSet) -> int:
        """Return Σ satang × days (or months) of the year, of those who take part."""
        asked = run_rules(rules)
        key = digest_of({"dividend": asked["dividend"], "eligibility": asked["eligibility"]})
        if key not in self._units:
            held = measuring.share_days_taking_part(
                self._centre_id, self._year.first_day, self._year.last_day, asked
            )
            self._units[key] = sum(held.values())
        return self._units[key]

    def weights(self, rules: RuleSet) -> tuple[int, int]:
        """Return Σ satang × weight of purchases and of deliveries, of those who take part."""
        asked = run_rules(rules)
        key = digest_of(asked)
        if key not in self._weights:
            wanted = MemberRules.of(asked)
            span = Span(self._year.first_day, self._year.last_day)
            bought = brought = 0
            for one in measuring.snapshot(self._centre_id, span, wanted):
                if why_not(wanted, one.state, one.shares_satang, one.owed_satang):
                    continue
                otherwise = wanted.default_weight
                bought += weight_of(one.purchases, wanted.purchase_weights, otherwise)
                brought += weight_of(one.deliveries, wanted.delivery_weights, otherwise)
            self._weights[key] = bought, brought
        return self._weights[key]


@dataclass(frozen=True, slots=True)
class RefundRates:
    """The refund of one baht of weight one, in millionths of a baht; None: nothing counts."""

    purchases: int | None
    deliveries: int | None


def refund_rates(pool: int, rules: RuleSet, members: Members) -> RefundRates:
    """Return what a pool of patronage gives back for purchases and for deliveries."""
    bought, brought = members.weights(rules)
    share = rules.patronage.purchase_share_basis_points
    if share is None:
        return RefundRates(*[_rate(pool, bought + brought)] * 2)
    of_purchases, of_deliveries = patronage.pools(pool, share)
    return RefundRates(_rate(of_purchases, bought), _rate(of_deliveries, brought))


def _rate(pool: int, weight: int) -> int | None:
    return pool * WEIGHT * WHOLE // weight if weight else None


def work_out(
    surplus_satang: int, parts: Sequence[Part], rules: RuleSet, year: YearSurplus, members: Members
) -> WorkedOut:
    """Return what the parts come to, the dividend capped. Raises PartsNotWhole, UseTwice."""
    require_whole(parts)
    amounts = split(surplus_satang, parts)
    uncapped = sum(one.satang for one in amounts if one.use == "dividend")
    basis = rules.dividend.basis
    units = members.units(rules) if uncapped else 0
    in_year = dividend.units_in_year(year.first_day, year.last_day, basis)
    capped = dividend.cap_pool(uncapped, units, rules.dividend.cap_basis_points, in_year)
    cut = uncapped - capped
    return WorkedOut(
        surplus_satang=surplus_satang,
        amounts=moved(amounts, cut, rules.dividend.cut_goes_to),
        uncapped_satang=uncapped,
        cut_satang=cut,
        share_units=units,
        units_in_year=in_year,
    )
