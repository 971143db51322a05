"""Run the web server: granian, one process on SQLite (one writer), threads for requests.

Measured against gunicorn and waitress under the sale load; see docs/performance.md for why.
"""

from __future__ import annotations

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from core.config import Settings


def serve_forever(settings: Settings, host: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM; requests under way are finished first."""
    processes = 1 if settings.database_url.startswith("sqlite") else settings.web_processes
    Granian(
        "pos:create_app",
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
