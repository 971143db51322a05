"""The one blueprint all of the counter's pages belong to."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("pos", __name__, url_prefix="/c/<int:centre_id>")
