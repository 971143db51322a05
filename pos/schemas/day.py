"""What may be asked of the manager's day: which days, whose; how its paper and hints are made."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from core.web.schemas import BooleanField, DateField, IntegerField, OneOf, Schema, UuidField
from pos.schemas.welfare import DaysArgs
from pos.services.day_figures.settings import DayChoices

PERIODS = ("today", "yesterday", "week", "month", "last_month", "own")


class DayArgs(DaysArgs):
    """The days: a period by its name, or from and to."""

    period = OneOf(PERIODS, load_default=None)


class TableArgs(DayArgs):
    """The days, and behind which row a long table goes on."""

    after = IntegerField(0, 1_000_000, load_default=0)


class OddArgs(DayArgs):
    """The days, and whose documents."""

    cashier = UuidField(load_default=None)


class ReportForm(Schema):
    """The day whose paper is asked for."""

    day = DateField(required=True)


class ChoicesForm(Schema):
    """When the paper is made, and what the hints reckon with."""

    report_on = BooleanField(load_default=False)
    report_hour = IntegerField(0, 23, required=True)
    report_next_day = BooleanField(load_default=False)
    rate_weeks = IntegerField(1, 26, required=True)
    lead_days = IntegerField(0, 180, required=True)
    cover_days = IntegerField(1, 365, required=True)
    expiring_days = IntegerField(0, 365, required=True)
    version = IntegerField(0, required=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> DayChoices:
        return DayChoices(**data)


class DayFiguresOut(Schema):
    """A day's figures; money in satang. What refunds took off is in `back_satang`."""

    day = ma.fields.Date()
    sales = ma.fields.Integer()
    gross_satang = ma.fields.Integer()
    discount_satang = ma.fields.Integer()
    taken_satang = ma.fields.Integer()
    refunds = ma.fields.Integer()
    back_satang = ma.fields.Integer()
    net_satang = ma.fields.Integer()
    tax_satang = ma.fields.Integer()
    basket_satang = ma.fields.Integer()
    member_sales = ma.fields.Integer()
    member_satang = ma.fields.Integer()
    producer_satang = ma.fields.Integer()
    complete = ma.fields.Boolean()
    tenders = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer())
    hours = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer())
