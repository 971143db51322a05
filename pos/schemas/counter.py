"""What the counter page asks for: catalogue, held baskets, PromptPay."""

from __future__ import annotations

import marshmallow as ma

from core.web.schemas import MomentField, SatangField, Schema, TextField, UuidField
from pos.schemas.shifts import ShiftOut


class HeldSaleIn(Schema):
    """A basket to put aside; `content` is the counter's own."""

    till_id = UuidField(required=True)
    label = TextField(80, load_default="")
    content = ma.fields.Dict(keys=ma.fields.String(), required=True)


class HeldSaleOut(Schema):
    """A basket put aside."""

    id = UuidField()
    till_id = UuidField()
    label = ma.fields.String()
    content = ma.fields.Dict()
    held_at = MomentField()
    held_by = ma.fields.String()


class PromptPayQuery(Schema):
    """The amount to put into the QR."""

    amount_satang = SatangField(1, required=True)


class MonthTotalsOut(Schema):
    """Takings of a month."""

    month = ma.fields.Date()
    sales = ma.fields.Integer()
    taken_satang = ma.fields.Integer()


class TotalsOut(Schema):
    """A centre in sums alone."""

    cash_satang = ma.fields.Integer()
    awaited_satang = ma.fields.Integer()
    goods_satang = ma.fields.Integer()
    owed_to_producers_satang = ma.fields.Integer()
    months = ma.fields.List(ma.fields.Nested(MonthTotalsOut))


class PromptPayOut(Schema):
    """A PromptPay QR with who is paid, to read out to the customer."""

    payload = ma.fields.String()
    svg = ma.fields.String()
    payee_name = ma.fields.String()
    payee_masked = ma.fields.String()


class ShelfOfferOut(Schema):
    """What a promotion takes off a unit of a product; kind and value say it for other units."""

    id = UuidField()
    name_th = ma.fields.String()
    name_en = ma.fields.String()
    kind = ma.fields.String()
    value = ma.fields.Integer()
    off_satang = ma.fields.Integer()
    members_only = ma.fields.Boolean()
    valid_from = ma.fields.Date()
    valid_until = ma.fields.Date(allow_none=True)


class CounterUnitOut(Schema):
    """Another unit a product is sold in."""

    id = UuidField()
    label = ma.fields.String()
    factor_milli = ma.fields.Integer()
    price_satang = ma.fields.Integer()


class CounterTierOut(Schema):
    """A price for several of a unit (null: the product's own), or for members."""

    id = UuidField()
    unit_id = UuidField(allow_none=True)
    members_only = ma.fields.Boolean()
    count = ma.fields.Integer()
    price_satang = ma.fields.Integer()


class CounterBarcodeOut(Schema):
    """A code to scan, and the unit it means (null: the product's own)."""

    barcode = ma.fields.String()
    unit_id = UuidField(allow_none=True)


class CounterProductOut(Schema):
    """A product as the counter sells it."""

    id = UuidField()
    code = ma.fields.String()
    name_th = ma.fields.String()
    name_en = ma.fields.String()
    category = ma.fields.String(attribute="category_th")
    category_en = ma.fields.String()
    category_place = ma.fields.Integer()
    picture = ma.fields.String()
    sold_by = ma.fields.String()
    unit = ma.fields.String()
    price_satang = ma.fields.Integer()
    tax_code = ma.fields.String()
    picture_digest = ma.fields.String()
    on_hand_milli = ma.fields.Integer()
    units = ma.fields.List(ma.fields.Nested(CounterUnitOut))
    tiers = ma.fields.List(ma.fields.Nested(CounterTierOut))
    barcodes = ma.fields.List(ma.fields.Nested(CounterBarcodeOut))
    lot_nos = ma.fields.List(ma.fields.String())
    licence_run_out = ma.fields.Boolean()
    offers = ma.fields.List(ma.fields.Nested(ShelfOfferOut), dump_default=list)


class DiscountReasonOut(Schema):
    """A reason for a discount, and who bears it."""

    id = UuidField()
    code = ma.fields.String()
    name_th = ma.fields.String()
    name_en = ma.fields.String()
    bearer = ma.fields.String()
    producer_basis_points = ma.fields.Integer(allow_none=True)
    fund_id = UuidField(allow_none=True)


class TillOut(Schema):
    """A till."""

    id = UuidField()
    code = ma.fields.String()
    name = ma.fields.String()


class PoliciesOut(Schema):
    """The centre's rules the counter must know."""

    cash_rounding_satang = ma.fields.Integer()
    vat_mode = ma.fields.String()
    oversell_policy = ma.fields.String()


class ScalePrefixOut(Schema):
    """How labels of a scale that begin with a prefix are read."""

    prefix = ma.fields.String()
    kind = ma.fields.String()
    item_digits = ma.fields.Integer()
    value_digits = ma.fields.Integer()
    decimals = ma.fields.Integer()


class CatalogueOut(Schema):
    """Everything the counter needs to sell."""

    products = ma.fields.List(ma.fields.Nested(CounterProductOut))
    discount_reasons = ma.fields.List(ma.fields.Nested(DiscountReasonOut))
    till = ma.fields.Nested(TillOut)
    shift = ma.fields.Nested(ShiftOut, allow_none=True)
    policies = ma.fields.Nested(PoliciesOut)
    scale_prefixes = ma.fields.List(ma.fields.Nested(ScalePrefixOut))


class CatalogueQuery(Schema):
    """Which till asks; the first one when left out."""

    till_id = UuidField(load_default=None)


class HeldQuery(Schema):
    """Which till's baskets."""

    till_id = UuidField(load_default=None)
