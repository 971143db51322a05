"""What may be typed around brought tables; the files themselves are read by core.tables_in."""

from __future__ import annotations

from core.web.schemas import BooleanField, DateField, Schema, UuidField


class BringTableForm(Schema):
    """A new import: its id, made with the empty form, and the day it is of where one is asked."""

    id = UuidField(required=True)
    opening_on = DateField(load_default=None)


class TakeTableForm(Schema):
    """Whether known rows are written over."""

    change_known = BooleanField(load_default=False)
