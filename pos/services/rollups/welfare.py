"""The welfare report of a network: its centres' sums added up, then measured once.

What must stay true: sums alone are added, no verdict of one centre is seen here; each centre counts
for its own days, and only one with neither sales nor entries in them has nothing to add.
"""

from __future__ import annotations

from accounting.services import rollups
from core.actor import Actor
from members.rules.roles import Role
from pos.rules.welfare.facts import WelfareFacts
from pos.rules.welfare.measures import Report, report_of
from pos.services.rollups import trade
from pos.services.rollups.scope import Scope
from pos.services.welfare import gathering
from pos.services.welfare.gathering import Days


def report(scope: Scope) -> Report:
    """Return the measures of the whole scope."""
    selling = set(trade.trade(scope).centres)
    # A centre that sold nothing may have paid wages, made a loss, or helped out of its funds.
    posting = {one for one, sums in rollups.moved(scope.spans, closing=False).items() if sums}
    whole = WelfareFacts()
    for part in scope.parts:
        if part.centre_id in selling | posting:
            officer = Actor(
                scope.centres[part.centre_id], roles=frozenset({Role.NETWORK_OFFICER.value})
            )
            whole += gathering.of_centre(officer, Days(part.first, part.last))
    return report_of(whole)
