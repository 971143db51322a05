"""What the processes write about themselves: one line an event, with nothing of any person in it.

What must stay true: a line tells when, where and how bad, never what people typed. So the text of
an exception is left out (it quotes values: a name that was searched, the row a database refused);
its kind, and where in the code it came from, are enough to find the fault.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from core.config import Settings

_about: ContextVar[dict[str, Any] | None] = ContextVar("about", default=None)
CAUSES_MAX = 5
TALKATIVE = ("weasyprint", "weasyprint.progress", "fontTools", "alembic", "celery")
"""Libraries that tell every step they take."""
OURS = ("core", "members", "accounting", "inventory", "pos", "worker", "migrations", "sunruam")


@contextmanager
def about(**facts: Any) -> Iterator[None]:
    """Let every line written inside carry these facts: a request's number, a job's id."""
    token = _about.set({**(_about.get() or {}), **facts})
    try:
        yield
    finally:
        _about.reset(token)


def init(settings: Settings) -> None:
    """Write the log of this process to standard error in the form the settings name."""
    handler = logging.StreamHandler(sys.stderr)
    form: logging.Formatter = AsJson() if settings.log_format == "json" else AsText()
    handler.setFormatter(form)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def facts_of(record: logging.LogRecord) -> dict[str, Any]:
    """Return what a line says, in the order it says it."""
    facts: dict[str, Any] = {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": _message(record),
        **(_about.get() or {}),
        **getattr(record, "facts", {}),
    }
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        facts["error"] = told(error)
    return facts


def _message(record: logging.LogRecord) -> str:
    """Return the words of a line; of a library's that tells an error only what is not filled in."""
    ours = record.name.partition(".")[0] in OURS
    return record.getMessage() if ours or not record.exc_info else str(record.msg)


def told(error: BaseException) -> list[dict[str, Any]]:
    """Return the kind and the place of an error and of what caused it, without their texts."""
    chain: list[dict[str, Any]] = []
    cause: BaseException | None = error
    while cause is not None and len(chain) < CAUSES_MAX:
        kind = type(cause)
        chain.append(
            {
                "kind": f"{kind.__module__}.{kind.__qualname__}",
                **_of_database(cause),
                "frames": [
                    f"{frame.filename}:{frame.lineno} {frame.name}"
                    for frame in traceback.extract_tb(cause.__traceback__)
                ],
            }
        )
        cause = cause.__cause__ or cause.__context__
    return chain


def _of_database(error: BaseException) -> dict[str, str]:
    """Return the code and the constraint a database names; both are ours, not anybody's data."""
    diagnosis = getattr(error, "diag", None)
    found = {
        "sqlstate": getattr(error, "sqlstate", None),
        "sqlite": getattr(error, "sqlite_errorname", None),
        "constraint": getattr(diagnosis, "constraint_name", None),
    }
    return {name: value for name, value in found.items() if value}


class AsJson(logging.Formatter):
    """A JSON document a line, for machines that gather logs."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(facts_of(record), ensure_ascii=False, default=str)


class AsText(logging.Formatter):
    """The same for eyes: the moment, the level, the sentence, the facts."""

    def format(self, record: logging.LogRecord) -> str:
        facts = facts_of(record)
        chain = facts.pop("error", [])
        head = [facts.pop("at"), facts.pop("level"), facts.pop("logger"), facts.pop("message")]
        lines = [" ".join([*head, *(f"{name}={value}" for name, value in facts.items())])]
        for error in chain:
            kind = " ".join(str(error[name]) for name in error if name != "frames")
            lines += [f"  {kind}", *(f"    {frame}" for frame in error["frames"])]
        return "\n".join(lines)
