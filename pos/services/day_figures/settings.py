"""When the paper of the day is made, and what the hints for ordering reckon with.

What must stay true: a centre that never chose has the usual values; two people who save at once
don't overwrite each other unseen.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import insert, select, update

from core.actor import Actor
from core.audit import record as audit
from core.db import db
from core.errors import N_, DomainError
from core.ids import uuid7
from inventory.rules.sell_through import Supply
from members.services import access
from pos.models import DaySettings


class SettingsChanged(DomainError):
    """Somebody else saved these settings meanwhile."""

    code, status, title = "day-settings-changed", 409, N_("Somebody else changed this meanwhile")
    detail = N_("Look at what they wrote, then save again.")


@dataclass(frozen=True, slots=True)
class DayChoices:
    """What a centre chose; hours of the day in Bangkok, days and weeks."""

    report_on: bool = True
    report_hour: int = 6
    report_next_day: bool = True
    rate_weeks: int = 4
    lead_days: int = 7
    cover_days: int = 14
    expiring_days: int = 7
    version: int = 0

    @property
    def supply(self) -> Supply:
        return Supply(self.rate_weeks, self.lead_days, self.cover_days)


def of(centre_id: int) -> DayChoices:
    """Return what a centre chose."""
    columns = (getattr(DaySettings, name) for name in DayChoices.__dataclass_fields__)
    query = select(*columns).where(DaySettings.centre_id == centre_id)
    row = db.session.execute(query).one_or_none()
    return DayChoices() if row is None else DayChoices(*row)


def supply_of(centre_id: int) -> Supply:
    """Return what the hints for ordering reckon with, for the room of goods."""
    return of(centre_id).supply


def save(command: DayChoices, actor: Actor) -> DayChoices:
    """Keep what was chosen; `version` is the one that was read. Raises Forbidden, SettingsChanged.

    The same choices again change nothing.
    """
    access.require(actor, "settings.change")
    now = of(actor.centre_id)
    new = asdict(command) | {"version": now.version + 1}
    if asdict(now) | {"version": 0} == asdict(command) | {"version": 0}:
        return now
    if now.version != command.version:
        raise SettingsChanged
    mine = DaySettings.centre_id == actor.centre_id
    if now.version:
        db.session.execute(
            update(DaySettings).where(mine).values(**new),
            execution_options={"synchronize_session": False},
        )
    else:
        db.session.execute(insert(DaySettings).values(centre_id=actor.centre_id, **new))
    audit(actor, "day_settings.change", "centre", uuid7(), **asdict(command))
    return of(actor.centre_id)
