"""The allocation of a year's surplus: chosen by a resolution, and where it stands since.

What must stay true: an allocation is made of one scenario under one resolution and says everything
it rests on, frozen; of each year one lives at a time; nothing of it ever changes afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import insert, select

from accounting.models import (
    MemberRun,
    SurplusAllocation,
    SurplusAllocationLine,
    SurplusApproval,
    SurplusOutcome,
)
from accounting.rules.surplus.rule_set import content_of, parts_out, run_rules
from accounting.rules.surplus.uses import Amount
from accounting.services import ledger, periods
from accounting.services.ledger import EntryCard
from accounting.services.meetings import resolutions
from accounting.services.meetings.resolutions import ResolutionCard
from accounting.services.surplus import rule_sets, scenarios, working_out, years
from accounting.services.surplus.working_out import Members
from accounting.services.surplus.years import YearSurplus
from core import audit, clock
from core.actor import Actor
from core.db import db, insert_rows, serialise_on
from core.documents import digest_of
from core.errors import N_, DifferentContent, DomainError, NotFound
from core.numbering import next_numbers
from members.services import access, users

SERIES, SOURCE = "allocation", "surplus_allocation"
KIND, UNDONE = "surplus_allocation", "surplus_allocation_undone"
PREPARED, MEASURED, APPROVED_ONCE, APPROVED = "prepared", "measured", "approved_once", "approved"
POSTED, REVERSED, WITHDRAWN = "posted", "reversed", "withdrawn"
LIVING = (PREPARED, MEASURED, APPROVED_ONCE, APPROVED, POSTED)


class YearAllocated(DomainError):
    """The year has an allocation that lives."""

    code, status, title = "year-allocated", 409, N_("This year's surplus is allocated already")
    detail = N_("%(allocation_no)s stands. Withdraw or reverse it before another is prepared.")


class ResolvedTooEarly(DomainError):
    """The meeting was before the year was over, or is still ahead."""

    code, status, title = "resolved-outside", 422, N_("This resolution can't be about that year")
    detail = N_("It is dated %(resolved_on)s; it must be after %(last_day)s and not ahead of us.")


class AllocationOver(DomainError):
    """The allocation was withdrawn, posted or reversed before."""

    code, status, title = "surplus-allocation-over", 409, N_("This allocation is over")
    detail = N_("It was posted, withdrawn or reversed before. Open it to see how it stands.")


class ReasonNeeded(DomainError):
    """Why it is given up must stand with it."""

    code, status, title = "reason-needed", 422, N_("Write down the reason")
    detail = N_("Whoever reads the books later must understand why.")


@dataclass(frozen=True, slots=True)
class PrepareAllocation:
    """A scenario the meeting chose, and the resolution that says so."""

    id: UUID
    scenario_id: UUID
    resolution_id: UUID


@dataclass(frozen=True, slots=True)
class Withdraw:
    """An allocation given up before it was posted, with the reason."""

    allocation_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class Said:
    """Who did something, when, and why."""

    by: UUID | None
    name: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RunFacts:
    """The members' run of an allocation, in short."""

    id: UUID
    members: int
    result_hash: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AllocationCard:
    """An allocation with everything that became of it."""

    id: UUID
    allocation_no: str
    fiscal_year: int
    first_day: date
    last_day: date
    surplus_satang: int
    retained_basis_points: int
    rules: dict[str, Any]
    digest: str
    resolution: ResolutionCard
    lines: tuple[Amount, ...]
    prepared: Said
    run: RunFacts | None
    approvals: tuple[Said, ...]
    outcomes: dict[str, Said]

    @property
    def state(self) -> str:
        for kind in (WITHDRAWN, REVERSED, POSTED):
            if kind in self.outcomes:
                return kind
        if self.run is None:
            return PREPARED
        return (MEASURED, APPROVED_ONCE, APPROVED)[len(self.approvals)]

    @property
    def approval_digest(self) -> str:
        """What people approve: the allocation and its run's result."""
        assert self.run is not None
        return digest_of({"allocation": self.digest, "run": self.run.result_hash})

    def of(self, use: str) -> int:
        """Return what a use gets."""
        return sum(line.satang for line in self.lines if line.use == use)


# --- preparing -------------------------------------------------------------------------------


def prepare(command: PrepareAllocation, actor: Actor) -> AllocationCard:
    """Freeze a scenario as the year's allocation; the same id again changes nothing.

    Raises YearNotClosed, NothingToAllocate, PoolTooLarge, YearAllocated, NoSuchResolution,
    ResolvedTooEarly, PeriodClosed, RuleSetNotInForce, PartsNotWhole, BelowMinimum, AboveMaximum,
    CapAboveLaw, FundNeeded, NobodyHoldsShares, DifferentContent, NotFound, Forbidden.
    """
    access.require(actor, "surplus.prepare")
    centre_id = actor.centre_id
    serialise_on(command.id)
    earlier = db.session.get(SurplusAllocation, (centre_id, command.id))
    if earlier is not None:
        if earlier.resolution_id != command.resolution_id:
            raise DifferentContent(differs=["resolution_id"])
        return card(command.id, actor)
    scenario = scenarios.get(command.scenario_id, actor)
    serialise_on(_year_key(centre_id, scenario.fiscal_year))
    living = of_year(scenario.fiscal_year, actor)
    if living is not None and living.state in LIVING:
        raise YearAllocated(allocation_no=living.allocation_no)
    year = years.of(scenario.fiscal_year, actor)
    resolution = resolutions.require_held(centre_id, command.resolution_id)
    require_postable(year, resolution, centre_id)
    rules = rule_sets.in_force_on(scenario.rule_set_id, resolution.resolved_on, actor)
    rules.require_lawful(resolution.resolved_on, scenario.parts)
    parts = working_out.with_funds(centre_id, scenario.parts)
    worked = working_out.work_out(year.surplus_satang, parts, rules, year, Members(centre_id, year))
    if worked.uncapped_satang and not worked.share_units:
        raise working_out.NobodyHoldsShares
    frozen = {
        **run_rules(rules),
        "allocation": {
            "scenario": scenario.name,
            "rule_set_id": str(scenario.rule_set_id or ""),
            "rule_set": content_of(rules),
            "parts": parts_out(parts),
            "cut_satang": worked.cut_satang,
            "share_units": worked.share_units,
            "units_in_year": worked.units_in_year,
        },
    }
    row = {
        "fiscal_year": year.fiscal_year,
        "first_day": year.first_day,
        "last_day": year.last_day,
        "surplus_satang": year.surplus_satang,
        "retained_basis_points": scenario.retained_basis_points,
        "resolution_id": command.resolution_id,
        "rules": frozen,
    }
    _write(command.id, row, worked.amounts, actor)
    return card(command.id, actor)


def require_postable(year: YearSurplus, resolution: ResolutionCard, centre_id: int) -> None:
    """Raise what stands in the way of posting a year's allocation on the day of its resolution."""
    years.require_usable(year)
    if not year.last_day < resolution.resolved_on <= clock.today():
        raise ResolvedTooEarly(
            resolved_on=resolution.resolved_on, last_day=year.last_day, field="resolution_id"
        )
    periods.require_open(centre_id, resolution.resolved_on)


def _write(
    allocation_id: UUID, row: dict[str, Any], amounts: Sequence[Amount], actor: Actor
) -> None:
    lines = [
        {
            "line_no": number,
            "use": one.use,
            "fund_id": one.fund_id,
            "amount_satang": one.satang,
            "memo": "",
        }
        for number, one in enumerate(amounts, start=1)
    ]
    assert sum(one.satang for one in amounts) == row["surplus_satang"]
    plain = {
        name: value if isinstance(value, int | dict) else str(value) for name, value in row.items()
    }
    said = {
        **plain,
        "lines": [[one.use, str(one.fund_id or ""), one.satang] for one in amounts],
    }
    year: int = row["fiscal_year"]
    [number] = next_numbers(actor.centre_id, [(SERIES, year)])
    db.session.execute(
        insert(SurplusAllocation).values(
            centre_id=actor.centre_id,
            id=allocation_id,
            allocation_no=f"AL-{year}-{number:02d}",
            **row,
            digest=digest_of(said),
            prepared_by=actor.user_id,
            prepared_at=clock.now(),
        )
    )
    keys = {"centre_id": actor.centre_id, "allocation_id": allocation_id}
    insert_rows(SurplusAllocationLine, [{**keys, **line} for line in lines])
    audit.record(actor, "surplus_allocation.prepared", SOURCE, allocation_id, year=year)


def _year_key(centre_id: int, fiscal_year: int) -> UUID:
    return uuid5(NAMESPACE_OID, f"surplus/{centre_id}/{fiscal_year}")


def withdraw(command: Withdraw, actor: Actor) -> None:
    """Give up an allocation that was not posted; again changes nothing.

    Raises ReasonNeeded, AllocationOver, NotFound, Forbidden.
    """
    access.require(actor, "surplus.prepare")
    serialise_on(command.allocation_id)
    found = card(command.allocation_id, actor)
    if found.state == WITHDRAWN:
        return
    if found.outcomes:
        raise AllocationOver(kind=found.state)
    conclude(command.allocation_id, WITHDRAWN, actor, command.reason)


def conclude(allocation_id: UUID, kind: str, actor: Actor, reason: str = "") -> None:
    """Write down what became of an allocation; giving up needs a reason."""
    reason = reason.strip()
    if kind != POSTED and not reason:
        raise ReasonNeeded(field="reason")
    db.session.execute(
        insert(SurplusOutcome).values(
            centre_id=actor.centre_id,
            allocation_id=allocation_id,
            kind=kind,
            reason=reason,
            recorded_by=actor.user_id,
            recorded_at=clock.now(),
        )
    )
    audit.record(actor, f"surplus_allocation.{kind}", SOURCE, allocation_id, reason=reason)


# --- reading ---------------------------------------------------------------------------------


def card(allocation_id: UUID, actor: Actor) -> AllocationCard:
    """Return an allocation; raise NotFound, Forbidden."""
    access.require(actor, "surplus.read")
    found = _cards(actor, SurplusAllocation.id == allocation_id)
    if not found:
        raise NotFound(what=SOURCE)
    return found[0]


def listing(actor: Actor) -> list[AllocationCard]:
    """Return every allocation, the latest first."""
    access.require(actor, "surplus.read")
    return _cards(actor)


def of_year(fiscal_year: int, actor: Actor) -> AllocationCard | None:
    """Return the allocation of a year prepared last, living or not."""
    access.require(actor, "surplus.read")
    found = _cards(actor, SurplusAllocation.fiscal_year == fiscal_year)
    return found[0] if found else None


def entries(allocation_id: UUID, actor: Actor) -> list[EntryCard]:
    """Return the entries of an allocation: what posted it, and what took it back."""
    return ledger.entry_of(actor.centre_id, SOURCE, allocation_id)


def _cards(actor: Actor, *wanted: Any) -> list[AllocationCard]:
    centre_id = actor.centre_id
    rows = db.session.execute(
        select(SurplusAllocation.__table__)
        .where(SurplusAllocation.centre_id == centre_id, *wanted)
        .order_by(
            SurplusAllocation.fiscal_year.desc(),
            SurplusAllocation.prepared_at.desc(),
            SurplusAllocation.allocation_no.desc(),
        )
    ).all()
    ids = [row.id for row in rows]
    lines = _by_allocation(SurplusAllocationLine, centre_id, ids, SurplusAllocationLine.line_no)
    runs = _by_allocation(MemberRun, centre_id, ids, MemberRun.id)
    approvals = _by_allocation(SurplusApproval, centre_id, ids, SurplusApproval.place)
    outcomes = _by_allocation(SurplusOutcome, centre_id, ids, SurplusOutcome.recorded_at)
    people = {row.prepared_by for row in rows}
    people |= {one.approved_by for some in approvals.values() for one in some}
    people |= {one.recorded_by for some in outcomes.values() for one in some}
    names = users.names({one for one in people if one})
    return [
        AllocationCard(
            id=row.id,
            allocation_no=row.allocation_no,
            fiscal_year=row.fiscal_year,
            first_day=row.first_day,
            last_day=row.last_day,
            surplus_satang=row.surplus_satang,
            retained_basis_points=row.retained_basis_points,
            rules=row.rules,
            digest=row.digest,
            resolution=resolutions.card(centre_id, row.resolution_id),
            lines=tuple(
                Amount(line.use, line.amount_satang, line.fund_id) for line in lines[row.id]
            ),
            prepared=Said(row.prepared_by, names.get(row.prepared_by, ""), row.prepared_at),
            run=next(
                (RunFacts(*(getattr(run, name) for name in _RUN)) for run in runs[row.id]), None
            ),
            approvals=tuple(
                Said(one.approved_by, names.get(one.approved_by, ""), one.approved_at)
                for one in approvals[row.id]
            ),
            outcomes={
                one.kind: Said(
                    one.recorded_by,
                    names.get(one.recorded_by, ""),
                    one.recorded_at,
                    one.reason,
                )
                for one in outcomes[row.id]
            },
        )
        for row in rows
    ]


_RUN = ("id", "members", "result_hash", "prepared_at")


def _by_allocation(
    model: Any, centre_id: int, ids: Sequence[UUID], order: Any
) -> dict[UUID, list[Any]]:
    table = model.__table__
    columns = [column for column in table.c if column.name != "content"]
    found: dict[UUID, list[Any]] = {one: [] for one in ids}
    rows = db.session.execute(
        select(*columns)
        .where(table.c.centre_id == centre_id, table.c.allocation_id.in_(ids))
        .order_by(order)
    )
    for row in rows:
        found[row.allocation_id].append(row)
    return found
