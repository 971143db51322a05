"""National ids of persons: locked, compared without being read, shown in full to few.

What must stay true: the number stands nowhere in plain, neither in the trail nor in a list; whoever
sees all of it holds `person.identify`, and every look is in the trail.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, select, update

from core import audit, vault
from core.actor import Actor
from core.db import db
from core.errors import N_, DomainError, NotFound
from core.identity import is_thai_id, mask_thai_id, plain_digits
from members.models import Person
from members.rules.membership import full_name
from members.services import persons
from members.services.access import require


class NotANationalId(DomainError):
    """Thirteen digits with the right last one, or nothing."""

    code, status, title = "not-a-national-id", 422, N_("This is not a national ID number")
    detail = N_("It has 13 digits; compare each with the card.")


class NationalIdTaken(DomainError):
    """Somebody of the centre has this number; most likely it is the same person."""

    code, status, title = "national-id-taken", 409, N_("This ID number belongs to somebody else")
    detail = N_("%(name)s has it. Look whether it is the same person.")


def put(person_id: UUID, number: str, actor: Actor) -> None:
    """Keep a person's number, or with none given forget it. Raises Forbidden, NationalIdTaken.

    Also raises NotInRegister of who was erased or merged.
    """
    require(actor, "person.identify")
    digits = plain_digits(number)
    if digits and not is_thai_id(digits):
        raise NotANationalId(field="national_id")
    row = db.session.execute(
        select(Person.national_id_hash).where(*_is(person_id, actor.centre_id))
    ).one_or_none()
    if row is None:
        raise NotFound
    digest = _digest(digits, actor.centre_id) if digits else None
    if digest == row.national_id_hash:
        return
    if digest is not None:
        persons.require_there(actor.centre_id, person_id)
    if digest is not None:
        _require_free(digest, person_id, actor.centre_id)
    db.session.execute(
        update(Person)
        .where(*_is(person_id, actor.centre_id))
        .values(
            national_id_cipher=_sealed(digits, person_id, actor.centre_id) if digits else None,
            national_id_hash=digest,
            version=Person.version + 1,
        )
        .execution_options(synchronize_session=False)
    )
    done = "person.id_recorded" if digits else "person.id_removed"
    audit.record(actor, done, "person", person_id)


def masked(person_id: UUID, centre_id: int) -> str:
    """Return 1-2345-XXXXX-12-1, or nothing if no number is kept; who calls checked the right."""
    digits = _read(person_id, centre_id)
    return mask_thai_id(digits) if digits else ""


def reveal(person_id: UUID, actor: Actor) -> str:
    """Return a person's number in full; the look is in the trail. Raises Forbidden, NotFound."""
    require(actor, "person.identify")
    digits = _read(person_id, actor.centre_id)
    if not digits:
        raise NotFound
    audit.record(actor, "person.id_revealed", "person", person_id)
    return digits


def move(from_person: UUID, to_person: UUID, centre_id: int) -> None:
    """Let a person who stands for both have the other's number, unless there is an own one."""
    digits = _read(from_person, centre_id)
    if not digits:
        return
    own = _read(to_person, centre_id)
    empty = {"national_id_cipher": None, "national_id_hash": None}
    db.session.execute(update(Person).where(*_is(from_person, centre_id)).values(**empty))
    if not own:
        db.session.execute(
            update(Person)
            .where(*_is(to_person, centre_id))
            .values(
                national_id_cipher=_sealed(digits, to_person, centre_id),
                national_id_hash=_digest(digits, centre_id),
            )
        )


def _require_free(digest: str, person_id: UUID, centre_id: int) -> None:
    other = db.session.execute(
        select(Person.id, Person.title, Person.first_name, Person.last_name).where(
            Person.centre_id == centre_id,
            Person.national_id_hash == digest,
            Person.id != person_id,
        )
    ).one_or_none()
    if other is not None:
        name = full_name(other.title, other.first_name, other.last_name)
        raise NationalIdTaken(field="national_id", name=name, person_id=str(other.id))


def _read(person_id: UUID, centre_id: int) -> str:
    row = db.session.execute(
        select(Person.national_id_cipher).where(*_is(person_id, centre_id))
    ).one_or_none()
    if row is None:
        raise NotFound
    if row.national_id_cipher is None:
        return ""
    return vault.unseal(row.national_id_cipher, _place(person_id, centre_id))


def _sealed(digits: str, person_id: UUID, centre_id: int) -> str:
    return vault.seal(digits, _place(person_id, centre_id))


def _digest(digits: str, centre_id: int) -> str:
    return vault.mark(digits, f"national id of centre {centre_id}")


def _place(person_id: UUID, centre_id: int) -> str:
    return f"national id {centre_id}/{person_id}"


def _is(person_id: UUID, centre_id: int) -> tuple[ColumnElement[bool], ...]:
    return (Person.centre_id == centre_id, Person.id == person_id)
