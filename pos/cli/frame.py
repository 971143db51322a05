"""What every command needs: the settings, a way to stop with a sentence, the app around it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import NoReturn, ParamSpec, TypeVar

import click

from core.config import BadSettings, Settings, from_environment
from core.errors import DomainError

P = ParamSpec("P")
R = TypeVar("R")
FAILED, MISUSED = 1, 2


def settings_or_stop() -> Settings:
    """Return the settings of the environment; an unusable one ends the command."""
    try:
        return from_environment()
    except BadSettings as error:
        stop(str(error), MISUSED)


def stop(message: str, code: int) -> NoReturn:
    """End the command with a sentence for whoever ran it."""
    click.echo(message, err=True)
    sys.exit(code)


def in_app(command: Callable[P, R]) -> Callable[P, R]:
    """Run a command inside the app, a refusal as a sentence and exit code 1."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        return in_app_of(settings_or_stop(), command, *args, **kwargs)

    return run


def in_app_of(settings: Settings, command: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a command inside the app of these settings."""
    from core.db import dispose
    from pos.app import create_app

    with create_app(settings).app_context():
        try:
            return command(*args, **kwargs)
        except DomainError as error:
            stop(f"{error.code}: {error.title} {error.facts or ''}", FAILED)
        finally:
            dispose()
