"""Put the rooms together: the only composition root.

What must stay true: nothing but this file (and the migrations) knows all rooms at once.
"""

from __future__ import annotations

from pathlib import Path

from flask import Flask

import accounting.api
import accounting.models
import accounting.pages
import core.models
import inventory.api
import inventory.models
import inventory.pages
import members.api
import members.models
import members.pages
import pos.api
import pos.models
import pos.pages
from core import db as database
from core import web
from core.config import Settings, from_environment
from core.web import jobs
from members.rules import roles
from members.services import access, sessions
from pos.services import shift

ROOMS = (members, accounting, inventory, pos)


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application for `settings` (by default those of the environment).

    Raises BadSettings when the environment holds a setting we don't know or can't use.
    """
    settings = settings or from_environment()
    home = Path(__file__).parent
    app = Flask("pos", root_path=str(home), template_folder=str(home.parent / "templates"))
    app.config["SUNRUAM"] = settings
    database.init_app(app, settings)
    gate = web.Gate(
        load_actor=access.load_actor,
        load_person=access.load_person,
        keep_alive=sessions.keep_alive,
        allowed=roles.allowed,
    )
    menu = [item for room in ROOMS for item in room.pages.MENU]
    api = web.init_app(app, settings, gate=gate, menu_items=menu)
    for room in ROOMS:
        app.register_blueprint(room.pages.blueprint)
        api.register_blueprint(room.api.blueprint)
    return app
