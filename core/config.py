"""One frozen `Settings`, read once from `SUNRUAM_*` variables.

An unknown or bad variable refuses to start and says why: a misspelt setting must never be silently
ignored on a machine that keeps a village's money.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import urlsplit

PREFIX = "SUNRUAM_"
MODES = ("embedded", "production")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOG_FORMATS = ("json", "text")


class BadSettings(Exception):
    """The environment holds a setting we don't know or can't use; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a process needs to know about its surroundings."""

    mode: str = "embedded"
    """`embedded`: one PC, SQLite, no service needed. `production`: secrets must be given."""
    var: Path = Path("var")
    """Folder of the embedded database, broker and secret key."""
    database_url: str = ""
    owner_database_url: str = ""
    """PostgreSQL only: the owner's address, used by `sunruam init` for migrations and grants."""
    broker_url: str = ""
    secret_key: str = ""
    person_key: str = ""
    """Locks national ids (`core.vault`); the secret key does when this is not given."""
    host: str = "127.0.0.1"
    port: int = 8000
    web_threads: int = 4
    web_processes: int = 1
    worker_processes: int = 1
    cookie_secure: bool = False
    trusted_proxies: int = 0
    """How many proxies of ours stand in front; their word on address, host and https is taken."""
    session_hours: int = 12
    session_idle_minutes: int = 240
    log_level: str = "INFO"
    log_format: str = ""
    """`json` (a document a line) or `text`; by default json in production."""
    metrics_token: str = ""
    """Who shows it may read /metrics; without one there is no such page."""
    backup_to: Path | None = None
    """A folder, best on another disk: the worker puts a checked backup there every night."""
    backup_keep: int = 30
    """How many backups stay in that folder."""


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Read settings; raise `BadSettings` naming every variable that is unknown or unusable."""
    environment = os.environ if environment is None else environment
    known = {PREFIX + field.name.upper(): field for field in fields(Settings)}
    values: dict[str, object] = {}
    problems: list[str] = []
    for name in sorted(environment):
        # SUNRUAM_TEST_* are read by the test suite, never by the product.
        if not name.startswith(PREFIX) or name.startswith(PREFIX + "TEST_"):
            continue
        if name not in known:
            problems.append(f"{name} is not a setting; the settings are {', '.join(known)}")
            continue
        try:
            values[known[name].name] = _parse(str(known[name].type), environment[name])
        except ValueError as error:
            problems.append(f"{name}={environment[name]!r}: {error}")
    if problems:
        raise BadSettings("\n".join(problems))
    return complete(Settings(**values))  # type: ignore[arg-type]


def complete(settings: Settings) -> Settings:
    """Fill what follows from the rest (addresses under `var`, the kept secret) and check it."""
    values = {field.name: getattr(settings, field.name) for field in fields(Settings)}
    var = settings.var.resolve()
    values["var"] = var
    values["database_url"] = settings.database_url or f"sqlite:///{var / 'sunruam.db'}"
    values["broker_url"] = settings.broker_url or f"sqla+sqlite:///{var / 'broker.db'}"
    values["log_format"] = settings.log_format or _usual_log_format(settings)
    problems = _problems(Settings(**values))
    if problems:
        raise BadSettings("\n".join(problems))
    if not settings.secret_key:
        values["secret_key"] = _kept_secret(var)
    return Settings(**values)


def _usual_log_format(settings: Settings) -> str:
    return "json" if settings.mode == "production" else "text"


CHOICES = {"mode": MODES, "log_level": LOG_LEVELS, "log_format": LOG_FORMATS}
SCHEMES = {
    "database_url": ({"sqlite", "postgresql+psycopg", "postgresql"}, "postgresql+psycopg://"),
    "broker_url": ({"sqla+sqlite", "redis", "rediss", "memory"}, "redis://"),
}
SECRETS = ("secret_key", "person_key", "metrics_token")
SECRET_LENGTH_MIN = 32
COUNTS = ("web_threads", "web_processes", "worker_processes", "session_hours", "backup_keep")


def _problems(settings: Settings) -> list[str]:
    found = []
    for name, words in CHOICES.items():
        if getattr(settings, name) not in words:
            found.append(f"{_variable(name)} must be one of {', '.join(words)}")
    for name, (schemes, example) in SCHEMES.items():
        scheme = urlsplit(getattr(settings, name)).scheme
        if scheme not in schemes:
            found.append(
                f"{_variable(name)} must start with sqlite:/// or {example}, not {scheme!r}"
            )
    for name in SECRETS:
        given = getattr(settings, name)
        needed = name == "secret_key" and settings.mode == "production"
        if (given or needed) and len(given) < SECRET_LENGTH_MIN:
            found.append(f"{_variable(name)} must be at least {SECRET_LENGTH_MIN} characters")
    if not 0 < settings.port < 65536:
        found.append(f"SUNRUAM_PORT must be between 1 and 65535, not {settings.port}")
    for name in COUNTS:
        if getattr(settings, name) < 1:
            found.append(f"{_variable(name)} must be at least 1")
    return found


def _variable(name: str) -> str:
    return PREFIX + name.upper()


def _parse(kind: str, text: str) -> object:
    if kind == "int":
        if not text.isascii() or not text.isdigit():
            raise ValueError("must be a whole number")
        return int(text)
    if kind == "bool":
        if text.lower() not in {"1", "0", "true", "false", "yes", "no"}:
            raise ValueError("must be yes or no")
        return text.lower() in {"1", "true", "yes"}
    if kind.startswith("Path"):
        return Path(text)
    return text


def _kept_secret(var: Path) -> str:
    """Return the secret kept beside the embedded database: made once, readable by us only."""
    path = var / "secret_key"
    var.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()
