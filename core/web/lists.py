"""Lists as pages: the rows of a window, the way on to the next ones and back to the first.

What must stay true: what the reader searched and chose stays in the address from page to page.
"""

from __future__ import annotations

from typing import Any

from flask import request, url_for

from core.paging import Page, Window
from core.web.api import page_window


def window() -> Window:
    """Return the window the reader asked for by `?after=`."""
    return page_window(request.args.get("after"))


def listed(page: Page[Any], endpoint: str, **kept: Any) -> dict[str, Any]:
    """Return `rows`, `next_url` and `first_url` for a template; `kept` stays in the address."""

    def address(after: str | None) -> str:
        return url_for(endpoint, after=after, **kept)

    return {
        "rows": page.items,
        "next_url": address(page.next) if page.next else None,
        "first_url": address(None) if request.args.get("after") else None,
    }
