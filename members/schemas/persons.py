"""Persons and what happened to their memberships, as typed into forms.

What must stay true: a year of birth is typed in the Buddhist Era, as every paper here has it, and
may stand alone; thirteen digits of an id may be Thai and parted by hyphens.
"""

from __future__ import annotations

from typing import Any

from marshmallow import post_load, validates_schema

from core.errors import N_
from core.web.schemas import (
    DateField,
    IntegerField,
    OneOf,
    Schema,
    TextField,
    UuidField,
    refuse,
)
from members.models import FACT_KINDS
from members.rules.persons import birth_of
from members.schemas.register import PHONE

NOTE_LENGTH_MAX = 1000
REASON_LENGTH_MAX = 300
_NO_SUCH_DAY = N_("There was no such day; the year alone is enough")


class PersonForm(Schema):
    """A person as typed."""

    title = TextField(40, load_default="")
    first_name = TextField(80, required=True)
    last_name = TextField(80, load_default="")
    nickname = TextField(40, load_default="")
    phone = TextField(20, load_default="", pattern=PHONE, digits=True)
    house_no = TextField(20, load_default="", digits=True)
    village_id = UuidField(load_default=None, allow_none=True)
    birth_day = IntegerField(1, 31, load_default=None, allow_none=True)
    birth_month = IntegerField(1, 12, load_default=None, allow_none=True)
    birth_year = IntegerField(2400, 2700, load_default=None, allow_none=True)
    guardian_person_id = UuidField(load_default=None, allow_none=True)
    note = TextField(NOTE_LENGTH_MAX, load_default="")
    version = IntegerField(load_default=0)

    @validates_schema
    def _born_on_a_day_there_was(self, data: dict[str, Any], **_more: Any) -> None:
        if birth_of(data["birth_year"], data["birth_month"], data["birth_day"]) is None:
            raise refuse(_NO_SUCH_DAY, at="birth_year")

    @post_load
    def _with_birth(self, data: dict[str, Any], **_more: Any) -> dict[str, Any]:
        day, month, year = (data.pop(f"birth_{part}") for part in ("day", "month", "year"))
        data["birth"] = birth_of(year, month, day)
        return data


class NationalIdForm(Schema):
    """A national id as typed; nothing typed takes it away."""

    national_id = TextField(30, load_default="", digits=True)


class FactForm(Schema):
    """Something that happened to a membership, or to a producer."""

    fact_id = UuidField(required=True)
    kind = OneOf(FACT_KINDS, required=True)
    on_date = DateField(required=True)
    reason = TextField(REASON_LENGTH_MAX, load_default="")


class WithdrawForm(Schema):
    """Why a fact was wrong; with a day, that it happened then instead."""

    reason = TextField(REASON_LENGTH_MAX, required=True)
    on_date = DateField(load_default=None, allow_none=True)
    fact_id = UuidField(load_default=None, allow_none=True)


class JoinForm(Schema):
    """A person of the register who becomes a member."""

    joined_on = DateField(load_default=None, allow_none=True)


class GroupForm(Schema):
    """A group a person belongs to, from a day on."""

    id = UuidField(required=True)
    group_id = UuidField(required=True)
    from_day = DateField(required=True)


class LeaveForm(Schema):
    """The day somebody left a group."""

    left_on = DateField(required=True)
