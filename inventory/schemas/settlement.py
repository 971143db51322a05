"""Settling with producers as forms: a new run, its end, the policy, what the centre bears."""

from __future__ import annotations

from core.web.schemas import (
    BahtField,
    DateField,
    IntegerField,
    ListField,
    OneOf,
    PercentField,
    Schema,
    TextField,
    UuidField,
)

PICKED_MAX = 500
EVERYONE, SOME = "all", "some"


class RunForm(Schema):
    """A new run: up to which day, and for whom."""

    id = UuidField(required=True)
    cut_off = DateField(required=True)
    who = OneOf((EVERYONE, SOME), required=True)
    producer_ids = ListField(UuidField(), most=PICKED_MAX, load_default=list)


class CancelRunForm(Schema):
    """Give a run up, and say why."""

    reason = TextField(300, required=True)


class PolicyForm(Schema):
    """How the centre settles."""

    version = IntegerField(required=True)
    hold_back_days = IntegerField(0, 90, required=True)
    minimum_payout = BahtField(load_default=0)
    recovery_cap = PercentField(required=True)
    advance_cap = PercentField(required=True)
    payout_day = IntegerField(1, 31, required=True)


class AbsorbForm(Schema):
    """The centre bears what a producer owes back: how much, and why."""

    id = UuidField(required=True)
    amount = BahtField(1, required=True)
    reason = TextField(300, required=True)
