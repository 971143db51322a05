"""PostgreSQL's programs are told where to go, and the password where nobody else reads it."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from core import postgres_tools

URL = "postgresql+psycopg://owner:p%40ss'%20word@db.example:6543/shop?sslmode=require"


def test_the_password_goes_by_the_environment_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[list[str], dict[str, str]]] = []

    def seen(command: list[str], env: dict[str, str], **_: Any) -> subprocess.CompletedProcess[str]:
        asked.append((command, env))
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(postgres_tools, "_program", lambda name: name)
    monkeypatch.setattr(subprocess, "run", seen)
    postgres_tools.dump(URL, Path("x"))
    [(command, environment)] = asked
    assert "--dbname=postgresql://owner@db.example:6543/shop?sslmode=require" in command
    assert environment["PGPASSWORD"] == "p@ss' word"
