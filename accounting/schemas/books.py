"""The books as JSON: accounts, trial balance, ledgers, entries; and what may be asked of them."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from accounting.rules.periods import Span, period_of
from accounting.services.opening import Opening
from core import clock
from core.errors import N_
from core.web.api import WindowSchema
from core.web.schemas import (
    BahtField,
    BooleanField,
    DateField,
    IntegerField,
    ListField,
    MomentField,
    NestedField,
    OneOf,
    SatangField,
    Schema,
    TextField,
    UuidField,
    refuse,
)

_BACKWARDS = N_("The last day is before the first")
_NO_MONTH = N_("Write a month as year and month, for example 202611")
MEMO_MAX = 200


# --- asked -----------------------------------------------------------------------------------


class OnArgs(Schema):
    """A day; today unless told."""

    on = DateField(load_default=None)


class SpanArgs(WindowSchema):
    """Days, both included, and a window."""

    first = DateField(data_key="from", load_default=None)
    last = DateField(data_key="to", load_default=None)

    @ma.validates_schema
    def check_order(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse days the wrong way round."""
        if data.get("first") and data.get("last") and data["last"] < data["first"]:
            raise ma.ValidationError({"to": refuse(_BACKWARDS).messages})

    @ma.post_load
    def make(self, data: dict[str, Any], **options: Any) -> Any:
        """Give `span` and `window` beside the other filters."""
        span = Span(data.pop("first"), data.pop("last"))
        return {**super().make(data, **options), "span": span}


class LedgerArgs(SpanArgs):
    """Which lines of an account."""

    producer_id = UuidField(load_default=None)
    member_id = UuidField(load_default=None)
    till_id = UuidField(load_default=None)
    lot_id = UuidField(load_default=None)
    activity_id = UuidField(load_default=None)
    closing = BooleanField(
        load_default=True,
        metadata={"description": "false leaves out the entries that close a year"},
    )


class JournalArgs(SpanArgs):
    """Which entries."""

    kind = TextField(30, load_default=None, pattern="[a-z_]+")


def _current_month() -> int:
    return period_of(clock.today())


class MonthArgs(Schema):
    """A month as year × 100 + month, this one unless told; and how its cash is to be shown."""

    month = IntegerField(190001, 220012, load_default=_current_month)
    by = OneOf(("day", "document"), load_default="day")
    basis = OneOf(("commission", "gross"), load_default="commission")

    @ma.validates("month")
    def check_month(self, value: int, **_: Any) -> None:
        """Refuse a thirteenth month."""
        if not 1 <= value % 100 <= 12:
            raise ma.ValidationError(refuse(_NO_MONTH).messages)


class CashDocumentsArgs(SpanArgs):
    """Which documents of the cash report."""

    basis = OneOf(("commission", "gross"), load_default="commission")


class OpeningIn(Schema):
    """What a centre had before its first day here."""

    safe_satang = SatangField(load_default=0)
    bank_satang = SatangField(load_default=0)
    business_date = DateField(load_default=None)
    memo = TextField(MEMO_MAX, load_default="")

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> Opening:
        """Give the command."""
        return Opening(**data)


class OpeningForm(Schema):
    """The same, as typed."""

    safe = BahtField(load_default=0)
    bank = BahtField(load_default=0)
    business_date = DateField(load_default=None)
    memo = TextField(MEMO_MAX, load_default="")


# --- given -----------------------------------------------------------------------------------


class AccountOut(Schema):
    """An account of the chart."""

    id = UuidField()
    code = ma.fields.String()
    name_th = ma.fields.String()
    name_en = ma.fields.String()
    type = ma.fields.String()
    purpose = ma.fields.String(allow_none=True)
    control_key = ma.fields.String(
        metadata={"description": "The sub-ledger key its lines carry; empty for none"}
    )
    active = ma.fields.Boolean()


class AccountsOut(Schema):
    """The chart by code."""

    items = ListField(NestedField(AccountOut))


class TrialRowOut(Schema):
    """An account up to a day."""

    account = NestedField(AccountOut)
    debit_satang = ma.fields.Integer()
    credit_satang = ma.fields.Integer()
    balance_satang = ma.fields.Integer(metadata={"description": "Debits less credits"})


class TrialBalanceOut(Schema):
    """Every account posted to; the two totals of balances are equal."""

    on = DateField()
    rows = ListField(NestedField(TrialRowOut))
    debit_satang = ma.fields.Integer(metadata={"description": "Sum of the debit balances"})
    credit_satang = ma.fields.Integer(metadata={"description": "Sum of the credit balances"})


class PartyOut(Schema):
    """The producer or member a line belongs to."""

    kind = ma.fields.String()
    id = UuidField()
    number = ma.fields.String()
    name = ma.fields.String()


class EntryCardOut(Schema):
    """An entry in a list."""

    id = UuidField()
    number = ma.fields.String()
    fiscal_year = ma.fields.Integer(metadata={"description": "Buddhist era, the year it ends in"})
    entry_no = ma.fields.Integer()
    business_date = DateField()
    posted_at = MomentField()
    kind = ma.fields.String()
    source_type = ma.fields.String()
    source_id = UuidField()
    memo = ma.fields.String()
    total_satang = ma.fields.Integer()
    reverses_id = UuidField(allow_none=True)


class LedgerRowOut(Schema):
    """A line of an account."""

    entry = NestedField(EntryCardOut)
    line_no = ma.fields.Integer()
    debit_satang = ma.fields.Integer()
    credit_satang = ma.fields.Integer()
    balance_satang = ma.fields.Integer(metadata={"description": "Debits less credits after it"})
    memo = ma.fields.String()
    party = NestedField(PartyOut, allow_none=True)


class LedgerOut(Schema):
    """A page of an account's lines; opening, sums and closing are of all the days asked for."""

    account = NestedField(AccountOut)
    opening_satang = ma.fields.Integer()
    debit_satang = ma.fields.Integer()
    credit_satang = ma.fields.Integer()
    closing_satang = ma.fields.Integer()
    items = ListField(NestedField(LedgerRowOut), attribute="page.items")
    next = ma.fields.String(allow_none=True, attribute="page.next")


class PartyBalanceOut(Schema):
    """What stands on an account for one producer or member."""

    party = NestedField(PartyOut)
    balance_satang = ma.fields.Integer(metadata={"description": "Debits less credits"})


class PartyBalancesOut(Schema):
    """A control account by its sub-ledger."""

    on = DateField()
    account = NestedField(AccountOut)
    rows = ListField(NestedField(PartyBalanceOut))
    balance_satang = ma.fields.Integer()


class JournalOut(Schema):
    """A page of entries, latest first."""

    items = ListField(NestedField(EntryCardOut))
    next = ma.fields.String(allow_none=True)


class EntryLineOut(Schema):
    """A line of an entry."""

    line_no = ma.fields.Integer()
    account = NestedField(AccountOut)
    debit_satang = ma.fields.Integer()
    credit_satang = ma.fields.Integer()
    memo = ma.fields.String()
    party = NestedField(PartyOut, allow_none=True)
    lot_id = UuidField(allow_none=True)
    till_id = UuidField(allow_none=True)


class EntryOut(Schema):
    """An entry with its lines and what it is linked to."""

    entry = NestedField(EntryCardOut)
    posted_by = ma.fields.String()
    lines = ListField(NestedField(EntryLineOut))
    reverses = NestedField(EntryCardOut, allow_none=True)
    reversed_by = NestedField(EntryCardOut, allow_none=True)
