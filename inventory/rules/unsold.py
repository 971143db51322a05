"""What becomes of goods that do not sell: who bears a loss, how long they may stay, what is due.

What must stay true: own goods are always the centre's loss; a lot is in one stage, the gravest;
the weight fresh goods may lose is a part of the whole lot, however often it is booked. Pure; days
are calendar days, parts in 1/10,000.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.errors import N_, DomainError

WHOLE_BASIS_POINTS = 10_000
STEPS_MAX = 10
DAYS_MAX = 3650
NEAR_EXPIRY_DAYS = 3

STAGES = ("expired", "term_over", "near_expiry", "markdown_due", "fresh")
"""From the gravest on; a lot is in the first that fits."""


class StepsUnsound(DomainError):
    """A mark-down step doesn't say when, or takes nothing off, or more than all."""

    code, status, title = "steps-unsound", 422, N_("A mark-down step is not right")
    detail = N_(
        "Step %(step_no)s: say either days after intake or days before expiry, and a part from"
        " 0.01 to 100 %%."
    )


@dataclass(frozen=True, slots=True)
class Step:
    """A mark-down: from so many days after intake, or so many before expiry, so much off."""

    percent_basis_points: int
    after_days: int | None = None
    days_before_expiry: int | None = None

    def content(self) -> dict[str, int]:
        """Return the step as it is kept; `steps_of` reads it back."""
        when = (
            {"after_days": self.after_days}
            if self.after_days is not None
            else {"days_before_expiry": self.days_before_expiry or 0}
        )
        return {**when, "percent_basis_points": self.percent_basis_points}


@dataclass(frozen=True, slots=True)
class Rule:
    """How goods of a category are treated; the default is a centre that agreed on nothing."""

    centre_bears_days: int | None = None
    consignment_days: int = 0
    near_expiry_days: int = NEAR_EXPIRY_DAYS
    weight_loss_basis_points: int = 0
    markdown_steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a lot stands today; days are None where nothing limits them."""

    stage: str
    age_days: int
    expiry_days: int | None
    """Days left to the last good day; below zero when it is past."""
    term_days: int | None
    """Days left of the time consigned goods may stay."""
    step: Step | None
    """The deepest mark-down due."""


def steps_of(content: Sequence[Mapping[str, int]]) -> tuple[Step, ...]:
    """Return steps read back from JSON."""
    return tuple(
        Step(one["percent_basis_points"], one.get("after_days"), one.get("days_before_expiry"))
        for one in content
    )


def require_sound(steps: Sequence[Step]) -> None:
    """Refuse steps that can't be followed: `StepsUnsound`."""
    for step_no, step in enumerate(steps, start=1):
        days = [one for one in (step.after_days, step.days_before_expiry) if one is not None]
        sound = (
            len(days) == 1
            and 0 <= days[0] <= DAYS_MAX
            and 0 < step.percent_basis_points <= WHOLE_BASIS_POINTS
            and step_no <= STEPS_MAX
        )
        if not sound:
            raise StepsUnsound(step_no=step_no, field=f"percent_{step_no}")


def bearer_of(rule: Rule, received_on: date, today: date, ownership: str) -> str | None:
    """Return who bears a loss today: centre or producer; None when the centre has no rule."""
    if ownership == "own":
        return "centre"
    if rule.centre_bears_days is None:
        return None
    return "centre" if _age(received_on, today) <= rule.centre_bears_days else "producer"


def standing_of(
    rule: Rule, received_on: date, expires_on: date | None, ownership: str, today: date
) -> Standing:
    """Return where a lot stands: its age, the days left, its stage, the mark-down due."""
    age = _age(received_on, today)
    expiry = None if expires_on is None else (expires_on - today).days
    limited = ownership == "consigned" and rule.consignment_days > 0
    term = rule.consignment_days - age if limited else None
    step = _due(rule, age, expiry)
    if expiry is not None and expiry < 0:
        stage = "expired"
    elif term is not None and term < 0:
        stage = "term_over"
    elif expiry is not None and expiry <= rule.near_expiry_days:
        stage = "near_expiry"
    else:
        stage = "fresh" if step is None else "markdown_due"
    return Standing(stage, age, expiry, term, step)


def weight_loss_left(rule: Rule, lot_milli: int, booked_milli: int) -> int:
    """Return how much of a lot may still be booked as normal weight loss."""
    most = lot_milli * rule.weight_loss_basis_points // WHOLE_BASIS_POINTS
    return max(most - booked_milli, 0)


def _due(rule: Rule, age_days: int, expiry_days: int | None) -> Step | None:
    """Return the deepest step due; what is past its day is not sold cheaper, but not at all."""
    if expiry_days is not None and expiry_days < 0:
        return None
    due = [
        step
        for step in rule.markdown_steps
        if (step.after_days is not None and age_days >= step.after_days)
        or (
            step.days_before_expiry is not None
            and expiry_days is not None
            and expiry_days <= step.days_before_expiry
        )
    ]
    return max(due, key=lambda step: step.percent_basis_points, default=None)


def _age(received_on: date, today: date) -> int:
    """Return whole days since intake; a clock set back makes nothing younger than new."""
    return max((today - received_on).days, 0)
