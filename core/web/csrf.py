"""No other site may act in a reader's name.

What must stay true: every unsafe request that the browser's cookies could have authorised carries
a token this host gave to that very session (form field `csrf_token` or header `X-CSRF-Token`).
Bearer requests need none: no browser adds that header by itself. Forms for people who are not
signed in yet (`public_form`) are bound to a visitor cookie in the same way.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

from flask import Flask, current_app, request
from werkzeug.wrappers import Response

from core.errors import N_, DomainError, SignInRequired
from core.ids import new_secret
from core.web import auth

F = TypeVar("F", bound=Callable[..., object])

VISITOR_COOKIE = "sunruam_visitor"
FIELD, HEADER = "csrf_token", "X-CSRF-Token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_NEW_VISITOR = "sunruam.visitor"
_PUBLIC = "sunruam_public_form"


class CsrfFailed(DomainError):
    """The form does not carry the mark of the session that sends it."""

    code, status, title = "csrf-failed", 403, N_("This form is no longer valid")
    detail = N_("Open the page again and send it from there.")


def init_app(app: Flask) -> None:
    """Check every unsafe request of `app`, and offer `csrf_token()` to its templates."""
    app.before_request(_check)
    app.after_request(_give_visitor_cookie)
    app.jinja_env.globals["csrf_token"] = csrf_token


def public_form(view: F) -> F:
    """Mark a view whose form is sent by people who are not signed in."""
    setattr(view, _PUBLIC, True)
    return view


def csrf_token() -> str:
    """Return the token a form of this reader must carry."""
    session = auth.session_token()
    if session is not None:
        return _mark("session", session)
    visitor = request.cookies.get(auth.cookie_name(VISITOR_COOKIE))
    if not visitor:
        visitor = request.environ.setdefault(_NEW_VISITOR, new_secret())
    return _mark("visitor", visitor)


def _mark(kind: str, secret: str) -> str:
    key = str(current_app.secret_key).encode()
    return hmac.new(key, f"csrf:{kind}:{secret}".encode(), hashlib.sha256).hexdigest()


def _check() -> None:
    if request.method in SAFE_METHODS or request.endpoint is None:
        return
    if auth.bearer_token() is not None:
        return
    view = current_app.view_functions[request.endpoint]
    if auth.session_token() is None and not getattr(view, _PUBLIC, False):
        raise SignInRequired
    given = request.headers.get(HEADER) or request.form.get(FIELD) or ""
    if not _from_here() or not hmac.compare_digest(given.encode(), csrf_token().encode()):
        raise CsrfFailed


def _from_here() -> bool:
    """Tell whether the browser, where it says so, names this host as the page's origin."""
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def _give_visitor_cookie(response: Response) -> Response:
    visitor = request.environ.get(_NEW_VISITOR)
    if visitor is not None:
        auth.set_cookie(response, VISITOR_COOKIE, visitor)
    return response
