"""What people type into scenarios, allocations and rule sets of the surplus.

Percents of the surplus are read to four places and kept as millionths, so that 77.292 stays 77.292.
"""

from __future__ import annotations

import marshmallow

from accounting.rules.surplus.rule_set import BASES, CUT_GOES_TO
from accounting.rules.surplus.uses import FUND_USES, USES
from core.web.schemas import (
    BahtField,
    BooleanField,
    DateField,
    IntegerField,
    OneOf,
    PercentField,
    Schema,
    TextField,
    UuidField,
)

SECOND = "other_fund_2"
SLOTS = (*USES[:-1], SECOND, USES[-1])
"""The lines of the form: every use once, and a second line for one more fund."""
FUND_SLOTS = tuple(slot for slot in SLOTS if slot in FUND_USES or slot == SECOND)
GROUPS_MAX = 60
FINE = 4


def use_of(slot: str) -> str:
    """Return the use a line of the form stands for."""
    return "other_fund" if slot == SECOND else slot


class _Scenario(Schema):
    id = UuidField(required=True)
    version = IntegerField(load_default=0)
    name = TextField(120, required=True)
    rule_set = UuidField(load_default=None)
    expected = BahtField(minimum=1, load_default=None)
    retained_part = PercentField(load_default=0)
    note = TextField(500, load_default="")


ScenarioForm = _Scenario.from_dict(
    {f"percent_{slot}": PercentField(FINE, load_default=0) for slot in SLOTS}
    | {f"fund_{slot}": UuidField(load_default=None) for slot in FUND_SLOTS},
    name="ScenarioForm",
)


class ChooseForm(Schema):
    """The scenario's resolution; the id is the allocation's."""

    id = UuidField(required=True)
    resolution_id = UuidField(required=True)


class ApproveForm(Schema):
    """What the person looked at."""

    digest = TextField(64, required=True, pattern="[0-9a-f]{64}")


class ReasonForm(Schema):
    """Why an allocation is given up or taken back."""

    reason = TextField(300, required=True)


class _RuleSet(Schema):
    id = UuidField(required=True)
    name = TextField(120, required=True)
    valid_from = DateField(required=True)
    resolution_id = UuidField(load_default=None)
    note = TextField(500, load_default="")
    basis = OneOf(BASES, load_default="days")
    cap = PercentField(load_default=None)
    min_standing_days = IntegerField(0, 3660, load_default=0)
    cut_goes_to = OneOf(CUT_GOES_TO, load_default="reserve")
    purchase_share = PercentField(load_default=None)
    default_weight = PercentField(load_default=10_000)
    min_shares = BahtField(load_default=0)
    exclude_defaulters = BooleanField(load_default=False)
    retained_part = PercentField(load_default=0)
    unclaimed_years = IntegerField(1, 50, load_default=5)


def _rule_set_form() -> type[marshmallow.Schema]:
    """Return the form of a rule set: percents with bounds, and weights by group of goods."""
    fields = {}
    for use in USES:
        fields[f"percent_{use}"] = PercentField(FINE, load_default=0)
        fields[f"minimum_{use}"] = PercentField(FINE, load_default=None)
        fields[f"maximum_{use}"] = PercentField(FINE, load_default=None)
    weights: dict[str, TextField | PercentField] = {}
    for number in range(GROUPS_MAX):
        weights[f"group_{number}"] = TextField(120, load_default="")
        weights[f"bought_{number}"] = PercentField(load_default=None)
        weights[f"brought_{number}"] = PercentField(load_default=None)
    return _RuleSet.from_dict({**fields, **weights}, name="RuleSetForm")


RuleSetForm = _rule_set_form()
