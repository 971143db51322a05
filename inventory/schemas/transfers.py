"""Transfers, arrivals and what fell short, as typed into forms."""

from __future__ import annotations

from core.web.schemas import IntegerField, OneOf, QuantityField, Schema, TextField, UuidField
from inventory.models import BEARERS

TO = r"(place:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|centre:[0-9]{1,15})"


class SendForm(Schema):
    """The head of a transfer; quantities are read lot by lot. `to` is place:… or centre:…"""

    id = UuidField(required=True)
    from_location_id = UuidField(required=True)
    to = TextField(60, required=True, pattern=TO)
    note = TextField(300, load_default="")


class SendLineForm(Schema):
    """How much of a lot goes."""

    quantity = QuantityField(required=True)


class ReceiveForm(Schema):
    """The head of an arrival; quantities are read line by line."""

    id = UuidField(required=True)
    location_id = UuidField(required=True)
    note = TextField(300, load_default="")


class ReceiveLineForm(Schema):
    """What arrived of a line, and which of our products it is."""

    line_no = IntegerField(1)
    received = QuantityField(0, required=True)
    product = UuidField(load_default=None)


class SettleForm(Schema):
    """Why something is missing; what became of it is read line by line."""

    reason = TextField(300, required=True)


class SettleLineForm(Schema):
    """What became of the missing part of a line."""

    line_no = IntegerField(1)
    returned = QuantityField(0, load_default=0)
    lost = QuantityField(0, load_default=0)
    bearer = OneOf(BEARERS, load_default="centre")
