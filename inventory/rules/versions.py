"""Which version of which terms is in force: the narrowest scope first, its newest version.

What must stay true: on any day one version of a scope is in force at most, and which one it is
does not depend on the order in which they were made. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from core.errors import N_, DomainError


class TermsOverlap(DomainError):
    """Two versions of one scope would be in force on one day."""

    code, status, title = "terms-overlap", 409, N_("Other terms hold on these days")
    detail = N_(
        "%(terms_no)s is already agreed or proposed for the same goods from %(valid_from)s. "
        "Choose other days, or withdraw that proposal."
    )


@dataclass(frozen=True, slots=True)
class Scope:
    """What terms are about: a producer, a product or a category, or the first with one of them."""

    producer_id: UUID | None = None
    product_id: UUID | None = None
    category: str = ""

    def covers(self, producer_id: UUID, product_id: UUID, category: str) -> bool:
        """Tell whether goods of a producer fall under it."""
        return (
            self.producer_id in (None, producer_id)
            and self.product_id in (None, product_id)
            and self.category in ("", category)
        )

    @property
    def rank(self) -> int:
        """The order in which scopes count, lowest first: what names the producer, then goods."""
        about_goods = 0 if self.product_id else 1 if self.category else 2
        return about_goods if self.producer_id else 3 + about_goods


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a scope's terms and its days."""

    id: UUID
    terms_no: str
    scope: Scope
    valid_from: date
    valid_until: date | None = None


def chosen(
    versions: Iterable[Version], producer_id: UUID, product_id: UUID, category: str, day: date
) -> Version | None:
    """Return the version in force for goods on a day; None: only the usual split is agreed."""
    newest: dict[Scope, Version] = {}
    for version in versions:
        if version.scope.covers(producer_id, product_id, category) and version.valid_from <= day:
            known = newest.get(version.scope)
            if known is None or known.valid_from < version.valid_from:
                newest[version.scope] = version
    in_force = [one for one in newest.values() if one.valid_until is None or one.valid_until >= day]
    return min(in_force, key=lambda one: one.scope.rank, default=None)


def last_day(version: Version, others: Iterable[Version]) -> date | None:
    """Return the last day of a version among others of its scope; None while it is open."""
    later = [
        other.valid_from - timedelta(days=1)
        for other in others
        if other.scope == version.scope and other.valid_from > version.valid_from
    ]
    ends = [day for day in (version.valid_until, *later) if day is not None]
    return min(ends, default=None)


def require_apart(new: Version, others: Iterable[Version]) -> None:
    """Refuse a version whose days another of its scope already has; raise `TermsOverlap`.

    An open version ends where the next begins; one with a last day of its own is not cut short.
    """
    for other in others:
        if other.scope != new.scope or other.id == new.id:
            continue
        first, second = sorted((new, other), key=lambda one: one.valid_from)
        until = first.valid_until
        if first.valid_from == second.valid_from or (until and until >= second.valid_from):
            raise TermsOverlap(
                field="valid_from",
                terms_no=other.terms_no,
                valid_from=other.valid_from,
            )
