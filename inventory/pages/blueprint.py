"""The one blueprint all of the stock room's pages belong to."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("inventory", __name__, url_prefix="/c/<int:centre_id>")
