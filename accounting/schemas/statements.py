"""What may be asked of the statements and of the budget."""

from __future__ import annotations

from accounting.rules.statements import KINDS
from accounting.rules.stretches import KINDS as LENGTHS
from accounting.schemas.books import MonthArgs
from accounting.services.financial_statements import BESIDES
from core.web.schemas import OneOf


class StatementArgs(MonthArgs):
    """Which statement, of the month, quarter or year a month lies in, with what beside it."""

    statement = OneOf(KINDS, load_default="income")
    of = OneOf(LENGTHS, load_default="month")
    beside = OneOf(BESIDES, load_default="both")
