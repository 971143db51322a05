"""What a list of sales may be narrowed to."""

from __future__ import annotations

from core.web.schemas import IntegerField, OneOf, TextField, UuidField
from pos.models import PAYMENT_METHODS
from pos.schemas.welfare import DaysArgs


class SalesArgs(DaysArgs):
    """Days, and whose or what; a number of a receipt opens that one."""

    receipt_no = TextField(30, load_default="")
    cashier = UuidField(load_default=None)
    till = UuidField(load_default=None)
    method = OneOf(PAYMENT_METHODS, load_default=None)
    product = UuidField(load_default=None)
    hour = IntegerField(0, 23, load_default=None)
