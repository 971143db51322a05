"""Forms of the office about the tills' people: limits, machines, the list of overrides."""

from __future__ import annotations

from core.web.schemas import BahtField, IntegerField, PercentField, Schema, TextField, UuidField


class LimitsForm(Schema):
    """How far a cashier goes alone; empty: as far as it takes."""

    version = IntegerField(required=True)
    discount_part = PercentField(load_default=None, allow_none=True)
    discount_sum = BahtField(load_default=None, allow_none=True)
    refund_sum = BahtField(load_default=None, allow_none=True)


class EnrolForm(Schema):
    """Make this browser a till's own."""

    till_id = UuidField(required=True)
    name = TextField(80, load_default="")
