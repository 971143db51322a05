"""What people type about shares: transactions, subscriptions, heirs, rules."""

from __future__ import annotations

from accounting.rules.shares import PLACES, SHARES_MAX
from core.money import SATANG_MAX
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

NOTE_MAX = 300


class DocumentForm(Schema):
    """What every transaction says: its id, the day it counts from, and a note."""

    id = UuidField(required=True)
    on = DateField(required=True)
    note = TextField(NOTE_MAX, load_default="")


class MoneyForm(DocumentForm):
    """A transaction with money, and where it lies."""

    place = OneOf(PLACES, required=True)
    shift_id = UuidField(load_default=None)


class BuyForm(MoneyForm):
    """Whole shares bought."""

    shares = IntegerField(1, SHARES_MAX, required=True)


class InstalmentForm(MoneyForm):
    """A part of a subscription paid."""

    amount = BahtField(1, SATANG_MAX, required=True)


class WithdrawForm(MoneyForm):
    """Shares given back; left empty, all of them."""

    shares = IntegerField(1, SHARES_MAX, load_default=None)


class TransferForm(DocumentForm):
    """Shares passed on to another member; left empty, all of them.

    Who takes them is a number or words; `to_member_id` was chosen of those `offered_for` the words.
    """

    to_member_no = TextField(120, required=True, digits=True)
    to_member_id = UuidField(load_default=None)
    offered_for = TextField(120, load_default="", digits=True)
    shares = IntegerField(1, SHARES_MAX, load_default=None)
    resolution_id = UuidField(load_default=None)


class SubscribeForm(DocumentForm):
    """Shares signed for."""

    shares = IntegerField(1, SHARES_MAX, required=True)


class CarryForm(DocumentForm):
    """Shares of the old books; a minus takes off what was too much."""

    amount = BahtField(-SATANG_MAX, SATANG_MAX, required=True)
    resolution_id = UuidField(load_default=None)


class InheritForm(DocumentForm):
    """An heir's part: to a member's shares, or paid out."""

    heir_no = IntegerField(1, 20, required=True)
    to_member_no = TextField(120, load_default="", digits=True)
    to_member_id = UuidField(load_default=None)
    offered_for = TextField(120, load_default="", digits=True)
    place = OneOf(PLACES, load_default="safe")
    shift_id = UuidField(load_default=None)


class TakeBackShareForm(Schema):
    """A transaction taken back."""

    id = UuidField(required=True)
    on = DateField(load_default=None)
    reason = TextField(NOTE_MAX, required=True)


class ReasonForm(Schema):
    """Why something ends."""

    reason = TextField(NOTE_MAX, required=True)


class CertificateForm(Schema):
    """A certificate to give out, in the place of another or not."""

    id = UuidField(required=True)
    replaces_id = UuidField(load_default=None)
    note = TextField(NOTE_MAX, load_default="")


class NominationForm(Schema):
    """The head of a nomination; heirs are read one by one."""

    id = UuidField(required=True)
    on = DateField(required=True)


class HeirForm(Schema):
    """One heir."""

    name = TextField(120, required=True)
    relationship = TextField(60, load_default="")
    part = PercentField(required=True)


class ShareRuleForm(Schema):
    """Rules from a day on."""

    id = UuidField(required=True)
    valid_from = DateField(required=True)
    par = BahtField(1, SATANG_MAX, required=True)
    least_shares = IntegerField(1, SHARES_MAX, required=True)
    most_shares = IntegerField(1, SHARES_MAX, load_default=None)
    largest_part = PercentField(load_default=None)
    transfer_needs_approval = BooleanField(load_default=False)
    withdraw_while_member = BooleanField(load_default=False)
    resolution_id = UuidField(load_default=None)
    note = TextField(NOTE_MAX, load_default="")
