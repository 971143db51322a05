"""Whom members name to have their shares after death, and how the heirs get them.

What must stay true: a nomination is never changed, the latest counts; the heirs' parts are the
whole of what the dead held, to the satang, and each part is given once.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import exists, insert, select
from sqlalchemy.orm import aliased

from accounting.models import ShareHeir, ShareNomination, ShareTransaction
from accounting.rules.shares import (
    Heir,
    NoSuchHeir,
    NotAMemberThen,
    NotDead,
    NotYet,
    check_heirs,
    parts_of,
)
from accounting.services.shares import judging, recording, register, rules, writing
from accounting.services.shares.reading import TransactionCard
from accounting.services.shares.writing import Draft
from core import audit, clock
from core.actor import Actor
from core.db import db, insert_rows
from core.documents import content_of, digest_of
from core.errors import DifferentContent
from members.services import access, standing


@dataclass(frozen=True, slots=True)
class Nominate:
    """The heirs a member names on a day; naming nobody takes an earlier nomination back."""

    id: UUID
    member_id: UUID
    on: date
    heirs: tuple[Heir, ...]


@dataclass(frozen=True, slots=True)
class Inherit:
    """An heir's part: kept as shares by a member, or paid out (`to_member_id` is None)."""

    id: UUID
    member_id: UUID
    heir_no: int
    on: date
    to_member_id: UUID | None = None
    place: str = "none"
    shift_id: UUID | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Nomination:
    """A nomination with its heirs in their order."""

    id: UUID
    member_id: UUID
    nominated_on: date
    heirs: tuple[Heir, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What an heir gets; `transaction` is given already."""

    heir_no: int
    heir: Heir
    amount_satang: int
    transaction_id: UUID | None


def nominate(command: Nominate, actor: Actor) -> Nomination:
    """Enter a nomination; the same id again changes nothing.

    After a death only the legal heirs are named, where the dead named nobody. Raises HeirsNotWhole,
    NotYet, NotAMemberThen (after death, against the dead's own word), DifferentContent, NotFound,
    Forbidden.
    """
    access.require(actor, "share.record")
    check_heirs(command.heirs)
    digest = digest_of({**content_of(command), "heirs": [asdict(heir) for heir in command.heirs]})
    known = db.session.get(ShareNomination, (actor.centre_id, command.id))
    if known is not None:
        if known.digest != digest:
            raise DifferentContent(id=str(command.id))
        return _of(actor.centre_id, ShareNomination.id == command.id)[0]
    if command.on > clock.today():
        raise NotYet(field="on")
    if judging.state_on(actor.centre_id, command.member_id, command.on) == "died":
        _require_unnamed(command, actor.centre_id)
    insert_rows(
        ShareHeir,
        [
            {
                "centre_id": actor.centre_id,
                "nomination_id": command.id,
                "line_no": line_no,
                "name": heir.name,
                "relationship": heir.relationship,
                "part_basis_points": heir.part_basis_points,
            }
            for line_no, heir in enumerate(command.heirs, start=1)
        ],
    )
    db.session.execute(
        insert(ShareNomination).values(
            centre_id=actor.centre_id,
            id=command.id,
            member_id=command.member_id,
            nominated_on=command.on,
            heirs=len(command.heirs),
            digest=digest,
            recorded_by=actor.user_id,
            recorded_at=clock.now(),
        )
    )
    audit.record(actor, "share.nominate", "member", command.member_id, heirs=len(command.heirs))
    return _of(actor.centre_id, ShareNomination.id == command.id)[0]


def _require_unnamed(command: Nominate, centre_id: int) -> None:
    """Raise NotAMemberThen where the dead named heirs: their own word stands."""
    found = current(centre_id, command.member_id)
    dead = standing.of(command.member_id, centre_id, command.on)
    assert dead is not None
    if found is not None and found.nominated_on <= dead.since:
        raise NotAMemberThen(field="on")


def current(centre_id: int, member_id: UUID) -> Nomination | None:
    """Return the nomination that counts, if it names anybody."""
    found = history(centre_id, member_id)
    return found[0] if found and found[0].heirs else None


def history(centre_id: int, member_id: UUID) -> list[Nomination]:
    """Return a member's nominations, the one that counts first."""
    return _of(centre_id, ShareNomination.member_id == member_id)


def parts(centre_id: int, member_id: UUID) -> list[Part]:
    """Return what each heir of a member gets of all that was held, given already or not."""
    nomination = current(centre_id, member_id)
    if nomination is None:
        return []
    given = _given(centre_id, member_id, nomination.id)
    passed_on = sum(amount for _, amount in given.values())
    whole = register.balance(centre_id, member_id) + passed_on
    amounts = parts_of(whole, nomination.heirs)
    return [
        Part(number, heir, amount, given[number][0] if number in given else None)
        for number, (heir, amount) in enumerate(
            zip(nomination.heirs, amounts, strict=True), start=1
        )
    ]


def inherit(command: Inherit, actor: Actor) -> TransactionCard:
    """Give an heir's part; the same command again changes nothing.

    Raises NotDead, NoSuchHeir, NotAMemberThen, PartTooLarge, TooManyShares, NotYet, MonthLocked,
    NotEnoughInDrawer, DifferentContent, NotFound, Forbidden.
    """
    access.require(actor, "share.record")
    centre_id = actor.centre_id
    register.lock(centre_id)
    nomination = current(centre_id, command.member_id)
    content: dict[str, Any] = content_of(command) | {"kind": "inherit"}
    known = judging.earlier(centre_id, command.id, content | _named_before(centre_id, command.id))
    if known is not None:
        return known
    writing.require_day(centre_id, command.on)
    if judging.state_on(centre_id, command.member_id, command.on) != "died":
        raise NotDead(field="on")
    part = next(
        (one for one in parts(centre_id, command.member_id) if one.heir_no == command.heir_no), None
    )
    if nomination is None or part is None or part.transaction_id or not part.amount_satang:
        raise NoSuchHeir(field="heir_no")
    content["nomination_id"] = str(nomination.id)
    draft = Draft(
        id=command.id,
        kind="inherit",
        on=command.on,
        deltas={command.member_id: -part.amount_satang},
        amount_satang=part.amount_satang,
        member_id=command.member_id,
        to_member_id=command.to_member_id,
        place=command.place,
        shift_id=command.shift_id,
        note=command.note,
        content=content,
    )
    if command.to_member_id is None:
        return recording.paid_out(draft, command.member_id, actor)
    return _kept(draft, command.to_member_id, actor)


def _kept(draft: Draft, taker: UUID, actor: Actor) -> TransactionCard:
    """Write a part that becomes an heir's own shares, if the heir is a member and may hold it."""
    centre_id = actor.centre_id
    assert draft.member_id is not None and taker != draft.member_id
    judging.require_member(centre_id, taker, draft.on, "to_member_no")
    deltas = {**draft.deltas, taker: draft.amount_satang}
    valid = rules.on(actor, draft.on)
    judging.require_growth(centre_id, valid, taker, deltas, in_parts=True)
    return recording.passed_on(replace(draft, deltas=deltas), draft.member_id, taker, actor)


def _named_before(centre_id: int, transaction_id: UUID) -> dict[str, Any]:
    """Return the nomination an earlier answer to this id went by; it may have changed since."""
    content = db.session.scalar(
        select(ShareTransaction.content).where(
            ShareTransaction.centre_id == centre_id, ShareTransaction.id == transaction_id
        )
    )
    return {"nomination_id": content.get("nomination_id")} if content else {}


def _given(centre_id: int, member_id: UUID, nomination_id: UUID) -> dict[int, tuple[UUID, int]]:
    """Return by heir what was given of a nomination and not taken back."""
    back = aliased(ShareTransaction)
    rows = db.session.execute(
        select(ShareTransaction.id, ShareTransaction.amount_satang, ShareTransaction.content).where(
            ShareTransaction.centre_id == centre_id,
            ShareTransaction.kind == "inherit",
            ShareTransaction.member_id == member_id,
            ~exists().where(
                back.centre_id == ShareTransaction.centre_id,
                back.reverses_id == ShareTransaction.id,
            ),
        )
    )
    return {
        content["heir_no"]: (transaction_id, amount)
        for transaction_id, amount, content in rows
        if content["nomination_id"] == str(nomination_id)
    }


def _of(centre_id: int, condition: Any) -> list[Nomination]:
    rows = db.session.execute(
        select(ShareNomination.id, ShareNomination.member_id, ShareNomination.nominated_on)
        .where(ShareNomination.centre_id == centre_id, condition)
        .order_by(
            ShareNomination.nominated_on.desc(),
            ShareNomination.recorded_at.desc(),
            ShareNomination.id.desc(),
        )
    ).all()
    lines = db.session.execute(
        select(
            ShareHeir.nomination_id,
            ShareHeir.name,
            ShareHeir.relationship,
            ShareHeir.part_basis_points,
        )
        .where(
            ShareHeir.centre_id == centre_id, ShareHeir.nomination_id.in_([row[0] for row in rows])
        )
        .order_by(ShareHeir.nomination_id, ShareHeir.line_no)
    )
    found: dict[UUID, list[Heir]] = {}
    for nomination_id, name, relationship, part in lines:
        found.setdefault(nomination_id, []).append(Heir(name, relationship, part))
    return [Nomination(*row, tuple(found.get(row[0], ()))) for row in rows]
