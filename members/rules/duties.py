"""Duties one person should not do both of, as data: the one table of the whole house.

What must stay true: every place that keeps two duties apart names its pair here; `waivable` says
whether a small centre may record that one person does both (the rest law, by-laws or the database
keep apart for ever). Pure.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from core.errors import N_, DomainError


@dataclass(frozen=True, slots=True)
class Pair:
    """Two duties: what was done before, and what the same person then may not do."""

    key: str
    first: str
    second: str
    waivable: bool = True
    instead: str = ""
    """What a small centre does where there is no waiver."""


PAIRS = (
    Pair(
        "price-payout",
        N_("Changes a price, proposes terms or makes a promotion the producer bears"),
        N_("Approves the settlement of the time in which the change was made"),
    ),
    Pair(
        "own-payout",
        N_("Is the producer"),
        N_("Approves the settlement, or pays it out"),
    ),
    Pair("settlement", N_("Prepares a settlement"), N_("Approves it")),
    Pair("terms", N_("Proposes terms of consignment"), N_("Approves them")),
    Pair("count", N_("Counts goods"), N_("Approves the count")),
    Pair("override", N_("Asks for an override at the till"), N_("Gives it")),
    Pair(
        "voucher",
        N_("Prepares a voucher above the limit"),
        N_("Approves it"),
        False,
        N_("The limit stands in the settings of the books."),
    ),
    Pair("month-close", N_("Prepares the close of a month"), N_("Signs it"), False),
    Pair("reopening", N_("Asks to open a month again"), N_("Agrees to it"), False),
    Pair("surplus", N_("Approves the use of the surplus first"), N_("Approves it again"), False),
    Pair("unclaimed", N_("Lists what nobody fetched"), N_("Approves the list"), False),
    Pair("fund-request", N_("Enters a request to a fund"), N_("Decides it"), False),
)
BY_KEY = {pair.key: pair for pair in PAIRS}
WAIVABLE = tuple(pair.key for pair in PAIRS if pair.waivable)
LONGEST_DAYS = 366
"""A waiver is looked at again once a year."""


class WaiverNamesNothing(DomainError):
    """A waiver names pairs that may be waived, at least one."""

    code, status, title = "waiver-names-nothing", 422, N_("Choose what one person may do both of")
    detail = N_("Tick at least one pair of duties from the list.")


class WaiverUnexplained(DomainError):
    """One person may do both only for a reason that is written down."""

    code, status, title = "waiver-unexplained", 422, N_("Say why one person does both")
    detail = N_("Write why the centre has no second person, for the auditor will ask.")


class WaiverTooLong(DomainError):
    """A waiver begins today or later and ends within a year."""

    code, status, title = "waiver-too-long", 422, N_("A waiver lasts a year at the most")
    detail = N_("Choose a last day between %(first)s and %(last)s.")


def require_sound(
    pairs: Collection[str], reason: str, valid_from: date, valid_until: date, today: date
) -> None:
    """Refuse a waiver that names nothing, says nothing, or lasts too long."""
    if not pairs or not set(pairs) <= set(WAIVABLE):
        raise WaiverNamesNothing(field="pairs")
    if not reason.strip():
        raise WaiverUnexplained(field="reason")
    last = date.fromordinal(valid_from.toordinal() + LONGEST_DAYS - 1)
    if valid_from < today or not valid_from <= valid_until <= last:
        first = max(valid_from, today)
        raise WaiverTooLong(
            field="valid_until" if valid_from >= today else "valid_from",
            first=first.isoformat(),
            last=last.isoformat(),
        )
