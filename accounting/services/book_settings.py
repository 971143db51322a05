"""The books' own settings of a centre: read anywhere, changed by the manager with a trace."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import insert, select, update

from accounting.models import BookSettings
from accounting.rules.book_settings import BookSettingsCard
from core import audit
from core.actor import Actor
from core.db import db
from core.errors import N_, DomainError
from members.services import access

FIELDS = (
    "approval_limit_satang",
    "turnover_limit_satang",
    "moved_percent",
    "cash_report_days",
    "aged_payable_days",
    "meeting_day",
)


class SettingsMoved(DomainError):
    """Someone else changed the settings meanwhile."""

    code, status, title = "book-settings-moved", 409, N_("Someone changed these settings meanwhile")
    detail = N_("Look at them again, then make your change.")


def of(centre_id: int) -> BookSettingsCard:
    """Return a centre's settings, or the defaults."""
    row = db.session.execute(
        select(*(getattr(BookSettings, name) for name in (*FIELDS, "version"))).where(
            BookSettings.centre_id == centre_id
        )
    ).one_or_none()
    return BookSettingsCard() if row is None else BookSettingsCard(*row)


def change(command: BookSettingsCard, actor: Actor) -> BookSettingsCard:
    """Set everything; `command.version` is the version the person saw.

    Raises Forbidden, SettingsMoved.
    """
    access.require(actor, "book_settings.change")
    before = of(actor.centre_id)
    if before.version != command.version:
        raise SettingsMoved
    values = {name: getattr(command, name) for name in FIELDS} | {"version": before.version + 1}
    if before.version == 0:
        db.session.execute(insert(BookSettings).values(centre_id=actor.centre_id, **values))
    else:
        moved = db.session.execute(
            update(BookSettings)
            .where(
                BookSettings.centre_id == actor.centre_id, BookSettings.version == before.version
            )
            .values(**values)
            .execution_options(synchronize_session=False)
        )
        if moved.rowcount != 1:  # type: ignore[attr-defined]
            raise SettingsMoved
    after = of(actor.centre_id)
    old, new = asdict(before), asdict(after)
    changed = {name: [old[name], new[name]] for name in FIELDS if old[name] != new[name]}
    audit.record(actor, "book_settings.change", "book_settings", actor.centre_id, **changed)
    return after
