"""The worker's entry point: Celery, configured from `Settings`.

Embedded (one PC): `sunruam worker` runs this module; one process makes one job at a time and a
thread of it does the upkeep, so nothing is left behind when it is killed. Production:
`celery --app worker.celery_app worker` and, once, `celery --app worker.celery_app beat`.

What must stay true: a message names a job and carries nothing else, so losing it or getting it
twice does no harm; it is acknowledged only when the job is finished.
"""

from __future__ import annotations

from typing import Any

from celery import Celery
from celery.signals import setup_logging

from core import in_use, logs
from core.bell import JOB_SECONDS_MAX, QUEUE, broker_options
from core.config import Settings, from_environment
from worker.schedule import beat_schedule

SOFT_LIMIT_SECONDS = JOB_SECONDS_MAX - 30


def make_celery(settings: Settings) -> Celery:
    """Return the Celery app for these settings."""
    embedded = settings.mode == "embedded"
    settings.var.mkdir(parents=True, exist_ok=True)
    celery = Celery("sunruam", broker=settings.broker_url, include=["worker.tasks"])
    celery.conf.update(
        accept_content=["json"],
        task_serializer="json",
        task_default_queue=QUEUE,
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_time_limit=JOB_SECONDS_MAX,
        task_soft_time_limit=SOFT_LIMIT_SECONDS,
        worker_prefetch_multiplier=1,
        worker_pool="solo" if embedded else "prefork",
        worker_concurrency=1 if embedded else settings.worker_processes,
        # Remote control polls a second queue all the time; only a fleet needs it.
        worker_enable_remote_control=not embedded,
        broker_transport_options=broker_options(settings.broker_url),
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        beat_schedule=beat_schedule(),
        beat_schedule_filename=str(settings.var / "beat-schedule"),
        timezone="Asia/Bangkok",
        enable_utc=True,
    )
    return celery


settings = from_environment()
app = make_celery(settings)


@setup_logging.connect
def write_log(**_: Any) -> None:
    """Let the worker write its log as the web server does, instead of Celery's way."""
    logs.init(settings)


def start() -> None:
    """Run the worker until it is stopped."""
    if not in_use.mark(settings.var):
        raise SystemExit(in_use.TAKEN)
    alone = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    app.worker_main(["worker", "--loglevel", settings.log_level, *alone])


if __name__ == "__main__":
    # Run as a script this module is a second copy of itself; the tasks belong to the imported one.
    from worker import celery_app  # noqa: PLW0406

    celery_app.start()
