"""The menu: each room names its pages and the right each needs; a reader sees only their own.

A room's pages.py ends with `MENU = (MenuItem(...), …)`; pos/app.py hands all of them to `init_app`.
What must stay true: the menu hides what would be refused, it never grants anything.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, request, url_for

from core.errors import N_
from core.web import auth, csrf, show
from core.web.words import translated

GROUPS = (
    (10, N_("Shop front")),
    (20, N_("Goods")),
    (40, N_("Producers")),
    (45, N_("Members and welfare")),
    (50, N_("Books")),
    (60, N_("People and settings")),
)
"""From which `order` on items stand under which heading."""


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One page of a centre: `label` and `hint` are msgids, `order` sorts the whole menu."""

    permission: str
    endpoint: str
    label: str
    hint: str = ""
    icon: str = ""
    order: int = 50

    @property
    def group(self) -> str:
        """The heading it stands under."""
        return next(name for start, name in reversed(GROUPS) if self.order >= start)


def init_app(app: Flask, items: Sequence[MenuItem]) -> None:
    """Offer the menu and the reader to the templates of `app`."""
    app.extensions["sunruam_menu"] = tuple(sorted(items, key=lambda item: item.order))
    app.context_processor(_context)
    app.jinja_env.globals["may"] = auth.may


def entries() -> Sequence[dict[str, Any]]:
    """Return the reader's menu in the centre of this request, item by item, for the templates."""
    actor = auth.known_actor()
    if actor is None:
        return ()
    items = current_app.extensions["sunruam_menu"]
    return _entries(items, show.language(), actor.roles, actor.centre_id, request.script_root)


@lru_cache(maxsize=512)
def _entries(
    items: tuple[MenuItem, ...], _language: str, _roles: Set[str], centre_id: int, _root: str
) -> Sequence[dict[str, Any]]:
    """Make the menu of some roles once: it was half the time of a page, and never changes.

    The words are those of the request's language, the addresses start at its root.
    """
    return tuple(
        {
            "endpoint": item.endpoint,
            "url": url_for(item.endpoint, centre_id=centre_id),
            "label": translated(item.label),
            "hint": translated(item.hint) if item.hint else "",
            "icon": item.icon,
            "group": translated(item.group),
            "place": item.order,
        }
        for item in items
        if auth.may(item.permission)
    )


def _context() -> dict[str, Any]:
    """What base.html shows; asks nothing of the database, for it also dresses errors."""
    actor, person = auth.known_actor(), auth.known_person()
    return {
        "actor": actor or person,
        "centre": actor.centre if actor else None,
        "nav": entries(),
        "locale": show.language(),
        "csrf_token": csrf.csrf_token,
    }
