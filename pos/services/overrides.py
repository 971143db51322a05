"""A manager's word, at the till, for one document that goes beyond a limit.

What must stay true: it is given by somebody who may, in their own name (`till_pins` judged it),
by another person than who asks; it names one document, one kind and the most it lets through; it
lasts a quarter of an hour; it never changes and every one is listed.

A service that meets a limit calls `require`: the till minted the document's id before, so the
command needs no new field. Whoever has the right to give overrides needs none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from core import clock
from core.actor import Actor
from core.db import db, insert_rows, serialise_on
from core.documents import content_of, digest_of
from core.errors import N_, DifferentContent, DomainError, NotFound
from core.ids import uuid_or_none
from core.paging import Page, Window, page_of
from members.rules.roles import allowed
from members.services import access, duties
from members.services.duties import Document
from pos.models import OVERRIDE_KINDS, ManagerOverride
from pos.services import tills

DISCOUNT, REFUND, CREDIT = OVERRIDE_KINDS
LASTS = timedelta(minutes=15)


class OverrideNeeded(DomainError):
    """The document goes beyond what its cashier may do alone."""

    code, status, title = "override-needed", 409, N_("A manager has to say yes to this")
    detail = N_("Ask a manager to enter the reason and the PIN here at the till.")


class OverrideDiffers(DifferentContent):
    """The override's id came again with other content."""

    code, title = "override-differs", N_("This was already asked with other content")


class OwnOverride(DomainError):
    """Who asks for an override can't give it."""

    code, status, title = "own-override", 409, N_("Another person has to say yes to this")
    detail = N_("Ask a manager who is not selling, or sell signed in with your password.")


class ReasonNeeded(DomainError):
    """An override without a reason."""

    code, status, title = "override-reason-needed", 422, N_("Say why")
    detail = N_("Write the reason; it is kept with the manager's name.")


@dataclass(frozen=True, slots=True)
class GrantOverride:
    """What is asked: up to `asked_satang` on one document, for a reason.

    `asked_by` is whoever stands at the till; `facts` says what the document was, for the list.
    """

    id: UUID
    kind: str
    document_id: UUID
    till_id: UUID | None
    reason: str
    asked_satang: int
    limit_satang: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Override:
    """An override as it was given."""

    id: UUID
    kind: str
    document_id: UUID
    till_id: UUID | None
    reason: str
    asked_satang: int
    limit_satang: int | None
    asked_by: UUID | None
    asked_name: str
    granted_by: UUID | None
    granted_name: str
    at: datetime
    expires_at: datetime
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which overrides a list shows."""

    kind: str = ""
    granted_by: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


_COLUMNS = tuple(getattr(ManagerOverride, name) for name in Override.__dataclass_fields__)


def grant(command: GrantOverride, giver: Actor, asker: Actor) -> Override:
    """Give an override in the giver's name; the same again returns the first.

    Raises Forbidden (the giver may not), OwnOverride, ReasonNeeded, OverrideDiffers, NotFound.
    """
    access.require(asker, "sale.record")
    access.require(giver, "override.give")
    reason = command.reason.strip()
    if not reason:
        raise ReasonNeeded(field="reason")
    if command.till_id is not None:
        tills.get(giver.centre_id, command.till_id)
    serialise_on(command.id)
    digest = digest_of(content_of(command) | {"giver": str(giver.user_id)})
    earlier = db.session.execute(
        select(ManagerOverride.digest).where(
            ManagerOverride.centre_id == giver.centre_id, ManagerOverride.id == command.id
        )
    ).scalar_one_or_none()
    if earlier is not None:
        if earlier != digest:
            raise OverrideDiffers
        return _get(giver.centre_id, command.id)
    document = Document("manager_override", command.id, command.kind)
    duties.require_apart("override", [asker.user_id], document, giver, OwnOverride)
    now = clock.now()
    insert_rows(
        ManagerOverride,
        [
            {
                "centre_id": giver.centre_id,
                "id": command.id,
                "kind": command.kind,
                "document_id": command.document_id,
                "till_id": command.till_id,
                "reason": reason,
                "asked_satang": command.asked_satang,
                "limit_satang": command.limit_satang,
                "asked_by": asker.user_id,
                "asked_name": asker.name,
                "granted_by": giver.user_id,
                "granted_name": giver.name,
                "at": now,
                "expires_at": now + LASTS,
                "facts": dict(command.facts),
                "digest": digest,
            }
        ],
    )
    return _get(giver.centre_id, command.id)


def granted(centre_id: int, document_id: UUID, kind: str) -> Override | None:
    """Return the override that lets most through on a document, if there is one."""
    row = db.session.execute(
        select(*_COLUMNS)
        .where(
            ManagerOverride.centre_id == centre_id,
            ManagerOverride.document_id == document_id,
            ManagerOverride.kind == kind,
        )
        .order_by(ManagerOverride.asked_satang.desc(), ManagerOverride.at.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Override(*row)


def require(
    actor: Actor,
    document_id: UUID,
    kind: str,
    asked_satang: int,
    occurred_at: datetime,
    limit_satang: int | None = None,
) -> None:
    """Raise OverrideNeeded unless the actor needs none, or one covers the document as it is.

    It covers what happened within its quarter of an hour: the document may be sent later.
    """
    if allowed(actor.roles, "override.give"):
        return
    row = granted(actor.centre_id, document_id, kind)
    if row is not None and row.asked_satang >= asked_satang and occurred_at <= row.expires_at:
        return
    raise OverrideNeeded(kind=kind, asked_satang=asked_satang, limit_satang=limit_satang)


def of_documents(centre_id: int, document_ids: set[UUID]) -> dict[UUID, list[Override]]:
    """Return what was let through on some documents, for their pages and the day's figures."""
    if not document_ids:
        return {}
    rows = db.session.execute(
        select(*_COLUMNS)
        .where(
            ManagerOverride.centre_id == centre_id, ManagerOverride.document_id.in_(document_ids)
        )
        .order_by(ManagerOverride.at)
    )
    found: dict[UUID, list[Override]] = {}
    for row in rows:
        found.setdefault(row.document_id, []).append(Override(*row))
    return found


def listing(actor: Actor, window: Window, filters: Filters) -> Page[Override]:
    """Return the centre's overrides, newest first."""
    access.require(actor, "override.read")
    query = select(*_COLUMNS).where(*_wanted(actor, filters))
    last = uuid_or_none(window.after)
    if last is not None:
        query = query.where(ManagerOverride.id < last)
    rows = db.session.execute(query.order_by(ManagerOverride.id.desc()).limit(window.limit + 1))
    return page_of([Override(*row) for row in rows], window, lambda one: str(one.id))


def get(override_id: UUID, actor: Actor) -> Override:
    """Return an override of the actor's centre; raise NotFound."""
    access.require(actor, "override.read")
    return _get(actor.centre_id, override_id)


def everything(actor: Actor, filters: Filters) -> Iterator[Override]:
    """Yield all of them for a file, oldest first."""
    access.require(actor, "override.read")
    rows = db.session.execute(
        select(*_COLUMNS).where(*_wanted(actor, filters)).order_by(ManagerOverride.id)
    )
    for row in rows:
        yield Override(*row)


def _wanted(actor: Actor, filters: Filters) -> list[ColumnElement[bool]]:
    wanted = [ManagerOverride.centre_id == actor.centre_id]
    if filters.kind:
        wanted.append(ManagerOverride.kind == filters.kind)
    if filters.granted_by is not None:
        wanted.append(ManagerOverride.granted_by == filters.granted_by)
    if filters.since is not None:
        wanted.append(ManagerOverride.at >= filters.since)
    if filters.until is not None:
        wanted.append(ManagerOverride.at < filters.until)
    return wanted


def _get(centre_id: int, override_id: UUID) -> Override:
    row = db.session.execute(
        select(*_COLUMNS).where(
            ManagerOverride.centre_id == centre_id, ManagerOverride.id == override_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound(what="override")
    return Override(*row)
