"""What a room tells the web about the reports people may ask for. Pure descriptions.

The web offers and checks them, the worker makes them; neither imports the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing a report must be told; `label` is a msgid."""

    name: str
    kind: Literal["uuid", "date"]
    label: str


@dataclass(frozen=True, slots=True)
class ReportKind:
    """A report by its name in `job_run`; `title` and `hint` are msgids."""

    name: str
    title: str
    hint: str
    parameters: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class ReportChoice:
    """One ready-made set of parameters, with the words a person picks it by."""

    params: dict[str, str]
    label: str


@dataclass(frozen=True, slots=True)
class RequestReport:
    """Ask for a report by name, in a language; `params` as its kind describes them."""

    name: str
    params: Mapping[str, Any] = field(default_factory=dict)
    locale: str = "th"
