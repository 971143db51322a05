"""The job of printing all books of some months, by the worker. Data only."""

from __future__ import annotations

from core.errors import N_
from core.reports import TaskKind

BOOKS = "books"

TASKS: dict[str, TaskKind] = {
    BOOKS: TaskKind(
        name=BOOKS,
        title=N_("All books, printed"),
        permission="statement.read",
        address="/c/{c}/books?month={month}&of={of}",
        address_words=N_("Open the books"),
        home="/c/{c}/books",
        home_words=N_("Account books"),
    )
}
