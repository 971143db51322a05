"""Consignment terms as they are typed."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from core.errors import N_
from core.web.schemas import (
    BahtField,
    DateField,
    OneOf,
    PercentField,
    QuantityField,
    Schema,
    TextField,
    UuidField,
    refuse,
)
from inventory.rules.terms import TIER_KINDS, Terms, Tier

STEPS = 4
"""How many steps the form has room for."""

_STEP_WHOLE = N_("A step needs both where it starts and the producer's part from there")


class TermsForm(Schema):
    """Terms to propose: scope, days, and what is agreed; steps in rows of two fields."""

    id = UuidField(required=True)
    producer_id = UuidField(load_default=None)
    product_id = UuidField(load_default=None)
    category = TextField(60, load_default="")
    valid_from = DateField(required=True)
    valid_until = DateField(load_default=None)
    split = PercentField(required=True)
    tier_by = OneOf(TIER_KINDS, load_default="price")
    floor = BahtField(0, load_default=0)
    fee = BahtField(0, load_default=0)
    levy = PercentField(load_default=0)
    levy_fund_id = UuidField(load_default=None)
    note = TextField(300, load_default="")
    tier_from_1 = TextField(20, load_default="")
    tier_from_2 = TextField(20, load_default="")
    tier_from_3 = TextField(20, load_default="")
    tier_from_4 = TextField(20, load_default="")
    tier_split_1 = PercentField(load_default=None)
    tier_split_2 = PercentField(load_default=None)
    tier_split_3 = PercentField(load_default=None)
    tier_split_4 = PercentField(load_default=None)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        names = ("id", "producer_id", "product_id", "category", "valid_from", "valid_until", "note")
        terms = Terms(
            split_basis_points=data["split"],
            tiers=tuple(_steps(data)),
            floor_satang=data["floor"],
            fee_satang=data["fee"],
            levy_basis_points=data["levy"],
            levy_fund_id=data["levy_fund_id"],
        )
        return {**{name: data[name] for name in names}, "terms": terms}


def _steps(data: dict[str, Any]) -> list[Tier]:
    """Read the steps; where they start is an amount or a quantity, as the choice says."""
    steps = []
    reader = BahtField(1) if data["tier_by"] == "price" else QuantityField()
    for number in range(1, STEPS + 1):
        typed, split = data[f"tier_from_{number}"], data[f"tier_split_{number}"]
        if not typed and split is None:
            continue
        name = f"tier_from_{number}"
        if not typed or split is None:
            raise refuse(_STEP_WHOLE, at=name)
        try:
            start = reader.deserialize(typed)
        except ma.ValidationError as error:
            raise ma.ValidationError(error.messages, field_name=name) from None
        steps.append(Tier(data["tier_by"], start, split))
    return steps
