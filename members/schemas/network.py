"""Invitations to a network, and their answers, as typed."""

from __future__ import annotations

from core.web.schemas import DateField, IntegerField, OneOf, Schema, TextField, UuidField
from members.models import INVITATION_KINDS, ORGANISATION_TYPES
from members.schemas.people import USERNAME, password_field
from members.services.invitations import DAYS_MAX

CENTRE_CODE = r"[A-Za-z0-9-]{2,20}"


class InviteForm(Schema):
    """An invitation to send."""

    id = UuidField(required=True)
    kind = OneOf(INVITATION_KINDS, required=True)
    for_code = TextField(20, load_default="", pattern=CENTRE_CODE)
    name_th = TextField(200, load_default="")
    joins_on = DateField(load_default=None, allow_none=True)
    days = IntegerField(1, DAYS_MAX, load_default=30)
    note = TextField(200, load_default="")


class CodeForm(Schema):
    """The code of an invitation, or the invitation itself where it asks this very centre."""

    code = TextField(40, load_default="", digits=True)
    invitation_id = UuidField(load_default=None, allow_none=True)


class FoundForm(Schema):
    """A centre to found on an invitation, and its first manager."""

    code = TextField(40, required=True, digits=True)
    name_th = TextField(200, required=True)
    name_en = TextField(200, load_default="")
    centre_code = TextField(20, required=True, pattern=CENTRE_CODE)
    organisation_type = OneOf(ORGANISATION_TYPES, load_default="community_enterprise")
    username = TextField(60, required=True, pattern=USERNAME)
    password = password_field()
