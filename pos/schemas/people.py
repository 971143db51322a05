"""What a till asks and is told about the people who stand at it."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from core.errors import N_
from core.web.schemas import MomentField, OneOf, SatangField, Schema, TextField, UuidField, refuse
from members.schemas.people import password_field
from pos.models import OVERRIDE_KINDS


class SecretIn(Schema):
    """Who says it, and by what: a PIN of this centre, or the password."""

    till_id = UuidField(required=True)
    user_id = UuidField(required=True)
    pin = TextField(20, load_default="", metadata={"format": "password"})
    password = password_field(required=False)

    @ma.validates_schema
    def one_secret(self, data: dict[str, Any], **_: Any) -> None:
        if bool(data.get("pin")) == bool(data.get("password")):
            raise refuse(N_("Enter the PIN, or the password"), at="pin")


class SwitchIn(SecretIn):
    """Hand the till on to somebody."""


class OverrideIn(SecretIn):
    """A manager's word for one document: up to a sum, for a reason."""

    kind = OneOf(OVERRIDE_KINDS, required=True)
    document_id = UuidField(required=True)
    asked_satang = SatangField(required=True)
    reason = TextField(300, required=True)
    total_satang = SatangField(load_default=None, allow_none=True)
    about = TextField(120, load_default="")


class PractisedOverrideIn(OverrideIn):
    """The same in training, where nobody's PIN is asked for."""

    user_id = UuidField(load_default=None, allow_none=True)

    @ma.validates_schema
    def one_secret(self, data: dict[str, Any], **_: Any) -> None:
        """Any or none will do."""


class TillPeopleQuery(Schema):
    """The till that asks."""

    till_id = UuidField(required=True)


class TillPersonOut(Schema):
    """Somebody who may take the till over."""

    user_id = UuidField()
    name = ma.fields.String()
    has_pin = ma.fields.Boolean()
    pin_shut = ma.fields.Boolean()
    gives_overrides = ma.fields.Boolean()


class TillPeopleOut(Schema):
    """Who may take the till over, and whether PINs work on this machine."""

    enrolled = ma.fields.Boolean()
    people = ma.fields.List(ma.fields.Nested(TillPersonOut))


class SwitchOut(Schema):
    """Who stands at the till now."""

    user_id = UuidField()
    name = ma.fields.String()


class OverrideOut(Schema):
    """An override as it was given."""

    id = UuidField()
    kind = ma.fields.String()
    document_id = UuidField()
    asked_satang = ma.fields.Integer()
    granted_name = ma.fields.String()
    expires_at = MomentField()
