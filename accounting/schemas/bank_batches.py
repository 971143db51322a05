"""Bank files, and the bank's answers to them, as typed into forms."""

from __future__ import annotations

import marshmallow as ma

from accounting.services.bank_batches import WAYS
from core.web.schemas import BooleanField, OneOf, Schema, TextField, UuidField


class BatchForm(Schema):
    """A bank file to make: for the payees ticked, or for all who can be paid this way."""

    id = UuidField(required=True)
    way = OneOf(WAYS, required=True)
    payee_ids = ma.fields.List(UuidField(), load_default=None, validate=ma.validate.Length(0, 5000))
    skip_missing = BooleanField(load_default=False)


class AnswerForm(Schema):
    """The bank's answer to one line."""

    line_no = TextField(6, required=True, pattern=r"[0-9]{1,6}")
    result = OneOf(("paid", "failed"), required=True)
    reference = TextField(60, load_default="")
