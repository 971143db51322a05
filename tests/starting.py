"""Start servers and workers as processes of their own, quickly.

Importing the product takes a server ten times as long as beginning to serve, and the tests start
hundreds: they are forked from one process that has imported it all and done nothing else
(`tests.warmed`). Each is killed, stopped and waited for as any process is; none shares a
connection, a lock or a setting with the test that started it.
"""

from __future__ import annotations

import multiprocessing
import os
import runpy
import signal
import sys
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.warmed"])


class Started:
    """A process of the product."""

    def __init__(self, module: str, settings: Mapping[str, str], log: Path | None, *args: str):
        kept = {name: value for name, value in os.environ.items() if "SUNRUAM" not in name}
        self._process = _context.Process(
            target=_run, args=(module, args, {**kept, **settings}, log)
        )
        self._process.start()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def running(self) -> bool:
        return self._process.is_alive()

    def send_signal(self, number: int) -> None:
        if self.running():
            os.kill(self.pid, number)

    def kill_all(self) -> None:
        """Kill it together with the processes it started."""
        if self.running():
            os.killpg(self.pid, signal.SIGKILL)
        self.wait()

    def wait(self, seconds: float = 60) -> int:
        """Wait for its end; return its exit code."""
        self._process.join(seconds)
        if self._process.exitcode is None:
            self._process.kill()
            raise AssertionError("the process does not end")
        return self._process.exitcode


def told_before_killed(script: str, *args: str, lines: int) -> list[str]:
    """Run a script as a process of its own and kill it once it said so many lines; return them."""
    hears, says = _context.Pipe(duplex=False)
    process = _context.Process(target=_speak, args=(script, args, says))
    process.start()
    says.close()
    with hears, os.fdopen(os.dup(hears.fileno()), encoding="utf-8") as said:
        told = [said.readline().strip() for _ in range(lines)]
        process.kill()
    process.join()
    return told


def _speak(script: str, args: tuple[str, ...], says: Connection) -> None:
    os.dup2(says.fileno(), 1)
    says.close()
    sys.argv = ["-c", *args]
    exec(compile(script, "a script of the tests", "exec"), {"__name__": "__main__"})


def _run(module: str, args: tuple[str, ...], environment: dict[str, str], log: Path | None) -> None:
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    if log is not None:
        with log.open("ab") as out:
            os.dup2(out.fileno(), 1)
            os.dup2(out.fileno(), 2)
    # What it starts itself, it starts the way it would elsewhere.
    multiprocessing.set_start_method("fork", force=True)
    sys.argv = [module, *args]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
