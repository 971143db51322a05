"""HTML forms: the same strict schemas as the API, and everything typed is given back.

A page writes:

    form = read_form(NewMemberForm)              # POST; or Form() / Form(given={...}) to start
    if form.ok:
        try:
            member = in_transaction(members.create, NewMember(**form.data), actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return redirect(...)
    return render_template("members/new.html", form=form, errors=form.errors), form.status

What must stay true: a refused form shows what is wrong beside each field and loses no keystroke.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import request
from marshmallow import Schema, ValidationError
from marshmallow.fields import List

from core.errors import DomainError
from core.web import show
from core.web.csrf import FIELD
from core.web.problems import Malformed, flattened, words
from core.web.words import translated


@dataclass(slots=True)
class Form:
    """What was typed (`given`), what it means (`data`), and what is wrong with it."""

    given: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    refusal: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    """The refusal's facts: a page may lead from them to what helps."""
    status: int = 200
    names: frozenset[str] = frozenset()

    @property
    def ok(self) -> bool:
        return not self.errors and not self.refusal

    def refuse(self, error: DomainError) -> None:
        """Show a refusal above the form (or beside its `field`, when the error names one)."""
        # Thai parts its sentences by a space.
        between = " " if show.language() == "th" else ". "
        sentence = between.join(part.rstrip(".") for part in words(error) if part)
        self.status, self.facts = error.status, error.facts
        if error.facts.get("field") in self.names:
            self.errors[error.facts["field"]] = sentence
        else:
            self.refusal = sentence


def read_form(schema: type[Schema] | Schema, *, keep: tuple[str, ...] = ()) -> Form:
    """Read the request's form through a schema. Fields in `keep` (buttons …) are ignored.

    An empty field counts as not filled in, as people mean it. Values of a form are text; passwords
    are never given back.
    """
    schema = schema() if isinstance(schema, type) else schema
    given: dict[str, Any] = {}
    for name, values in request.form.lists():
        if name in {FIELD, *keep}:
            continue
        if any("\ufffd" in value for value in values):
            raise Malformed
        given[name] = values if isinstance(schema.fields.get(name), List) else values[-1]
    form = Form(
        given={name: value for name, value in given.items() if "password" not in name},
        names=frozenset(schema.fields),
    )
    try:
        loaded = schema.load({name: value for name, value in given.items() if value != ""})
        form.data = dict(loaded) if isinstance(loaded, Mapping) else {"command": loaded}
    except ValidationError as error:
        form.status = 422
        for path, message in flattened(error.messages):
            form.errors.setdefault(path[0] if path else "form", translated(message))
    return form
