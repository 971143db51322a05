"""The one blueprint all of the stock room's pages belong to."""

from __future__ import annotations

from flask import Blueprint, current_app

from inventory.services.counter import Counter

blueprint = Blueprint("inventory", __name__, url_prefix="/c/<int:centre_id>")


def counter() -> Counter:
    """Return the counter's answers that pos/app.py handed down."""
    handed_down: Counter = current_app.extensions["sunruam_counter"]
    return handed_down
