"""Products as JSON and as a form."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from accounting.rules.tax import TAX_CODES
from core.errors import N_
from core.text import ascii_digits
from core.web.api import WindowSchema
from core.web.schemas import (
    BahtField,
    BooleanField,
    IntegerField,
    ListField,
    NestedField,
    OneOf,
    SatangField,
    Schema,
    TextField,
    UuidField,
    refuse,
)
from inventory.models import SOLD_BY
from inventory.services.catalogue import ProductFacts
from inventory.services.catalogue.barcodes import BARCODES_MAX

_TOO_LONG = N_("A barcode has at most 20 characters; part several by spaces")
_TOO_MANY = N_("No more than 20 barcodes")
_NOT_A_CODE = N_("Use letters A to Z, digits and . _ / - only")


class CodeField(TextField):
    """A code of letters, digits and a few signs; Thai digits are read as the digits they are."""

    def _spelt(self, value: str) -> str:
        return ascii_digits(super()._spelt(value))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not all(char.isascii() and (char.isalnum() or char in "._/- ") for char in text):
            raise refuse(_NOT_A_CODE)
        return text


class BarcodesField(TextField):
    """Several codes as typed or scanned one after the other: parted by spaces, commas, lines."""

    def __init__(self, **options: Any) -> None:
        super().__init__(BARCODES_MAX * 21, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = str(super()._deserialize(value, attr, data, **kwargs))
        codes = ascii_digits(text).replace(",", " ").split()
        for one in codes:
            if not all(char.isascii() and (char.isalnum() or char in "._/-") for char in one):
                raise refuse(_NOT_A_CODE)
            if len(one) > 20:
                raise refuse(_TOO_LONG)
        if len(codes) > BARCODES_MAX:
            raise refuse(_TOO_MANY)
        return tuple(codes)


class _ProductFields(Schema):
    code = CodeField(20, required=True)
    name_th = TextField(120, required=True)
    name_en = TextField(120, load_default="")
    category = TextField(60, load_default="")
    picture = TextField(60, load_default="")
    sold_by = OneOf(SOLD_BY, required=True)
    unit = TextField(20, required=True)
    tax_code = OneOf(TAX_CODES, load_default="exempt")
    activity_id = UuidField(load_default=None, allow_none=True)


class ProductIn(_ProductFields):
    """A product to enter, or as it should be from now on."""

    price_satang = SatangField(required=True)
    active = BooleanField(load_default=True)
    barcodes = ListField(CodeField(20), load_default=list, most=BARCODES_MAX)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> ProductFacts:
        data["barcodes"] = tuple(data["barcodes"])
        return ProductFacts(**data)


class ProductForm(_ProductFields):
    """A product as typed: the price in baht."""

    price = BahtField(required=True)
    barcodes = BarcodesField(load_default=())
    active = BooleanField(load_default=False)
    version = IntegerField(load_default=0)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        version = data.pop("version") or None
        return {"facts": ProductFacts(price_satang=data.pop("price"), **data), "version": version}


class ProductOut(Schema):
    """A product."""

    id = UuidField()
    code = ma.fields.String()
    barcodes = ma.fields.List(ma.fields.String())
    name_th = ma.fields.String()
    name_en = ma.fields.String()
    category = ma.fields.String(attribute="category_th")
    category_en = ma.fields.String()
    picture = ma.fields.String()
    sold_by = OneOf(SOLD_BY)
    unit = ma.fields.String()
    price_satang = ma.fields.Integer()
    tax_code = ma.fields.String()
    activity_id = UuidField(allow_none=True)
    active = ma.fields.Boolean()
    version = ma.fields.Integer()


class ProductPageOut(Schema):
    """A page of products in Thai order."""

    items = ListField(NestedField(ProductOut))
    next = ma.fields.String(allow_none=True)


class ProductArgs(WindowSchema):
    """Which products."""

    q = TextField(100, load_default="")
    active = BooleanField(load_default=False)
