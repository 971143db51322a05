"""Count sheets, rounds and approvals as typed into forms."""

from __future__ import annotations

from core.web.schemas import (
    DateField,
    IntegerField,
    OneOf,
    QuantityField,
    Schema,
    TextField,
    UuidField,
)
from inventory.models import BEARERS
from inventory.rules.counting import ROUNDS_MAX


class SheetForm(Schema):
    """A count to print."""

    id = UuidField(required=True)
    location_id = UuidField(required=True)
    producer_id = UuidField(load_default=None)
    note = TextField(300, load_default="")


class RoundForm(Schema):
    """The head of a round as typed; its figures are read one by one. Without a time it is now."""

    round_no = IntegerField(1, ROUNDS_MAX, required=True)
    counted_on = DateField(load_default=None)
    counted_time = TextField(
        5, load_default="", digits=True, pattern=r"([01]?[0-9]|2[0-3])[:.][0-5][0-9]"
    )
    extra_lot = TextField(30, load_default="", digits=True)
    extra_count = QuantityField(0, load_default=None)


class FigureForm(Schema):
    """What was counted of a lot."""

    count = QuantityField(0, required=True)


class ApproveForm(Schema):
    """Who signed; who bears which loss is read lot by lot."""

    producer_signed = TextField(160, load_default="")
    unsigned_reason = TextField(300, load_default="")


class BearerForm(Schema):
    """Who bears the loss of a lot."""

    bearer = OneOf(BEARERS, required=True)


class GiveUpForm(Schema):
    """Why a sheet is given up."""

    reason = TextField(300, required=True)
