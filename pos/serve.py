"""Run the web server: granian, one process on SQLite (one writer), threads for requests.

Measured against gunicorn and waitress under the sale load; see docs/performance.md for why.
"""

from __future__ import annotations

import gc

from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from core import in_use, logs
from core.config import Settings, from_environment
from core.web import health
from pos.app import create_app


def make() -> Flask:
    """Make the app in a process of the server, which writes the log as its settings say."""
    settings = from_environment()
    logs.init(settings)
    app = create_app(settings)
    # What was made to stay is not looked through again: some requests waited 0.3 s for that.
    gc.collect()
    gc.freeze()
    return app


def serve_forever(settings: Settings, host: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM; requests under way are finished first."""
    logs.init(settings)
    if not in_use.mark(settings.var):
        raise SystemExit(in_use.TAKEN)
    processes = 1 if settings.database_url.startswith("sqlite") else settings.web_processes
    if processes > 1:
        health.count_together(settings.var / "metrics")
    Granian(
        "pos.serve:make",
        factory=True,
        interface=Interfaces.WSGI,
        address=host,
        port=port,
        workers=processes,
        blocking_threads=settings.web_threads,
        backlog=1024,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
    ).serve()
