"""Intake, its cancellation and write-offs as JSON and as forms."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from core.errors import N_
from core.quantity import QUANTITY_MAX
from core.web.api import WindowSchema
from core.web.schemas import (
    BahtField,
    DateField,
    IntegerField,
    ListField,
    MilliField,
    MomentField,
    NestedField,
    OneOf,
    PercentField,
    QuantityField,
    SatangField,
    Schema,
    TextField,
    UuidField,
    refuse,
)
from inventory.models import BEARERS, WASTE_KINDS
from inventory.schemas import NOT_YET
from inventory.services.cancellation import CancelIntake
from inventory.services.intake import LINES_MAX, RecordIntake, RecordIntakeLine
from inventory.services.waste import RecordWaste

KINDS = ("outright", "consignment")
PAID = ("payable", "cash")
UNIT_COST_MAX = 100_000_000
"""A million baht a unit; what a line costs in all is limited by the rule."""

_PRICE_NEEDED = N_("Enter the agreed price a unit")
_NOT_WHEN_BOUGHT = N_("Goods bought outright are not shared with the producer")
_NOT_WHEN_CONSIGNED = N_("Goods on consignment have no purchase price")


def check_line(kind: str, line: RecordIntakeLine) -> dict[str, list[Any]]:
    """Return what is wrong with a line of a kind of intake, by field."""
    if kind == "outright":
        if not line.unit_cost_satang:
            return {"unit_cost_satang": list(refuse(_PRICE_NEEDED).messages)}
        if line.split_basis_points is not None:
            return {"split_basis_points": list(refuse(_NOT_WHEN_BOUGHT).messages)}
    elif line.unit_cost_satang:
        return {"unit_cost_satang": list(refuse(_NOT_WHEN_CONSIGNED).messages)}
    return {}


class IntakeLineIn(Schema):
    """One thing delivered; net = gross − tare − deduction."""

    product_id = UuidField(required=True)
    gross_milli = MilliField(required=True)
    tare_milli = MilliField(0, load_default=0)
    deduction_milli = MilliField(0, load_default=0)
    grade = TextField(20, load_default="")
    unit_cost_satang = SatangField(0, UNIT_COST_MAX, load_default=0)
    split_basis_points = IntegerField(0, 10_000, load_default=None, allow_none=True)
    expires_on = DateField(load_default=None, allow_none=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> RecordIntakeLine:
        return RecordIntakeLine(**data)


class GoodsReceiptIn(Schema):
    """What a producer delivered."""

    producer_id = UuidField(required=True)
    kind = OneOf(KINDS, required=True)
    paid = OneOf(PAID, load_default="payable")
    shift_id = UuidField(load_default=None, allow_none=True)
    note = TextField(300, load_default="")
    lines = ListField(NestedField(IntakeLineIn), fewest=1, most=LINES_MAX, required=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> RecordIntake:
        wrong = {
            number: found
            for number, line in enumerate(data["lines"])
            if (found := check_line(data["kind"], line))
        }
        if wrong:
            raise ma.ValidationError({"lines": wrong})
        data["lines"] = tuple(data["lines"])
        return RecordIntake(id=NOT_YET, **data)


class IntakeForm(Schema):
    """The head of an intake as typed; its lines are read one by one."""

    id = UuidField(required=True)
    producer_id = UuidField(required=True)
    kind = OneOf(KINDS, required=True)
    paid = OneOf(PAID, load_default="payable")
    shift_id = UuidField(load_default=None)
    note = TextField(300, load_default="")


class IntakeLineForm(Schema):
    """One row of the intake form as typed: quantities in units, price in baht, split in percent."""

    product = UuidField(required=True)
    gross = QuantityField(required=True)
    tare = QuantityField(0, load_default=0)
    deduction = QuantityField(0, load_default=0)
    grade = TextField(20, load_default="")
    price = BahtField(0, UNIT_COST_MAX, load_default=0)
    split = PercentField(load_default=None)
    expires = DateField(load_default=None)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> RecordIntakeLine:
        return RecordIntakeLine(
            product_id=data["product"],
            gross_milli=data["gross"],
            tare_milli=data["tare"],
            deduction_milli=data["deduction"],
            grade=data["grade"],
            unit_cost_satang=data["price"],
            split_basis_points=data["split"],
            expires_on=data["expires"],
        )


class CancelIn(Schema):
    """Why an intake is taken back; one paid in cash names the open shift of its till."""

    reason = TextField(300, required=True)
    shift_id = UuidField(load_default=None, allow_none=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> CancelIntake:
        return CancelIntake(goods_receipt_id=NOT_YET, **data)


class WasteIn(Schema):
    """Goods of a lot to write off."""

    lot_id = UuidField(required=True)
    quantity_milli = MilliField(1, QUANTITY_MAX, required=True)
    reason = TextField(300, required=True)
    bearer = OneOf(BEARERS, load_default="centre")
    kind = OneOf(WASTE_KINDS, load_default="loss")
    override_reason = TextField(300, load_default="")

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> RecordWaste:
        return RecordWaste(id=NOT_YET, **data)


class WasteForm(Schema):
    """A write-off as typed."""

    id = UuidField(required=True)
    quantity = QuantityField(required=True)
    reason = TextField(300, required=True)
    bearer = OneOf(BEARERS, load_default="centre")
    kind = OneOf(WASTE_KINDS, load_default="loss")
    override_reason = TextField(300, load_default="")
    location_id = UuidField(load_default=None)


class IntakeProducerOut(Schema):
    """Who delivered."""

    id = UuidField()
    producer_no = ma.fields.String()
    name = ma.fields.String()


class LotLineOut(Schema):
    """A line of an intake: the lot it made."""

    line_no = ma.fields.Integer()
    lot_id = UuidField()
    lot_no = ma.fields.String()
    product_id = UuidField()
    name_th = ma.fields.String()
    name_en = ma.fields.String()
    unit = ma.fields.String()
    gross_milli = ma.fields.Integer()
    tare_milli = ma.fields.Integer()
    deduction_milli = ma.fields.Integer()
    quantity_milli = ma.fields.Integer()
    grade = ma.fields.String()
    unit_cost_satang = ma.fields.Integer()
    cost_satang = ma.fields.Integer()
    split_basis_points = ma.fields.Integer(allow_none=True)
    expires_on = DateField(allow_none=True)


class CancellationOut(Schema):
    """Why and by whom an intake was taken back."""

    id = UuidField()
    business_date = DateField()
    recorded_at = MomentField()
    recorded_by = ma.fields.String()
    reason = ma.fields.String()


class GoodsReceiptOut(Schema):
    """An intake."""

    id = UuidField()
    receipt_no = ma.fields.String()
    producer = ma.fields.Nested(IntakeProducerOut)
    kind = OneOf(KINDS)
    paid = ma.fields.String()
    till_id = UuidField(allow_none=True)
    business_date = DateField()
    recorded_at = MomentField()
    recorded_by = ma.fields.String()
    note = ma.fields.String()
    cost_satang = ma.fields.Integer()
    lines = ListField(NestedField(LotLineOut))
    cancellation = ma.fields.Nested(CancellationOut, allow_none=True)


class GoodsReceiptCardOut(Schema):
    """An intake in the list."""

    id = UuidField()
    receipt_no = ma.fields.String()
    producer_id = UuidField()
    producer_name = ma.fields.String()
    kind = OneOf(KINDS)
    paid = ma.fields.String()
    business_date = DateField()
    recorded_at = MomentField()
    cost_satang = ma.fields.Integer()
    cancelled = ma.fields.Boolean()


class GoodsReceiptPageOut(Schema):
    """A page of intakes, newest first."""

    items = ListField(NestedField(GoodsReceiptCardOut))
    next = ma.fields.String(allow_none=True)


class GoodsReceiptArgs(WindowSchema):
    """Which intakes."""

    producer_id = UuidField(load_default=None)


class WasteOut(Schema):
    """A write-off."""

    id = UuidField()
    waste_no = ma.fields.String()
    lot_id = UuidField()
    lot_no = ma.fields.String()
    product_id = UuidField()
    name_th = ma.fields.String()
    name_en = ma.fields.String()
    unit = ma.fields.String()
    producer_id = UuidField()
    ownership = ma.fields.String()
    quantity_milli = ma.fields.Integer()
    reason = ma.fields.String()
    bearer = OneOf(BEARERS)
    charge_satang = ma.fields.Integer()
    kind = OneOf(WASTE_KINDS)
    rule_bearer = ma.fields.String(allow_none=True)
    override_reason = ma.fields.String()
    business_date = DateField()
    recorded_at = MomentField()
    recorded_by = ma.fields.String()


class WastePageOut(Schema):
    """A page of write-offs, newest first."""

    items = ListField(NestedField(WasteOut))
    next = ma.fields.String(allow_none=True)
