"""Whether this installation is well, and its figures for a monitor: three addresses, nobody's data.

`/health/live`: this process answers. `/health/ready`: it can do its work (200), or not (503);
`degraded` is still ready, and names what needs a person. `/metrics`: Prometheus' text, for whoever
shows the metrics token. What must stay true: no answer holds a name, an amount or an id; being
asked often costs a few small statements.
"""

from __future__ import annotations

import hmac
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app
from flask.typing import ResponseReturnValue
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    generate_latest,
    values,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from core import backups, clock, job_watch
from core.config import Settings
from core.db import db
from core.errors import NotFound
from core.web.auth import bearer_token

JOBS_LATE_SECONDS = 300
BACKUP_LATE_SECONDS = 36 * 3600
DISK_FREE_MIN = 500 * 1024 * 1024

blueprint = Blueprint("health", __name__)


def register(app: Flask, is_current: Callable[[Engine], bool]) -> None:
    """Open the three addresses; `is_current` tells whether the schema is this code's."""
    app.extensions["sunruam_schema_is_current"] = is_current
    app.register_blueprint(blueprint)


@blueprint.get("/health/live")
def live() -> ResponseReturnValue:
    """Answer as long as this process can."""
    return {"status": "ok"}


@blueprint.get("/health/ready")
def ready() -> ResponseReturnValue:
    """Look at what the work needs: the database and its schema; then at what is late."""
    settings: Settings = current_app.config["SUNRUAM"]
    vital = {"database": _database_is_well()}
    needed = {"disk": _disk_has_room(settings.var)}
    if vital["database"]:
        needed["jobs"] = (job_watch.waiting_seconds() or 0) < JOBS_LATE_SECONDS
    if settings.backup_to:
        age = _backup_age(settings.backup_to)
        needed["backup"] = age is not None and age < BACKUP_LATE_SECONDS
    status = "ok" if all(needed.values()) else "degraded"
    if not all(vital.values()):
        status = "down"
    checks = {name: "ok" if good else "failing" for name, good in {**vital, **needed}.items()}
    return {"status": status, "checks": checks}, 503 if status == "down" else 200


@blueprint.get("/metrics")
def metrics() -> ResponseReturnValue:
    """Return the figures, to who shows the token; to anybody else there is nothing here."""
    settings: Settings = current_app.config["SUNRUAM"]
    shown = bearer_token() or ""
    if not settings.metrics_token or not hmac.compare_digest(
        shown.encode(), settings.metrics_token.encode()
    ):
        raise NotFound(what="page")
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(_Passed())
    registry.register(Installation(settings))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class _Passed(Collector):
    """The figures of this process, when there is but one."""

    def collect(self) -> Iterator[Metric]:
        return iter(REGISTRY.collect())


class Installation(Collector):
    """What the database and the disk tell, asked when somebody looks."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def collect(self) -> Iterator[Metric]:
        well = _database_is_well()
        yield _gauge("sunruam_up", "Whether the database answers with this schema.", int(well))
        if well:
            yield from self._jobs()
        yield _gauge(
            "sunruam_disk_free_bytes",
            "What is free where the installation keeps its files.",
            shutil.disk_usage(self._settings.var).free,
        )
        age = _backup_age(self._settings.backup_to) if self._settings.backup_to else None
        if age is not None:
            yield _gauge("sunruam_backup_age_seconds", "Age of the newest backup.", age)

    def _jobs(self) -> Iterator[Metric]:
        by_state = GaugeMetricFamily("sunruam_jobs", "Jobs by state.", labels=["state"])
        for state, number in job_watch.counts().items():
            by_state.add_metric([state], number)
        yield by_state
        yield _gauge(
            "sunruam_jobs_waiting_seconds",
            "How long the job that waits longest has waited.",
            job_watch.waiting_seconds() or 0,
        )


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)


def _database_is_well() -> bool:
    is_current: Callable[[Engine], bool] = current_app.extensions["sunruam_schema_is_current"]
    try:
        db.session.execute(text("SELECT 1"))
        return is_current(db.engine)
    except SQLAlchemyError:
        return False


def _disk_has_room(folder: Path) -> bool:
    return shutil.disk_usage(folder).free >= DISK_FREE_MIN


def _backup_age(folder: Path) -> float | None:
    try:
        newest = backups.newest(folder)
        if newest is None:
            return None
        made = datetime.fromtimestamp(newest.stat().st_mtime, UTC)
    except OSError:
        # A stick that fails as it is read is as good as none.
        return None
    return max(0.0, (clock.now() - made).total_seconds())


def count_together(folder: Path) -> None:
    """Let several web processes add their figures up in `folder`; call before they are started."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    # The library chose its kind of value when it was imported, before anybody said where.
    values.ValueClass = values.get_value_class()  # type: ignore[no-untyped-call]
