"""What may be typed around the old books; the files themselves are read by core.tables_in."""

from __future__ import annotations

from core.web.schemas import DateField, Schema, UuidField


class BringInForm(Schema):
    """A new import: its id, made with the empty form, and the day it is of."""

    id = UuidField(required=True)
    opening_on = DateField(required=True)


class ChoicesForm(Schema):
    """The day again; the accounts chosen stand beside it, one field a line."""

    opening_on = DateField(required=True)
