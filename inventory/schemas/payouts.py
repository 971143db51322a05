"""Payouts, advances, repayments and bank files as typed into forms."""

from __future__ import annotations

from core.money import SATANG_MAX
from core.web.schemas import (
    BahtField,
    OneOf,
    QuantityField,
    Schema,
    TextField,
    UuidField,
)
from inventory.models import RECIPIENTS
from inventory.rules.payouts import KINDS

WAYS: dict[str, tuple[str, str]] = {
    "till": ("cash", "till"),
    "safe": ("cash", "safe"),
    "transfer": ("transfer", "bank"),
    "promptpay": ("promptpay", "bank"),
    "offset": ("offset", "nothing"),
}
"""How a person says it → the method, and where the money comes from."""


class PayForm(Schema):
    """The head of a voucher; its lines are read one by one."""

    id = UuidField(required=True)
    way = OneOf(tuple(WAYS), required=True)
    shift_id = UuidField(load_default=None)
    reference = TextField(60, load_default="")
    note = TextField(300, load_default="")
    withheld = BahtField(0, SATANG_MAX, load_default=0)
    recipient_kind = OneOf(RECIPIENTS, load_default="producer")
    recipient_name = TextField(160, load_default="")
    recipient_relation = TextField(80, load_default="")


class PayLineForm(Schema):
    """One line of a voucher: a document, and how much of it."""

    kind = OneOf(KINDS, required=True)
    document_id = UuidField(required=True)
    amount = BahtField(1, SATANG_MAX, required=True)


class AdvanceForm(Schema):
    """An advance of money or of goods; the goods are read one by one."""

    id = UuidField(required=True)
    producer_id = UuidField(required=True)
    paid_from = OneOf(("till", "safe", "bank", "shelf"), required=True)
    shift_id = UuidField(load_default=None)
    amount = BahtField(1, SATANG_MAX, load_default=0)
    note = TextField(300, load_default="")


class GoodsForm(Schema):
    """One line of goods advanced."""

    product = UuidField(required=True)
    quantity = QuantityField(required=True)


class RepayForm(Schema):
    """Money given back."""

    id = UuidField(required=True)
    amount = BahtField(1, SATANG_MAX, required=True)
    paid_into = OneOf(("till", "safe", "bank"), required=True)
    shift_id = UuidField(load_default=None)
    note = TextField(300, load_default="")
