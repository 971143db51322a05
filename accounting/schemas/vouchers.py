"""What people type into vouchers, templates, the chart, activities and the books' settings."""

from __future__ import annotations

from accounting.models.ledger import ACCOUNT_TYPES, MONEY
from accounting.models.vouchers import EVERY
from core.web.schemas import (
    BahtField,
    BooleanField,
    DateField,
    IntegerField,
    OneOf,
    Schema,
    TextField,
    UuidField,
)

NOTE_MAX = 500


class HeadForm(Schema):
    """What every voucher says besides its lines."""

    id = UuidField(required=True)
    version = IntegerField(load_default=0)
    business_date = DateField(required=True)
    party = TextField(200, load_default="")
    tax_id = TextField(13, load_default="", digits=True, pattern="[0-9]{13}")
    note = TextField(NOTE_MAX, load_default="")
    reverse_on = DateField(load_default=None)


class SimpleForm(HeadForm):
    """A payment or a receipt."""

    account_id = UuidField(required=True)
    money_account_id = UuidField(required=True)
    amount = BahtField(minimum=1, required=True)
    person = TextField(30, load_default="", digits=True)
    fund_id = UuidField(load_default=None)
    activity_id = UuidField(load_default=None)


class LineForm(Schema):
    """A line of a journal voucher."""

    account = UuidField(required=True)
    debit = BahtField(load_default=0)
    credit = BahtField(load_default=0)
    person = TextField(30, load_default="", digits=True)
    fund = UuidField(load_default=None)
    activity = UuidField(load_default=None)
    memo = TextField(200, load_default="")


class VersionForm(Schema):
    """The version somebody saw and decides on."""

    version = IntegerField(required=True)


class RefuseForm(Schema):
    """Why a voucher is refused."""

    reason = TextField(300, required=True)


class TakeBackForm(Schema):
    """An entry taken back on a day."""

    id = UuidField(required=True)
    business_date = DateField(required=True)
    note = TextField(NOTE_MAX, load_default="")


class TemplateForm(Schema):
    """A template made of a voucher, and how often it comes again."""

    id = UuidField(required=True)
    name = TextField(120, required=True)
    every = OneOf([one for one in EVERY if one], load_default="")
    day_of_month = IntegerField(1, 31, load_default=1)
    start = DateField(load_default=None)


class AccountForm(Schema):
    """A new account of the chart."""

    id = UuidField(required=True)
    code = TextField(10, required=True, digits=True, pattern="[0-9][0-9.-]*")
    type = OneOf(ACCOUNT_TYPES, required=True)
    name_th = TextField(120, required=True)
    name_en = TextField(120, load_default="")
    money = OneOf([one for one in MONEY if one], load_default="")


class AccountChangeForm(Schema):
    """What may change of an account."""

    name_th = TextField(120, required=True)
    name_en = TextField(120, load_default="")
    active = BooleanField(load_default=False)


class ActivityForm(Schema):
    """A new activity."""

    id = UuidField(required=True)
    code = TextField(20, required=True)
    name_th = TextField(120, required=True)
    name_en = TextField(120, load_default="")


class ActivityChangeForm(Schema):
    """An activity as it shall be called, and whether it is in use."""

    id = UuidField(required=True)
    name_th = TextField(120, required=True)
    name_en = TextField(120, load_default="")
    active = BooleanField(load_default=False)


class BookSettingsForm(Schema):
    """Limits and warnings of the books."""

    version = IntegerField(required=True)
    approval_limit = BahtField(required=True)
    turnover_limit = BahtField(minimum=1, required=True)
    moved_percent = IntegerField(1, 1000, required=True)
    cash_report_days = IntegerField(0, 31, required=True)
    aged_payable_days = IntegerField(1, 366, required=True)
    meeting_day = IntegerField(0, 28, load_default=9)
