"""What comes in from the forms of unsold goods: decisions, a lot's events, a category's rule."""

from __future__ import annotations

from typing import Any

from core.quantity import QUANTITY_MAX
from core.web.schemas import (
    BahtField,
    IntegerField,
    OneOf,
    PercentField,
    QuantityField,
    Schema,
    TextField,
    UuidField,
)
from inventory.models import DONATION_BEARERS, LOT_EVENTS
from inventory.rules.unsold import DAYS_MAX, NEAR_EXPIRY_DAYS, Rule, Step
from inventory.services.goods_rules import SaveRule

STEP_ROWS = 6
STEP_KINDS = ("after_days", "days_before_expiry")


class GiveBackForm(Schema):
    """Goods given back to their producer, as typed."""

    id = UuidField(required=True)
    quantity = QuantityField(1, QUANTITY_MAX, required=True)
    location_id = UuidField(load_default=None)
    reason = TextField(300, required=True)


class ConvertForm(GiveBackForm):
    """Consigned goods bought, as typed."""

    price = BahtField(1, required=True)


class DonateForm(GiveBackForm):
    """Goods given away, as typed."""

    recipient = TextField(120, required=True)
    bearer = OneOf(DONATION_BEARERS, required=True)
    fund_id = UuidField(load_default=None)


class LotEventForm(Schema):
    """What happens to a lot whose grade is disputed, as typed."""

    id = UuidField(required=True)
    kind = OneOf(LOT_EVENTS, required=True)
    reason = TextField(300, required=True)
    grade = TextField(20, load_default="")
    witness = TextField(120, load_default="")


class RuleForm(
    Schema.from_dict(  # type: ignore[misc]  # made from a dict, so that rows need no repeating
        {
            name: field
            for number in range(1, STEP_ROWS + 1)
            for name, field in (
                (f"when_{number}", OneOf(STEP_KINDS, load_default=STEP_KINDS[0])),
                (f"days_{number}", IntegerField(0, DAYS_MAX, load_default=None)),
                (f"percent_{number}", PercentField(load_default=None)),
            )
        }
    )
):
    """The rule of a category, as typed; an empty step row is no step."""

    category = TextField(60, load_default="")
    version = IntegerField(1, load_default=None)
    centre_bears_days = IntegerField(0, DAYS_MAX, load_default=None)
    consignment_days = IntegerField(0, DAYS_MAX, load_default=0)
    near_expiry_days = IntegerField(0, 365, load_default=NEAR_EXPIRY_DAYS)
    weight_loss = PercentField(load_default=0)


def rule_of(data: dict[str, Any]) -> SaveRule:
    """Return the command of a rule as typed; a half-filled step is left for the rules to refuse."""
    steps = []
    for number in range(1, STEP_ROWS + 1):
        days, percent = data[f"days_{number}"], data[f"percent_{number}"]
        if days is not None or percent is not None:
            steps.append(Step(percent or 0, **{data[f"when_{number}"]: days}))
    rule = Rule(
        centre_bears_days=data["centre_bears_days"],
        consignment_days=data["consignment_days"],
        near_expiry_days=data["near_expiry_days"],
        weight_loss_basis_points=data["weight_loss"],
        markdown_steps=tuple(steps),
    )
    return SaveRule(data["category"], rule, data["version"])
