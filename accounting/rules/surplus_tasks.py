"""The jobs of an allocation: members measured, and the approved allocation posted. Data only.

What must stay true: `worker.errands.ERRANDS` does exactly these; a test compares the names.
"""

from __future__ import annotations

from core.errors import N_
from core.reports import TaskKind

ALLOCATION_RUN, ALLOCATION_POST = "allocation_run", "allocation_post"


def _task(name: str, title: str) -> TaskKind:
    return TaskKind(
        name=name,
        title=title,
        permission="surplus.read",
        address="/c/{c}/surplus/allocations/{allocation_id}",
        address_words=N_("Open the allocation"),
        home="/c/{c}/surplus",
        home_words=N_("Surplus of the year"),
        acts=True,
    )


TASKS: dict[str, TaskKind] = {
    task.name: task
    for task in (
        _task(ALLOCATION_RUN, N_("Measure every member's part")),
        _task(ALLOCATION_POST, N_("Post the allocation")),
    )
}
