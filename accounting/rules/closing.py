"""The month's checklist: its steps as data, what each came to, and who may close which month. Pure.

What must stay true: a month is closed after the one before it and only when it is over; nothing
that stops a step is passed over in silence: it is settled, or waived by a named person with a
reason, where the step may be waived at all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from accounting.rules.attention import Attention, TieOut
from accounting.rules.periods import last_day, next_period
from core.errors import N_, DomainError


class State(StrEnum):
    """What a step came to."""

    DONE = "done"
    LISTED = "listed"  # something is shown, nothing stops the close
    WAIVED = "waived"
    STOPS = "stops"


@dataclass(frozen=True, slots=True)
class Step:
    """A step of every month's close: `title` is a msgid."""

    key: str
    title: str
    waivable: bool = False


STEPS = (
    Step("shifts", N_("Shifts")),
    Step("held_sales", N_("Baskets on hold"), waivable=True),
    Step("late_sales", N_("Late sales")),
    Step("drafts", N_("Drafts of vouchers")),
    Step("approvals", N_("Waiting for a second person")),
    Step("unfinished_documents", N_("Documents under way"), waivable=True),
    Step("bank", N_("Bank statements"), waivable=True),
    Step("unmatched_money", N_("Transfers without a match")),
    Step("stock", N_("Stock count"), waivable=True),
    Step("negative_stock", N_("Goods below zero"), waivable=True),
    Step("accruals", N_("Accruals to take back")),
    Step("recurring", N_("Recurring entries due")),
    Step("money", N_("Tills and safe below zero")),
    Step("trial_balance", N_("Trial balance")),
    Step("tie_outs", N_("Accounts beside their documents")),
    Step("aged_payables", N_("Old payables")),
    Step("funds", N_("Funds")),
    Step("tax", N_("Tax to hand in"), waivable=True),
    Step("turnover", N_("Turnover of twelve months")),
    Step("cash_report", N_("Daily cash report in time")),
)
WAIVABLE = frozenset(step.key for step in STEPS if step.waivable)


@dataclass(frozen=True, slots=True)
class Waiver:
    """A step that someone let pass for this month."""

    step: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class StepResult:
    """A step with what it found."""

    step: Step
    state: State
    matters: tuple[Attention, ...] = ()
    waiver: Waiver | None = None

    @property
    def count(self) -> int:
        """How many things were found."""
        return sum(matter.count for matter in self.matters)

    @property
    def satang(self) -> int:
        """What they are worth together."""
        return sum(matter.satang for matter in self.matters)


class MonthNotOver(DomainError):
    """A month can be closed from its last midnight on."""

    code, status, title = "month-not-over", 409, N_("That month is not over yet")
    detail = N_("Close it from the first day of the next month on.")


class NotNextToClose(DomainError):
    """Months are closed one after the other; `period_id` is the one whose turn it is."""

    code, status, title = "not-next-to-close", 409, N_("Another month comes first")
    detail = N_("Months are closed in their order. Close the earlier month first.")


class StepsOpen(DomainError):
    """Something stops the close; `steps` names the steps."""

    code, status, title = "close-steps-open", 409, N_("The checklist is not finished")
    detail = N_("Settle what stands in red, or waive it with a reason where that is allowed.")


class FiguresMoved(DomainError):
    """The books changed between the two signatures."""

    code, status, title = (
        "close-figures-moved",
        409,
        N_("The figures changed since they were signed"),
    )
    detail = N_(
        "The preparer looks at the month again and signs anew; then the second person signs."
    )


class SamePersonSigns(DomainError):
    """Two different people sign."""

    code, status, title = "same-person-signs", 403, N_("Someone else must sign second")
    detail = N_("The second signature comes from another person, such as the treasurer or auditor.")


class NotWaivable(DomainError):
    """This step can only be settled."""

    code, status, title = "step-not-waivable", 409, N_("This step can't be waived")
    detail = N_("Settle what it lists.")


class NothingToWaive(DomainError):
    """This step does not stop the close."""

    code, status, title = "nothing-to-waive", 409, N_("This step stops nothing")
    detail = N_("A reason is asked for only when a step stands in red.")


def results(
    matters: Iterable[Attention],
    ties: Sequence[TieOut],
    balances: bool,
    waivers: Collection[Waiver],
) -> tuple[StepResult, ...]:
    """Return every step with its state, in the order of the list."""
    found: dict[str, list[Attention]] = {step.key: [] for step in STEPS}
    for matter in matters:
        if matter.count:
            found[matter.step].append(matter)
    apart = [tie for tie in ties if not tie.ties]
    if apart:
        found["tie_outs"].append(
            Attention(
                "tie_outs",
                N_("Accounts that differ from their documents"),
                len(apart),
                sum(abs(tie.difference_satang) for tie in apart),
                "#tie-outs",
            )
        )
    if not balances:
        found["trial_balance"].append(
            Attention("trial_balance", N_("Debits are not credits"), 1, 0, "/c/{c}/trial-balance")
        )
    given = {waiver.step: waiver for waiver in waivers}
    return tuple(_result(step, tuple(found[step.key]), given.get(step.key)) for step in STEPS)


def _result(step: Step, matters: tuple[Attention, ...], waiver: Waiver | None) -> StepResult:
    if any(matter.stops for matter in matters):
        state = State.WAIVED if waiver is not None and step.waivable else State.STOPS
    else:
        state = State.LISTED if matters else State.DONE
    return StepResult(step, state, matters, waiver)


def require_ready(steps: Iterable[StepResult]) -> None:
    """Raise StepsOpen when anything still stops the close."""
    stopping = [result.step.key for result in steps if result.state is State.STOPS]
    if stopping:
        raise StepsOpen(steps=stopping)


def next_to_close(states: Mapping[int, str]) -> int | None:
    """Return the month whose turn it is: the one after the last locked, else the first there is.

    `states` has every month the books know, by period id.
    """
    locked = [period for period, state in states.items() if state == "closed"]
    if locked:
        return next_period(max(locked))
    return min(states, default=None)


def require_turn(period_id: int, states: Mapping[int, str], today: date) -> None:
    """Raise NotNextToClose or MonthNotOver unless this month may be closed today."""
    turn = next_to_close(states)
    if turn != period_id:
        raise NotNextToClose(period_id=turn)
    if today <= last_day(period_id):
        raise MonthNotOver(period_id=period_id)


def as_signed(steps: Iterable[Mapping[str, Any]]) -> tuple[StepResult, ...]:
    """Return a checklist as it was signed, from a close's content."""
    known = {step.key: step for step in STEPS}
    return tuple(
        StepResult(
            known[one["key"]],
            State(one["state"]),
            tuple(
                Attention(
                    one["key"], found["title"], found["count"], found["satang"], "", found["stops"]
                )
                for found in one["matters"]
            ),
            Waiver(one["key"], *one["waiver"]) if one["waiver"] else None,
        )
        for one in steps
        if one["key"] in known
    )
