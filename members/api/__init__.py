"""The API of the room of people: registers, users, tokens, settings, the trail."""

from __future__ import annotations

from members.api import people, register, settings
from members.api.blueprint import blueprint

__all__ = ["blueprint", "people", "register", "settings"]
