"""One line a request: what was asked for, what it came to, how long it took; nothing of whom.

What must stay true: a line names the route, never the address, for addresses carry what people
search for and the ids of their documents; the number of the request stands in its answer too, so
that a reader can tell us which line is theirs.
"""

from __future__ import annotations

import logging
import time
from contextlib import ExitStack

from flask import Flask, g, request
from prometheus_client import Histogram
from werkzeug.wrappers import Response

from core import logs
from core.ids import uuid7

log = logging.getLogger("sunruam.request")

SECONDS = Histogram(
    "sunruam_request_seconds",
    "Requests answered, by method, route and status; seconds each took.",
    ("method", "route", "status"),
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
QUIET = frozenset({"static", "health.live", "health.ready", "health.metrics"})
"""Asked for every few seconds by machines: counted, and written only when they fail."""
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Anybody may send any other word: each would be a figure of its own, for ever."""
REQUEST_ID = "X-Request-Id"


def init_app(app: Flask) -> None:
    """Number, time and write down every request of `app`."""
    app.before_request(_begin)
    app.after_request(_write)
    app.teardown_request(_end)


def _begin() -> None:
    g.trail_began = time.perf_counter()
    g.trail_id = uuid7().hex
    g.trail_about = ExitStack()
    g.trail_about.enter_context(logs.about(request_id=g.trail_id))


def _write(response: Response) -> Response:
    if "trail_began" not in g:
        # Refused before anything was begun (a broken header): there is nothing to tell.
        return response
    seconds = time.perf_counter() - g.trail_began
    route = request.url_rule.rule if request.url_rule else "-"
    method = request.method if request.method in METHODS else "other"
    SECONDS.labels(method, route, str(response.status_code)).observe(seconds)
    response.headers.setdefault(REQUEST_ID, g.trail_id)
    if request.endpoint not in QUIET or response.status_code >= 500:
        log.log(
            logging.ERROR if response.status_code >= 500 else logging.INFO,
            "request",
            extra={
                "facts": {
                    "method": method,
                    "route": route,
                    "status": response.status_code,
                    "ms": round(1000 * seconds, 1),
                    "centre_id": (request.view_args or {}).get("centre_id"),
                }
            },
        )
    return response


def _end(_error: BaseException | None) -> None:
    if "trail_about" in g:
        g.pop("trail_about").close()
