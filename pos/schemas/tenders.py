"""What the counter asks about purses, accounts, schemes and coupons, as JSON."""

from __future__ import annotations

import marshmallow as ma

from core.web.schemas import Schema, TextField, UuidField


class MemberMoneyOut(Schema):
    """A member's purse and account; `state` is empty without an account."""

    purse_satang = ma.fields.Integer()
    state = ma.fields.String()
    limit_satang = ma.fields.Integer()
    owed_satang = ma.fields.Integer()
    overdue_satang = ma.fields.Integer()
    left_satang = ma.fields.Integer()


class SchemeOut(Schema):
    """A scheme that pays at the till."""

    id = UuidField()
    code = ma.fields.String()
    name_th = ma.fields.String()
    name_en = ma.fields.String()
    categories = ma.fields.List(ma.fields.String())
    bill_max_satang = ma.fields.Integer(allow_none=True)


class SchemesOut(Schema):
    """The schemes taken here."""

    schemes = ma.fields.List(ma.fields.Nested(SchemeOut))


class CouponQuery(Schema):
    """The code on a coupon."""

    code = TextField(40, required=True)


class CouponOut(Schema):
    """A coupon of a fund and what is left of it."""

    id = UuidField()
    code = ma.fields.String()
    name = ma.fields.String()
    left_satang = ma.fields.Integer()
    valid_until = ma.fields.Date(attribute="worth.valid_until")
    member_id = UuidField(allow_none=True)
