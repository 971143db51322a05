"""Schemes of the state and their payments as typed into forms."""

from __future__ import annotations

from typing import Any

from core.web.schemas import BahtField, BooleanField, IntegerField, Schema, TextField, UuidField


class SchemeForm(Schema):
    """A scheme."""

    id = UuidField(required=True)
    version = IntegerField(0, 1_000_000, load_default=0)
    code = TextField(20, required=True)
    name_th = TextField(80, required=True)
    name_en = TextField(80, load_default="")
    categories = TextField(300, load_default="")
    bill_max_satang = BahtField(1, load_default=None)
    active = BooleanField(load_default=False)

    def read(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return the categories one by one, as they were typed with commas."""
        typed = (one.strip() for one in data["categories"].split(","))
        return data | {"categories": tuple(one for one in typed if one)}


class SettleForm(Schema):
    """Money of a scheme; what it says of each claim is read beside it."""

    id = UuidField(required=True)
    received_satang = BahtField(0, required=True)
    fee_satang = BahtField(0, load_default=0)
    reference = TextField(60, load_default="")
    note = TextField(300, load_default="")
