"""One app and one engine a process and kind of database, put over each test's own database in turn.

Making an app takes longer than most tests, and its compiled statements and templates are worth
keeping. What must stay true: nothing a test did to the app's settings, memory or bell is there in
the next one; a test that needs another view behind an address patches it in.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import event, make_url

from core import bell
from core.config import Settings
from core.db import db
from pos import create_app

_apps: dict[str, Flask] = {}
_target: dict[str, str] = {}


def made_app(settings: Settings) -> Flask:
    """Make an app; templates compiled by any of the run's processes are taken as they are."""
    app = create_app(settings)
    folder = Path(tempfile.gettempdir()) / "sunruam-test-templates"
    folder.mkdir(exist_ok=True)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(folder))
    return app


def app_over(settings: Settings) -> Flask:
    """Return this process's app, its engine connecting to the database of `settings`."""
    kind = make_url(settings.database_url).get_backend_name()
    _target[kind] = settings.database_url
    app = _apps.get(kind)
    if app is None:
        app = _apps[kind] = made_app(settings)
        with app.app_context():
            event.listen(db.engine, "do_connect", _there)
    app.config["SUNRUAM"] = settings
    app.config["PROPAGATE_EXCEPTIONS"] = None
    app.extensions["sunruam_remembered"] = {}
    bell.init_app(app, settings)
    return app


def _there(dialect: Any, _record: Any, cargs: list[Any], cparams: dict[str, Any]) -> None:
    """Send a new connection to the database of the running test."""
    given, named = dialect.create_connect_args(make_url(_target[_kind(dialect)]))
    cargs[:] = given
    cparams.update({name: value for name, value in named.items() if name == "dbname"})


def _kind(dialect: Any) -> str:
    name: str = dialect.name
    return name
