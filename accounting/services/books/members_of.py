"""The register of members and their shares, by number.

What must stay true: shares are what the share register says, member by member; who has left stays
in it as long as shares stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from accounting.rules.books import Book, Column, Row, total_row
from accounting.rules.stretches import Stretch
from accounting.services.books.balances_of import span_of
from accounting.services.shares import register as share_register
from core.actor import Actor
from core.errors import N_
from core.paging import LIMIT_MAX, Window
from members.services import members
from members.services.members import MemberCard

COLUMNS = (
    Column(N_("Member no."), "code"),
    Column(N_("Name")),
    Column(N_("Village")),
    Column(N_("Joined on"), "day"),
    Column(N_("Resigned on"), "day"),
    Column(N_("Shares at the beginning"), "money"),
    Column(N_("Added"), "money"),
    Column(N_("Taken off"), "money"),
    Column(N_("Shares at the end"), "money"),
)


def register(stretch: Stretch, actor: Actor) -> Book:
    """Return every member with shares in baht. Raises Forbidden."""
    centre_id, span = actor.centre_id, span_of(stretch)
    shares = _moved(centre_id, stretch)
    dates = members.dates(centre_id)
    rows = []
    for card in _everyone(actor):
        (joined, resigned), moved = dates[card.id], shares.get(card.id)
        gone = resigned is not None and resigned < stretch.first
        if moved is None and (joined > stretch.last or gone):
            continue
        opening, added, taken = moved or (0, 0, 0)
        shown = (opening, added, taken, opening + added - taken)
        rows.append(Row((card.member_no, card.name, card.village, joined, resigned, *shown)))
    rows.sort(key=lambda row: str(row.cells[0]))
    total = (total_row(COLUMNS, rows, N_("Total")),) if rows else ()
    return Book("members", N_("Members and shares"), span, COLUMNS, (*rows, *total))


def _moved(centre_id: int, stretch: Stretch) -> dict[UUID, tuple[int, int, int]]:
    """Return what each member had before, added and gave back in the days of a stretch."""
    sums = {}
    for member_id, changes in share_register.movements(centre_id, stretch.last).items():
        here = [one.delta_satang for one in changes if one.on >= stretch.first]
        before = sum(one.delta_satang for one in changes) - sum(here)
        added = sum(delta for delta in here if delta > 0)
        taken = -sum(delta for delta in here if delta < 0)
        if before or here:
            sums[member_id] = (before, added, taken)
    return sums


def _everyone(actor: Actor) -> Iterator[MemberCard]:
    page = members.listing(actor, "", Window(limit=LIMIT_MAX))
    yield from page.items
    while page.next is not None:
        page = members.listing(actor, "", Window(page.next, LIMIT_MAX))
        yield from page.items
