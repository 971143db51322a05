"""A real worker with one more report, which waits for a file: something to kill.

Started by the tests as a process of its own: `python -m tests.waiting_worker`.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.actor import Actor
from core.jobs import JobFile
from worker.reports import REPORTS, Progress

NAME = "waiting"
STARTS, GO = "starts", "go"
STEPS = 3
POLL_SECONDS = 0.05


def waiting(params: Mapping[str, Any], _actor: Actor, progress: Progress) -> JobFile:
    """Note the start, then wait for the file `go`; the result is this process's number."""
    folder = Path(params["folder"])
    with (folder / STARTS).open("a", encoding="ascii") as starts:
        starts.write(f"{os.getpid()}\n")
    progress(1, STEPS)
    never = threading.Event()
    while not (folder / GO).exists():
        never.wait(POLL_SECONDS)
        progress(1, STEPS)
    return JobFile("waited.txt", "text/plain", str(os.getpid()).encode())


if __name__ == "__main__":
    # Only here: it reads the settings of the process it is imported in.
    from worker import celery_app

    REPORTS[NAME] = waiting
    celery_app.start()
