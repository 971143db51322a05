"""Scenarios drawn up before the meeting: several ways to use one year's surplus, side by side.

What must stay true: a scenario is a draft that binds nobody; one on an expected figure says so, and
as soon as the year is closed the books' own surplus takes its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from accounting.models import AllocationScenario
from accounting.rules.chart import Purpose
from accounting.rules.surplus.rule_set import parts_in, parts_out
from accounting.rules.surplus.uses import Part
from accounting.services import ledger
from accounting.services.surplus import rule_sets, working_out, years
from accounting.services.surplus.rule_sets import RuleSetCard
from accounting.services.surplus.working_out import Members, RefundRates, WorkedOut
from accounting.services.surplus.years import YearSurplus
from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import N_, ChangedMeanwhile, DomainError, NotFound
from members.services import access

SCENARIOS_MAX = 12


class ScenarioNameTaken(DomainError):
    """Another scenario of the year has this name."""

    code, status, title = "scenario-name-taken", 409, N_("Another scenario has this name")
    detail = N_("Give each scenario of a year a name of its own.")


class TooManyScenarios(DomainError):
    """Nobody compares more than these at a meeting."""

    code, status, title = "too-many-scenarios", 409, N_("There are many scenarios already")
    detail = N_("Throw away one of the %(limit)s that nobody wants any more.")


class NoFigure(DomainError):
    """The year is open and nobody said what surplus to expect."""

    code, status, title = "figure-missing", 422, N_("Say what surplus you expect")
    detail = N_("The year is not closed, so there is no figure of the books yet.")


@dataclass(frozen=True, slots=True)
class SaveScenario:
    """A scenario as it shall be; `version` 0 is a new one."""

    id: UUID
    fiscal_year: int
    name: str
    parts: tuple[Part, ...]
    rule_set_id: UUID | None = None
    retained_basis_points: int = 0
    expected_satang: int | None = None
    note: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class ScenarioCard:
    """A scenario as it stands."""

    id: UUID
    fiscal_year: int
    name: str
    parts: tuple[Part, ...]
    rule_set_id: UUID | None
    retained_basis_points: int
    expected_satang: int | None
    note: str
    version: int
    changed_by: UUID | None
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Column:
    """A scenario worked out on a surplus; `expected` tells that the books don't say it yet."""

    card: ScenarioCard
    rule_set: RuleSetCard
    worked: WorkedOut
    expected: bool
    reserve_after_satang: int
    refunds: RefundRates | None = None


def save(command: SaveScenario, actor: Actor) -> ScenarioCard:
    """Keep a scenario; the same content again changes nothing.

    Raises PartsNotWhole, UseTwice, BelowMinimum, AboveMaximum, CapAboveLaw, FundNeeded, NoFigure,
    ScenarioNameTaken, TooManyScenarios, ChangedMeanwhile, NotFound, Forbidden.
    """
    access.require(actor, "surplus.prepare")
    centre_id = actor.centre_id
    known = {one.id: one for one in listing(command.fiscal_year, actor)}
    if any(one.name == command.name and one.id != command.id for one in known.values()):
        raise ScenarioNameTaken(field="name")
    rules = rule_sets.get(command.rule_set_id, actor).rules
    rules.require_lawful(clock.today(), command.parts)
    parts = working_out.with_funds(centre_id, command.parts)
    if command.expected_satang is None and not years.of(command.fiscal_year, actor).closed:
        raise NoFigure(field="expected")
    values = {
        "name": command.name,
        "rule_set_id": command.rule_set_id,
        "expected_satang": command.expected_satang,
        "content": {
            "parts": parts_out(parts),
            "retained_basis_points": command.retained_basis_points,
        },
        "note": command.note,
        "changed_by": actor.user_id,
        "changed_at": clock.now(),
    }
    earlier = known.get(command.id)
    if earlier is None:
        if command.version:
            raise NotFound(what="allocation_scenario")
        if len(known) >= SCENARIOS_MAX:
            raise TooManyScenarios(limit=SCENARIOS_MAX)
        new = {"centre_id": centre_id, "id": command.id, "fiscal_year": command.fiscal_year}
        db.session.execute(insert(AllocationScenario).values(**new, **values, version=1))
    elif not _same(earlier, command, parts):
        _change(earlier, command, values, centre_id)
    return get(command.id, actor)


def throw_away(scenario_id: UUID, actor: Actor) -> None:
    """Throw a scenario away; an allocation made of it stays. Raises NotFound, Forbidden."""
    access.require(actor, "surplus.prepare")
    card = get(scenario_id, actor)
    db.session.execute(delete(AllocationScenario).where(*_is(actor.centre_id, scenario_id)))
    audit.record(
        actor, "allocation_scenario.thrown_away", "allocation_scenario", scenario_id, name=card.name
    )


def get(scenario_id: UUID, actor: Actor) -> ScenarioCard:
    """Return a scenario; raise NotFound, Forbidden."""
    access.require(actor, "surplus.read")
    row = db.session.execute(
        select(AllocationScenario.__table__).where(*_is(actor.centre_id, scenario_id))
    ).one_or_none()
    if row is None:
        raise NotFound(what="allocation_scenario")
    return _card(row)


def listing(fiscal_year: int, actor: Actor) -> list[ScenarioCard]:
    """Return a year's scenarios in the order they were drawn up."""
    access.require(actor, "surplus.read")
    rows = db.session.execute(
        select(AllocationScenario.__table__)
        .where(
            AllocationScenario.centre_id == actor.centre_id,
            AllocationScenario.fiscal_year == fiscal_year,
        )
        .order_by(AllocationScenario.id)
    )
    return [_card(row) for row in rows]


def compare(year: YearSurplus, actor: Actor, *, refunds: bool = False) -> list[Column]:
    """Return a year's scenarios worked out, on its surplus or on what each expects.

    With `refunds` also what one baht bought or delivered gives back: that adds up a year's sales.
    """
    members = Members(actor.centre_id, year)
    reserve = -ledger.balance(actor.centre_id, Purpose.LEGAL_RESERVE)
    columns = []
    for card in listing(year.fiscal_year, actor):
        real = year.closed and year.surplus_satang > 0
        surplus = year.surplus_satang if real else card.expected_satang
        if not surplus:
            continue
        rule_set = rule_sets.get(card.rule_set_id, actor)
        worked = working_out.work_out(surplus, card.parts, rule_set.rules, year, members)
        rates = None
        if refunds and worked.of("patronage"):
            pool = worked.of("patronage")
            rates = working_out.refund_rates(pool, rule_set.rules, members)
        after = reserve + worked.of("reserve")
        columns.append(Column(card, rule_set, worked, not real, after, rates))
    return columns


def _change(
    earlier: ScenarioCard, command: SaveScenario, values: dict[str, Any], centre_id: int
) -> None:
    if earlier.version != command.version:
        raise ChangedMeanwhile(version=earlier.version)
    done = db.session.execute(
        update(AllocationScenario)
        .where(*_is(centre_id, command.id), AllocationScenario.version == command.version)
        .values(**values, version=command.version + 1)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise ChangedMeanwhile(version=earlier.version)


def _same(earlier: ScenarioCard, command: SaveScenario, parts: tuple[Part, ...]) -> bool:
    return (
        earlier.name,
        earlier.parts,
        earlier.rule_set_id,
        earlier.retained_basis_points,
        earlier.expected_satang,
        earlier.note,
    ) == (
        command.name,
        parts,
        command.rule_set_id,
        command.retained_basis_points,
        command.expected_satang,
        command.note,
    )


def _is(centre_id: int, scenario_id: UUID) -> tuple[Any, Any]:
    return AllocationScenario.centre_id == centre_id, AllocationScenario.id == scenario_id


def _card(row: Any) -> ScenarioCard:
    return ScenarioCard(
        row.id,
        row.fiscal_year,
        row.name,
        parts_in(row.content["parts"]),
        row.rule_set_id,
        row.content["retained_basis_points"],
        row.expected_satang,
        row.note,
        row.version,
        row.changed_by,
        row.changed_at,
    )
