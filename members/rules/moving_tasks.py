"""The job of taking a brought table. Data only."""

from __future__ import annotations

from core.errors import N_
from core.reports import TaskKind

TABLE_TAKE = "table_take"

TASKS: dict[str, TaskKind] = {
    TABLE_TAKE: TaskKind(
        name=TABLE_TAKE,
        title=N_("Take a brought table"),
        permission="table.bring",
        address="/c/{c}/moving-in/imports/{import_id}",
        address_words=N_("Open the import"),
        home="/c/{c}/moving-in",
        home_words=N_("Moving in"),
        acts=True,
    )
}
