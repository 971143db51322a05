"""Every refusal leaves here: problem+json for programs, a page for people (RFC 9457).

What must stay true: a refusal's `code` is stable, its words are in the reader's language, and our
own faults show an incident number and nothing else. `/problems/<code>` explains each code.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Flask, Response, redirect, render_template, request
from marshmallow import ValidationError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response as AnyResponse

from core.errors import N_, DomainError, Invalid, NotFound, SignInRequired
from core.ids import uuid7
from core.web.words import translated

log = logging.getLogger(__name__)

PROBLEM_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = "2"
_OWN_PAGE = {"forbidden": "403", "not-found": "404", "our-fault": "500"}
_LOCATIONS = ("json", "query", "form", "headers", "files", "path")


class Malformed(DomainError):
    """The bytes are no text or no JSON we can read."""

    code, status, title = "malformed", 400, N_("This could not be read")
    detail = N_("Send well-formed UTF-8 text or JSON.")


class MethodNotAllowed(DomainError):
    """The address is right, the method is not."""

    code, status, title = "method-not-allowed", 405, N_("This can't be done at this address")


class NotAcceptable(DomainError):
    """The reader accepts nothing we could answer with."""

    code, status, title = "not-acceptable", 406, N_("There is no answer of the kind asked for")


class TooLarge(DomainError):
    """The body passes the limit."""

    code, status, title = "too-large", 413, N_("Too much was sent at once")
    detail = N_("Send a smaller file or less at once; the form says how large a file may be.")


class UnsupportedType(DomainError):
    """A body of a kind we don't read here."""

    code, status, title = "unsupported-type", 415, N_("This kind of content is not read here")
    detail = N_("Send JSON with Content-Type: application/json.")


class BadRange(DomainError):
    """A part of a file was asked for that it does not have."""

    code, status, title = "bad-range", 416, N_("The file has no such part")


class Busy(DomainError):
    """The database did not answer in time; nothing was written."""

    code, status, title = "busy", 503, N_("The system is busy")
    detail = N_("Nothing was saved. Wait a moment and try again.")


class OurFault(DomainError):
    """A mistake of ours; `incident_id` finds it in the log."""

    code, status, title = "our-fault", 500, N_("Something went wrong on our side")
    detail = N_("Nothing was half saved. Tell us the number shown here.")


_BY_STATUS: dict[int, type[DomainError]] = {
    error.status: error
    for error in (
        Malformed,
        NotFound,
        MethodNotAllowed,
        NotAcceptable,
        TooLarge,
        UnsupportedType,
        BadRange,
        Invalid,
        Busy,
    )
}
_BY_STATUS |= {401: SignInRequired, 408: Busy, 431: TooLarge, 414: TooLarge}


# --- the document ----------------------------------------------------------------------------


def document(error: DomainError) -> dict[str, Any]:
    """Return the problem document of a refusal in the reader's language."""
    title, detail = words(error)
    members = {"type": f"/problems/{error.code}", "code": error.code, "title": title}
    return (
        {**error.facts, **members, "status": error.status}
        | ({"detail": detail} if detail else {})
        | {"instance": request.path}
    )


def words(error: DomainError) -> tuple[str, str]:
    """Return title and detail of a refusal in the reader's language; detail may be empty."""
    detail = translated(error.detail, error.facts) if error.detail else ""
    return translated(error.title, error.facts), detail


def invalid(error: ValidationError) -> Invalid:
    """Turn marshmallow's nested messages into `errors: [{pointer, detail}]`."""
    messages = error.messages
    location = ""
    if isinstance(messages, dict) and len(messages) == 1:
        first = next(iter(messages))
        if first in _LOCATIONS:
            location, messages = str(first), messages[first]
    found = []
    for path, message in flattened(messages):
        entry = {"pointer": "#" + "".join(f"/{_escaped(part)}" for part in path)}
        if location not in {"", "json"}:
            entry["in"] = location
        found.append(entry | {"detail": translated(message)})
    return Invalid(errors=found[:100])


def flattened(messages: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield (path, message) for every message of a marshmallow error."""
    if isinstance(messages, dict):
        for name, inner in messages.items():
            deeper = path if name == "_schema" else (*path, str(name))
            yield from flattened(inner, deeper)
    elif isinstance(messages, list):
        for inner in messages:
            yield from flattened(inner, path)
    else:
        yield path, messages


def _escaped(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")


def _plain(value: Any) -> str:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"a fact must be JSON, not {type(value).__name__}")


# --- the answer ------------------------------------------------------------------------------


def is_api() -> bool:
    """Tell whether the reader is a program (the API) rather than a person (a page)."""
    return request.path.startswith("/api/")


def answer(error: DomainError) -> AnyResponse:
    """Return the response of a refusal, of the kind its reader can use."""
    if is_api():
        body = json.dumps(document(error), ensure_ascii=False, default=_plain)
        response: AnyResponse = Response(body, status=error.status, content_type=PROBLEM_TYPE)
    elif isinstance(error, SignInRequired):
        return redirect(_sign_in_address(), 303)
    else:
        response = Response(_page(error), status=error.status)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if error.status == 503:
        response.headers["Retry-After"] = RETRY_AFTER_SECONDS
    return response


def _sign_in_address() -> str:
    """After signing in a reader goes on to the page asked for; a form is not sent twice."""
    if request.method not in {"GET", "HEAD"} or request.path == "/":
        return "/sign-in"
    return "/sign-in?" + urlencode({"next": request.full_path.rstrip("?")})


def _page(error: DomainError) -> str:
    problem = document(error)
    template = f"errors/{_OWN_PAGE.get(error.code, 'problem')}.html"
    try:
        return render_template(template, problem=problem, back_url=_back_url())
    except Exception:
        # The page of an error must never hide the error: say it without our furniture.
        log.exception("The page of problem %s could not be made", error.code)
        title, detail = words(error)
        return f"<!doctype html><title>{title}</title><h1>{title}</h1><p>{detail}</p>"


def _back_url() -> str | None:
    return request.path if request.method in {"POST", "PUT", "DELETE"} else None


def _of_http(error: HTTPException) -> DomainError | HTTPException:
    messages = (getattr(error, "data", None) or {}).get("messages")
    if error.code == 422 and messages:
        return invalid(ValidationError(messages))
    refusal = _BY_STATUS.get(error.code or 500)
    return refusal() if refusal else error


def init_app(app: Flask) -> None:
    """Answer every refusal and every fault of `app` from here."""
    # Flask would write down the address: `_on_fault` names the route instead.
    app.log_exception = lambda _about: None  # type: ignore[method-assign, assignment]
    app.register_error_handler(DomainError, answer)
    app.register_error_handler(ValidationError, lambda error: answer(invalid(error)))
    app.register_error_handler(InternalServerError, _on_fault)
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(PoolTimeout, _on_database)
    app.register_error_handler(OperationalError, _on_database)
    app.register_error_handler(InterfaceError, _on_database)
    app.add_url_rule("/problems/", "problems", _list_page)
    app.add_url_rule("/problems/<code>", "problem", _meaning_page)


def _on_http(error: HTTPException) -> AnyResponse:
    refusal = _of_http(error)
    if isinstance(refusal, DomainError):
        response = answer(refusal)
        if error.code == 405:
            response.headers["Allow"] = ", ".join(getattr(error, "valid_methods", None) or ())
        return response
    return error.get_response()


def _on_database(error: Exception) -> AnyResponse:
    if isinstance(error, OperationalError) and not _is_passing(error):
        return _on_fault(error)
    log.warning("The database did not answer", exc_info=error)
    return answer(Busy())


def _is_passing(error: OperationalError) -> bool:
    """Every OperationalError of PostgreSQL is about the server; SQLite uses it for SQL too."""
    text = str(error.orig)
    if "sqlite3" not in type(error.orig).__module__:
        return True
    return any(
        word in text
        for word in ("locked", "busy", "unable to open", "disk I/O", "is full", "readonly")
    )


def _on_fault(error: Exception) -> AnyResponse:
    incident_id = uuid7().hex[-12:]
    trace = error.original_exception if isinstance(error, InternalServerError) else error
    route = request.url_rule.rule if request.url_rule else "-"
    log.error("Incident %s at %s", incident_id, route, exc_info=trace)
    return answer(OurFault(incident_id=incident_id))


# --- the catalogue ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Meaning:
    """One code, for `/problems/<code>` and docs/errors.md."""

    code: str
    status: int
    title: str
    detail: str
    meaning: str
    room: str


def catalogue() -> list[Meaning]:
    """Return every refusal of the imported rooms, by code."""
    found: dict[str, Meaning] = {}
    waiting = [DomainError]
    while waiting:
        error = waiting.pop()
        waiting += error.__subclasses__()
        if "code" in error.__dict__:
            assert error.code not in found, f"two refusals share the code {error.code}"
            found[error.code] = Meaning(
                code=error.code,
                status=error.status,
                title=error.title,
                detail=error.detail or "",
                meaning=" ".join((error.__doc__ or "").split()),
                room=error.__module__.partition(".")[0],
            )
    return [found[code] for code in sorted(found)]


def catalogue_text() -> str:
    """Return docs/errors.md."""
    lines = [
        "# Refusals",
        "",
        "Every refusal of the API is a problem document (RFC 9457) whose `code` never changes.",
        "This page is made from the code by `make openapi`; the tests compare it.",
        "",
        "| Code | Status | Room | Title | What it means |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| `{each.code}` | {each.status} | {each.room} | {each.title} | {each.meaning} |"
        for each in catalogue()
    ]
    return "\n".join(lines) + "\n"


def _list_page() -> str:
    return render_template("errors/meanings.html", meanings=catalogue())


def _meaning_page(code: str) -> str:
    for meaning in catalogue():
        if meaning.code == code:
            return render_template("errors/meanings.html", meanings=[meaning])
    raise NotFound
