"""Consents, requests about data and merges, as they are typed."""

from __future__ import annotations

from core.web.schemas import DateField, OneOf, Schema, TextField, UuidField
from members.models import CONSENT_PURPOSES, REQUEST_KINDS, REQUEST_OUTCOMES


class ConsentForm(Schema):
    """A word of a person on one purpose."""

    id = UuidField(required=True)
    purpose = OneOf(CONSENT_PURPOSES, required=True)
    given = OneOf(("yes", "no"), required=True)
    on_date = DateField(required=True)
    by_guardian = OneOf(("", "1"), load_default="")


class RequestForm(Schema):
    """What someone asked about their data, and what came of it."""

    id = UuidField(required=True)
    kind = OneOf(REQUEST_KINDS, required=True)
    asked_on = DateField(required=True)
    outcome = OneOf(REQUEST_OUTCOMES, required=True)
    reason = TextField(1000, load_default="", lines=True)


class EraseForm(Schema):
    """Being forgotten, as asked on a day; the word typed says it is meant."""

    id = UuidField(required=True)
    asked_on = DateField(required=True)
    sure = OneOf(("1",), required=True)


class MergeForm(Schema):
    """Two people who are one: who stands, who is merged, why."""

    id = UuidField(required=True)
    kept_id = UuidField(required=True)
    merged_id = UuidField(required=True)
    reason = TextField(500, required=True, lines=True)


class ApartForm(Schema):
    """Two people who are two."""

    first_id = UuidField(required=True)
    second_id = UuidField(required=True)
