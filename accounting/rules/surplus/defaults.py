"""The rule sets we ship, one for each type of organisation, until a centre writes its own. Data.

What must stay true: each is within the law of its type (a test asks), and none names a fund, for
funds are a centre's own: a part that needs one gets it when the scenario is written.
"""

from __future__ import annotations

from accounting.rules.surplus.law import COOPERATIVE, ENTERPRISE, SAVINGS_GROUP
from accounting.rules.surplus.rule_set import DividendRule, RuleSet
from accounting.rules.surplus.uses import PERCENT, Part
from core.errors import N_


def _parts(**percents: int) -> tuple[Part, ...]:
    return tuple(Part(use, percent * PERCENT) for use, percent in percents.items())


DEFAULTS: dict[str, RuleSet] = {
    COOPERATIVE: RuleSet(
        COOPERATIVE,
        _parts(reserve=20, welfare=5, public_benefit=5, dividend=40, patronage=25, retained=5),
        dividend=DividendRule(cap_basis_points=1_000, cut_goes_to="reserve"),
    ),
    ENTERPRISE: RuleSet(
        ENTERPRISE,
        _parts(reserve=20, welfare=10, public_benefit=10, dividend=20, patronage=30, retained=10),
        dividend=DividendRule(cut_goes_to="retained"),
    ),
    SAVINGS_GROUP: RuleSet(
        SAVINGS_GROUP,
        _parts(welfare=50, dividend=50),
        dividend=DividendRule(cut_goes_to="reserve"),
    ),
}
SOURCES: dict[str, str] = {
    COOPERATIVE: N_(
        "Co-operatives Act 2542, section 60: reserve at least 10 percent, dividend at most 10"
        " percent a year, bonuses at most 10 percent; the rest is the meeting's."
    ),
    ENTERPRISE: N_(
        "No law divides a community enterprise's surplus: its by-laws and its meeting do. This is"
        " only where to begin."
    ),
    SAVINGS_GROUP: N_("The custom of many savings groups: half dividend, half welfare."),
}
