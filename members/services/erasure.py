"""What the law lets people ask of their data: a copy of it, and to be forgotten where we may.

What must stay true: the books stay (five years by the Accounting Act; documents name a number, no
longer a person); who still has a claim or a debt here is not forgotten before it is settled; every
request is written down with what came of it, a refusal with its reason (PDPA s.30–33, s.39).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from core import audit, clock
from core.actor import Actor
from core.appointed import Appointed
from core.db import db
from core.errors import N_, DomainError, NotFound
from core.text import thai_sort_key
from members.models import DataRequest, Member, Person, Producer, Village
from members.rules import membership
from members.services import consents, persons, pins, standing
from members.services.access import require
from members.services.moving_in import discarding
from members.services.persons import NotInRegister

FORGOTTEN = "ลบตามคำขอ"
"""What stands where a name stood: erased on request."""


class StillAMember(DomainError):
    """A membership or a producer's work goes on: its contract needs the data."""

    code, status, title = "still-a-member", 409, N_("This person still belongs to the centre")
    detail = N_("Record first that they left and stopped delivering; or write the refusal down.")


class StillSomethingOpen(DomainError):
    """Money is still held or owed under this person's number."""

    code, status, title = "still-something-open", 409, N_("Something is still open")
    detail = N_("Accounts under this person stand at %(open_satang)s baht. Settle them first.")


class AlreadyForgotten(DomainError):
    """There is nothing left to erase."""

    code, status, title = "already-forgotten", 409, N_("This person was erased before")


class Msgid(str):
    """A cell that is a word of ours, to be translated; every other text is given out as it is."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A table of what a room keeps about someone: `title` and `headings` are msgids."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


Tell = Callable[[int, Sequence[UUID], Sequence[UUID]], Iterable[Section]]
"""(centre, memberships, producers) → what a room keeps about them."""
Open = Callable[[int, Sequence[UUID], Sequence[UUID]], int]
"""(centre, memberships, producers) → satang held or owed, as the sum of absolute balances."""


Forget = Callable[[Sequence[UUID], Sequence[UUID], Actor], None]
"""(memberships, producers, who erases) → nothing: blanks what a room itself keeps of them."""


@dataclass(frozen=True, slots=True)
class WriteRequest:
    """What someone asked, and what came of it."""

    id: UUID
    person_id: UUID
    kind: str
    asked_on: date
    outcome: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RequestCard:
    """A request that was written down."""

    id: UUID
    kind: str
    asked_on: date
    outcome: str
    reason: str
    recorded_at: datetime


TELLS: Appointed[Tell] = Appointed()
OPENS: Appointed[Open] = Appointed()
FORGETS: Appointed[Forget] = Appointed()
_OF_MEMBERS = {
    "joined": N_("Joined"),
    "suspended": N_("Suspended"),
    "reinstated": N_("Reinstated"),
    "resigned": N_("Resigned"),
    "expelled": N_("Expelled"),
    "died": N_("Died"),
}
_OF_PRODUCERS = {
    "joined": N_("Began to deliver"),
    "suspended": N_("Was suspended from delivering"),
    "reinstated": N_("May deliver again"),
    "resigned": N_("Stopped delivering"),
    "expelled": N_("Was excluded from delivering"),
    "died": N_("Died"),
}
"""What happened, in the words of the pages; a copy is of a person, never of a group."""
_REQUEST = tuple(getattr(DataRequest, name) for name in RequestCard.__slots__)


# --- requests --------------------------------------------------------------------------------


def requests(person_id: UUID, actor: Actor) -> list[RequestCard]:
    """Return what a person asked so far, the latest first. Raises Forbidden."""
    require(actor, "member.read")
    rows = db.session.execute(
        select(*_REQUEST)
        .where(DataRequest.centre_id == actor.centre_id, DataRequest.person_id == person_id)
        .order_by(DataRequest.asked_on.desc(), DataRequest.id.desc())
    )
    return [RequestCard(*row) for row in rows]


def write(command: WriteRequest, actor: Actor) -> None:
    """Write a request down with what came of it; the same id again changes nothing.

    Raises NotFound, Forbidden.
    """
    require(actor, "privacy.record")
    if db.session.get(Person, (actor.centre_id, command.person_id)) is None:
        raise NotFound(what="person")
    if db.session.get(DataRequest, (actor.centre_id, command.id)) is not None:
        return
    db.session.execute(
        insert(DataRequest).values(
            centre_id=actor.centre_id,
            id=command.id,
            person_id=command.person_id,
            kind=command.kind,
            asked_on=command.asked_on,
            outcome=command.outcome,
            reason=command.reason,
            recorded_by=actor.user_id,
            recorded_at=clock.now(),
        )
    )
    audit.record(
        actor, f"data_request.{command.outcome}", "person", command.person_id, kind=command.kind
    )


# --- a copy ----------------------------------------------------------------------------------


def copy_of(person_id: UUID, actor: Actor) -> tuple[Section, ...]:
    """Return everything kept about a person, table by table; the giving out is in the trail.

    Raises NotFound, Forbidden.
    """
    require(actor, "privacy.erase")
    person = _person(person_id, actor.centre_id)
    members, producers = _numbers(actor.centre_id, person_id)
    audit.record(actor, "person.copied", "person", person_id)
    sections = [
        _facts(person),
        Section(
            N_("Standing"),
            (N_("Date"), N_("What happened"), N_("Reason")),
            tuple(
                (fact.on_date, Msgid(_OF_MEMBERS[fact.kind]), fact.reason)
                for member_id in members
                for fact in standing.timeline(member_id, actor)
            ),
        ),
        Section(
            N_("Standing as a producer"),
            (N_("Date"), N_("What happened"), N_("Reason")),
            tuple(
                (fact.on_date, Msgid(_OF_PRODUCERS[fact.kind]), fact.reason)
                for producer_id in producers
                for fact in standing.producer_timeline(producer_id, actor)
            ),
        ),
        Section(
            N_("Consents"),
            (N_("Date"), N_("Purpose"), N_("Consented")),
            tuple(
                (card.on_date, card.purpose, "✓" if card.given else "–")
                for card in consents.log(person_id, actor)
            ),
        ),
        Section(
            N_("Requests about data"),
            (N_("Date"), N_("Requested"), N_("Outcome"), N_("Reason")),
            tuple(
                (card.asked_on, card.kind, card.outcome, card.reason)
                for card in requests(person_id, actor)
            ),
        ),
    ]
    for tell in TELLS:
        sections += tell(actor.centre_id, members, producers)
    return tuple(sections)


def _facts(person: Any) -> Section:
    birth = "-".join(
        f"{part:02d}" for part in (person.birth_year, person.birth_month, person.birth_day) if part
    )
    rows = (
        (
            Msgid(N_("Name")),
            membership.full_name(person.title, person.first_name, person.last_name),
        ),
        (Msgid(N_("Nickname")), person.nickname),
        (Msgid(N_("Phone")), person.phone),
        (Msgid(N_("House number")), person.house_no),
        (Msgid(N_("Village")), person.village or ""),
        (Msgid(N_("Born")), birth),
        (Msgid(N_("National id")), Msgid(N_("kept, encrypted")) if person.national_id_hash else ""),
        (Msgid(N_("Note")), person.note),
    )
    return Section(N_("Person"), (N_("Item"), N_("What is kept")), rows)


# --- being forgotten -------------------------------------------------------------------------


def erase(person_id: UUID, request_id: UUID, asked_on: date, actor: Actor) -> None:
    """Take the person out of the registers; documents keep the number alone.

    Raises NotFound, StillAMember, StillSomethingOpen, AlreadyForgotten, NotInRegister,
    Forbidden.
    """
    require(actor, "privacy.erase")
    centre_id = actor.centre_id
    person = _person(person_id, centre_id)
    if person.erased_at is not None:
        raise AlreadyForgotten
    if person.merged_into_id is not None:  # whoever stands for both is asked instead
        raise NotInRegister
    members, producers = _numbers(centre_id, person_id)
    _refuse_while_open(centre_id, members, producers)
    for one in persons.selves(centre_id, person_id):
        _forget(centre_id, one)
    for producer_id in producers:
        _forget_producer(centre_id, producer_id)
        pins.forget(producer_id, actor)
    for forget in FORGETS:
        forget(members, producers, actor)
    discarding.forget(centre_id, [*persons.selves(centre_id, person_id), *producers])
    write(WriteRequest(request_id, person_id, "erasure", asked_on, "done"), actor)
    audit.record(actor, "person.erased", "person", person_id)


def _refuse_while_open(centre_id: int, members: Sequence[UUID], producers: Sequence[UUID]) -> None:
    today = clock.today()
    belonging = [standing.of(one, centre_id, today) for one in members]
    belonging += [standing.of_producer(one, centre_id, today) for one in producers]
    if any(now is not None and now.is_member for now in belonging):
        raise StillAMember
    held = sum(still(centre_id, members, producers) for still in OPENS)
    if held:
        raise StillSomethingOpen(open_satang=held)


def _forget(centre_id: int, person_id: UUID) -> None:
    db.session.execute(
        update(Person)
        .where(Person.centre_id == centre_id, Person.id == person_id)
        .values(
            title="",
            first_name=FORGOTTEN,
            last_name="",
            nickname="",
            phone="",
            house_no="",
            village_id=None,
            household_id=None,
            birth_year=None,
            birth_month=None,
            birth_day=None,
            national_id_cipher=None,
            national_id_hash=None,
            guardian_person_id=None,
            note="",
            sort_key=thai_sort_key(FORGOTTEN),
            search_key="",
            erased_at=clock.now(),
            version=Person.version + 1,
        )
        .execution_options(synchronize_session=False)
    )


def _forget_producer(centre_id: int, producer_id: UUID) -> None:
    db.session.execute(
        update(Producer)
        .where(
            Producer.centre_id == centre_id, Producer.id == producer_id, Producer.kind == "person"
        )
        .values(
            name=FORGOTTEN,
            phone="",
            promptpay_id="",
            bank_code="",
            bank_account="",
            bank_account_name="",
            village_id=None,
            sort_key=thai_sort_key(FORGOTTEN),
            search_key=Producer.producer_no,
            version=Producer.version + 1,
        )
        .execution_options(synchronize_session=False)
    )


def _person(person_id: UUID, centre_id: int) -> Any:
    row = db.session.execute(
        select(*Person.__table__.columns, Village.name.label("village"))
        .select_from(Person)
        .outerjoin(
            Village, (Village.centre_id == Person.centre_id) & (Village.id == Person.village_id)
        )
        .where(Person.centre_id == centre_id, Person.id == person_id)
    ).one_or_none()
    if row is None:
        raise NotFound(what="person")
    return row


def _numbers(centre_id: int, person_id: UUID) -> tuple[list[UUID], list[UUID]]:
    """Return the memberships and producers under which the person did anything here."""
    selves = persons.selves(centre_id, person_id)
    members = db.session.scalars(
        select(Member.id).where(Member.centre_id == centre_id, Member.person_id.in_(selves))
    )
    producers = db.session.scalars(
        select(Producer.id).where(Producer.centre_id == centre_id, Producer.person_id.in_(selves))
    )
    return sorted(members, key=lambda one: one.hex), sorted(producers, key=lambda one: one.hex)
