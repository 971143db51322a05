"""Batches, recipes and repacking as typed into forms; weights of one unit in kilograms."""

from __future__ import annotations

from core.web.schemas import (
    BahtField,
    BooleanField,
    DateField,
    IntegerField,
    ListField,
    OneOf,
    QuantityField,
    Schema,
    TextField,
    UuidField,
)
from inventory.models import BASES, BATCH_KINDS, COST_KINDS, LOSS_RULES, OUTPUT_ROLES

UNIT_GRAMS_MAX = 10_000_000
"""Ten tonnes in one unit."""
RATE_MAX = 10_000_000_00


def _kilograms() -> QuantityField:
    """What one unit weighs: kilograms with three places are grams."""
    return QuantityField(0, UNIT_GRAMS_MAX, load_default=None)


class OpenForm(Schema):
    """A batch to open."""

    id = UuidField(required=True)
    kind = OneOf(BATCH_KINDS[:2], required=True)
    name = TextField(80, required=True)
    location_id = UuidField(required=True)
    basis = OneOf(BASES, load_default="weight")
    loss_rule = OneOf(LOSS_RULES, load_default="spread")
    recipe_id = UuidField(load_default=None)
    note = TextField(300, load_default="")


class PutInForm(Schema):
    """The head of goods put in; rows are read one by one."""

    id = UuidField(required=True)
    location_id = UuidField(required=True)


class PutInLineForm(Schema):
    """So much of a product from whichever lots expire first."""

    product = UuidField(required=True)
    quantity = QuantityField(required=True)
    weight = _kilograms()


class PutInLotForm(Schema):
    """So much of a lot."""

    quantity = QuantityField(required=True)
    weight = _kilograms()


class BroughtLineForm(Schema):
    """What a producer brings for a joint batch right now."""

    producer = UuidField(required=True)
    product = UuidField(required=True)
    quantity = QuantityField(required=True)
    weight = _kilograms()


class CostForm(Schema):
    """Work or another cost."""

    id = UuidField(required=True)
    kind = OneOf(COST_KINDS, required=True)
    label = TextField(120, required=True)
    quantity = QuantityField(required=True)
    rate = BahtField(0, RATE_MAX, load_default=0)
    weight = QuantityField(0, load_default=0)


class FinishForm(Schema):
    """The head of what came out; rows are read one by one."""

    fee_rate = BahtField(0, RATE_MAX, load_default=0)
    shift_id = UuidField(load_default=None)
    home = ListField(UuidField(), most=100, load_default=list)
    cash = ListField(UuidField(), most=100, load_default=list)
    over_reason = TextField(300, load_default="")


class CameOutLineForm(Schema):
    """Goods that came out; waste has no product and is weighed in kilograms."""

    role = OneOf(OUTPUT_ROLES, load_default="main")
    product = UuidField(load_default=None)
    quantity = QuantityField(required=True)
    weight = _kilograms()
    value = BahtField(0, RATE_MAX, load_default=None)
    kept = QuantityField(0, load_default=0)
    expires = DateField(load_default=None)


class CancelForm(Schema):
    """Why a batch is taken back."""

    reason = TextField(300, required=True)


class RepackForm(Schema):
    """Goods packed anew in one go."""

    id = UuidField(required=True)
    location_id = UuidField(required=True)
    product_id = UuidField(required=True)
    lot_id = UuidField(load_default=None)
    quantity = QuantityField(required=True)
    weight = _kilograms()
    to_product_id = UuidField(required=True)
    to_quantity = QuantityField(required=True)
    to_weight = _kilograms()
    material_id = UuidField(load_default=None)
    material_quantity = QuantityField(load_default=None)
    loss_rule = OneOf(LOSS_RULES, load_default="spread")
    expires = DateField(load_default=None)
    note = TextField(300, load_default="")
    over_reason = TextField(300, load_default="")


class RecipeForm(Schema):
    """The head of a recipe; lines are read one by one."""

    id = UuidField(required=True)
    version = IntegerField(1, load_default=None)
    name = TextField(80, required=True)
    kind = OneOf(BATCH_KINDS[:2], required=True)
    basis = OneOf(BASES, load_default="weight")
    loss_rule = OneOf(LOSS_RULES, load_default="spread")
    note = TextField(300, load_default="")
    active = BooleanField(load_default=False)


class RecipeCostForm(Schema):
    """A cost a batch usually has."""

    kind = OneOf(COST_KINDS, required=True)
    label = TextField(120, required=True)
    quantity = QuantityField(required=True)
    rate = BahtField(0, RATE_MAX, load_default=0)
    weight = QuantityField(0, load_default=0)


class RecipeOutForm(Schema):
    """What usually comes out of a batch."""

    role = OneOf(OUTPUT_ROLES, load_default="main")
    product = UuidField(load_default=None)
    quantity = QuantityField(required=True)
    weight = _kilograms()
    value = BahtField(0, RATE_MAX, load_default=0)


class MoveForm(Schema):
    """Goods carried from one place to another; rows are read one by one."""

    id = UuidField(required=True)
    from_location_id = UuidField(required=True)
    to_location_id = UuidField(required=True)
    note = TextField(300, load_default="")


class MoveLineForm(Schema):
    """So much of a product."""

    product = UuidField(required=True)
    quantity = QuantityField(required=True)
