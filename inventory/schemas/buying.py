"""Suppliers, orders, deliveries, returns and purchase vouchers as typed into forms and as JSON."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import marshmallow as ma

from core.errors import N_
from core.money import SATANG_MAX
from core.web.api import WindowSchema
from core.web.schemas import (
    BahtField,
    BooleanField,
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
from inventory.models import ORDER_STATES, PRICES_WITH_TAX, RETURN_SETTLED
from inventory.schemas import NOT_YET
from inventory.schemas.intake import PAID, UNIT_COST_MAX
from inventory.services.buying.orders import LINES_MAX, OrderLine, SaveOrder
from inventory.services.buying.receiving import ReceiveGoods, ReceiveLine
from inventory.services.buying.supplier_returns import ReturnLine
from members.rules.membership import PRODUCER_KINDS

TERMS_MAX = 365


# --- forms -----------------------------------------------------------------------------------


class SupplierForm(Schema):
    """A supplier as typed; name, kind and phone only when it is new."""

    id = UuidField(required=True)
    version = IntegerField(0, load_default=0)
    name = TextField(160, load_default="")
    kind = OneOf(PRODUCER_KINDS, load_default="company")
    phone = TextField(20, load_default="")
    tax_id = TextField(20, load_default="")
    branch_no = TextField(10, load_default="")
    vat_registered = BooleanField(load_default=False)
    address = TextField(300, load_default="")
    contact = TextField(120, load_default="")
    terms_days = IntegerField(0, TERMS_MAX, load_default=0)
    withholding = PercentField(load_default=0)


class OrderForm(Schema):
    """The head of an order; its lines are read one by one."""

    id = UuidField(required=True)
    version = IntegerField(0, load_default=0)
    producer_id = UuidField(required=True)
    expected_on = DateField(load_default=None)
    prices = OneOf(PRICES_WITH_TAX, load_default="none")
    terms_days = IntegerField(0, TERMS_MAX, load_default=None)
    note = TextField(300, load_default="")


class OrderLineForm(Schema):
    """One row of an order: a product in a unit (`product` or `product:unit`), how many, at what."""

    goods = TextField(80, required=True)
    quantity = QuantityField(required=True)
    price = BahtField(0, UNIT_COST_MAX, required=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> OrderLine:
        product, _colon, unit = data["goods"].partition(":")
        try:
            ids = UUID(product), UUID(unit) if unit else None
        except ValueError:
            raise refuse(N_("Choose the product"), at="goods") from None
        return OrderLine(ids[0], data["quantity"], data["price"], ids[1])


class EndForm(Schema):
    """Why an order is cancelled or closed."""

    reason = TextField(300, required=True)


class ReceiveForm(Schema):
    """The head of a delivery on an order."""

    id = UuidField(required=True)
    paid = OneOf(PAID, load_default="payable")
    shift_id = UuidField(load_default=None)
    tax_invoice = BooleanField(load_default=False)
    invoice_no = TextField(40, load_default="")
    invoice_on = DateField(load_default=None)
    tax_satang = BahtField(0, SATANG_MAX, load_default=None)
    rest_dropped = BooleanField(load_default=False)
    note = TextField(300, load_default="")


class ReceiveLineForm(Schema):
    """What came of one line of the order."""

    quantity = QuantityField(required=True)
    price = BahtField(0, UNIT_COST_MAX, required=True)
    grade = TextField(20, load_default="")
    expires = DateField(load_default=None)
    over = BooleanField(load_default=False)
    other_price = BooleanField(load_default=False)


class ReturnForm(Schema):
    """The head of a return; how much of each lot is read one by one."""

    id = UuidField(required=True)
    settled = OneOf(RETURN_SETTLED, load_default="credit")
    shift_id = UuidField(load_default=None)
    location_id = UuidField(load_default=None)
    note_no = TextField(40, load_default="")
    note_on = DateField(load_default=None)
    reason = TextField(300, required=True)


class ReturnLineForm(Schema):
    """How much of a lot goes back."""

    lot = UuidField(required=True)
    quantity = QuantityField(required=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> ReturnLine:
        return ReturnLine(data["lot"], data["quantity"])


class VoucherForm(Schema):
    """Who signs for the money."""

    id = UuidField(required=True)
    payee_address = TextField(300, required=True)
    national_id = TextField(20, load_default="")


class OldestForm(Schema):
    """An amount to be paid on the longest due."""

    oldest_amount = BahtField(1, SATANG_MAX, required=True)


# --- JSON ------------------------------------------------------------------------------------


class OrderLineIn(Schema):
    """So many units of a product (its own, without `unit_id`) at an agreed price a unit."""

    product_id = UuidField(required=True)
    unit_id = UuidField(load_default=None, allow_none=True)
    quantity_milli = MilliField(required=True)
    unit_price_satang = SatangField(0, UNIT_COST_MAX, required=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> OrderLine:
        return OrderLine(**data)


class PurchaseOrderIn(Schema):
    """An order to write; it is a draft until it is sent."""

    producer_id = UuidField(required=True)
    expected_on = DateField(load_default=None, allow_none=True)
    prices = OneOf(PRICES_WITH_TAX, load_default="none")
    terms_days = IntegerField(0, TERMS_MAX, load_default=None, allow_none=True)
    note = TextField(300, load_default="")
    lines = ListField(NestedField(OrderLineIn), fewest=1, most=LINES_MAX, required=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> SaveOrder:
        data["lines"] = tuple(data["lines"])
        return SaveOrder(id=NOT_YET, **data)


class ReceiveLineIn(OrderLineIn):
    """One thing that came, for a line of the order; what differs is accepted by name."""

    order_line_no = IntegerField(1, LINES_MAX, required=True)
    grade = TextField(20, load_default="")
    expires_on = DateField(load_default=None, allow_none=True)
    accept_over = BooleanField(load_default=False)
    accept_price = BooleanField(load_default=False)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> Any:
        return ReceiveLine(**data)


class DeliveryIn(Schema):
    """What a supplier delivered on an order."""

    producer_id = UuidField(required=True)
    order_id = UuidField(required=True)
    paid = OneOf(PAID, load_default="payable")
    shift_id = UuidField(load_default=None, allow_none=True)
    prices = OneOf(PRICES_WITH_TAX, load_default="none")
    tax_invoice = BooleanField(load_default=False)
    invoice_no = TextField(40, load_default="")
    invoice_on = DateField(load_default=None, allow_none=True)
    tax_satang = SatangField(0, SATANG_MAX, load_default=None, allow_none=True)
    terms_days = IntegerField(0, TERMS_MAX, load_default=None, allow_none=True)
    rest_dropped = BooleanField(load_default=False)
    note = TextField(300, load_default="")
    lines = ListField(NestedField(ReceiveLineIn), fewest=1, most=LINES_MAX, required=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> ReceiveGoods:
        data["lines"] = tuple(data["lines"])
        return ReceiveGoods(id=NOT_YET, **data)


class OrderLineOut(Schema):
    """A line of an order; what was asked and came in the product's own unit ends in `base`."""

    line_no = ma.fields.Integer()
    product_id = UuidField()
    name_th = ma.fields.String()
    name_en = ma.fields.String()
    unit_id = UuidField(allow_none=True)
    unit = ma.fields.String()
    factor_milli = ma.fields.Integer()
    quantity_milli = ma.fields.Integer()
    unit_price_satang = ma.fields.Integer()
    amount_satang = ma.fields.Integer()
    base_milli = ma.fields.Integer()
    received_milli = ma.fields.Integer()


class PurchaseOrderCardOut(Schema):
    """An order in a list."""

    id = UuidField()
    order_no = ma.fields.String()
    producer_id = UuidField()
    producer_name = ma.fields.String()
    state = OneOf(ORDER_STATES)
    ordered_on = DateField()
    expected_on = DateField(allow_none=True)
    prices = OneOf(PRICES_WITH_TAX)
    terms_days = ma.fields.Integer()
    note = ma.fields.String()
    amount_satang = ma.fields.Integer()
    recorded_at = MomentField()
    version = ma.fields.Integer()


class PurchaseOrderOut(PurchaseOrderCardOut):
    """An order whole."""

    lines = ListField(NestedField(OrderLineOut))


class PurchaseOrderPageOut(Schema):
    """A page of orders, newest first."""

    items = ListField(NestedField(PurchaseOrderCardOut))
    next = ma.fields.String(allow_none=True)


class PurchaseOrderArgs(WindowSchema):
    """Which orders."""

    state = OneOf(("", *ORDER_STATES), load_default="")
    producer_id = UuidField(load_default=None)
