"""The statements of a network: its centres' books added up, less what was between them.

What must stay true: roll-up = Σ centres − eliminations, account by account; what is on the road
between two centres stays in sight as such, and what can't be matched is said, never dropped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from accounting.rules.chart import Purpose
from accounting.rules.periods import fiscal_span, fiscal_year
from accounting.rules.rollups import SharedAccount, TrialLine, identity, nets, summed, trial
from accounting.rules.statements import (
    BalanceColumn,
    Statement,
    balance_sheet,
    income_statement,
)
from accounting.services import rollups
from accounting.services.rollups import FundSums
from inventory.services.transfers import between
from inventory.services.transfers.between import Road
from pos.services.rollups.scope import Scope

TRANSIT = Purpose.GOODS_IN_TRANSIT.value


@dataclass(frozen=True, slots=True)
class Between:
    """Goods in transit of all centres, taken apart; `other` is what no transfer explains."""

    roads: tuple[Road, ...]
    """Between centres of the roll-up."""
    arrived_satang: int
    """Matched at both ends, and eliminated."""
    on_the_way_satang: int
    outward_satang: int
    """Sent to centres that are not of the roll-up."""
    inward_satang: int
    """Came from such centres."""
    other_satang: int

    @property
    def balance_satang(self) -> int:
        """What the account of goods in transit stands at."""
        return self.on_the_way_satang + self.outward_satang - self.inward_satang + self.other_satang


@dataclass(frozen=True, slots=True)
class Shown:
    """A statement and the accounts its rows name."""

    statement: Statement
    accounts: Mapping[UUID, SharedAccount]


def income(scope: Scope) -> Shown:
    """Return the income statement: each centre for its own days, years' closes left out."""
    whole = summed(rollups.moved(scope.spans, closing=False).values())
    return Shown(
        income_statement([one.facts for one in sorted(whole)], [nets(whole)]), _named(whole)
    )


def balance(scope: Scope) -> Shown:
    """Return the balance sheet of the centres that are there on the last day."""
    standing = summed(_standing(scope).values())
    year = summed(rollups.moved(_years(scope)).values())
    owe = sum(rollups.producers_owe(scope.present, scope.last).values())
    column = BalanceColumn(nets(standing), nets(year), owe)
    return Shown(balance_sheet([one.facts for one in sorted(standing)], [column]), _named(standing))


def trial_balance(scope: Scope) -> tuple[TrialLine, ...]:
    """Return both sides of every account until the last day, what was between centres taken off."""
    return trial(summed(_standing(scope).values()), between_centres(scope).arrived_satang)


def by_centre(scope: Scope, key: str) -> dict[int, tuple[int, int]]:
    """Return one account centre by centre: what it moved in the period, how it stands after."""
    moved = rollups.moved(scope.spans, closing=False)
    standing = _standing(scope)
    found: dict[int, tuple[int, int]] = {}
    for centre_id in scope.centres:
        figures = tuple(
            sum(d - c for one, (d, c) in sums.get(centre_id, {}).items() if one.key == key)
            for sums in (moved, standing)
        )
        if any(figures):
            found[centre_id] = figures[0], figures[1]
    return found


def results(scope: Scope) -> dict[int, tuple[int, int]]:
    """Return each centre's income and result in its own days, for a plot."""
    found: dict[int, tuple[int, int]] = {}
    for centre_id, sums in rollups.moved(scope.spans, closing=False).items():
        income = sum(c - d for one, (d, c) in sums.items() if one.type == "income")
        costs = sum(d - c for one, (d, c) in sums.items() if one.type == "expense")
        found[centre_id] = income, income - costs
    return found


def funds(scope: Scope) -> tuple[FundSums, ...]:
    """Return the funds by kind, added up; held counts where the centre is there at the end."""
    present = set(scope.present)
    kinds: dict[str, list[int]] = {}
    for one in rollups.funds(scope.spans):
        sums = kinds.setdefault(one.kind, [0, 0, 0])
        for place, amount in enumerate(
            (one.came, one.went, one.held if one.centre_id in present else 0)
        ):
            sums[place] += amount
    return tuple(FundSums(0, kind, *sums) for kind, sums in sorted(kinds.items()))


def between_centres(scope: Scope) -> Between:
    """Return what is between the centres that are there on the last day."""
    inside = set(scope.present)
    roads = between.until(sorted(inside), scope.last) if inside else ()
    own = tuple(one for one in roads if {one.from_centre_id, one.to_centre_id} <= inside)
    outward = sum(
        one.sent_satang - one.settled_satang for one in roads if one.to_centre_id not in inside
    )
    inward = sum(one.arrived_satang for one in roads if one.from_centre_id not in inside)
    on_the_way = sum(one.on_the_way_satang for one in own)
    stands = sum(
        debit - credit
        for sums in _standing(scope).values()
        for account, (debit, credit) in sums.items()
        if account.key == TRANSIT
    )
    return Between(
        roads=own,
        arrived_satang=sum(one.arrived_satang for one in own),
        on_the_way_satang=on_the_way,
        outward_satang=outward,
        inward_satang=inward,
        other_satang=stands - on_the_way - outward + inward,
    )


def _standing(scope: Scope) -> dict[int, dict[SharedAccount, tuple[int, int]]]:
    return rollups.moved([(one, None, scope.last) for one in scope.present])


def _years(scope: Scope) -> Sequence[tuple[int, date | None, date]]:
    """Each centre's fiscal year so far; they may begin in different months."""
    found = []
    for one in scope.present:
        start = scope.centres[one].fiscal_year_start_month
        first = fiscal_span(fiscal_year(scope.last, start), start).first
        found.append((one, first, scope.last))
    return found


def _named(sums: Mapping[SharedAccount, tuple[int, int]]) -> dict[UUID, SharedAccount]:
    return {identity(one.key): one for one in sums}
