"""Units, prices for several, licences, categories and scale prefixes: as JSON and as forms."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from core.errors import N_
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
    QuantityField,
    SatangField,
    Schema,
    TextField,
    UuidField,
    refuse,
)
from inventory.models import LICENCE_KINDS, SCALE_KINDS
from inventory.rules.units import FACTOR_MAX
from inventory.schemas.products import BarcodesField, CodeField
from inventory.services.catalogue.barcodes import BARCODES_MAX
from inventory.services.catalogue.licences import LicenceFacts
from inventory.services.catalogue.scales import PrefixFacts
from inventory.services.catalogue.tiers import COUNT_MAX, TierFacts
from inventory.services.catalogue.units import UnitFacts

_FOR_MEMBERS = N_("One alone can only be cheaper for members: tick it, or enter 2 or more")


class UnitIn(Schema):
    """A selling unit: one is `count_milli` of another unit, or of the product's own."""

    label = TextField(20, required=True)
    count_milli = MilliField(1, FACTOR_MAX, required=True)
    of_unit_id = UuidField(load_default=None, allow_none=True)
    price_satang = SatangField(required=True)
    position = IntegerField(0, 1000, load_default=0)
    active = BooleanField(load_default=True)
    barcodes = ListField(CodeField(20), load_default=list, most=BARCODES_MAX)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> UnitFacts:
        data["barcodes"] = tuple(data["barcodes"])
        return UnitFacts(**data)


class UnitForm(Schema):
    """A selling unit as typed."""

    id = UuidField(load_default=None)
    label = TextField(20, required=True)
    count = QuantityField(1, FACTOR_MAX, required=True)
    of_unit_id = UuidField(load_default=None)
    price = BahtField(required=True)
    position = IntegerField(0, 1000, load_default=0)
    active = BooleanField(load_default=False)
    barcodes = BarcodesField(load_default=())
    version = IntegerField(load_default=0)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        facts = UnitFacts(
            label=data["label"],
            count_milli=data["count"],
            price_satang=data["price"],
            of_unit_id=data["of_unit_id"],
            position=data["position"],
            active=data["active"],
            barcodes=data["barcodes"],
        )
        return {"id": data["id"], "facts": facts, "version": data["version"] or None}


class UnitOut(Schema):
    """A selling unit."""

    id = UuidField()
    label = ma.fields.String()
    count_milli = ma.fields.Integer()
    of_unit_id = UuidField(allow_none=True)
    factor_milli = ma.fields.Integer()
    price_satang = ma.fields.Integer()
    position = ma.fields.Integer()
    active = ma.fields.Boolean()
    barcodes = ma.fields.List(ma.fields.String())
    version = ma.fields.Integer()


class UnitsOut(Schema):
    """A product's other units."""

    items = ListField(NestedField(UnitOut))


class _TierFields(Schema):
    count = IntegerField(1, COUNT_MAX, required=True)
    unit_id = UuidField(load_default=None, allow_none=True)

    @ma.validates_schema
    def check(self, data: dict[str, Any], **_: Any) -> None:
        if data["count"] == 1 and not data["members_only"]:
            raise refuse(_FOR_MEMBERS, at="count")


class TierIn(_TierFields):
    """So many whole units (null: the product's own) together for a price, perhaps for members."""

    members_only = BooleanField(load_default=False)
    price_satang = SatangField(required=True)
    active = BooleanField(load_default=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> TierFacts:
        return TierFacts(**data)


class TierForm(_TierFields):
    """The same, as typed."""

    id = UuidField(load_default=None)
    members_only = BooleanField(load_default=False)
    price = BahtField(required=True)
    active = BooleanField(load_default=False)
    version = IntegerField(load_default=0)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        facts = TierFacts(
            count=data["count"],
            price_satang=data["price"],
            unit_id=data["unit_id"],
            members_only=data["members_only"],
            active=data["active"],
        )
        return {"id": data["id"], "facts": facts, "version": data["version"] or None}


class TierOut(Schema):
    """A price for several."""

    id = UuidField()
    unit_id = UuidField(allow_none=True)
    members_only = ma.fields.Boolean()
    count = ma.fields.Integer()
    price_satang = ma.fields.Integer()
    active = ma.fields.Boolean()
    version = ma.fields.Integer()


class TiersOut(Schema):
    """A product's prices for several."""

    items = ListField(NestedField(TierOut))


class PriceRowOut(Schema):
    """What a price was and became."""

    id = UuidField()
    unit_id = UuidField(allow_none=True)
    tier_id = UuidField(allow_none=True)
    label = ma.fields.String()
    before_satang = ma.fields.Integer(allow_none=True)
    after_satang = ma.fields.Integer(allow_none=True)
    at = MomentField()
    by_name = ma.fields.String()
    source = ma.fields.String()


class PriceRowsOut(Schema):
    """A page of changes, newest first."""

    items = ListField(NestedField(PriceRowOut))
    next = ma.fields.String(allow_none=True)


class ScannedOut(Schema):
    """What a scanned code means: so many thousandths of a unit (null: the product's own)."""

    product_id = UuidField()
    unit_id = UuidField(allow_none=True)
    quantity_milli = ma.fields.Integer()
    label_satang = ma.fields.Integer(allow_none=True)


class LicenceForm(Schema):
    """A licence as typed."""

    id = UuidField(load_default=None)
    kind = OneOf(LICENCE_KINDS, required=True)
    number = TextField(60, required=True)
    issued_on = DateField(load_default=None)
    expires_on = DateField(load_default=None)
    note = TextField(300, load_default="")
    active = BooleanField(load_default=False)
    version = IntegerField(load_default=0)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        ident, version = data.pop("id"), data.pop("version") or None
        return {"id": ident, "facts": LicenceFacts(**data), "version": version}


class CategoryForm(Schema):
    """A category's names."""

    id = UuidField(load_default=None)
    name_th = TextField(60, required=True)
    name_en = TextField(60, load_default="")
    version = IntegerField(load_default=0)


class MergeForm(Schema):
    """Which category another becomes part of."""

    into_id = UuidField(required=True)
    version = IntegerField(required=True)


class MoveForm(Schema):
    """One place up or down."""

    way = OneOf(("up", "down"), required=True)


class PrefixForm(Schema):
    """How labels that begin with a prefix are read."""

    prefix = TextField(6, required=True, digits=True, pattern="[0-9]{1,6}")
    kind = OneOf(SCALE_KINDS, required=True)
    item_digits = IntegerField(1, 8, required=True)
    value_digits = IntegerField(3, 8, required=True)
    decimals = IntegerField(0, 3, required=True)
    active = BooleanField(load_default=False)
    version = IntegerField(load_default=0)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        prefix, version = data.pop("prefix"), data.pop("version") or None
        return {"prefix": prefix, "facts": PrefixFacts(**data), "version": version}
