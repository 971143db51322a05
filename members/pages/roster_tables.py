"""The roster's words, and a week as a table for a spreadsheet."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _

from core.sheets import Cell, Figure, Table
from members.services.roster.reading import Week


def tasks() -> dict[str, str]:
    """Return what the work is called."""
    return {
        "till": _("Till"),
        "stock": _("Stock and receiving"),
        "production": _("Production"),
        "cleaning": _("Cleaning"),
    }


def weekday(day: date) -> str:
    """Return the name of a day of the week."""
    names = (
        *(_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday")),
        *(_("Saturday"), _("Sunday")),
    )
    return names[day.weekday()]


def off_kinds() -> dict[str, str]:
    """Return why somebody is off."""
    return {
        "leave": _("On leave"),
        "unavailable": _("Can't come"),
        "wish": _("Would rather not"),
    }


def week_table(week: Week) -> Table:
    """Return a week, a row per duty."""
    words = tasks()
    headings: list[Cell] = [
        *(_("Day"), _("Time of work"), _("From"), _("Until"), _("Name")),
        *(_("Work"), _("Hours"), _("Note")),
    ]
    rows: list[list[Cell]] = [
        [
            duty.on_date,
            duty.time.name,
            *duty.time.hours.split("–"),
            duty.worker,
            words[duty.task],
            Figure(f"{duty.planned.slot.minutes / 60:.2f}"),
            duty.note,
        ]
        for duty in week.duties
    ]
    return Table(f"roster-{week.monday.isoformat()}", headings, rows)
