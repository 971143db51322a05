"""The village's yardsticks for the welfare report: each version by a resolution, from a day on.

What must stay true: rows are only added; the version in force on a day is the one of the latest
`valid_from` not after it, of one day's the one recorded last; without any the defaults count and
say that nobody decided them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, insert, select

from accounting.models import Resolution, WelfareSettings
from accounting.rules.welfare import DEFAULT_AIMS, Aims
from accounting.services.meetings import resolutions
from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import N_, DifferentContent, DomainError
from members.services import access

_SAID = (
    "valid_from",
    "members_from_basis_points",
    "centre_below_basis_points",
    "coverage_basis_points",
    "reference_days",
    "resolution_id",
)


class AimsDiffer(DifferentContent):
    """The yardsticks' id came again with other content; the first ones stand."""

    code, title = "aims-differ", N_("These yardsticks were already recorded otherwise")


class AimsDisordered(DomainError):
    """What serves the centre would reach above what serves the members."""

    code, status, title = "aims-disordered", 422, N_("The two limits are the wrong way round")
    detail = N_("The share that serves members is at least the share that serves the centre.")


@dataclass(frozen=True, slots=True)
class DecideAims:
    """Yardsticks as a meeting resolved them, in force from a day on."""

    id: UUID
    valid_from: date
    members_from_basis_points: int
    centre_below_basis_points: int
    coverage_basis_points: int
    reference_days: int
    resolution_id: UUID


@dataclass(frozen=True, slots=True)
class AimsCard:
    """A version of the yardsticks, and whose word it is."""

    id: UUID
    valid_from: date
    aims: Aims
    resolution_no: str
    recorded_name: str
    recorded_at: datetime


def decide(command: DecideAims, actor: Actor) -> AimsCard:
    """Record what a meeting resolved; the same command again changes nothing.

    Raises AimsDiffer, AimsDisordered, NoSuchResolution, Forbidden.
    """
    access.require(actor, "welfare_settings.change")
    earlier = db.session.get(WelfareSettings, (actor.centre_id, command.id))
    if earlier is not None:
        differs = [name for name in _SAID if getattr(earlier, name) != getattr(command, name)]
        if differs:
            raise AimsDiffer(differs=differs)
        return _one(command.id, actor)
    if command.centre_below_basis_points > command.members_from_basis_points:
        raise AimsDisordered(field="members_from")
    resolutions.require_held(actor.centre_id, command.resolution_id)
    values = {name: getattr(command, name) for name in _SAID}
    db.session.execute(
        insert(WelfareSettings).values(
            centre_id=actor.centre_id,
            id=command.id,
            recorded_by=actor.user_id,
            recorded_name=actor.name,
            recorded_at=clock.now(),
            **values,
        )
    )
    audit.record(
        actor,
        "welfare_settings.decided",
        "welfare_settings",
        command.id,
        members_from=command.members_from_basis_points,
        centre_below=command.centre_below_basis_points,
    )
    return _one(command.id, actor)


def listing(centre_id: int) -> list[AimsCard]:
    """Return every version, the latest first."""
    query = _cards(centre_id).order_by(
        WelfareSettings.valid_from.desc(),
        WelfareSettings.recorded_at.desc(),
        WelfareSettings.id.desc(),
    )
    return [_card(row) for row in db.session.execute(query)]


def on(centre_id: int, day: date) -> Aims:
    """Return the yardsticks in force on a day; the defaults when none were decided."""
    return next((one.aims for one in listing(centre_id) if one.valid_from <= day), DEFAULT_AIMS)


def _one(settings_id: UUID, actor: Actor) -> AimsCard:
    query = _cards(actor.centre_id).where(WelfareSettings.id == settings_id)
    return _card(db.session.execute(query).one())


def _cards(centre_id: int) -> access.AnySelect:
    return (
        select(WelfareSettings, Resolution.resolution_no)
        .join(
            Resolution,
            and_(
                Resolution.centre_id == WelfareSettings.centre_id,
                Resolution.id == WelfareSettings.resolution_id,
            ),
        )
        .where(WelfareSettings.centre_id == centre_id)
    )


def _card(found: Any) -> AimsCard:
    row, resolution_no = found
    aims = Aims(
        row.members_from_basis_points,
        row.centre_below_basis_points,
        row.coverage_basis_points,
        row.reference_days,
        decided=True,
    )
    return AimsCard(row.id, row.valid_from, aims, resolution_no, row.recorded_name, row.recorded_at)
