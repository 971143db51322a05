"""Joint buying rounds as forms: the round, an order, how it is shared."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import marshmallow as ma

from core.errors import N_
from core.money import SATANG_MAX
from core.web.schemas import (
    BahtField,
    DateField,
    IntegerField,
    OneOf,
    PercentField,
    QuantityField,
    Schema,
    TextField,
    UuidField,
    refuse,
)
from inventory.models import EXTRA_BASES
from inventory.schemas.intake import UNIT_COST_MAX
from inventory.services.joint_rounds.rounds import RoundItem


class RoundForm(Schema):
    """The head of a round; its lines are read one by one."""

    id = UuidField(required=True)
    version = IntegerField(0, load_default=0)
    name = TextField(120, required=True)
    producer_id = UuidField(required=True)
    closes_on = DateField(required=True)
    expected_on = DateField(load_default=None)
    margin_basis_points = PercentField(load_default=0)
    note = TextField(300, load_default="")


class RoundItemForm(Schema):
    """One thing on offer: a product in a unit (`product` or `product:unit`), what one may cost."""

    goods = TextField(80, required=True)
    price = BahtField(0, UNIT_COST_MAX, required=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> RoundItem:
        product, _colon, unit = data["goods"].partition(":")
        try:
            ids = UUID(product), UUID(unit) if unit else None
        except ValueError:
            raise refuse(N_("Choose the product"), at="goods") from None
        return RoundItem(ids[0], data["price"], ids[1])


class RoundOrderForm(Schema):
    """Whose order, and a note; the quantities are read one by one."""

    id = UuidField(required=True)
    version = IntegerField(0, load_default=0)
    member_id = UuidField(load_default=None)
    producer_id = UuidField(load_default=None)
    note = TextField(200, load_default="")


class AskedForm(Schema):
    """How much of one thing; nothing when left empty."""

    quantity = QuantityField(load_default=0)


class OrderRoundForm(Schema):
    """The id its purchase order gets."""

    purchase_order_id = UuidField(required=True)


class CancelRoundForm(Schema):
    """Why a round is cancelled."""

    reason = TextField(300, required=True)


class ShareForm(Schema):
    """How a round is shared out; the parts given by hand are read one by one."""

    id = UuidField(required=True)
    extra_satang = BahtField(0, SATANG_MAX, load_default=0)
    extra_basis = OneOf(EXTRA_BASES, load_default="cost")
    extra_note = TextField(200, load_default="")
