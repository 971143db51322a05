"""One app and one engine a process and kind of database, put over each test's own database in turn.

Making an app takes longer than most tests, and its compiled statements and templates are worth
keeping. What must stay true: nothing a test did to the app's settings, memory or bell is there in
the next one. A test that adds routes is marked `own_app` and gets an app of its own.
"""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import event, make_url

from core import bell
from core.config import Settings
from core.db import db
from pos import create_app

_apps: dict[str, Flask] = {}
_target: dict[str, str] = {}


def app_over(settings: Settings) -> Flask:
    """Return this process's app, its engine connecting to the database of `settings`."""
    kind = make_url(settings.database_url).get_backend_name()
    _target[kind] = settings.database_url
    app = _apps.get(kind)
    if app is None:
        app = _apps[kind] = create_app(settings)
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
