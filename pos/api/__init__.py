"""The counter's API: nothing but translation between JSON and the services."""

from __future__ import annotations

from pos.api import counter, sales, shifts
from pos.api.blueprint import blueprint

__all__ = ["blueprint", "counter", "sales", "shifts"]
