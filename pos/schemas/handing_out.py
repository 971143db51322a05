"""The form an order of a joint round is handed out by."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import marshmallow as ma

from core.errors import N_
from core.money import SATANG_MAX
from core.web.schemas import BahtField, OneOf, Schema, TextField, UuidField, refuse

HAND_OUT_METHODS = ("cash", "transfer", "promptpay", "credit", "purse")


class HandOutForm(Schema):
    """Where (`till:shift`), how it is paid, and for cash the money handed over.

    A part may be paid in another way (`also`), never in cash.
    """

    id = UuidField(required=True)
    at = TextField(80, required=True)
    method = OneOf(HAND_OUT_METHODS, required=True)
    amount = BahtField(0, SATANG_MAX, load_default=0)
    reference = TextField(60, load_default="")
    also = OneOf(HAND_OUT_METHODS[1:], load_default=None)
    also_amount = BahtField(0, SATANG_MAX, load_default=0)
    also_reference = TextField(60, load_default="")

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        till, _colon, shift = data["at"].partition(":")
        try:
            data["at"] = UUID(till), UUID(shift)
        except ValueError:
            raise refuse(N_("Choose the till"), at="at") from None
        return data
