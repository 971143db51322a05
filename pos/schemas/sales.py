"""Sales and refunds as JSON: bounded commands in, recorded documents out."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from core.errors import N_
from core.web.schemas import (
    IntegerField,
    ListField,
    MilliField,
    MomentField,
    NestedField,
    OneOf,
    SatangField,
    Schema,
    TextField,
    UuidField,
    refuse,
)
from pos.models import PAYMENT_METHODS, REFUND_METHODS
from pos.schemas import NOT_YET
from pos.services.refund import RecordRefund, RecordRefundLine
from pos.services.sale import LINES_MAX, RecordPayment, RecordSale, RecordSaleLine

PAYMENTS_MAX = 10


class SaleLineIn(Schema):
    """A line of a sale, quantity and price in the unit it is sold by."""

    product_id = UuidField(required=True)
    unit_id = UuidField(load_default=None, allow_none=True)
    quantity_milli = MilliField(required=True)
    unit_price_satang = SatangField(required=True)
    gross_satang = SatangField(load_default=None, allow_none=True)
    discount_satang = SatangField(load_default=0)
    discount_reason_id = UuidField(load_default=None, allow_none=True)
    promotion_id = UuidField(load_default=None, allow_none=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> RecordSaleLine:
        return RecordSaleLine(**data)


class PaymentIn(Schema):
    """A tender; for cash the money handed over."""

    method = OneOf(PAYMENT_METHODS, required=True)
    amount_satang = SatangField(1, required=True)
    reference = TextField(60, load_default="")
    scheme_id = UuidField(load_default=None, allow_none=True)
    voucher_id = UuidField(load_default=None, allow_none=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> RecordPayment:
        return RecordPayment(**data)


class SaleIn(Schema):
    """A sale as it happened."""

    till_id = UuidField(required=True)
    shift_id = UuidField(required=True)
    occurred_at = MomentField(required=True)
    member_id = UuidField(load_default=None, allow_none=True)
    lines = ListField(NestedField(SaleLineIn), fewest=1, most=LINES_MAX, required=True)
    discount_satang = SatangField(load_default=0)
    discount_reason_id = UuidField(load_default=None, allow_none=True)
    payments = ListField(NestedField(PaymentIn), most=PAYMENTS_MAX, required=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> RecordSale:
        data["lines"] = tuple(data["lines"])
        data["payments"] = tuple(data["payments"])
        return RecordSale(id=NOT_YET, **data)


class MemberOut(Schema):
    """The member a sale is attached to."""

    id = UuidField()
    member_no = ma.fields.String()
    name = ma.fields.String()


class TierTakenOut(Schema):
    """A tier price in a line: so much of its unit went at `count` for `price_satang`."""

    count = ma.fields.Integer()
    price_satang = ma.fields.Integer()
    quantity_milli = ma.fields.Integer()
    members_only = ma.fields.Boolean()


class ReceiptLineOut(Schema):
    """A line of a receipt: so much of `unit` was sold; `quantity_milli` is in the product's own."""

    line_no = ma.fields.Integer()
    product_id = UuidField()
    name_th = ma.fields.String()
    name_en = ma.fields.String()
    unit = ma.fields.String()
    unit_id = UuidField(allow_none=True)
    unit_quantity_milli = ma.fields.Integer()
    unit_factor_milli = ma.fields.Integer()
    quantity_milli = ma.fields.Integer()
    unit_price_satang = ma.fields.Integer()
    tiers = ma.fields.List(ma.fields.Nested(TierTakenOut))
    gross_satang = ma.fields.Integer()
    discount_satang = ma.fields.Integer()
    promotion_id = UuidField(allow_none=True)
    promotion_th = ma.fields.String()
    promotion_en = ma.fields.String()
    basket_discount_satang = ma.fields.Integer()
    net_satang = ma.fields.Integer()
    paid_satang = ma.fields.Integer()
    tax_code = ma.fields.String()
    tax_rate_basis_points = ma.fields.Integer()
    tax_satang = ma.fields.Integer()
    refunded_milli = ma.fields.Integer()
    refunded_unit_milli = ma.fields.Integer()


class PaymentOut(Schema):
    """A tender of a receipt."""

    method = ma.fields.String()
    amount_satang = ma.fields.Integer()
    reference = ma.fields.String()
    scheme_id = UuidField(allow_none=True)
    voucher_id = UuidField(allow_none=True)
    balance_satang = ma.fields.Integer(allow_none=True)


class ReceiptOut(Schema):
    """A recorded sale."""

    id = UuidField()
    receipt_no = ma.fields.String()
    till_id = UuidField()
    till_code = ma.fields.String()
    shift_id = UuidField()
    business_date = ma.fields.Date()
    occurred_at = MomentField()
    recorded_at = MomentField()
    cashier = ma.fields.String()
    member = ma.fields.Nested(MemberOut, allow_none=True)
    vat_mode = ma.fields.String()
    lines = ma.fields.List(ma.fields.Nested(ReceiptLineOut))
    payments = ma.fields.List(ma.fields.Nested(PaymentOut))
    gross_satang = ma.fields.Integer()
    discount_satang = ma.fields.Integer()
    total_satang = ma.fields.Integer()
    tax_satang = ma.fields.Integer()
    rounding_satang = ma.fields.Integer()
    due_satang = ma.fields.Integer()
    paid_satang = ma.fields.Integer()
    change_satang = ma.fields.Integer()
    producer_satang = ma.fields.Integer()
    late = ma.fields.Boolean()
    flags = ma.fields.List(ma.fields.String())
    copies = ma.fields.Integer()


class SaleSummaryOut(Schema):
    """A sale in a list."""

    id = UuidField()
    receipt_no = ma.fields.String()
    till_code = ma.fields.String()
    occurred_at = MomentField()
    business_date = ma.fields.Date()
    cashier = ma.fields.String()
    due_satang = ma.fields.Integer()
    flags = ma.fields.List(ma.fields.String())


class SalesOut(Schema):
    """A page of sales; `next` goes into `?after=` for the following page."""

    sales = ma.fields.List(ma.fields.Nested(SaleSummaryOut))
    next = ma.fields.String(allow_none=True)


class PrintOut(Schema):
    """The number of this print: 0 for the first, then the copy's."""

    copy_no = ma.fields.Integer()


class RefundLineIn(Schema):
    """How much of a line comes back, in the unit it was sold by."""

    line_no = IntegerField(1, LINES_MAX, required=True)
    quantity_milli = MilliField(required=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> RecordRefundLine:
        return RecordRefundLine(**data)


class RefundIn(Schema):
    """A refund against a receipt."""

    sale_id = UuidField(required=True)
    till_id = UuidField(required=True)
    shift_id = UuidField(required=True)
    reason = TextField(200, required=True)
    method = OneOf(REFUND_METHODS, required=True)
    occurred_at = MomentField(load_default=None, allow_none=True)
    lines = ListField(NestedField(RefundLineIn), fewest=1, most=LINES_MAX, required=True)

    @ma.validates_schema
    def each_line_once(self, data: dict[str, Any], **_: Any) -> None:
        if len({line.line_no for line in data["lines"]}) != len(data["lines"]):
            raise refuse(N_("A line may come back once in a refund"), at="lines")

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> RecordRefund:
        data["lines"] = tuple(data["lines"])
        return RecordRefund(id=NOT_YET, **data)


class RefundLineOut(Schema):
    """A line of a refund."""

    line_no = ma.fields.Integer()
    name_th = ma.fields.String()
    name_en = ma.fields.String()
    unit = ma.fields.String()
    unit_quantity_milli = ma.fields.Integer()
    quantity_milli = ma.fields.Integer()
    net_satang = ma.fields.Integer()
    paid_satang = ma.fields.Integer()


class GivenBackOut(Schema):
    """A part of a refund by the way it was given back."""

    method = ma.fields.String()
    amount_satang = ma.fields.Integer()


class RefundOut(Schema):
    """A recorded refund."""

    payments = ma.fields.List(ma.fields.Nested(GivenBackOut))

    id = UuidField()
    refund_no = ma.fields.String()
    sale_id = UuidField()
    receipt_no = ma.fields.String()
    till_code = ma.fields.String()
    shift_id = UuidField()
    business_date = ma.fields.Date()
    occurred_at = MomentField()
    recorded_at = MomentField()
    late = ma.fields.Boolean()
    cashier = ma.fields.String()
    reason = ma.fields.String()
    method = ma.fields.String()
    lines = ma.fields.List(ma.fields.Nested(RefundLineOut))
    total_satang = ma.fields.Integer()
    rounding_satang = ma.fields.Integer()
    tax_satang = ma.fields.Integer()
    paid_satang = ma.fields.Integer()
    producer_satang = ma.fields.Integer()


class SalesQuery(Schema):
    """Find by printed number, or page through a day."""

    receipt_no = TextField(30, load_default="")
    on = ma.fields.Date(load_default=None)
    after = UuidField(load_default=None)
    limit = IntegerField(1, 200, load_default=50)
