"""Lots, levels and producers' accounts as JSON."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from core.web.api import WindowSchema
from core.web.schemas import (
    BooleanField,
    DateField,
    ListField,
    MomentField,
    NestedField,
    Schema,
    TextField,
    UuidField,
)
from inventory.schemas.intake import IntakeProducerOut
from inventory.services.producer_documents import Wanted


class LotOut(Schema):
    """A lot with what is left of it."""

    id = UuidField()
    lot_no = ma.fields.String()
    goods_receipt_id = UuidField()
    receipt_no = ma.fields.String()
    line_no = ma.fields.Integer()
    product_id = UuidField()
    name_th = ma.fields.String()
    name_en = ma.fields.String()
    unit = ma.fields.String()
    producer_id = UuidField()
    ownership = ma.fields.String()
    gross_milli = ma.fields.Integer()
    tare_milli = ma.fields.Integer()
    deduction_milli = ma.fields.Integer()
    quantity_milli = ma.fields.Integer()
    grade = ma.fields.String()
    unit_cost_satang = ma.fields.Integer()
    cost_satang = ma.fields.Integer()
    split_basis_points = ma.fields.Integer(allow_none=True)
    expires_on = DateField(allow_none=True)
    received_at = MomentField()
    on_hand_milli = ma.fields.Integer()
    value_satang = ma.fields.Integer()


class LotPageOut(Schema):
    """A page of lots, newest first."""

    items = ListField(NestedField(LotOut))
    next = ma.fields.String(allow_none=True)


class LotArgs(WindowSchema):
    """Which lots; without `all` only those with something left."""

    product_id = UuidField(load_default=None)
    producer_id = UuidField(load_default=None)
    all = BooleanField(load_default=False)


class MoveOut(Schema):
    """Goods of a lot that came or went because of a document."""

    source_type = ma.fields.String()
    source_id = UuidField()
    move_no = ma.fields.Integer()
    line_no = ma.fields.Integer()
    quantity_milli = ma.fields.Integer()
    cost_satang = ma.fields.Integer()
    base_satang = ma.fields.Integer()
    share_satang = ma.fields.Integer()
    business_date = DateField()
    moved_at = MomentField()


class LotMoveOut(Schema):
    """A move with what lay here after it."""

    move = ma.fields.Nested(MoveOut)
    change_milli = ma.fields.Integer()
    on_hand_milli = ma.fields.Integer()


class LotDocOut(Schema):
    """A lot with its whole history, oldest first."""

    lot = ma.fields.Nested(LotOut, attribute="card")
    producer = ma.fields.Nested(IntakeProducerOut)
    moves = ListField(NestedField(LotMoveOut))


class LevelOut(Schema):
    """What lies here of a product."""

    product_id = UuidField()
    code = ma.fields.String()
    name_th = ma.fields.String()
    name_en = ma.fields.String()
    unit = ma.fields.String()
    category = ma.fields.String()
    active = ma.fields.Boolean()
    on_hand_milli = ma.fields.Integer()
    own_milli = ma.fields.Integer()
    consigned_milli = ma.fields.Integer()
    value_satang = ma.fields.Integer()
    lots = ma.fields.Integer()
    next_expiry = DateField(allow_none=True)


class LevelPageOut(Schema):
    """A page of levels by product, in Thai order."""

    items = ListField(NestedField(LevelOut))
    next = ma.fields.String(allow_none=True)


class LevelArgs(WindowSchema):
    """Which products."""

    q = TextField(100, load_default="")


class SoldOut(Schema):
    """What was sold of a product, refunds taken off."""

    product_id = UuidField()
    name_th = ma.fields.String()
    name_en = ma.fields.String()
    unit = ma.fields.String()
    quantity_milli = ma.fields.Integer()
    base_satang = ma.fields.Integer()
    share_satang = ma.fields.Integer()


class LeftOut(Schema):
    """What is left of a producer's consigned goods."""

    product_id = UuidField()
    name_th = ma.fields.String()
    name_en = ma.fields.String()
    unit = ma.fields.String()
    quantity_milli = ma.fields.Integer()
    next_expiry = DateField(allow_none=True)


class NextPayoutOut(Schema):
    """The next day of paying, and what would be paid if nothing more happened."""

    day = DateField()
    estimate_satang = ma.fields.Integer()
    settled_satang = ma.fields.Integer()
    unsettled_satang = ma.fields.Integer()
    outright_satang = ma.fields.Integer()


class MonthOut(Schema):
    """The producer's part of a month's sales."""

    first = DateField()
    share_satang = ma.fields.Integer()


class ProducerAccountOut(Schema):
    """What was sold today and in 30 days, what is left, what is owed."""

    producer = ma.fields.Nested(IntakeProducerOut)
    owed_satang = ma.fields.Integer()
    owed_consignment_satang = ma.fields.Integer()
    owed_outright_satang = ma.fields.Integer()
    advances_satang = ma.fields.Integer()
    today = ListField(NestedField(SoldOut))
    recent = ListField(NestedField(SoldOut))
    recent_since = DateField()
    left = ListField(NestedField(LeftOut))
    next_payout = ma.fields.Nested(NextPayoutOut)
    months = ListField(NestedField(MonthOut))


class ProducerAccountArgs(Schema):
    """Whose account; without an id the signed-in producer's own."""

    producer_id = UuidField(load_default=None)


class AccountRowOut(Schema):
    """One document's part in a producer's account."""

    source_type = ma.fields.String()
    source_id = UuidField()
    line_no = ma.fields.Integer()
    at = MomentField()
    business_date = DateField()
    product_id = UuidField(allow_none=True)
    name_th = ma.fields.String()
    name_en = ma.fields.String()
    unit = ma.fields.String()
    quantity_milli = ma.fields.Integer()
    base_satang = ma.fields.Integer()
    amount_satang = ma.fields.Integer()
    lot_id = UuidField(allow_none=True)
    lot_no = ma.fields.String()


class AccountRowPageOut(Schema):
    """A page of the documents behind an account, newest first."""

    items = ListField(NestedField(AccountRowOut))
    next = ma.fields.String(allow_none=True)


class AccountRowArgs(WindowSchema):
    """Which documents: of sales only, of one product, of some days."""

    producer_id = UuidField(load_default=None)
    sold_only = BooleanField(load_default=False)
    product_id = UuidField(load_default=None)
    since = DateField(load_default=None)
    until = DateField(load_default=None)

    @staticmethod
    def wanted(query: dict[str, Any]) -> Wanted:
        """Return what the query asks for."""
        return Wanted(
            sold_only=query["sold_only"],
            product_id=query["product_id"],
            since=query["since"],
            until=query["until"],
        )
