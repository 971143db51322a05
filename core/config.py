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
    problems = _problems(Settings(**values))
    if problems:
        raise BadSettings("\n".join(problems))
    if not settings.secret_key:
        values["secret_key"] = _kept_secret(var)
    return Settings(**values)


def _problems(settings: Settings) -> list[str]:
    found = []
    if settings.mode not in MODES:
        found.append(f"SUNRUAM_MODE must be one of {', '.join(MODES)}, not {settings.mode!r}")
    scheme = urlsplit(settings.database_url).scheme
    if scheme not in {"sqlite", "postgresql+psycopg", "postgresql"}:
        found.append(
            "SUNRUAM_DATABASE_URL must start with sqlite:/// or postgresql+psycopg://, "
            f"not {scheme!r}"
        )
    broker = urlsplit(settings.broker_url).scheme
    if broker not in {"sqla+sqlite", "redis", "rediss", "memory"}:
        found.append(
            f"SUNRUAM_BROKER_URL must start with sqla+sqlite:/// or redis://, not {broker!r}"
        )
    if settings.mode == "production" and len(settings.secret_key) < 32:
        found.append("SUNRUAM_SECRET_KEY must be at least 32 characters in production")
    if settings.person_key and len(settings.person_key) < 32:
        found.append("SUNRUAM_PERSON_KEY must be at least 32 characters")
    if not 0 < settings.port < 65536:
        found.append(f"SUNRUAM_PORT must be between 1 and 65535, not {settings.port}")
    for name in ("web_threads", "web_processes", "worker_processes", "session_hours"):
        if getattr(settings, name) < 1:
            found.append(f"SUNRUAM_{name.upper()} must be at least 1")
    return found


def _parse(kind: str, text: str) -> object:
    if kind == "int":
        if not text.isascii() or not text.isdigit():
            raise ValueError("must be a whole number")
        return int(text)
    if kind == "bool":
        if text.lower() not in {"1", "0", "true", "false", "yes", "no"}:
            raise ValueError("must be yes or no")
        return text.lower() in {"1", "true", "yes"}
    if kind == "Path":
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
