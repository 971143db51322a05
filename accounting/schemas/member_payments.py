"""Payments to members, bank files and lists of unclaimed money as typed into forms."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import marshmallow as ma

from accounting.models.member_payments import RECIPIENTS, WAYS
from accounting.rules.member_payments import CREDITS, PaidItem
from core.errors import N_
from core.web.schemas import (
    DateField,
    IntegerField,
    OneOf,
    Schema,
    TextField,
    UuidField,
    refuse,
)

PAYING: dict[str, tuple[str, str]] = {
    "safe": ("cash", "safe"),
    "till": ("cash", "till"),
    "promptpay": ("promptpay", "bank"),
    "transfer": ("transfer", "bank"),
    "shares": ("shares", "shares"),
    "purse": ("purse", "purse"),
}
"""How a person says it → the way, and where the money comes from."""
_ID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_ITEM = rf"{_ID}_{_ID}_[0-9]{{1,12}}_[0-9]{{1,12}}"
ITEMS_MAX = 200
_NOTHING_TICKED = N_("Tick what is to be paid")


class PayMemberForm(Schema):
    """A payment: what is ticked, how, and who takes it."""

    id = UuidField(required=True)
    how = OneOf(tuple(PAYING), required=True)
    items = ma.fields.List(
        TextField(120, pattern=_ITEM), load_default=list, validate=ma.validate.Length(0, ITEMS_MAX)
    )
    shift_id = UuidField(load_default=None)
    recipient_kind = OneOf(RECIPIENTS, load_default="member")
    recipient_name = TextField(160, load_default="")
    recipient_relation = TextField(80, load_default="")
    reference = TextField(60, load_default="")
    note = TextField(300, load_default="")

    @ma.validates_schema
    def check_ticked(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Refuse a form on which nothing is ticked: nobody meant to pay nothing."""
        if not data.get("items"):
            raise refuse(_NOTHING_TICKED, at="items")

    @ma.post_load
    def read(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Turn what was ticked into items, and how it is said into way and place."""
        data["items"] = tuple(item_of(key) for key in data["items"])
        data["way"], data["paid_from"] = PAYING[data.pop("how")]
        return data


def item_of(key: str) -> PaidItem:
    """Return the item behind a ticked box."""
    run_id, member_id, dividend, patronage = key.split("_")
    return PaidItem(UUID(run_id), UUID(member_id), int(dividend), int(patronage))


def key_of(run_id: UUID, member_id: UUID, dividend: int, patronage: int) -> str:
    """Return how an item is named in a form: with its amounts, as they were shown."""
    return f"{run_id}_{member_id}_{dividend}_{patronage}"


class TakeBackForm(Schema):
    """A payment taken back."""

    reason = TextField(300, required=True)
    paid_into = OneOf(("till", "safe", "bank"), load_default="")
    shift_id = UuidField(load_default=None)


class ChoiceForm(Schema):
    """How a member wants to be paid."""

    version = IntegerField(0, 1_000_000, load_default=0)
    way = OneOf(WAYS, required=True)
    promptpay_id = TextField(25, load_default="")
    bank_code = TextField(3, load_default="")
    bank_account = TextField(25, load_default="")
    bank_account_name = TextField(120, load_default="")


class CreditForm(Schema):
    """An order to credit everybody who chose so."""

    id = UuidField(required=True)
    way = OneOf(CREDITS, required=True)


class TakingForm(Schema):
    """A list of unclaimed money to make."""

    id = UuidField(required=True)


class ReasonForm(Schema):
    """Why a list is taken back."""

    reason = TextField(300, required=True)


class UnclaimedRuleForm(Schema):
    """After how many years unclaimed money goes to reserve, from a day on, by resolution."""

    id = UuidField(required=True)
    valid_from = DateField(required=True)
    years = IntegerField(1, 50, required=True)
    resolution_id = UuidField(required=True)
