"""Which network a centre belonged to on any day, and its move to another.

What must stay true: a centre is in exactly one network on every day; a move begins after the last
one and not in the future; what was before the day stays the old network's, and its officers see
the centre no more from the moment the move is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import insert, select, update

from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import N_, DomainError, NotFound
from core.findings import Finding
from members.models import CentreNetwork, CentreRow, Network
from members.services.access import require
from members.services.centres import BEGINNING

ONE_DAY = timedelta(days=1)


class MoveDayTaken(DomainError):
    """A move begins after the one before it, and not in the future."""

    code, status, title = "move-day-taken", 409, N_("The centre can't move on this day")
    detail = N_("Choose a day after %(after)s, today at the latest.")


class SameNetwork(DomainError):
    """The centre is in this network already."""

    code, status, title = "same-network", 409, N_("The centre is in this network already")


@dataclass(frozen=True, slots=True)
class Membership:
    """A network a centre belonged to: from `first` (None: from the beginning) until `last`."""

    network_id: int
    name_th: str
    name_en: str
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """The part of a period in which a centre belonged to a network."""

    centre_id: int
    first: date
    last: date


def card(network_id: int) -> tuple[str, str]:
    """Return the Thai and the English name of a network. Raises NotFound."""
    row = db.session.execute(
        select(Network.name_th, Network.name_en).where(Network.id == network_id)
    ).one_or_none()
    if row is None:
        raise NotFound(network=network_id)
    return row.name_th, row.name_en


def history(centre_id: int) -> tuple[Membership, ...]:
    """Return the networks of a centre, the present one first."""
    rows = db.session.execute(
        select(CentreNetwork.joined_on, Network.id, Network.name_th, Network.name_en)
        .join(Network, Network.id == CentreNetwork.network_id)
        .where(CentreNetwork.centre_id == centre_id)
        .order_by(CentreNetwork.joined_on.desc())
    )
    found: list[Membership] = []
    last: date | None = None
    for joined_on, network_id, name_th, name_en in rows:
        first = None if joined_on == BEGINNING else joined_on
        found.append(Membership(network_id, name_th, name_en, first, last))
        last = joined_on - ONE_DAY
    return tuple(found)


def stretches(network_id: int | None, first: date, last: date) -> tuple[Stretch, ...]:
    """Return which centres were in a network in a period, and in which part of it; one statement.

    Without a network every centre is there all the while. A centre that left and came back has two
    stretches.
    """
    rows = db.session.execute(
        select(CentreNetwork.centre_id, CentreNetwork.joined_on, CentreNetwork.network_id)
        .where(CentreNetwork.joined_on <= last)
        .order_by(CentreNetwork.centre_id, CentreNetwork.joined_on.desc())
    ).all()
    if network_id is None:
        return tuple(Stretch(one, first, last) for one in sorted({row.centre_id for row in rows}))
    found: list[Stretch] = []
    centre_id, until = 0, last
    for row in rows:
        if row.centre_id != centre_id:
            centre_id, until = row.centre_id, last
        if row.network_id == network_id and until >= first:
            found.append(Stretch(centre_id, max(first, row.joined_on), until))
        until = row.joined_on - ONE_DAY
    return tuple(sorted(found, key=lambda one: (one.centre_id, one.first)))


def together_on(centre_ids: tuple[int, int], day: date) -> bool:
    """Tell whether two centres were in the same network on a day."""
    rows = db.session.execute(
        select(CentreNetwork.centre_id, CentreNetwork.network_id)
        .where(CentreNetwork.centre_id.in_(centre_ids), CentreNetwork.joined_on <= day)
        .order_by(CentreNetwork.joined_on)
    ).all()
    there = {row.centre_id: row.network_id for row in rows}
    return len(there) == len(set(centre_ids)) and len(set(there.values())) == 1


def checks(centre_id: int) -> Iterator[Finding]:
    """Yield whether the centre's network is that of its last move."""
    last = db.session.execute(
        select(CentreNetwork.network_id)
        .where(CentreNetwork.centre_id == centre_id)
        .order_by(CentreNetwork.joined_on.desc())
        .limit(1)
    ).scalar_one_or_none()
    now = db.session.execute(
        select(CentreRow.network_id).where(CentreRow.id == centre_id)
    ).scalar_one()
    yield Finding(
        "centre is where its last move says",
        centre_id,
        last == now,
        expected=last or 0,
        actual=now,
        document_type="network",
        document_id=str(now),
    )


def move(network_id: int, on: date, actor: Actor) -> None:
    """Move the actor's centre to a network on a day; only the command line does this.

    A centre itself answers an invitation instead. Raises MoveDayTaken, SameNetwork, NotFound.
    """
    require(actor, "network.join")
    card(network_id)
    enter(network_id, on, actor)


def enter(network_id: int, on: date, actor: Actor, invitation_id: UUID | None = None) -> None:
    """Write the move of the actor's centre; the caller has asked for the right to."""
    db.session.execute(
        select(CentreRow.id).where(CentreRow.id == actor.centre_id).with_for_update()
    )
    present = db.session.execute(
        select(CentreNetwork.joined_on, CentreNetwork.network_id)
        .where(CentreNetwork.centre_id == actor.centre_id)
        .order_by(CentreNetwork.joined_on.desc())
        .limit(1)
    ).one()
    if present.network_id == network_id:
        raise SameNetwork
    if not present.joined_on < on <= clock.today():
        raise MoveDayTaken(field="joins_on", after=present.joined_on)
    db.session.execute(
        insert(CentreNetwork).values(
            centre_id=actor.centre_id,
            joined_on=on,
            network_id=network_id,
            invitation_id=invitation_id,
            recorded_by=actor.user_id,
            recorded_at=clock.now(),
        )
    )
    db.session.execute(
        update(CentreRow)
        .where(CentreRow.id == actor.centre_id)
        .values(network_id=network_id, version=CentreRow.version + 1)
        .execution_options(synchronize_session=False)
    )
    audit.record(
        actor,
        "network.joined",
        "network",
        network_id,
        on=on.isoformat(),
        before=present.network_id,
    )
