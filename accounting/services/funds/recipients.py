"""The register of those who were helped, with as little of each as it takes.

What must stay true: a name is shown only to those who handle requests; the same name of the same
village is one recipient, so that a year's limit finds them; a minor has a guardian who consents;
when a person is erased the name goes and the papers stay.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import insert, select, update

from accounting.models import FundRecipient
from accounting.rules.funds import CATEGORIES, GuardianMissing, initials
from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import N_, DomainError, NotFound
from core.ids import uuid7
from core.text import normalise
from members.rules import membership
from members.rules.roles import allowed
from members.services import access, members, people, standing, villages

MAY_SEE = ("fund_request.record", "fund_request.approve", "fund_grant.pay")
ERASED = "—"


class RecipientMissing(DomainError):
    """Help goes to somebody."""

    code, status, title = "recipient-missing", 422, N_("Write who shall be helped")
    detail = N_("First and last name, as on a paper.")


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody to be helped."""

    name: str
    category: str
    village_id: UUID | None = None
    member_id: UUID | None = None
    minor: bool = False
    guardian_name: str = ""
    guardian_relation: str = ""


@dataclass(frozen=True, slots=True)
class RecipientCard:
    """A recipient as a reader may see them; without the right, initials and no guardian."""

    id: UUID
    name: str
    category: str
    minor: bool
    guardian_name: str
    guardian_relation: str
    village_id: UUID | None
    member_id: UUID | None
    erased: bool


_COLUMNS = tuple(getattr(FundRecipient, name) for name in RecipientCard.__slots__)


def named(actor: Actor) -> bool:
    """Tell whether somebody may see recipients' names."""
    return any(allowed(actor.roles, permission) for permission in MAY_SEE)


def find_or_add(said: Recipient, actor: Actor) -> UUID:
    """Return the recipient of this name, village and guardian, entering them when new.

    Raises RecipientMissing, GuardianMissing, NotFound.
    """
    name = normalise(said.name).strip()
    if not name:
        raise RecipientMissing(field="name")
    assert said.category in CATEGORIES
    guardian = normalise(said.guardian_name).strip()
    relation = said.guardian_relation.strip()
    if said.minor and not (guardian and relation):
        raise GuardianMissing(field="guardian_name")
    centre_id = actor.centre_id
    villages.require_known(centre_id, said.village_id)
    if said.member_id is not None:
        if said.member_id not in members.names(centre_id, [said.member_id]):
            raise NotFound(field="member_id", what="member")
        # The register knows better than a box nobody ticked.
        if not said.minor and people.is_under_age(centre_id, said.member_id, clock.today()):
            raise GuardianMissing(field="minor")
    same = select(FundRecipient.id).where(
        FundRecipient.centre_id == centre_id,
        FundRecipient.name_key == key_of(name),
        FundRecipient.village_id == said.village_id
        if said.village_id is not None
        else FundRecipient.village_id.is_(None),
        FundRecipient.category == said.category,
        FundRecipient.minor == said.minor,
        FundRecipient.guardian_name == (guardian if said.minor else ""),
        FundRecipient.guardian_relation == (relation if said.minor else ""),
        FundRecipient.member_id == said.member_id
        if said.member_id is not None
        else FundRecipient.member_id.is_(None),
    )
    known = db.session.scalars(same.order_by(FundRecipient.id)).first()
    if known is not None:
        return known
    identity = uuid7()
    db.session.execute(
        insert(FundRecipient).values(
            centre_id=centre_id,
            id=identity,
            name=name,
            name_key=key_of(name),
            category=said.category,
            minor=said.minor,
            guardian_name=guardian if said.minor else "",
            guardian_relation=relation if said.minor else "",
            village_id=said.village_id,
            member_id=said.member_id,
            erased=False,
            recorded_at=clock.now(),
            recorded_by=actor.user_id,
        )
    )
    return identity


def same_person(centre_id: int, recipient_id: UUID) -> list[UUID]:
    """Return every row of a recipient: the member's, or those of the name in the village."""
    row = db.session.get(FundRecipient, (centre_id, recipient_id))
    if row is None or row.erased:
        return [recipient_id]
    query = select(FundRecipient.id).where(FundRecipient.centre_id == centre_id)
    if row.member_id is not None:
        query = query.where(
            FundRecipient.member_id.in_(_selves(centre_id, row.member_id))
            | (
                (FundRecipient.name_key == row.name_key)
                & (FundRecipient.village_id == row.village_id)
            )
        )
    else:
        here = (
            FundRecipient.village_id == row.village_id
            if row.village_id is not None
            else FundRecipient.village_id.is_(None)
        )
        query = query.where(FundRecipient.name_key == row.name_key, here)
    return list(db.session.scalars(query))


def _selves(centre_id: int, member_id: UUID) -> set[UUID]:
    """Return every membership that is one person's now: merged into one, or the one itself."""
    merged = standing.survivors(centre_id)
    stays = merged.get(member_id, member_id)
    return {stays} | {gone for gone, kept in merged.items() if kept == stays}


def cards(
    centre_id: int, recipient_ids: Collection[UUID], *, with_names: bool
) -> dict[UUID, RecipientCard]:
    """Return recipients by id, their names cut down unless the reader may see them."""
    query = select(*_COLUMNS).where(FundRecipient.centre_id == centre_id)
    rows = db.session.execute(query.where(FundRecipient.id.in_(recipient_ids)))
    return {one.id: one for one in _seen((RecipientCard(*row) for row in rows), with_names)}


def erase(recipient_id: UUID, actor: Actor) -> None:
    """Blank a recipient's and guardian's names for good; again changes nothing.

    Raises NotFound, Forbidden.
    """
    access.require(actor, "privacy.erase")
    row = db.session.get(FundRecipient, (actor.centre_id, recipient_id), populate_existing=True)
    if row is None:
        raise NotFound(what="fund_recipient")
    if not row.erased:
        _blank(actor, FundRecipient.id == recipient_id)
        audit.record(actor, "fund_recipient.erase", "fund_recipient", recipient_id)


def erase_member(member_id: UUID, actor: Actor) -> None:
    """Blank what the register has under an erased member's name; the caller has the right."""
    _blank(actor, FundRecipient.member_id == member_id)


def _blank(actor: Actor, which: object) -> None:
    db.session.execute(
        update(FundRecipient)
        .where(FundRecipient.centre_id == actor.centre_id, FundRecipient.erased.is_(False), which)  # type: ignore[arg-type]
        .values(
            name=ERASED,
            name_key="",
            guardian_name="",
            guardian_relation="",
            member_id=None,
            erased=True,
        )
        .execution_options(synchronize_session=False)
    )


def key_of(name: str) -> str:
    """Return a name as it is compared: one spelling, no title, no spaces, small letters."""
    _title, first, last = membership.parted(name)
    return "".join((first + last).split()).casefold()[:120]


def _seen(found: Iterable[RecipientCard], with_names: bool) -> Iterable[RecipientCard]:
    for one in found:
        if with_names:
            yield one
        else:
            yield replace(
                one, name=initials(one.name), guardian_name="", guardian_relation="", member_id=None
            )
