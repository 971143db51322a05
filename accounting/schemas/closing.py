"""Forms of the month's close."""

from __future__ import annotations

from core.web.schemas import Schema, TextField, UuidField

REASON_MAX = 300


class PrepareForm(Schema):
    """The preparer's signature; the id makes pressing twice harmless."""

    id = UuidField(required=True)


class ReasonForm(Schema):
    """Why a step is let pass."""

    reason = TextField(REASON_MAX, required=True)


class ReopenForm(ReasonForm):
    """Why a locked month should open."""

    id = UuidField(required=True)
