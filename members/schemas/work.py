"""Forms about people at work: waivers, PINs, the roster."""

from __future__ import annotations

from core.web.schemas import (
    BahtField,
    BooleanField,
    DateField,
    IntegerField,
    ListField,
    OneOf,
    Schema,
    TextField,
    UuidField,
)
from members.models import OFF_KINDS, TASKS
from members.rules.duties import WAIVABLE
from members.rules.roster import TIME_PATTERN
from members.schemas.people import password_field


class WaiverForm(Schema):
    """Let one person do both of some pairs of duties."""

    id = UuidField(required=True)
    pairs = ListField(OneOf(WAIVABLE), load_default=list, most=len(WAIVABLE))
    reason = TextField(300, load_default="")
    resolution = TextField(80, load_default="")
    valid_from = DateField(required=True)
    valid_until = DateField(required=True)


class WaiverEndForm(Schema):
    """End a waiver today."""

    reason = TextField(300, load_default="")


class OwnPinForm(Schema):
    """One's own PIN, with the password in hand."""

    present_password = password_field()
    pin_password = TextField(20, required=True)
    pin_password_again = TextField(20, required=True)


class WorkTimeForm(Schema):
    """A time of work."""

    id = UuidField(required=True)
    name = TextField(40, required=True)
    starts = TextField(5, required=True, pattern=TIME_PATTERN, digits=True)
    ends = TextField(5, required=True, pattern=TIME_PATTERN, digits=True)
    active = BooleanField(load_default=False)
    version = IntegerField(load_default=0)


class WorkerForm(Schema):
    """Somebody who can be asked to work."""

    id = UuidField(required=True)
    name = TextField(120, required=True)
    user_id = UuidField(load_default=None, allow_none=True)
    tasks = ListField(OneOf(TASKS), load_default=list, most=len(TASKS))
    hourly = BahtField(load_default=0)
    active = BooleanField(load_default=False)
    version = IntegerField(load_default=0)


class DayOffForm(Schema):
    """Days on which somebody doesn't work, or would rather not."""

    id = UuidField(required=True)
    worker_id = UuidField(required=True)
    kind = OneOf(OFF_KINDS, required=True)
    first_day = DateField(required=True)
    last_day = DateField(load_default=None, allow_none=True)
    note = TextField(200, load_default="")


class DutyForm(Schema):
    """Somebody's work at one time of one day."""

    id = UuidField(required=True)
    worker_id = UuidField(required=True)
    on_date = DateField(required=True)
    work_time_id = UuidField(required=True)
    task = OneOf(TASKS, required=True)
    note = TextField(120, load_default="")


class PublishForm(Schema):
    """Show a week to everybody; why, when a day has no cashier."""

    version = IntegerField(required=True)
    no_cashier_reason = TextField(300, load_default="")
