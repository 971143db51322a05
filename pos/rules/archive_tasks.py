"""The job of writing a whole centre into one file, by the worker. Data only."""

from __future__ import annotations

from core.errors import N_
from core.reports import TaskKind

ARCHIVE = "archive"

TASKS: dict[str, TaskKind] = {
    ARCHIVE: TaskKind(
        name=ARCHIVE,
        title=N_("The whole centre in one file"),
        permission="archive.make",
        address="/c/{c}/out-of-the-house",
        address_words=N_("Out of the house"),
        home="/c/{c}/out-of-the-house",
        home_words=N_("Out of the house"),
    )
}
