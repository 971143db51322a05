"""What may be asked of the statements and of the budget."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from accounting.rules.budgets import MONTHS, spread
from accounting.rules.statements import KINDS
from accounting.rules.stretches import KINDS as LENGTHS
from accounting.schemas.books import MonthArgs
from accounting.services.budgets import SaveBudget
from accounting.services.financial_statements import BESIDES
from core.money import SATANG_MAX
from core.web.schemas import BahtField, IntegerField, OneOf, Schema, UuidField

MONTH_FIELDS = tuple(f"month_{number}" for number in range(1, MONTHS + 1))


class StatementArgs(MonthArgs):
    """Which statement, of the month, quarter or year a month lies in, with what beside it."""

    statement = OneOf(KINDS, load_default="income")
    of = OneOf(LENGTHS, load_default="month")
    beside = OneOf(BESIDES, load_default="both")


class BudgetArgs(Schema):
    """Which fiscal year, this one unless told; and which line of it."""

    year = IntegerField(2400, 2800, load_default=None)
    account_id = UuidField(load_default=None)
    activity_id = UuidField(load_default=None)


_Months = Schema.from_dict(
    {name: BahtField(-SATANG_MAX, load_default=0) for name in MONTH_FIELDS}, name="BudgetMonths"
)


class BudgetForm(_Months):  # type: ignore[misc,valid-type]
    """A line of the budget as typed: twelve months, or the year to be spread over them."""

    year = IntegerField(2400, 2800, required=True)
    account_id = UuidField(required=True)
    activity_id = UuidField(load_default=None)
    version = IntegerField(0, 1_000_000, load_default=0)
    whole = BahtField(-SATANG_MAX, load_default=None)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> SaveBudget:
        """Give the command; the year's amount counts when it was typed."""
        months = tuple(data[name] for name in MONTH_FIELDS)
        return SaveBudget(
            data["year"],
            data["account_id"],
            data["activity_id"],
            months if data["whole"] is None else spread(data["whole"]),
            data["version"],
        )
