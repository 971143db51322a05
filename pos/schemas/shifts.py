"""Shifts and the drawer's cash as JSON."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from core.errors import N_
from core.web.schemas import (
    IntegerField,
    ListField,
    MomentField,
    NestedField,
    OneOf,
    SatangField,
    Schema,
    TextField,
    UuidField,
    refuse,
)
from pos.models import MOVEMENT_CATEGORIES, MOVEMENT_KINDS
from pos.rules.shift import DENOMINATIONS
from pos.schemas import NOT_YET
from pos.services.shift import CloseShift, MoveCash, OpenShift

PIECES_MAX = 100_000


class ShiftIn(Schema):
    """Open a shift with the float counted into the drawer."""

    till_id = UuidField(required=True)
    float_satang = SatangField(required=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> OpenShift:
        return OpenShift(id=NOT_YET, **data)


class CountIn(Schema):
    """How many of one denomination."""

    denomination_satang = IntegerField(1, max(DENOMINATIONS), required=True)
    count = IntegerField(0, PIECES_MAX, required=True)

    @ma.validates("denomination_satang")
    def real_money(self, value: int, **_: Any) -> None:
        if value not in DENOMINATIONS:
            raise refuse(N_("There is no such note or coin"))


class CloseShiftIn(Schema):
    """The blind count of the drawer."""

    counts = ListField(NestedField(CountIn), most=len(DENOMINATIONS), required=True)

    @ma.validates_schema
    def each_once(self, data: dict[str, Any], **_: Any) -> None:
        if len({one["denomination_satang"] for one in data["counts"]}) != len(data["counts"]):
            raise refuse(N_("Count each note or coin once"), at="counts")

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> CloseShift:
        counts = tuple((one["denomination_satang"], one["count"]) for one in data["counts"])
        return CloseShift(id=NOT_YET, counts=counts)


class ShiftOut(Schema):
    """A shift; what was expected is told only once it is closed."""

    id = UuidField()
    shift_no = ma.fields.String()
    till_id = UuidField()
    till_code = ma.fields.String()
    business_date = ma.fields.Date()
    opened_at = MomentField()
    opened_by = ma.fields.String()
    float_satang = ma.fields.Integer()
    closed_at = MomentField(allow_none=True)
    closed_by = ma.fields.String()
    expected_satang = ma.fields.Integer(allow_none=True)
    counted_satang = ma.fields.Integer(allow_none=True)
    over_short_satang = ma.fields.Integer(allow_none=True)


class ShiftsOut(Schema):
    """A page of shifts."""

    shifts = ma.fields.List(ma.fields.Nested(ShiftOut))
    next = ma.fields.String(allow_none=True)


class CashMovementIn(Schema):
    """Cash put in or taken out; without a category a pay-in comes from the safe, a pay-out is a
    cost."""

    shift_id = UuidField(required=True)
    kind = OneOf(MOVEMENT_KINDS, required=True)
    category = OneOf(MOVEMENT_CATEGORIES, load_default="")
    amount_satang = SatangField(1, required=True)
    reason = TextField(200, required=True)

    @ma.validates_schema
    def fits(self, data: dict[str, Any], **_: Any) -> None:
        if (data.get("kind"), data.get("category")) in {
            ("pay_in", "expense"),
            ("pay_out", "income"),
        }:
            raise ma.ValidationError(
                {"category": refuse(N_("A cost is paid out, an income is paid in")).messages}
            )

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> MoveCash:
        return MoveCash(id=NOT_YET, **data)


class CashMovementOut(Schema):
    """A recorded cash movement."""

    id = UuidField()
    movement_no = ma.fields.String()
    shift_id = UuidField()
    kind = ma.fields.String()
    category = ma.fields.String()
    amount_satang = ma.fields.Integer()
    reason = ma.fields.String()
    recorded_at = MomentField()


class WindowQuery(Schema):
    """A page of a list, keyset by id."""

    after = UuidField(load_default=None)
    limit = IntegerField(1, 200, load_default=50)
