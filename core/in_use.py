"""Whether the embedded installation is running: nobody puts a database in place under its feet.

What must stay true: web server and worker hold the mark as long as they live, and the system takes
it from a process that dies, however it dies.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

NAME = "in-use"
TAKEN = "A backup is being brought back here. Start again when it is done."
_held: list[int] = []
"""Kept open for the life of the process: a closed file lets its lock go."""


def mark(var: Path) -> bool:
    """Say that this process, and those it forks, use the installation; False while it is taken."""
    return _hold(var, fcntl.LOCK_SH)


def take(var: Path) -> bool:
    """Have the installation alone until this process ends; False when somebody uses it."""
    return _hold(var, fcntl.LOCK_EX)


def let_go() -> None:
    """Give back what this process holds."""
    while _held:
        os.close(_held.pop())


def _hold(var: Path, kind: int) -> bool:
    var.mkdir(parents=True, exist_ok=True)
    handle = os.open(var / NAME, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return False
    _held.append(handle)
    return True
