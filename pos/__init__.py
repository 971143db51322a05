"""The counter and the front door: tills, shifts, sales, refunds, and the app itself.

What must stay true: a taken payment is a recorded sale, and a sale is recorded whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from core.config import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application; all rooms are loaded only now, so that rules stay quick to import."""
    from pos.app import create_app as compose

    return compose(settings)
