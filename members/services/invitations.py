"""A network asks a centre to join it, or somebody to found one in it.

What must stay true: an invitation is answered once, before its time is over, by the centre it was
made for; its code is shown once and only its hash is kept; whoever asks learns nothing of a centre
but its answer.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, insert, select

from core import audit, clock
from core.actor import Actor
from core.db import db, serialise_on
from core.errors import N_, DifferentContent, DomainError, NotFound
from core.ids import new_secret
from core.text import normalise
from members.models import CentreRow, Network, NetworkInvitation, NetworkInvitationOutcome
from members.services import networks
from members.services.access import require, token_hash

JOIN, FOUND = "join", "found"
WAITING, EXPIRED = "waiting", "expired"
ACCEPTED, DECLINED, WITHDRAWN = "accepted", "declined", "withdrawn"
DAYS_MAX = 90
CODE_LENGTH, GROUP = 16, 4
SHOWN_MAX = 200


class InvitationUnknown(DomainError):
    """No invitation has this code, or it is not for this centre."""

    code, status, title = "invitation-unknown", 404, N_("There is no such invitation")
    detail = N_("Check the code, or ask the network for a new invitation.")


class InvitationOver(DomainError):
    """The invitation was answered, withdrawn, or its time is over; `state` says which."""

    code, status, title = "invitation-over", 409, N_("This invitation is over")
    detail = N_("It was answered or withdrawn, or its time has passed. Ask for a new one.")


class NotYet(DomainError):
    """A centre belongs to a network from a day that is already there."""

    code, status, title = "not-yet", 422, N_("This day has not come yet")
    detail = N_("Leave the day empty: the centre joins on the day it accepts.")


class InvitationDiffers(DifferentContent):
    """The invitation's id came again with other content; the first one stands."""

    code, title = "invitation-differs", N_("This invitation was already made with other content")


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """An invitation to send: to join (a centre of `for_code`, or who has the code) or to found."""

    id: UUID
    kind: str
    for_code: str = ""
    name_th: str = ""
    joins_on: date | None = None
    days: int = 30
    note: str = ""


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation as the network and the centre see it."""

    id: UUID
    network_id: int
    network_th: str
    network_en: str
    kind: str
    for_code: str
    name_th: str
    joins_on: date | None
    note: str
    created_at: datetime
    expires_at: datetime
    state: str
    centre_name: str = ""
    """Of the centre that answered."""


@dataclass(frozen=True, slots=True)
class Invited:
    """A new invitation; `code` in clear this once, None when it was made before."""

    invitation: Invitation
    code: str | None


def plain_code(text: str) -> str:
    """Return the one form of a code, however it was typed."""
    return "".join(char for char in normalise(text).upper() if char.isalnum())


# --- the network's side ----------------------------------------------------------------------


def invite(command: Invite, actor: Actor) -> Invited:
    """Invite in the name of the network of the actor's centre. Raises NotYet, Forbidden."""
    require(actor, "network.manage")
    assert command.kind in (JOIN, FOUND) and 1 <= command.days <= DAYS_MAX
    known = _read(NetworkInvitation.id == command.id)
    if known:
        return Invited(_same(known[0], command, actor), None)
    moment = clock.now()
    if command.joins_on is not None and command.joins_on > clock.today():
        raise NotYet(field="joins_on")
    code = _new_code()
    db.session.execute(
        insert(NetworkInvitation).values(
            id=command.id,
            network_id=actor.centre.network_id,
            kind=command.kind,
            for_code=command.for_code if command.kind == JOIN else "",
            name_th=command.name_th,
            joins_on=command.joins_on,
            note=command.note,
            code_hash=token_hash(plain_code(code)),
            created_by=actor.user_id,
            created_at=moment,
            expires_at=moment + timedelta(days=command.days),
        )
    )
    audit.record(actor, "network.invited", "network_invitation", command.id, kind=command.kind)
    return Invited(_read(NetworkInvitation.id == command.id)[0], code)


def listing(actor: Actor) -> list[Invitation]:
    """Return the invitations of the network, latest first, and how they ended."""
    require(actor, "network.manage")
    return _read(NetworkInvitation.network_id == actor.centre.network_id)


def withdraw(invitation_id: UUID, actor: Actor) -> None:
    """Take an invitation back; one that was taken back stays so. Raises InvitationOver."""
    require(actor, "network.manage")
    found = _read(
        NetworkInvitation.id == invitation_id,
        NetworkInvitation.network_id == actor.centre.network_id,
    )
    if not found:
        raise NotFound
    if found[0].state == WITHDRAWN:
        return
    if found[0].state != EXPIRED:
        _require_waiting(found[0])
    _answer(invitation_id, WITHDRAWN, None, actor.user_id)
    audit.record(actor, "network.invitation_withdrawn", "network_invitation", invitation_id)


# --- the centre's side -----------------------------------------------------------------------


def waiting_for(actor: Actor) -> list[Invitation]:
    """Return the invitations that ask the actor's centre and wait for its answer."""
    require(actor, "network.join")
    found = _read(NetworkInvitation.kind == JOIN, NetworkInvitation.for_code == actor.centre.code)
    return [one for one in found if one.state == WAITING]


def for_centre(invitation_id: UUID | None, code: str, actor: Actor) -> Invitation:
    """Return an invitation to join that the actor's centre may answer.

    It was made for this centre, or it names none and the centre has its code. Raises
    InvitationUnknown, InvitationOver, Forbidden.
    """
    require(actor, "network.join")
    whose: list[Any] = [
        NetworkInvitation.kind == JOIN,
        NetworkInvitation.for_code.in_(["", actor.centre.code]),
    ]
    if code:
        whose.append(NetworkInvitation.code_hash == token_hash(plain_code(code)))
    else:
        whose.append(NetworkInvitation.for_code == actor.centre.code)
    if invitation_id is not None:
        whose.append(NetworkInvitation.id == invitation_id)
    elif not code:
        raise InvitationUnknown(field="code")
    found = _read(*whose)
    if not found:
        raise InvitationUnknown(field="code")
    _require_waiting(found[0])
    return found[0]


def accept(invitation_id: UUID, code: str, actor: Actor) -> Invitation:
    """Move the actor's centre to the network that asks, on its day or today.

    Raises InvitationUnknown, InvitationOver, MoveDayTaken, SameNetwork, Forbidden.
    """
    one = for_centre(invitation_id, code, actor)
    _answer(one.id, ACCEPTED, actor.centre_id, actor.user_id)
    networks.enter(one.network_id, one.joins_on or clock.today(), actor, one.id)
    return one


def decline(invitation_id: UUID, code: str, actor: Actor) -> Invitation:
    """Say no. Raises InvitationUnknown, InvitationOver, Forbidden."""
    one = for_centre(invitation_id, code, actor)
    _answer(one.id, DECLINED, actor.centre_id, actor.user_id)
    audit.record(actor, "network.declined", "network", one.network_id)
    return one


# --- who founds a centre ---------------------------------------------------------------------


def to_found(code: str) -> Invitation:
    """Return the invitation to found of a code; whoever has it may, there is no actor yet.

    Raises InvitationUnknown, InvitationOver.
    """
    found = _read(
        NetworkInvitation.kind == FOUND,
        NetworkInvitation.code_hash == token_hash(plain_code(code)),
    )
    if not found:
        raise InvitationUnknown(field="code")
    _require_waiting(found[0])
    return found[0]


def founded(invitation: Invitation, actor: Actor) -> None:
    """Note that the actor's centre was founded on an invitation."""
    _answer(invitation.id, ACCEPTED, actor.centre_id, actor.user_id)
    audit.record(actor, "network.founded_in", "network", invitation.network_id)


# --- the parts -------------------------------------------------------------------------------


def _new_code() -> str:
    """Return 80 random bits as four groups of four letters and digits, easy to say on a phone."""
    drawn = base64.b32encode(hashlib.sha256(new_secret().encode()).digest()).decode()
    groups = (drawn[at : at + GROUP] for at in range(0, CODE_LENGTH, GROUP))
    return "-".join(groups)


def _same(known: Invitation, command: Invite, actor: Actor) -> Invitation:
    if known.network_id != actor.centre.network_id:
        raise NotFound
    names = ("kind", "for_code", "name_th", "joins_on", "note")
    if differs := [name for name in names if getattr(known, name) != getattr(command, name)]:
        raise InvitationDiffers(differs=differs)
    return known


def _answer(invitation_id: UUID, outcome: str, centre_id: int | None, user_id: UUID | None) -> None:
    """Write the one answer; who comes second, at the same moment perhaps, finds it over."""
    serialise_on(invitation_id)
    given = db.session.scalar(
        select(NetworkInvitationOutcome.outcome).where(
            NetworkInvitationOutcome.invitation_id == invitation_id
        )
    )
    if given is not None:
        raise InvitationOver(state=given)
    db.session.execute(
        insert(NetworkInvitationOutcome).values(
            invitation_id=invitation_id,
            outcome=outcome,
            answering_centre_id=centre_id,
            decided_by=user_id,
            decided_at=clock.now(),
        )
    )


def _require_waiting(one: Invitation) -> None:
    if one.state != WAITING:
        raise InvitationOver(state=one.state)


def _read(*where: Any) -> list[Invitation]:
    rows = db.session.execute(_query().where(*where).order_by(NetworkInvitation.id.desc()))
    return [_card(row) for row in rows]


def _card(row: Any) -> Invitation:
    facts: dict[str, Any] = row._asdict()
    outcome, answered = facts.pop("outcome"), facts.pop("answered")
    state = outcome or (EXPIRED if row.expires_at <= clock.now() else WAITING)
    return Invitation(**facts, state=state, centre_name=answered or "")


def _query() -> Select[*tuple[Any, ...]]:
    answer = NetworkInvitationOutcome
    return (
        select(
            NetworkInvitation.id,
            NetworkInvitation.network_id,
            Network.name_th.label("network_th"),
            Network.name_en.label("network_en"),
            NetworkInvitation.kind,
            NetworkInvitation.for_code,
            NetworkInvitation.name_th,
            NetworkInvitation.joins_on,
            NetworkInvitation.note,
            NetworkInvitation.created_at,
            NetworkInvitation.expires_at,
            answer.outcome,
            CentreRow.name_th.label("answered"),
        )
        .join(Network, Network.id == NetworkInvitation.network_id)
        .outerjoin(answer, answer.invitation_id == NetworkInvitation.id)
        .outerjoin(CentreRow, CentreRow.id == answer.answering_centre_id)
        .limit(SHOWN_MAX)
    )
