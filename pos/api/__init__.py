"""The counter's API: nothing but translation between JSON and the services."""

from __future__ import annotations

from pos.api import counter, day, people, sales, shifts, tenders, training
from pos.api.blueprint import blueprint

__all__ = ["blueprint", "counter", "day", "people", "sales", "shifts", "tenders", "training"]
