"""What may be asked of the welfare report, and the village's yardsticks as they are typed."""

from __future__ import annotations

from datetime import date
from typing import Any

import marshmallow as ma

from accounting.services.welfare_settings import DecideAims
from core.errors import N_
from core.web.schemas import (
    BahtField,
    DateField,
    IntegerField,
    PercentField,
    Schema,
    TextField,
    UuidField,
    refuse,
)

_DAYS_IN_ORDER = N_("The last day is before the first")
_CHANGE_MAX = 10_000


class ChangeField(BahtField):
    """A change in per cent, up or down, with at most two places; read as basis points."""

    too_small, too_large, unit = IntegerField.too_small, IntegerField.too_large, ""

    def __init__(self, **options: Any) -> None:
        super().__init__(-_CHANGE_MAX, _CHANGE_MAX, **options)


class DaysArgs(Schema):
    """The days of a report; without any the fiscal year of today."""

    first = DateField(load_default=None, data_key="from")
    last = DateField(load_default=None, data_key="to")

    @ma.validates_schema
    def in_order(self, data: dict[str, Any], **_: Any) -> None:
        first, last = data.get("first"), data.get("last")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            raise refuse(_DAYS_IN_ORDER, at="to")


class WelfareArgs(DaysArgs):
    """The days, and what to try."""

    price = ChangeField(load_default=0)
    part = ChangeField(load_default=0)
    levy = ChangeField(load_default=0)
    elasticity = BahtField(0, 500, load_default=100)


class GoodsArgs(DaysArgs):
    """The days, and after which line a page goes on."""

    after = TextField(120, load_default=None)


class AimsForm(Schema):
    """Yardsticks as a meeting resolved them."""

    id = UuidField(required=True)
    valid_from = DateField(required=True)
    members_from = PercentField(required=True)
    centre_below = PercentField(required=True)
    coverage = PercentField(required=True)
    reference_days = IntegerField(1, 3660, required=True)
    resolution_id = UuidField(required=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> DecideAims:
        return DecideAims(
            data["id"],
            data["valid_from"],
            data["members_from"],
            data["centre_below"],
            data["coverage"],
            data["reference_days"],
            data["resolution_id"],
        )
