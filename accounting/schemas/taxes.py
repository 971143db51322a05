"""What may be asked of the books people print."""

from __future__ import annotations

from accounting.schemas.books import MonthArgs
from core.web.schemas import OneOf


class BooksArgs(MonthArgs):
    """The month, or the fiscal year a month lies in; this month unless told."""

    of = OneOf(("month", "year"), load_default="month")
