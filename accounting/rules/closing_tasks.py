"""The close's job: its paper for the meeting, drawn by the worker. Data only."""

from __future__ import annotations

from core.errors import N_
from core.reports import TaskKind

CLOSE_PACK = "close_pack"

TASKS: dict[str, TaskKind] = {
    CLOSE_PACK: TaskKind(
        name=CLOSE_PACK,
        title=N_("Paper of a closed month"),
        permission="close.read",
        address="/c/{c}/close/{period_id}",
        address_words=N_("Open the month"),
        home="/c/{c}/close",
        home_words=N_("Month close"),
    )
}
