"""The accountant's morning: what needs a person, the month that is open, and the money there is.

What must stay true: nothing is worked out twice; the matters are those of the month whose turn it
is to be closed, and of the running month, each named once.
"""

from __future__ import annotations

from dataclasses import dataclass

from accounting.rules import closing
from accounting.rules.attention import Attention
from accounting.rules.closing import STEPS, Step
from accounting.rules.periods import period_of
from accounting.services import balances, chart, contributors, late
from accounting.services.chart import AccountCard
from accounting.services.closing import checklist, signing
from accounting.services.closing.signing import CloseCard
from accounting.services.late import Amendment
from core import clock
from core.actor import Actor
from members.services import access


@dataclass(frozen=True, slots=True)
class StepMatters:
    """A step of the checklist with what it found."""

    step: Step
    matters: tuple[Attention, ...]
    waived: bool = False

    @property
    def stops(self) -> bool:
        """Tell whether the close waits for it."""
        return not self.waived and any(matter.stops for matter in self.matters)


@dataclass(frozen=True, slots=True)
class Workspace:
    """What the accountant sees first; money in satang."""

    turn: int
    over: bool
    prepared: CloseCard | None
    steps: tuple[StepMatters, ...]
    money: tuple[tuple[AccountCard, int], ...]
    last_locked: CloseCard | None
    amended: Amendment

    @property
    def stopping(self) -> int:
        """How many steps stop the close."""
        return sum(step.stops for step in self.steps)


def of(actor: Actor) -> Workspace:
    """Gather the workspace of a centre. Raises Forbidden."""
    access.require(actor, "close.read")
    centre_id, today = actor.centre_id, clock.today()
    known = checklist.states(centre_id)
    turn = closing.next_to_close(known) or period_of(today)
    found = list(contributors.matters(centre_id, turn))
    waived = {one.step for one in checklist.waivers(centre_id, turn)}
    locked = [period for period, state in known.items() if state == "closed"]
    closes = signing.of_period(centre_id, turn)
    waiting = [card for card in closes if card.signed_at is None]
    sums = balances.until(centre_id, today)
    return Workspace(
        turn=turn,
        over=turn < period_of(today),
        prepared=waiting[-1] if waiting else None,
        steps=tuple(
            StepMatters(step, matters, step.key in waived)
            for step in STEPS
            if (matters := tuple(one for one in found if one.step == step.key and one.count))
        ),
        money=tuple(
            (card, sums[card.id][0] - sums[card.id][1])
            for card in chart.listing(centre_id)
            if card.money and card.id in sums
        ),
        last_locked=signing.in_force(centre_id, max(locked)) if locked else None,
        amended=late.amendment(centre_id, max(locked)) if locked else Amendment(0, 0),
    )
