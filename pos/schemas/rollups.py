"""What a roll-up is asked for: months, and an account."""

from __future__ import annotations

from core.web.schemas import IntegerField, Schema, TextField

ACCOUNT_KEY = r"[a-z0-9_:]{1,60}"


class MonthsArgs(Schema):
    """The first and the last month, as year and month: 202601; without them the year so far."""

    first = IntegerField(190001, 999912, load_default=None, allow_none=True)
    last = IntegerField(190001, 999912, load_default=None, allow_none=True)
    account = TextField(60, load_default="", pattern=ACCOUNT_KEY)
