"""The jobs of a settlement run: prepared, posted and printed by the worker. Data only.

What must stay true: `worker.errands.ERRANDS` does exactly those that act, `worker.reports.REPORTS`
draws the rest; a test compares the names.
"""

from __future__ import annotations

from core.errors import N_
from core.reports import TaskKind

PREPARE, POST, STATEMENTS = "settlement_prepare", "settlement_post", "settlement_statements"


def _task(name: str, title: str, *, acts: bool = False, makes: bool = False) -> TaskKind:
    return TaskKind(
        name=name,
        title=title,
        permission="settlement.read",
        address="/c/{c}/settlement-runs/{run_id}",
        address_words=N_("Open the settlement"),
        home="/c/{c}/settlement-runs",
        home_words=N_("Settling with producers"),
        acts=acts,
        makes=makes,
    )


TASKS: dict[str, TaskKind] = {
    task.name: task
    for task in (
        _task(PREPARE, N_("Prepare a settlement"), acts=True, makes=True),
        _task(POST, N_("Post a settlement"), acts=True),
        _task(STATEMENTS, N_("Statements of a settlement")),
    )
}
