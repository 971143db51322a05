"""The one blueprint all pages of this room belong to; some stand outside of any centre."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("members", __name__)

CENTRE = "/c/<int:centre_id>"
