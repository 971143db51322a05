"""The jobs of the welfare report: the villagers' paper and the auditor's table. Data only."""

from __future__ import annotations

from core.errors import N_
from core.reports import TaskKind

WELFARE_REPORT, WELFARE_TABLE = "welfare_report", "welfare_table"


def _task(name: str, title: str) -> TaskKind:
    return TaskKind(
        name=name,
        title=title,
        permission="welfare.read",
        address="/c/{c}/welfare?from={first}&to={last}",
        address_words=N_("Open the report"),
        home="/c/{c}/welfare",
        home_words=N_("Welfare or profit"),
    )


TASKS: dict[str, TaskKind] = {
    WELFARE_REPORT: _task(WELFARE_REPORT, N_("Welfare or profit, for the villagers")),
    WELFARE_TABLE: _task(WELFARE_TABLE, N_("Welfare or profit, for the auditor")),
}
