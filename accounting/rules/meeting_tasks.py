"""The meetings' job: the paper everybody reads beforehand, drawn by the worker. Data only."""

from __future__ import annotations

from core.errors import N_
from core.reports import TaskKind

MEETING_PACK = "meeting_pack"

TASKS: dict[str, TaskKind] = {
    MEETING_PACK: TaskKind(
        name=MEETING_PACK,
        title=N_("Paper for the meeting"),
        permission="meeting.read",
        address="/c/{c}/meetings/{meeting_id}",
        address_words=N_("Open the meeting"),
        home="/c/{c}/meetings",
        home_words=N_("Meetings"),
    )
}
