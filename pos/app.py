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
from members.services import access

ROOMS = (members, accounting, inventory, pos)


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application for `settings` (by default those of the environment).

    Raises BadSettings when the environment holds a setting we don't know or can't use.
    """
    settings = settings or from_environment()
    root = Path(__file__).parent
    app = Flask(
        "pos",
        root_path=str(root),
        static_folder="static",
        template_folder=str(root.parent / "templates"),
    )
    app.config["SUNRUAM"] = settings
    database.init_app(app, settings)
    web.init_app(app, settings, load_user=access.load_actor)
    for room in ROOMS:
        room.pages.register(app)
        room.api.register(app)
    return app
