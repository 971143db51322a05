"""Promotions and discount reasons as forms."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from core.errors import N_
from core.web.schemas import (
    BahtField,
    BooleanField,
    DateField,
    IntegerField,
    OneOf,
    PercentField,
    Schema,
    TextField,
    UuidField,
    refuse,
)
from pos.models import PROMOTION_KINDS
from pos.services.discounts import NewReason
from pos.services.promotions import NewPromotion

BEARINGS = ("centre", "producer", "shared", "shared_set", "fund")
"""Who bears it, as one choice; `shared_set` needs the producer's part, `fund` the fund."""
VALUE_MAX = 100_000_000
"""A million baht off a unit."""

_ONE_SCOPE = N_("Choose a product or a category, not both")
_PART_NEEDED = N_("Enter the part the producer bears")
_FUND_NEEDED = N_("Choose the fund that pays")


class PromotionForm(Schema):
    """A new promotion as typed; `value` is percent or baht, as the kind says."""

    id = UuidField(required=True)
    name_th = TextField(80, required=True)
    name_en = TextField(80, load_default="")
    reason_id = UuidField(required=True)
    product_id = UuidField(load_default=None)
    category = TextField(60, load_default="")
    members_only = BooleanField(load_default=False)
    kind = OneOf(PROMOTION_KINDS, required=True)
    # Percent and baht both have two places: 10 % is 1,000 basis points, 10 baht 1,000 satang.
    value = BahtField(0, VALUE_MAX, required=True)
    valid_from = DateField(required=True)
    valid_until = DateField(load_default=None)

    @ma.validates_schema
    def one_scope(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("product_id") and data.get("category"):
            raise refuse(_ONE_SCOPE, at="category")

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> NewPromotion:
        return NewPromotion(**data)


class EndPromotionForm(Schema):
    """A last day for a promotion, or (left out) its stop at once."""

    version = IntegerField(1, required=True)
    valid_until = DateField(load_default=None)
    stop = BooleanField(load_default=False)


class ReasonForm(Schema):
    """A new discount reason as typed."""

    id = UuidField(required=True)
    code = TextField(20, required=True)
    name_th = TextField(80, required=True)
    name_en = TextField(80, load_default="")
    bearing = OneOf(BEARINGS, required=True)
    producer_part = PercentField(load_default=None)
    fund_id = UuidField(load_default=None)

    @ma.validates_schema
    def said_whole(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("bearing") == "shared_set" and data.get("producer_part") is None:
            raise refuse(_PART_NEEDED, at="producer_part")
        if data.get("bearing") == "fund" and data.get("fund_id") is None:
            raise refuse(_FUND_NEEDED, at="fund_id")

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> NewReason:
        bearing = data.pop("bearing")
        part, fund_id = data.pop("producer_part"), data.pop("fund_id")
        return NewReason(
            **data,
            bearer={"shared_set": "shared", "fund": "centre"}.get(bearing, bearing),
            producer_basis_points=part if bearing == "shared_set" else None,
            fund_id=fund_id if bearing == "fund" else None,
        )


class OfferReasonForm(Schema):
    """Whether a reason is offered at the counter."""

    active = BooleanField(load_default=False)


class MarkdownForm(Schema):
    """A mark-down by schedule, as typed: until when, and the reason that says who bears it."""

    id = UuidField(required=True)
    reason_id = UuidField(required=True)
    valid_until = DateField(required=True)
