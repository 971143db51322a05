"""The share register as a list by name, as a book, and a member's passbook as a book.

What must stay true: the sums above a list are those of the whole register, not of the page shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from accounting.rules.books import Book, Column, Row, total_row
from accounting.rules.periods import Span
from accounting.rules.shares import ShareRules, largest_allowed
from accounting.services.shares import plans, reading, register, rules
from accounting.services.shares.reading import TransactionCard
from core import clock
from core.actor import Actor
from core.errors import N_
from core.paging import LIMIT_MAX, Page, Window
from members.services import access, members
from members.services.members import MemberCard

KIND_WORDS = {
    "buy": N_("Shares bought"),
    "instalment": N_("Shares paid by instalment"),
    "transfer": N_("Shares transferred"),
    "withdraw": N_("Shares given back"),
    "inherit": N_("Shares inherited"),
    "credited": N_("Credited as shares"),
    "opening": N_("Shares of the old books"),
    "reversal": N_("Share transaction taken back"),
}
KEEPER, CHAIR = N_("Treasurer"), N_("Chairperson")
REGISTER_COLUMNS = (
    Column(N_("Member no."), "code"),
    Column(N_("Name")),
    Column(N_("Village")),
    Column(N_("Paid-up shares (baht)"), "money"),
    Column(N_("Still to pay (baht)"), "money"),
)
PASSBOOK_COLUMNS = (
    Column(N_("Date"), "day"),
    Column(N_("Number"), "code"),
    Column(N_("Item"), "words"),
    Column(N_("Added"), "money"),
    Column(N_("Taken off"), "money"),
    Column(N_("Balance"), "money"),
)


@dataclass(frozen=True, slots=True)
class Sums:
    """The register in one line."""

    on: date
    total_satang: int
    holders: int
    to_pay_satang: int
    rules: ShareRules
    allowed_satang: int | None
    """The most one member may hold now; None where nothing caps it."""
    above: tuple[tuple[MemberCard, int], ...]
    """Who holds more than that, by number (others left, or the rule came later)."""


@dataclass(frozen=True, slots=True)
class Line:
    """A member in the list."""

    member: MemberCard
    held_satang: int
    to_pay_satang: int


def sums(actor: Actor, on: date | None = None) -> Sums:
    """Return the register's sums at the end of a day (today). Raises Forbidden."""
    access.require(actor, "share.read")
    day = on or clock.today()
    held = register.balances(actor.centre_id, day)
    valid = rules.on(actor, day)
    total = sum(held.values())
    allowed = largest_allowed(valid, total, len(held))
    above = [who for who, satang in held.items() if allowed is not None and satang > allowed]
    people = members.names(actor.centre_id, above)
    named = [(people[who], held[who]) for who in above]
    return Sums(
        day,
        total,
        len(held),
        sum(plans.open_by_member(actor.centre_id).values()),
        valid,
        allowed,
        tuple(sorted(named, key=lambda one: one[0].member_no)),
    )


def listing(actor: Actor, text: str, window: Window, on: date | None = None) -> Page[Line]:
    """Return a page of members by name with what they hold. Raises Forbidden."""
    access.require(actor, "share.read")
    page = members.listing(actor, text, window)
    ids = [one.id for one in page.items]
    held = register.balances(actor.centre_id, on or clock.today(), ids)
    to_pay = plans.open_by_member(actor.centre_id)
    lines = tuple(Line(one, held.get(one.id, 0), to_pay.get(one.id, 0)) for one in page.items)
    return Page(lines, page.next)


def register_book(actor: Actor, on: date | None = None) -> Book:
    """Return everyone who holds or signed for shares, by name. Raises Forbidden."""
    access.require(actor, "share.read")
    day = on or clock.today()
    held = register.balances(actor.centre_id, day)
    to_pay = plans.open_by_member(actor.centre_id)
    rows = [
        Row((one.member_no, one.name, one.village, held.get(one.id, 0), to_pay.get(one.id, 0)))
        for one in _everyone(actor)
        if one.id in held or one.id in to_pay
    ]
    total = (total_row(REGISTER_COLUMNS, rows, N_("Total")),) if rows else ()
    return Book(
        "share-register",
        N_("Share register"),
        Span(day, day),
        REGISTER_COLUMNS,
        (*rows, *total),
        signers=(KEEPER, CHAIR),
    )


def passbook_book(member: MemberCard, actor: Actor) -> Book:
    """Return a member's passbook to print. Raises Forbidden."""
    access.require(actor, "share.read")
    rows = [
        Row(
            (
                one.transaction.effective_on,
                one.transaction.transaction_no,
                KIND_WORDS[one.transaction.kind],
                max(one.delta_satang, 0),
                max(-one.delta_satang, 0),
                one.balance_satang,
            )
        )
        for one in reading.passbook(actor.centre_id, member.id)
    ]
    held = rows[-1].cells[-1] if rows else 0
    assert isinstance(held, int)
    owner = f"{member.member_no} {member.name}".strip()
    head = Row((owner, *[None] * (len(PASSBOOK_COLUMNS) - 1)), style="heading")
    today = clock.today()
    return Book(
        "share-passbook",
        N_("Share passbook"),
        Span(today, today),
        PASSBOOK_COLUMNS,
        (head, *rows),
        figures=((N_("Paid-up shares now"), held),),
        signers=(N_("Member"), KEEPER),
    )


def names(centre_id: int, cards: Iterable[TransactionCard]) -> dict[UUID, MemberCard]:
    """Return who some transactions are about, by id."""
    some = list(cards)
    ids = {one.member_id for one in some} | {one.to_member_id for one in some}
    return members.names(centre_id, ids)


def member_card(centre_id: int, member_id: UUID) -> MemberCard | None:
    """Return a member's card, or None for a stranger."""
    return members.names(centre_id, [member_id]).get(member_id)


def _everyone(actor: Actor) -> Iterator[MemberCard]:
    page = members.listing(actor, "", Window(limit=LIMIT_MAX))
    yield from page.items
    while page.next is not None:
        page = members.listing(actor, "", Window(page.next, LIMIT_MAX))
        yield from page.items
