"""Limits on what may come in at all, before any view sees it.

What must stay true: no request can make us read an endless body, convert an endless number or hand
the database text it can't hold.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import unquote_to_bytes

from flask import Flask, current_app, request
from werkzeug.routing import IntegerConverter

from core.web.problems import Malformed

BODY_BYTES_MAX = 1024 * 1024
FORM_PARTS_MAX = 1000
_BODY_LIMIT = "sunruam_body_bytes_max"

F = TypeVar("F", bound=Callable[..., object])


class WholeNumber(IntegerConverter):
    """A number in an address: at most 15 digits, so it fits every database and script."""

    regex = r"[0-9]{1,15}"


def takes_files(bytes_max: int) -> Callable[[F], F]:
    """Let one view take a body of up to `bytes_max` bytes (a picture, a spreadsheet).

    Put it under the route. Fields that are no files stay within the common limit.
    """

    def mark(view: F) -> F:
        setattr(view, _BODY_LIMIT, bytes_max)
        return view

    return mark


def init_app(app: Flask) -> None:
    """Set the limits of `app`; call before routes are added, for the number converter."""
    app.config["MAX_CONTENT_LENGTH"] = BODY_BYTES_MAX
    app.config["MAX_FORM_MEMORY_SIZE"] = BODY_BYTES_MAX
    app.config["MAX_FORM_PARTS"] = FORM_PARTS_MAX
    app.url_map.converters["int"] = WholeNumber
    # Before anything reads the form, the CSRF check among them.
    app.before_request(_widen)
    app.before_request(_refuse_unreadable)


def _widen() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    allowed = getattr(view, _BODY_LIMIT, None)
    if allowed is not None:
        request.max_content_length = allowed


def _refuse_unreadable() -> None:
    """Broken UTF-8 would otherwise be kept as odd signs, and NUL can't be kept at all."""
    path = request.environ.get("PATH_INFO", "").encode("latin-1", "replace")
    quoted = [request.query_string]
    if request.mimetype == "application/x-www-form-urlencoded":
        quoted.append(request.get_data(cache=True).replace(b"+", b" "))
    for raw in (path, *map(unquote_to_bytes, quoted)):
        try:
            raw.decode("utf-8")
        except UnicodeDecodeError:
            raise Malformed from None
        if b"\0" in raw:
            raise Malformed
