"""The community's named funds: what comes in, who asks, what is paid, and what each holds.

`register` keeps the funds and their rules; `contributing` and `rounds` bring money in; `asking`,
`deciding` and `paying` take it out; `moving` carries it between funds and ends one; `custody` keeps
funeral aid; `taking_back` undoes a paper; `movements` tells what moved.
"""

from accounting.rules.funds import KEPT_IN, OF_MEMBERS
from accounting.services.funds.movements import FundMovement, fund_movements
from accounting.services.funds.register import (
    FundCard,
    FundClosed,
    FundCodeTaken,
    FundOverdrawn,
    NewFund,
    NotAMembersFund,
    balance,
    balances,
    card,
    create,
    free,
    hold,
    kept_back,
    listing,
    of_members,
    require_covered,
)

__all__ = [
    "KEPT_IN",
    "OF_MEMBERS",
    "FundCard",
    "FundClosed",
    "FundCodeTaken",
    "FundMovement",
    "FundOverdrawn",
    "NewFund",
    "NotAMembersFund",
    "balance",
    "balances",
    "card",
    "create",
    "free",
    "fund_movements",
    "hold",
    "kept_back",
    "listing",
    "of_members",
    "require_covered",
]
