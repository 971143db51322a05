"""What people type about funds: the funds and rules, contributions, rounds, requests, payments."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from accounting.rules.chart import Purpose
from accounting.rules.funds import (
    CATEGORIES,
    GIVERS,
    KINDS,
    MATCHING,
    OF_MEMBERS,
    PRECISIONS,
    PURPOSES,
    RATIO,
    FundRule,
    MatchRule,
)
from accounting.services.funds.register import NewFund
from core.web.schemas import (
    BahtField,
    BooleanField,
    DateField,
    IntegerField,
    ListField,
    OneOf,
    PercentField,
    Schema,
    TextField,
    UuidField,
)

NOTE_MAX = 200
GIVEN = tuple(one for one in GIVERS if one != "repayment")
PLACES = ("safe", "bank", "apart")


class FundForm(Schema):
    """A fund as it is typed: what it is for, or the account that keeps it."""

    id = UuidField(required=True)
    code = TextField(20, required=True)
    name_th = TextField(120, required=True)
    name_en = TextField(120, load_default="")
    kind = OneOf(tuple(KINDS), load_default="")
    purpose = OneOf([purpose.value for purpose in OF_MEMBERS], load_default="")

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> NewFund:
        purpose, kind = data.pop("purpose"), data["kind"]
        account = KINDS[kind][1] if kind and not purpose else Purpose(purpose or "welfare_fund")
        return NewFund(**data, purpose=account)


class RuleForm(Schema):
    """A fund's rule; an empty limit is none."""

    id = UuidField(required=True)
    who_may_ask = TextField(200, load_default="")
    purposes = ListField(OneOf(tuple(PURPOSES)), load_default=list)
    request_max = BahtField(minimum=1, load_default=None)
    recipient_year_max = BahtField(minimum=1, load_default=None)
    approvals = IntegerField(2, 9, required=True)
    expires_on = DateField(load_default=None)
    registration_no = TextField(60, load_default="")
    giver = TextField(120, load_default="")
    resolution_id = UuidField(load_default=None)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        identity, resolution = data.pop("id"), data.pop("resolution_id")
        for name in ("request_max", "recipient_year_max"):
            data[f"{name}_satang"] = data.pop(name)
        rule = FundRule(**data | {"purposes": tuple(dict.fromkeys(data["purposes"]))})
        return {"id": identity, "rule": rule, "resolution_id": resolution}


class ContributionForm(Schema):
    """Money that came in."""

    id = UuidField(required=True)
    source = OneOf(GIVEN, required=True)
    amount = BahtField(minimum=1, required=True)
    paid_to = OneOf(PLACES, required=True)
    giver_name = TextField(120, load_default="")
    member_no = TextField(30, load_default="", digits=True)
    village_id = UuidField(load_default=None)
    case_id = UuidField(load_default=None)
    business_date = DateField(load_default=None)
    note = TextField(NOTE_MAX, load_default="")


class RepaymentForm(Schema):
    """Help that was to be paid back, paid back."""

    id = UuidField(required=True)
    amount = BahtField(minimum=1, required=True)
    paid_to = OneOf(PLACES, required=True)
    note = TextField(NOTE_MAX, load_default="")


class RoundForm(Schema):
    """A round as its giver announced it."""

    id = UuidField(required=True)
    fund_id = UuidField(required=True)
    title = TextField(160, required=True)
    source = OneOf(MATCHING, required=True)
    giver_name = TextField(120, required=True)
    rule_type = OneOf(("fixed", RATIO), required=True)
    amount = BahtField(load_default=0)
    ratio = PercentField(load_default=0)
    cap = BahtField(minimum=1, load_default=None)
    counts_from = DateField(required=True)
    counts_to = DateField(required=True)
    happened_on = DateField(required=True)
    happened_precision = OneOf(PRECISIONS, load_default="day")
    recipients_stated = IntegerField(0, 1_000_000, load_default=None)
    note = TextField(500, load_default="")

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        figures = [data.pop(name) for name in ("rule_type", "amount", "ratio", "cap")]
        return data | {"rule": MatchRule(*figures)}


class MatchForm(Schema):
    """A village's part of a round."""

    id = UuidField(required=True)
    village_id = UuidField(required=True)
    paid_to = OneOf(PLACES, required=True)
    business_date = DateField(load_default=None)


class CaseForm(Schema):
    """A death for which aid is collected."""

    id = UuidField(required=True)
    deceased_name = TextField(120, required=True)
    died_on = DateField(required=True)
    member_no = TextField(30, load_default="", digits=True)
    village_id = UuidField(load_default=None)


class RequestForm(Schema):
    """A request for somebody, with as little of them as it takes."""

    id = UuidField(required=True)
    fund_id = UuidField(required=True)
    name = TextField(120, required=True)
    category = OneOf(tuple(CATEGORIES), required=True)
    village_id = UuidField(load_default=None)
    member_no = TextField(30, load_default="", digits=True)
    minor = BooleanField(load_default=False)
    guardian_name = TextField(120, load_default="")
    guardian_relation = TextField(60, load_default="")
    purpose = OneOf(tuple(PURPOSES), required=True)
    amount = BahtField(minimum=1, required=True)
    reason = TextField(500, load_default="", lines=True)
    case_id = UuidField(load_default=None)
    round_id = UuidField(load_default=None)


class ReasonForm(Schema):
    """Why something is refused, withdrawn or taken back."""

    reason = TextField(300, required=True)


class PayForm(Schema):
    """An approved request paid."""

    id = UuidField(required=True)
    paid_from = OneOf(PLACES, required=True)
    expense_account_id = UuidField(load_default=None)
    business_date = DateField(load_default=None)


class MoveForm(Schema):
    """Money carried to another fund."""

    id = UuidField(required=True)
    to_fund_id = UuidField(required=True)
    amount = BahtField(minimum=1, required=True)
    resolution_id = UuidField(required=True)
    note = TextField(NOTE_MAX, load_default="")


class EndForm(Schema):
    """The end of a fund."""

    id = UuidField(required=True)
    resolution_id = UuidField(required=True)
    rest_to_fund_id = UuidField(load_default=None)
