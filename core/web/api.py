"""The API's frame: one `Blueprint`, one `Api`, strict JSON, versions and keyset pages.

A room's api.py writes:

    blueprint = Blueprint("members_api", __name__, url_prefix=CENTRE_URL, description="…")

    @blueprint.put("/members/<uuid:member_id>")
    @blueprint.arguments(MemberIn)
    @blueprint.response(200, MemberOut)
    def put_member(command, centre_id, member_id):
        '''Change a member.'''
        actor = current_actor(centre_id)
        member = in_transaction(members.change, replace(command, version=require_version()), actor)
        return member, etag_of(member.version)

What must stay true: only this file and the rooms' api.py know flask-smorest, and no JSON reaches a
schema that is not well-formed, finite and free of doubled names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import marshmallow as ma
from flask import Flask, Request, request
from flask_smorest import Api as SmorestApi
from flask_smorest import Blueprint as SmorestBlueprint
from flask_smorest.utils import prepare_response
from webargs import core as webargs_core
from webargs.flaskparser import FlaskParser

from core.errors import VersionRequired
from core.paging import LIMIT_DEFAULT, LIMIT_MAX, Window
from core.web.problems import PROBLEM_TYPE, Malformed, UnsupportedType
from core.web.schemas import IntegerField, Schema, TextField

API_URL = "/api/v1"
CENTRE_URL = API_URL + "/centres/<int:centre_id>"
View = TypeVar("View", bound=Callable[..., Any])
_ETAG = re.compile(r'(?:W/)?"v([0-9]{1,9})"')


# --- documents -------------------------------------------------------------------------------


class ProblemError(ma.Schema):
    """One wrong value of a request."""

    pointer = ma.fields.String(metadata={"description": "JSON pointer to the value"})
    detail = ma.fields.String(metadata={"description": "What is wrong, in the reader's language"})


class Problem(ma.Schema):
    """A refusal (RFC 9457); further members are the refusal's facts."""

    type = ma.fields.String(metadata={"description": "/problems/<code>"})
    code = ma.fields.String(metadata={"description": "Stable code, see docs/errors.md"})
    title = ma.fields.String()
    status = ma.fields.Integer()
    detail = ma.fields.String()
    instance = ma.fields.String()
    errors = ma.fields.List(ma.fields.Nested(ProblemError))

    class Meta:
        unknown = ma.INCLUDE


class WindowSchema(Schema):
    """`?after=&limit=`: `@blueprint.arguments(WindowSchema, location="query")` gives a `Window`.

    A subclass with filters gives a dict of its fields and `window`.
    """

    after = TextField(200, load_default=None, metadata={"description": "`next` of the last page"})
    limit = IntegerField(1, LIMIT_MAX, load_default=LIMIT_DEFAULT)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> Any:
        window = Window(data.pop("after"), data.pop("limit"))
        return {**data, "window": window} if len(self.fields) > 2 else window


# --- the frame -------------------------------------------------------------------------------


class StrictParser(FlaskParser):
    """Reads a body only as well-formed JSON, and refuses unknown query parameters."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {  # noqa: RUF012
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": ma.RAISE,
        "querystring": ma.RAISE,
    }

    def load_querystring(self, req: Request, schema: ma.Schema) -> Any:
        arguments = req.args.copy()
        arguments.pop("lang", None)  # the reader's language; see core.web.i18n
        return self._makeproxy(arguments, schema)

    def _raw_load_json(self, req: Request) -> Any:
        body = req.get_data(cache=True)
        if not body and not req.mimetype:
            return webargs_core.missing
        if not webargs_core.is_json(req.mimetype):
            raise UnsupportedType
        return strict_json(body)


def strict_json(body: bytes) -> Any:
    """Read JSON; broken UTF-8, NaN, doubled names, endless numbers and nesting are malformed."""
    try:
        return json.loads(
            body.decode("utf-8"), object_pairs_hook=_without_doubles, parse_constant=_no_constant
        )
    except (ValueError, RecursionError):
        raise Malformed from None


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice in one object")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


class Blueprint(SmorestBlueprint):  # type: ignore[misc]
    """A room's part of the API."""

    ARGUMENTS_PARSER = StrictParser()

    if TYPE_CHECKING:
        # What comes from flask-smorest carries no types; these keep a view's own.
        def get(self, rule: str, **options: Any) -> Callable[[View], View]: ...
        def put(self, rule: str, **options: Any) -> Callable[[View], View]: ...
        def post(self, rule: str, **options: Any) -> Callable[[View], View]: ...
        def delete(self, rule: str, **options: Any) -> Callable[[View], View]: ...
        def arguments(self, schema: Any, **options: Any) -> Callable[[View], View]: ...
        def response(
            self, status_code: int, schema: Any = None, **options: Any
        ) -> Callable[[View], View]: ...
        def alt_response(self, status_code: int, **options: Any) -> Callable[[View], View]: ...


class Api(SmorestApi):  # type: ignore[misc]
    """flask-smorest with our refusals: core.web.problems answers all of them."""

    ERROR_SCHEMA = Problem

    def _register_error_handlers(self) -> None:
        """Errors are answered by core.web.problems, for the API and the pages alike."""

    def _register_responses(self) -> None:
        names = {status.name: status.phrase for status in HTTPStatus if status >= 400}
        for name, phrase in {**names, self.DEFAULT_ERROR_RESPONSE_NAME: "A refusal"}.items():
            response: dict[str, Any] = {"description": phrase, "schema": self.ERROR_SCHEMA}
            prepare_response(response, self.spec, PROBLEM_TYPE)
            self.spec.components.response(name, response, lazy=True)


def init_app(app: Flask) -> Api:
    """Make the API of `app`; rooms' blueprints are registered on what comes back."""
    app.config.update(
        API_TITLE="Sunruam",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=API_URL,
        OPENAPI_JSON_PATH="openapi.json",
    )
    api = Api(app)
    schemes = api.spec.components
    schemes.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    schemes.security_scheme("cookie", {"type": "apiKey", "in": "cookie", "name": "sunruam_session"})
    schemes.security_scheme("csrf", {"type": "apiKey", "in": "header", "name": "X-CSRF-Token"})
    api.spec.options["security"] = [{"bearer": []}, {"cookie": [], "csrf": []}]
    return api


# --- two people on one record, long lists ----------------------------------------------------


def etag_of(version: int) -> dict[str, str]:
    """Return the header that names a record's version: `return record, etag_of(record.version)`."""
    return {"ETag": f'"v{version}"'}


def require_version() -> int:
    """Return the version named by If-Match; a change without one is refused (428)."""
    given = request.headers.get("If-Match")
    if given is None:
        raise VersionRequired
    found = _ETAG.fullmatch(given.strip())
    # A tag we never gave matches no version: the service answers 412 as for an old one.
    return int(found[1]) if found else -1


def page_window(after: str | None = None, limit: int | None = None) -> Window:
    """Return the window of a page's own query (`request.args`), bounded."""
    limit = LIMIT_DEFAULT if limit is None else min(max(limit, 1), LIMIT_MAX)
    return Window((after or "")[:200] or None, limit)
