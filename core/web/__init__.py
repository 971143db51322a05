"""The web edge shared by all rooms: sign-in, CSRF, language, refusals, API, headers.

pos/app.py, the only composition root, writes:

    api = core.web.init_app(
        app,
        settings,
        gate=Gate(
            load_actor=access.load_actor,
            load_person=access.load_person,
            keep_alive=sessions.keep_alive,
            allowed=roles.allowed,
        ),
        menu_items=(*members.pages.MENU, *pos.pages.MENU, …),
    )
    app.register_blueprint(members.pages.blueprint)
    api.register_blueprint(members.api.blueprint)

with `members.services.access`, `.sessions` and `members.rules.roles`. It must be called before any
route is added (it sets the number converter), and `app` must be made as `Flask("pos", …)`, whose
folder holds the translations.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from core.config import Settings
from core.web import api as api_frame
from core.web import auth, csrf, headers, i18n, limits, list_files, menu, problems, trail
from core.web.auth import Gate
from core.web.menu import MenuItem

__all__ = ["Gate", "MenuItem", "init_app"]


def init_app(
    app: Flask, settings: Settings, gate: Gate, menu_items: Sequence[MenuItem] = ()
) -> api_frame.Api:
    """Dress `app` with everything an edge needs; return the API to register blueprints on."""
    app.secret_key = settings.secret_key
    if settings.trusted_proxies:
        # Else every try to sign in seems to come from the proxy, and one guesser shuts all out.
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.config.update(
        SESSION_COOKIE_NAME="sunruam_flash",  # only one-time messages; who is in is our own table
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.cookie_secure,
    )
    trail.init_app(app)
    limits.init_app(app)
    i18n.init_app(app)
    auth.init_app(app, settings, gate)
    csrf.init_app(app)
    menu.init_app(app, menu_items)
    problems.init_app(app)
    headers.init_app(app, settings)
    list_files.init_app(app)
    return api_frame.init_app(app)
