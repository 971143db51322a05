"""The job of the day's paper. Data only."""

from __future__ import annotations

from core.errors import N_
from core.reports import TaskKind

DAY_REPORT = "day_report"

TASKS: dict[str, TaskKind] = {
    DAY_REPORT: TaskKind(
        name=DAY_REPORT,
        title=N_("Report of the day"),
        permission="cashier_figures.read",
        address="/c/{c}/day?from={day}&to={day}",
        address_words=N_("Open the day"),
        home="/c/{c}/day",
        home_words=N_("Manager's day"),
    ),
}
