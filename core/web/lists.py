"""Lists as pages: what the reader looks for, the rows of a window, the way on and back.

    wanted = sought()                               # ?first=&last=&state=&q=
    page = documents.listing(actor, window(), wanted)
    return render_template("….html", **listed(page, "room.documents", centre_id=centre_id))

and in the template `{{ filters(sought, _("Number")) }}` above the table, `pagination` below.
Each list is also a file (core.web.list_files), which reads on by `g.list_after` and `g.list_next`.

What must stay true: what the reader looked for stays in the address from page to page and in the
file; a day that can't be read is said so beside its field and narrows nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import g, request, url_for
from marshmallow import ValidationError
from werkzeug.utils import cached_property

from core.dates import format_date
from core.paging import LIMIT_MAX, Page, Window
from core.sought import Sought
from core.web import show
from core.web.api import page_window
from core.web.schemas import DateField
from core.web.words import translated

DAYS = ("first", "last")
NAMES = (*DAYS, "state", "q")
TEXT_MAX = 100
State = tuple[str, str]
"""A state a list may be narrowed to, and its words."""


@dataclass
class Given:
    """What stands in the filter of a list, what is wrong with it, and how to clear it."""

    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    states: Sequence[State] = ()

    @property
    def filled(self) -> bool:
        """Tell whether the list is narrowed."""
        return any(self.typed.values())

    @property
    def query(self) -> dict[str, str]:
        """Return what narrows the list, for the address of a file of its own."""
        return {name: text for name, text in self.typed.items() if text}

    @property
    def others(self) -> list[tuple[str, str]]:
        """What the address says besides the filter: which view of the list it is."""
        left_out = {*NAMES, *self.typed, "after", "sheet"}
        return [one for one in request.args.items(multi=True) if one[0] not in left_out]

    @cached_property
    def clear_url(self) -> str:
        """The address of the same list, not narrowed."""
        query = urlencode(self.others)
        return f"{request.path}?{query}" if query else request.path


def window() -> Window:
    """Return the window the reader asked for by `?after=`, or where a file of it goes on."""
    g.list_windowed = True
    if "list_after" in g:
        return page_window(g.list_after, LIMIT_MAX)
    return page_window(request.args.get("after"))


def sought(states: Sequence[State] = (), *, own: Sequence[str] = ()) -> Sought:
    """Return what the reader looks for; `own` are further fields of this list's form alone."""
    names = (*NAMES, *own)
    typed = {name: request.args.get(name, "").strip()[:TEXT_MAX] for name in names}
    given = g.list_given = Given(typed=typed, states=states)
    if typed["state"] not in {value for value, _words in states}:
        typed["state"] = ""
    first, last = (_day(name, given) for name in DAYS)
    return Sought(first, last, typed["state"], typed["q"])


def _day(name: str, given: Given) -> date | None:
    text = given.typed[name]
    if not text:
        return None
    try:
        day: date = DateField().deserialize(text)
    except ValidationError as error:
        given.errors[name] = translated(error.messages[0])
        return None
    given.typed[name] = format_date(day, show.language(), "form")
    return day


def listed(page: Page[Any], endpoint: str, **kept: Any) -> dict[str, Any]:
    """Return what a template shows of a list; `kept` stays in the address.

    A list must take its `window()` from here: else its file would be its first page over and over.
    """
    assert "list_windowed" in g, f"{endpoint} reads its window past core.web.lists"
    given: Given = g.get("list_given") or Given()

    def address(after: str | None) -> str:
        return url_for(endpoint, after=after, **{**kept, **given.query})

    g.list_next = page.next
    return {
        "rows": page.items,
        "sought": given,
        "next_url": address(page.next) if page.next else None,
        "first_url": address(None) if request.args.get("after") else None,
    }
