"""What a room tells the web about the jobs people may ask for. Pure descriptions.

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
class TaskKind:
    """A job asked for on a page of its own, by its name in `job_run`; words are msgids.

    One that `acts` does its work and its file in one transaction; any other reads and draws.
    `permission` is the right to look at it and to take its file. `address` is the page it belongs
    to, filled from the centre (`c`) and its params; when it `makes` that page, there is none before
    it is done. `home` is where it was asked for.
    """

    name: str
    title: str
    permission: str
    address: str
    address_words: str
    home: str
    home_words: str
    acts: bool = False
    makes: bool = False

    def address_of(self, centre_id: int, params: Mapping[str, Any]) -> str:
        return self.address.format(c=centre_id, **params)


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
