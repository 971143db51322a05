"""The doorbell: tells the worker that a job waits. The only code below the worker to know a broker.

What must stay true: `ring` never waits and never fails. A thread of its own talks to the broker, so
a broker that is down, slow or locked costs a request nothing; a bell that is lost is rung again by
the sweep, because the truth is the `job_run` row.
"""

from __future__ import annotations

import logging
import os
import queue
import threading
import time
import warnings
from typing import Any
from uuid import UUID

from celery import Celery
from flask import Flask, current_app
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import SADeprecationWarning

from core.config import Settings

RUN_JOB = "sunruam.run_job"
QUEUE = "sunruam"
EXTENSION = "sunruam_bell"

# A job may take ten minutes; the broker must not hand it out a second time before that.
JOB_SECONDS_MAX = 600
VISIBILITY_SECONDS = 3600
BROKER_SECONDS = 2
WAITING_MAX = 1000
TRIES = 2

log = logging.getLogger(__name__)

# Of kombu's own tables: nothing we could change, and it would open every log.
warnings.filterwarnings("ignore", "The ``noload`` loader", SADeprecationWarning)


def broker_options(broker_url: str) -> dict[str, Any]:
    """Return the transport's options for this kind of broker, all waits short."""
    if broker_url.startswith("sqla+"):
        return {"connect_args": {"timeout": BROKER_SECONDS}}
    if broker_url.startswith("redis"):
        return {
            "visibility_timeout": VISIBILITY_SECONDS,
            "socket_connect_timeout": BROKER_SECONDS,
            "socket_timeout": BROKER_SECONDS,
        }
    return {}


def init_app(app: Flask, settings: Settings) -> None:
    """Give the app its bell; nothing is connected before the first ring."""
    app.extensions[EXTENSION] = Bell(settings.broker_url)


def ring(centre_id: int, job_id: UUID) -> None:
    """Tell the worker about a job that has been committed."""
    bell: Bell | None = current_app.extensions.get(EXTENSION)
    if bell is not None:
        bell.ring(centre_id, job_id)


class Bell:
    """A bounded list of rings and the thread that takes them to the broker."""

    def __init__(self, broker_url: str) -> None:
        self._broker_url = broker_url
        self._lock = threading.Lock()
        self._process = 0
        self._waiting: queue.Queue[tuple[int, UUID]] = queue.Queue(WAITING_MAX)

    def ring(self, centre_id: int, job_id: UUID) -> None:
        """Note the ring and return at once; a full list drops it for the sweep to find."""
        if self._process != os.getpid():
            self._start()
        try:
            self._waiting.put_nowait((centre_id, job_id))
        except queue.Full:
            log.warning("broker out of reach: job %s is left to the sweep", job_id)

    def flush(self, seconds: float) -> bool:
        """Wait until every ring was tried; tell whether that was reached in time."""
        deadline = time.monotonic() + seconds
        with self._waiting.all_tasks_done:
            while self._waiting.unfinished_tasks:
                left = deadline - time.monotonic()
                if left <= 0:
                    return False
                self._waiting.all_tasks_done.wait(left)
        return True

    def _start(self) -> None:
        """Start the thread once in each process: threads and connections don't survive a fork."""
        with self._lock:
            if self._process == os.getpid():
                return
            self._waiting = queue.Queue(WAITING_MAX)
            threading.Thread(
                target=self._work, args=(self._waiting,), name="bell", daemon=True
            ).start()
            self._process = os.getpid()

    def _work(self, waiting: queue.Queue[tuple[int, UUID]]) -> None:
        broker = Broker(self._broker_url)
        while True:
            centre_id, job_id = waiting.get()
            try:
                broker.send(centre_id, job_id)
            except Exception as error:  # noqa: BLE001 - whatever a broker library can think of
                log.warning("job %s not sent (%s); the sweep will", job_id, type(error).__name__)
            finally:
                waiting.task_done()


class Broker:
    """Celery's sending side, used by one thread only."""

    def __init__(self, broker_url: str) -> None:
        self.url = broker_url
        self._celery = Celery("sunruam", broker=broker_url, set_as_current=False)
        self._celery.conf.update(
            broker_transport_options=broker_options(broker_url),
            broker_connection_timeout=BROKER_SECONDS,
            broker_pool_limit=0,
            task_default_queue=QUEUE,
            task_serializer="json",
            task_ignore_result=True,
            task_publish_retry=False,
        )

    def send(self, centre_id: int, job_id: UUID) -> None:
        """Send one message; a second try meets tables another process is just making."""
        for attempt in range(1, TRIES + 1):
            try:
                # Jobs are rare: a connection each is simpler than noticing that a kept one died.
                with self._celery.connection_for_write() as connection:
                    self._celery.send_task(
                        RUN_JOB, [centre_id, str(job_id)], connection=connection, retry=False
                    )
            except Exception:
                if attempt == TRIES:
                    raise
            else:
                return


def forget_delivered(broker_url: str) -> None:
    """Delete delivered messages from the SQLite broker, which only marks them."""
    if not broker_url.startswith("sqla+"):
        return
    engine = create_engine(broker_url.removeprefix("sqla+"))
    try:
        if inspect(engine).has_table("kombu_message"):
            with engine.begin() as connection:
                connection.execute(text("DELETE FROM kombu_message WHERE NOT visible"))
    finally:
        engine.dispose()
