"""Which centres a roll-up is of, and which days of each.

What must stay true: a centre counts for the days it was in the network; how things stand at the end
counts where it was there on the last day. Only months are asked for, so that no two answers a day
apart tell what one household did.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from accounting.rules.periods import first_day, last_day, period_of
from core import clock
from core.actor import Actor, Centre
from core.errors import N_, DomainError
from members.services import access, centres, networks

MONTHS_MAX = 120


class BadMonths(DomainError):
    """The months asked for are the wrong way round, too many, or have not begun."""

    code, status, title = "bad-months", 422, N_("These months can't be added up")
    detail = N_("Choose a first month not after the last, ten years at most, none in the future.")


@dataclass(frozen=True, slots=True)
class Scope:
    """The centres of a network in some months: `parts` of their own days."""

    names: tuple[str, str]
    first: date
    last: date
    parts: tuple[networks.Stretch, ...]
    centres: Mapping[int, Centre]

    @property
    def present(self) -> tuple[int, ...]:
        """The centres that are there on the last day."""
        return tuple(sorted({one.centre_id for one in self.parts if one.last == self.last}))

    @property
    def moved(self) -> tuple[networks.Stretch, ...]:
        """The parts that are not the whole period: a centre came or went."""
        whole = self.first, self.last
        return tuple(one for one in self.parts if (one.first, one.last) != whole)

    @property
    def spans(self) -> tuple[tuple[int, date, date], ...]:
        return tuple((one.centre_id, one.first, one.last) for one in self.parts)


def of(actor: Actor, first_period: int, last_period: int) -> Scope:
    """Return the scope of the actor's network. Raises Forbidden, BadMonths."""
    access.require(actor, "network.read")
    return _of(actor.centre.network_id, first_period, last_period)


def of_association(first_period: int, last_period: int) -> Scope:
    """Return every centre of the installation: for its operator at the command line."""
    return _of(None, first_period, last_period)


def of_network(network_id: int, first_period: int, last_period: int) -> Scope:
    """Return a network's scope: for the operator at the command line. Raises NotFound."""
    networks.card(network_id)
    return _of(network_id, first_period, last_period)


def _of(network_id: int | None, first_period: int, last_period: int) -> Scope:
    now = period_of(clock.today())
    if not (190001 <= first_period <= last_period <= now) or _months(first_period, last_period):
        raise BadMonths(field="last")
    first, last = first_day(first_period), last_day(last_period)
    parts = networks.stretches(network_id, first, last)
    wanted = {one.centre_id for one in parts}
    known = {one.id: one for one in centres.listing() if one.id in wanted}
    names = ("สมาคม", "Association") if network_id is None else networks.card(network_id)
    return Scope(names, first, last, parts, known)


def _months(first_period: int, last_period: int) -> bool:
    years = last_period // 100 - first_period // 100
    return years * 12 + last_period % 100 - first_period % 100 >= MONTHS_MAX
