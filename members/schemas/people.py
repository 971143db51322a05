"""Users, sessions, tokens and the audit trail as they come in and go out.

What must stay true: no password and no hash ever goes out; a token goes out once.
"""

from __future__ import annotations

from marshmallow import fields

from core.web.api import WindowSchema
from core.web.i18n import LANGUAGES
from core.web.schemas import (
    BooleanField,
    IntegerField,
    ListField,
    MomentField,
    NestedField,
    OneOf,
    Schema,
    TextField,
    UuidField,
)
from members.rules.passwords import LENGTH_MAX
from members.rules.roles import GRANTED, Role
from members.services.tokens import DAYS_MAX

USERNAME = r"[^\s@:/\\]{2,60}"
ROLE_NAMES = tuple(role.value for role in GRANTED)


def password_field(*, required: bool = True) -> TextField:
    """A password: any characters, kept as typed; the rules about it are in the service."""
    options = {"required": True} if required else {"load_default": ""}
    return TextField(LENGTH_MAX, verbatim=True, load_only=True, **options)


class SignInForm(Schema):
    """Name and password."""

    username = TextField(60, required=True)
    password = password_field()
    next = TextField(2000, load_default="", verbatim=True)


class UserIn(Schema):
    """A person to let in."""

    username = TextField(60, required=True, pattern=USERNAME)
    display_name = TextField(120, required=True)
    password = password_field()
    roles = ListField(OneOf(ROLE_NAMES), required=True, fewest=1, most=len(ROLE_NAMES))
    producer_id = UuidField(load_default=None, allow_none=True)
    locale = OneOf(LANGUAGES, load_default="th")


class UserChangeIn(Schema):
    """What a manager changes of a user."""

    display_name = TextField(120, required=True)
    roles = ListField(OneOf(ROLE_NAMES), required=True, fewest=1, most=len(ROLE_NAMES))
    producer_id = UuidField(load_default=None, allow_none=True)
    active = BooleanField(load_default=True)


class UserForm(Schema):
    """A user as typed into the form, new or known."""

    username = TextField(60, load_default="", pattern=USERNAME)
    display_name = TextField(120, required=True)
    password = password_field(required=False)
    roles = ListField(OneOf(ROLE_NAMES), load_default=list, most=len(ROLE_NAMES))
    producer_no = TextField(20, load_default="", digits=True)
    locale = OneOf(LANGUAGES, load_default="th")
    active = BooleanField(load_default=False)
    version = IntegerField(load_default=0)


class UserOut(Schema):
    """A user as the centre sees them."""

    id = UuidField()
    username = TextField(60)
    display_name = TextField(120)
    locale = OneOf(LANGUAGES)
    active = BooleanField()
    roles = ListField(OneOf(ROLE_NAMES))
    producer_id = UuidField(allow_none=True)
    version = IntegerField()


class PasswordIn(Schema):
    """A new password for a user."""

    password = password_field()


class OwnPasswordIn(Schema):
    """The present password and the new one."""

    present_password = password_field()
    password = password_field()


class OwnPasswordForm(OwnPasswordIn):
    """The same, the new one typed twice."""

    password_again = password_field()


class LocaleIn(Schema):
    """The language someone reads."""

    locale = OneOf(LANGUAGES, required=True)


class SessionOut(Schema):
    """A signed-in browser."""

    id = TextField(16)
    created_at = MomentField()
    last_seen_at = MomentField()
    address = TextField(60)
    user_agent = TextField(200)
    is_current = BooleanField()


class TokenIn(Schema):
    """A token for a machine; it acts for `user_id`, by default for whoever makes it."""

    name = TextField(80, required=True)
    days = IntegerField(1, DAYS_MAX, load_default=90)
    user_id = UuidField(load_default=None, allow_none=True)


class TokenOut(Schema):
    """A token in the list."""

    id = UuidField()
    name = TextField(80)
    user_id = UuidField()
    user_name = TextField(120)
    created_at = MomentField()
    expires_at = MomentField()
    revoked_at = MomentField(allow_none=True)


class NewTokenOut(TokenOut):
    """The answer to the making of a token: the only one that holds it."""

    token = TextField(100)


class MeOut(Schema):
    """The reader: who, in which role, with which rights in this centre."""

    user_id = UuidField(allow_none=True)
    name = TextField(120)
    locale = OneOf(LANGUAGES)
    roles = ListField(OneOf(tuple(role.value for role in Role)))
    permissions = ListField(TextField(40))
    producer_id = UuidField(allow_none=True)


class AuditArgs(WindowSchema):
    """Filters of the audit trail."""

    subject_type = TextField(40, load_default="")
    subject_id = TextField(60, load_default="")
    user_id = UuidField(load_default=None)


class AuditEntryOut(Schema):
    """One thing someone did."""

    id = UuidField()
    at = MomentField()
    user_id = UuidField(allow_none=True)
    user_name = TextField(120)
    action = TextField(60)
    subject_type = TextField(40)
    subject_id = TextField(60)
    facts = fields.Dict()


class AuditPageOut(Schema):
    """A page of the audit trail, latest first."""

    items = ListField(NestedField(AuditEntryOut))
    next = TextField(200, allow_none=True)
