"""What is typed at the bank's pages: columns of a file, what a line is, money carried."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import marshmallow as ma

from accounting.rules.bank_files import COLUMNS_MAX, NAMES, Columns
from accounting.rules.bank_matching import Key
from core.money import SATANG_MAX
from core.web.schemas import (
    BahtField,
    BooleanField,
    DateField,
    IntegerField,
    ListField,
    OneOf,
    Schema,
    TextField,
    UuidField,
)

SKIPPED_MAX = 200
CHOSEN_MAX = 200
_ITEM = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}:[0-9]{1,6}"


class ColumnsForm(Schema):
    """Which column is what; 0 says there is none."""

    day = IntegerField(0, COLUMNS_MAX, load_default=0)
    time = IntegerField(0, COLUMNS_MAX, load_default=0)
    amount = IntegerField(0, COLUMNS_MAX, load_default=0)
    paid_in = IntegerField(0, COLUMNS_MAX, load_default=0)
    paid_out = IntegerField(0, COLUMNS_MAX, load_default=0)
    balance = IntegerField(0, COLUMNS_MAX, load_default=0)
    reference = IntegerField(0, COLUMNS_MAX, load_default=0)
    description = IntegerField(0, COLUMNS_MAX, load_default=0)
    skip_first = IntegerField(0, SKIPPED_MAX, load_default=0)
    skip_last = IntegerField(0, SKIPPED_MAX, load_default=0)
    opening = BahtField(-SATANG_MAX, load_default=None)
    closing = BahtField(-SATANG_MAX, load_default=None)
    act = OneOf(("look", "take"), load_default="take")

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Give the columns as the rule knows them, beside the balances."""
        names = (*NAMES, "skip_first", "skip_last")
        return {
            "columns": Columns(**{name: data[name] for name in names}),
            "opening": data["opening"],
            "closing": data["closing"],
            "act": data["act"],
        }


class MatchForm(Schema):
    """Which lines of the books a bank line is, and which bank lines beside it."""

    id = UuidField(required=True)
    items = ListField(TextField(60, pattern=_ITEM), most=CHOSEN_MAX, load_default=list)
    lines = ListField(UuidField(), most=CHOSEN_MAX, load_default=list)
    today = BooleanField(load_default=False)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Give the chosen lines of the books as keys."""
        return {**data, "items": tuple(_key(text) for text in dict.fromkeys(data["items"]))}


def _key(text: str) -> Key:
    entry_id, _, line_no = text.partition(":")
    return UUID(entry_id), int(line_no)


class EnterForm(Schema):
    """The account a bank line without a document is posted against."""

    id = UuidField(required=True)
    account_id = UuidField(required=True)
    activity_id = UuidField(load_default=None)
    memo = TextField(200, load_default="")
    today = BooleanField(load_default=False)


class MoveForm(Schema):
    """Money carried between safe and bank."""

    id = UuidField(required=True)
    from_id = UuidField(required=True)
    to_id = UuidField(required=True)
    amount = BahtField(1, required=True)
    day = DateField(load_default=None)
    memo = TextField(200, load_default="")
