"""Discount reasons in the office: why a price may be cut, and who bears it.

What must stay true: who bears a reason's discounts is said when it is made and never changes, so
it is fixed before any sale; another bearer is another reason, and the old one is put out of use.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import insert, select, update

from accounting.services import funds
from core import audit
from core.actor import Actor
from core.db import db
from core.errors import N_, DomainError, NotFound
from core.text import normalise
from members.services import access
from pos.models import DiscountReason
from pos.rules.pricing import WHOLE


class ReasonTaken(DomainError):
    """Another reason of the centre has this code, or this id with other content."""

    code, status, title = "reason-taken", 409, N_("Another discount reason has this code")
    detail = N_("Give the reason a code of its own.")


class BearerUnclear(DomainError):
    """The reason does not say plainly who bears its discounts."""

    code, status, title = "bearer-unclear", 422, N_("Say who bears the discount")
    detail = N_(
        "A set part of the producer is more than 0 and less than 100 percent; a fund pays in the "
        "centre's stead and is still in use."
    )


@dataclass(frozen=True, slots=True)
class NewReason:
    """A reason as it is made; at most one of the producer's set part and the fund."""

    id: UUID
    code: str
    name_th: str
    name_en: str
    bearer: str
    producer_basis_points: int | None = None
    fund_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ReasonDoc:
    """A reason as the office sees it, with its fund's name."""

    id: UUID
    code: str
    name_th: str
    name_en: str
    bearer: str
    producer_basis_points: int | None
    fund_id: UUID | None
    active: bool
    fund_th: str = ""
    fund_en: str = ""


def listing(actor: Actor) -> list[ReasonDoc]:
    """Return the centre's reasons by code, those in use first."""
    access.require(actor, "promotion.read")
    rows = db.session.scalars(
        select(DiscountReason)
        .where(DiscountReason.centre_id == actor.centre_id)
        .order_by(DiscountReason.active.desc(), DiscountReason.code)
    )
    return _docs(actor.centre_id, list(rows))


def get(reason_id: UUID, actor: Actor) -> ReasonDoc:
    """Return a reason of the actor's centre; raise `NotFound`."""
    access.require(actor, "promotion.read")
    return _docs(actor.centre_id, [_find(actor.centre_id, reason_id)])[0]


def create(command: NewReason, actor: Actor) -> ReasonDoc:
    """Make a reason; the same again changes nothing.

    Raises ReasonTaken, BearerUnclear, NotFound (fund), Forbidden.
    """
    access.require(actor, "promotion.change")
    _require_clear(command, actor.centre_id)
    values = {
        "code": normalise(command.code),
        "name_th": normalise(command.name_th),
        "name_en": normalise(command.name_en) or normalise(command.name_th),
        "bearer": command.bearer,
        "producer_basis_points": command.producer_basis_points,
        "fund_id": command.fund_id,
    }
    earlier = db.session.scalars(
        select(DiscountReason).where(
            DiscountReason.centre_id == actor.centre_id,
            (DiscountReason.id == command.id) | (DiscountReason.code == values["code"]),
        )
    ).all()
    if earlier:
        known = {name: getattr(earlier[0], name) for name in values}
        if earlier[0].id != command.id or known != values:
            raise ReasonTaken(field="code")
        return get(command.id, actor)
    db.session.execute(
        insert(DiscountReason).values(
            centre_id=actor.centre_id, id=command.id, active=True, **values
        )
    )
    facts = {name: value for name, value in values.items() if name not in ("code", "fund_id")}
    audit.record(
        actor,
        "discount_reason.created",
        "discount_reason",
        command.id,
        code=values["code"],
        fund_id=str(command.fund_id or ""),
        **facts,
    )
    return get(command.id, actor)


def set_active(reason_id: UUID, active: bool, actor: Actor) -> ReasonDoc:
    """Offer a reason at the counter, or no longer; its promotions keep it. Raise `NotFound`."""
    access.require(actor, "promotion.change")
    reason = _find(actor.centre_id, reason_id)
    if reason.active != active:
        db.session.execute(
            update(DiscountReason)
            .where(DiscountReason.centre_id == actor.centre_id, DiscountReason.id == reason_id)
            .values(active=active)
        )
        action = "discount_reason.offered" if active else "discount_reason.withdrawn"
        audit.record(actor, action, "discount_reason", reason_id, code=reason.code)
    return get(reason_id, actor)


def _require_clear(command: NewReason, centre_id: int) -> None:
    part, fund_id = command.producer_basis_points, command.fund_id
    if part is not None and (command.bearer != "shared" or not 0 < part < WHOLE):
        raise BearerUnclear(field="producer_part")
    if fund_id is not None and (
        command.bearer != "centre" or not funds.of_members(centre_id, fund_id).active
    ):
        raise BearerUnclear(field="fund_id")


def _find(centre_id: int, reason_id: UUID) -> DiscountReason:
    row = db.session.scalars(
        select(DiscountReason)
        .where(DiscountReason.centre_id == centre_id, DiscountReason.id == reason_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound(what="discount_reason")
    return row


def _docs(centre_id: int, rows: list[DiscountReason]) -> list[ReasonDoc]:
    names = {}
    if any(row.fund_id for row in rows):
        names = {fund.id: fund for fund in funds.listing(centre_id)}
    return [
        ReasonDoc(
            id=row.id,
            code=row.code,
            name_th=row.name_th,
            name_en=row.name_en,
            bearer=row.bearer,
            producer_basis_points=row.producer_basis_points,
            fund_id=row.fund_id,
            active=row.active,
            fund_th=names[row.fund_id].name_th if row.fund_id else "",
            fund_en=names[row.fund_id].name_en if row.fund_id else "",
        )
        for row in rows
    ]
