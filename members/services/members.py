"""The register of members: found by a few letters, changed with care, never deleted.

What must stay true: names are ordered and searched alike on both databases, by keys computed on
save; who a member is stands with the person; a member of another centre is not there at all.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, insert, or_, select, update

from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import N_, ChangedMeanwhile, DifferentContent, DomainError, NotFound
from core.ids import uuid7
from core.paging import Page, Window, page_of
from core.text import ascii_digits
from members.models import Member, Person, Village
from members.rules import membership
from members.rules.persons import FACTS
from members.services import finding, persons, standing, villages
from members.services.access import AnySelect, require
from members.services.register_numbers import next_free

NUMBER_SERIES = "member"


class MemberNoTaken(DomainError):
    """Another member of the centre has this number."""

    code, status, title = "member-no-taken", 409, N_("This member number is taken")
    detail = N_("Leave the number empty to get the next free one.")


class MemberAlready(DomainError):
    """The person has a membership; one is enough for all times."""

    code, status, title = "member-already", 409, N_("This person is in the register of members")
    detail = N_("Member %(member_no)s: record there that the person joined again.")


class NotAMember(DomainError):
    """No such member here, or the membership has ended."""

    code, status, title = "not-a-member", 409, N_("This person is not a member now")
    detail = N_("Take the member off the sale, or choose another one.")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMember:
    """A member to enter; without `member_no` the next free number is given.

    With a `member_id` (made at the edge) the entry can be sent again without harm.
    """

    first_name: str
    last_name: str = ""
    title: str = ""
    nickname: str = ""
    phone: str = ""
    house_no: str = ""
    village_id: UUID | None = None
    member_no: str = ""
    joined_on: date | None = None
    member_id: UUID | None = None
    person_id: UUID | None = None
    """Someone of the register of persons who joins; their facts are written over by these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeMember:
    """What is known of a member now, made on a look at `version`.

    Number and day of joining stay as they are unless given.
    """

    member_id: UUID
    version: int
    first_name: str
    last_name: str = ""
    title: str = ""
    nickname: str = ""
    phone: str = ""
    house_no: str = ""
    village_id: UUID | None = None
    member_no: str = ""
    joined_on: date | None = None
    resigned_on: date | None = None


@dataclass(frozen=True, slots=True)
class MemberCard:
    """As much of a member as another room or a list needs."""

    id: UUID
    member_no: str
    name: str
    nickname: str
    village: str


@dataclass(frozen=True, slots=True)
class MemberDetail:
    """Everything known of a member."""

    id: UUID
    member_no: str
    title: str
    first_name: str
    last_name: str
    nickname: str
    phone: str
    house_no: str
    village_id: UUID | None
    joined_on: date
    resigned_on: date | None
    version: int
    person_id: UUID

    @property
    def name(self) -> str:
        return membership.full_name(self.title, self.first_name, self.last_name)


_DETAIL = tuple(
    getattr(Person if name in FACTS else Member, name) for name in MemberDetail.__slots__
)
_CARD = (
    Member.id,
    Member.member_no,
    Person.title,
    Person.first_name,
    Person.last_name,
    Person.nickname,
    Village.name,
)
_THE_PERSON = and_(Person.centre_id == Member.centre_id, Person.id == Member.person_id)


# --- reading ---------------------------------------------------------------------------------


def search(centre_id: int, text: str, limit: int = 20) -> list[MemberCard]:
    """Return members whose number, name, nickname, phone or house number holds every word.

    A member whose number is exactly `text` comes first, then those of whom something begins with
    each word, then by name; no text, nobody. Who was merged into another is not offered.
    """
    words = membership.search_words(text)
    if not words:
        return []
    ids = finding.best(centre_id, words, limit, members=True)
    exactly = Member.member_no == ascii_digits(text).strip()
    rows = db.session.execute(
        _cards(centre_id)
        .add_columns(Member.person_id, exactly.label("exactly"))
        .where(or_(Member.person_id.in_(ids), exactly))
    ).all()
    place = {person_id: number for number, person_id in enumerate(ids)}
    rows = sorted(rows, key=lambda row: (not row.exactly, place.get(row.person_id, limit)))
    return [_card(row) for row in rows[:limit]]


def listing(actor: Actor, text: str, window: Window) -> Page[MemberCard]:
    """Return a page of the register, by name, of those `text` finds (all without it)."""
    require(actor, "member.read")
    words = membership.search_words(text)
    statement = _cards(actor.centre_id)
    if words:
        statement = statement.where(finding.holds(words))
    after = _place_of(window.after, actor.centre_id)
    if after is not None:
        sort_key, member_id = after
        statement = statement.where(
            or_(
                Person.sort_key > sort_key,
                and_(Person.sort_key == sort_key, Member.id > member_id),
            )
        )
    statement = statement.order_by(Person.sort_key, Member.id).limit(window.limit + 1)
    rows = [_card(row) for row in db.session.execute(statement)]
    return page_of(rows, window, lambda card: str(card.id))


def dates(centre_id: int) -> dict[UUID, tuple[date, date | None]]:
    """Return when each member joined and, if so, resigned; for the register of members."""
    rows = db.session.execute(
        select(Member.id, Member.joined_on, Member.resigned_on).where(Member.centre_id == centre_id)
    )
    return {member_id: (joined, resigned) for member_id, joined, resigned in rows}


def get(member_id: UUID, actor: Actor) -> MemberDetail:
    """Return everything about a member of the actor's centre."""
    require(actor, "member.read")
    return _detail(member_id, actor.centre_id)


def require_active(centre_id: int, member_id: UUID) -> MemberCard:
    """Return a member who is one today; raise `NotAMember` for anyone else."""
    row = db.session.execute(
        _standing(), {"centre_id": centre_id, "member_id": member_id}
    ).one_or_none()
    if row is None or not membership.is_active(row.joined_on, row.resigned_on, clock.today()):
        raise NotAMember
    return _card(row)


def by_number(centre_id: int, member_no: str) -> MemberCard:
    """Return the one with a number; raises NotFound."""
    row = db.session.execute(
        _cards(centre_id).where(Member.member_no == member_no.strip())
    ).one_or_none()
    if row is None:
        raise NotFound(field="member_no")
    return _card(row)


@lru_cache(maxsize=1)
def _standing() -> AnySelect:
    """Built once: a sale to a member asks it."""
    return (
        _cards(bindparam("centre_id"))
        .add_columns(Member.joined_on, Member.resigned_on)
        .where(Member.id == bindparam("member_id"))
    )


def names(centre_id: int, member_ids: Collection[UUID | None]) -> dict[UUID, MemberCard]:
    """Return the cards of many members at once; unknown ids are left out."""
    wanted = {member_id for member_id in member_ids if member_id is not None}
    if not wanted:
        return {}
    rows = db.session.execute(_cards(centre_id).where(Member.id.in_(wanted)))
    return {row.id: _card(row) for row in rows}


def _cards(centre_id: Any) -> AnySelect:
    here = and_(Village.centre_id == Person.centre_id, Village.id == Person.village_id)
    return (
        select(*_CARD)
        .select_from(Member)
        .join(Person, _THE_PERSON)
        .outerjoin(Village, here)
        .where(Member.centre_id == centre_id, Person.centre_id == centre_id)
    )


def _card(row: Any) -> MemberCard:
    name = membership.full_name(row.title, row.first_name, row.last_name)
    return MemberCard(row.id, row.member_no, name, row.nickname, row.name or "")


def _place_of(after: str | None, centre_id: int) -> tuple[str, UUID] | None:
    """Find the row a page ended at; a name changed meanwhile goes on from its new place."""
    if after is None:
        return None
    try:
        member_id = UUID(after)
    except ValueError:
        raise NotFound from None
    sort_key = db.session.execute(
        select(Person.sort_key)
        .join(Member, _THE_PERSON)
        .where(Member.centre_id == centre_id, Member.id == member_id)
    ).scalar_one_or_none()
    if sort_key is None:
        raise NotFound
    return sort_key, member_id


def _detail(member_id: UUID, centre_id: int) -> MemberDetail:
    found = _find(member_id, centre_id)
    if found is None:
        raise NotFound
    return found


def _find(member_id: UUID, centre_id: int) -> MemberDetail | None:
    row = db.session.execute(
        select(*_DETAIL)
        .select_from(Member)
        .join(Person, _THE_PERSON)
        .where(Member.centre_id == centre_id, Member.id == member_id)
    ).one_or_none()
    return MemberDetail(*row) if row else None


# --- changing --------------------------------------------------------------------------------


def create(new: NewMember, actor: Actor) -> MemberDetail:
    """Enter a member into the register of the actor's centre."""
    require(actor, "member.change")
    if new.member_id is not None and (known := _find(new.member_id, actor.centre_id)):
        return _replay(new, known)
    villages.require_known(actor.centre_id, new.village_id)
    member_no = new.member_no or next_free(actor.centre_id, NUMBER_SERIES, _is_taken)
    if _is_taken(actor.centre_id, member_no):
        raise MemberNoTaken(field="member_no")
    member_id = new.member_id or uuid7()
    joined_on = new.joined_on or clock.today()
    person_id = new.person_id
    if person_id is None:
        person_id = persons.enter(actor.centre_id, _person(new), (member_no,))
    else:
        _require_joining(person_id, actor.centre_id)
    db.session.execute(
        insert(Member).values(
            centre_id=actor.centre_id,
            id=member_id,
            person_id=person_id,
            member_no=member_no,
            joined_on=joined_on,
            version=1,
        )
    )
    standing.begin([member_id], joined_on, actor)
    if new.person_id is not None:
        persons.rewrite(actor.centre_id, person_id, _person(new))
    audit.record(actor, "member.created", "member", member_id, member_no=member_no)
    return _detail(member_id, actor.centre_id)


def change(command: ChangeMember, actor: Actor) -> MemberDetail:
    """Change what is known of a member, unless someone else did meanwhile."""
    require(actor, "member.change")
    villages.require_known(actor.centre_id, command.village_id)
    before = _detail(command.member_id, actor.centre_id)
    member_no = command.member_no or before.member_no
    if member_no != before.member_no and _is_taken(actor.centre_id, member_no):
        raise MemberNoTaken(field="member_no")
    done = db.session.execute(
        update(Member)
        .where(
            Member.centre_id == actor.centre_id,
            Member.id == command.member_id,
            Member.version == command.version,
        )
        .values(member_no=member_no, version=Member.version + 1)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise ChangedMeanwhile
    persons.rewrite(actor.centre_id, before.person_id, _person(command))
    joined_on = command.joined_on or before.joined_on
    standing.restate(before.id, joined_on, command.resigned_on, actor)
    after = _detail(command.member_id, actor.centre_id)
    changed = [n for n in MemberDetail.__slots__ if getattr(before, n) != getattr(after, n)]
    audit.record(actor, "member.changed", "member", before.id, fields=changed)
    return after


def _replay(new: NewMember, known: MemberDetail) -> MemberDetail:
    """Answer an entry that was made before; other content under the same id is refused."""
    said = _person(new) | {
        name: value
        for name in ("member_no", "joined_on")
        if (value := getattr(new, name))  # left open, the centre chose
    }
    differs = [name for name, value in said.items() if getattr(known, name) != value]
    if differs:
        raise DifferentContent(differs=differs)
    return known


def _person(source: NewMember | ChangeMember) -> dict[str, Any]:
    return {name: getattr(source, name) for name in FACTS}


def _require_joining(person_id: UUID, centre_id: int) -> None:
    """Only somebody of the register joins, and only once: who left is made a member again."""
    known = db.session.execute(
        select(Person.id, Member.member_no)
        .outerjoin(
            Member, and_(Member.centre_id == Person.centre_id, Member.person_id == Person.id)
        )
        .where(Person.centre_id == centre_id, Person.id == person_id)
    ).one_or_none()
    if known is None:
        raise NotFound
    if known.member_no is not None:
        raise MemberAlready(member_no=known.member_no)
    persons.require_there(centre_id, person_id)
    standing.require_living(centre_id, person_id)


def _is_taken(centre_id: int, member_no: str) -> bool:
    statement = select(Member.id).where(
        Member.centre_id == centre_id, Member.member_no == member_no
    )
    return db.session.execute(statement).first() is not None
