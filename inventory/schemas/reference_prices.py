"""Reference prices as they are typed, and a brought file on its second way in."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from core.web.schemas import BahtField, DateField, OneOf, Schema, TextField, UuidField
from inventory.rules.reference_prices import KINDS
from inventory.services.reference_prices import EnterReference

CONTENT_MAX = 400_000


class ReferenceForm(Schema):
    """A price to enter."""

    id = UuidField(required=True)
    product_id = UuidField(required=True)
    kind = OneOf(KINDS, required=True)
    price = BahtField(1, required=True)
    low = BahtField(1, load_default=None)
    high = BahtField(1, load_default=None)
    valid_from = DateField(required=True)
    place = TextField(120, required=True)
    source = TextField(200, required=True)
    note = TextField(300, load_default="")

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> EnterReference:
        return EnterReference(
            id=data["id"],
            product_id=data["product_id"],
            kind=data["kind"],
            price_satang=data["price"],
            valid_from=data["valid_from"],
            place=data["place"],
            source=data["source"],
            low_satang=data["low"],
            high_satang=data["high"],
            note=data["note"],
        )


class WithdrawForm(Schema):
    """Why a price was wrong."""

    reason = TextField(300, required=True)


class ReferenceArgs(Schema):
    """Which prices to list."""

    product_id = UuidField(load_default=None)
    kind = OneOf(KINDS, load_default="")
    after = TextField(120, load_default=None)


class BroughtForm(Schema):
    """Lines that were looked at, sent again to be taken, or to be had as a file."""

    content = TextField(CONTENT_MAX, lines=True, verbatim=True, required=True)
    what = OneOf(("take", "returned"), load_default="take")
