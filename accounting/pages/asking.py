"""Reading what a page of the books is asked for: days in either era, in the address itself.

What must stay true: a day that can't be read is said so beside its field, and what was typed stays.
"""

from __future__ import annotations

from datetime import date

from flask import request
from marshmallow import Schema, ValidationError

from accounting.rules.periods import Span
from core.dates import format_date
from core.web import show
from core.web.forms import Form
from core.web.problems import flattened
from core.web.words import translated


def asked(schema: Schema) -> Form:
    """Read the address's query through a schema; fields it does not know are left alone."""
    names = {field.data_key or name for name, field in schema.fields.items()}
    given = {name: request.args[name] for name in names if request.args.get(name)}
    form = Form(given=dict(given))
    try:
        form.data = dict(schema.load(given))
    except ValidationError as error:
        form.status = 422
        for path, message in flattened(error.messages):
            form.errors.setdefault(path[0] if path else "form", translated(message))
    return form


def typed(day: date | None) -> str:
    """Return a day as it is typed into a field: 09/10/2568 for a Thai reader."""
    return format_date(day, show.language(), "form") if day else ""


def given_span(form: Form, span: Span) -> dict[str, str]:
    """Return the two days for their fields: as we write them, or as typed if one is wrong."""
    if form.errors:
        return {name: form.given.get(name, "") for name in ("from", "to")}
    return {"from": typed(span.first), "to": typed(span.last)}


def given_day(form: Form, day: date) -> str:
    """Return the one day for its field, likewise."""
    return form.given.get("on", "") if form.errors else typed(day)
