"""What is done again and again: rescuing lost jobs, forgetting what is old, upkeep of the books.

Production has Celery's beat for it. An embedded worker has a thread instead: a beat process would
outlive a killed worker, and its messages would fill the SQLite broker. What must stay true: each
chore may run at any time, twice at once, or not for days.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from core.jobs import SWEEP_EVERY

SWEEP, CLEAN, SEAL, PACKS = "sunruam.sweep", "sunruam.clean", "sunruam.seal", "sunruam.packs"
SWEEP_SECONDS = int(SWEEP_EVERY.total_seconds())
CLEAN_SECONDS = 3600
SEAL_SECONDS = 300
PACKS_SECONDS = 600
DUE = "sunruam.due"
DUE_SECONDS = 1800
DAYS = "sunruam.days"
DAYS_SECONDS = 300
BACKUP_SECONDS = 900

log = logging.getLogger(__name__)


def beat_schedule() -> dict[str, dict[str, Any]]:
    """Return Celery beat's schedule; a chore not begun before the next one is due is dropped."""
    return {
        name: {"task": name, "schedule": seconds, "options": {"expires": seconds}}
        for name, seconds in (
            (SWEEP, SWEEP_SECONDS),
            (CLEAN, CLEAN_SECONDS),
            (SEAL, SEAL_SECONDS),
            (PACKS, PACKS_SECONDS),
            (DUE, DUE_SECONDS),
            (DAYS, DAYS_SECONDS),
        )
    }


class Clockwork(threading.Thread):
    """Does each chore at once and then every so many seconds, as long as the process lives."""

    def __init__(self, chores: Mapping[Callable[[], object], int]) -> None:
        super().__init__(name="clockwork", daemon=True)
        self._chores = dict(chores)
        self._stopped = threading.Event()

    def stop(self) -> None:
        """End after the chore that is being done."""
        self._stopped.set()

    def run(self) -> None:
        due = dict.fromkeys(self._chores, time.monotonic())
        while not self._stopped.wait(max(0, min(due.values()) - time.monotonic())):
            for chore, seconds in self._chores.items():
                if due[chore] <= time.monotonic():
                    due[chore] = time.monotonic() + seconds
                    self._do(chore)

    def _do(self, chore: Callable[[], object]) -> None:
        try:
            chore()
        except Exception:
            # A database that is away now will be back for a later round.
            log.exception("A chore failed; it will be tried again")
