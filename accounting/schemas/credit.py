"""Credit accounts, repayments, purses and coupons as typed into forms."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from accounting.models import COUPON_RESTS, CREDIT_STATES
from accounting.models.purse import PURSE_RECIPIENTS
from core.web.schemas import (
    BahtField,
    BooleanField,
    DateField,
    IntegerField,
    OneOf,
    Schema,
    TextField,
    UuidField,
)

CHOSEN_MAX = 500


class TermsForm(Schema):
    """What a credit account shall be."""

    version = IntegerField(0, 1_000_000, load_default=0)
    state = OneOf(CREDIT_STATES, required=True)
    limit_satang = BahtField(required=True)
    terms_days = IntegerField(0, 366, required=True)
    reason = TextField(300, required=True)


class RepayForm(Schema):
    """A repayment: how much, how, and for which bills."""

    id = UuidField(required=True)
    paid_into = OneOf(("till", "safe", "awaited", "purse"), required=True)
    amount_satang = BahtField(1, required=True)
    bill_ids = ma.fields.List(
        UuidField(), load_default=list, validate=ma.validate.Length(0, CHOSEN_MAX)
    )
    rest_to_purse = BooleanField(load_default=False)
    shift_id = UuidField(load_default=None)
    reference = TextField(60, load_default="")
    note = TextField(300, load_default="")

    @ma.post_load
    def read(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Return the bills as a tuple."""
        return data | {"bill_ids": tuple(data["bill_ids"])}


class BackForm(Schema):
    """Why a repayment is taken back."""

    reason = TextField(300, required=True)
    shift_id = UuidField(load_default=None)


class WriteOffForm(Schema):
    """Bills to be given up, and why."""

    id = UuidField(required=True)
    bill_ids = ma.fields.List(
        UuidField(), load_default=list, validate=ma.validate.Length(0, CHOSEN_MAX)
    )
    reason = TextField(300, required=True)
    resolution_id = UuidField(load_default=None)

    @ma.post_load
    def read(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Return the bills as a tuple."""
        return data | {"bill_ids": tuple(data["bill_ids"])}


class DecideForm(Schema):
    """Whether a debt is given up."""

    decision = OneOf(("approve", "drop"), required=True)


class PurseForm(Schema):
    """Money into a purse or out of it."""

    id = UuidField(required=True)
    kind = OneOf(("top_up", "withdrawal"), required=True)
    place = OneOf(("till", "safe", "awaited", "bank"), required=True)
    amount_satang = BahtField(1, required=True)
    shift_id = UuidField(load_default=None)
    recipient_kind = OneOf(PURSE_RECIPIENTS, load_default="member")
    recipient_name = TextField(160, load_default="")
    recipient_relation = TextField(80, load_default="")
    reference = TextField(60, load_default="")
    note = TextField(300, load_default="")


class CouponsForm(Schema):
    """Coupons to make out."""

    id = UuidField(required=True)
    fund_id = UuidField(required=True)
    name = TextField(120, required=True)
    count = IntegerField(1, 1000, required=True)
    amount_satang = BahtField(1, required=True)
    valid_until = DateField(required=True)
    rest = OneOf(COUPON_RESTS, required=True)
    categories = TextField(300, load_default="")
    resolution_id = UuidField(load_default=None)

    @ma.post_load
    def read(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Return the categories one by one, as they were typed with commas."""
        typed = (one.strip() for one in data["categories"].split(","))
        return data | {"categories": tuple(one for one in typed if one)}


class CancelForm(Schema):
    """Coupons to cancel, or all that are left, and why."""

    coupon_ids = ma.fields.List(
        UuidField(), load_default=list, validate=ma.validate.Length(0, 1000)
    )
    every = BooleanField(load_default=False)
    reason = TextField(300, required=True)
