"""Promotions in the office: a lower price by date, for all or for members only.

What must stay true: what a promotion says is fixed when it is made, before its first day; after
that only its last day changes, or it is stopped. A member price is a promotion for members at a
set price without a last day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import insert, select, update

from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import N_, ChangedMeanwhile, DifferentContent, DomainError, NotFound
from core.ids import uuid_or_none
from core.paging import Page, Window, page_of
from core.sought import NOTHING, Sought, matching
from core.text import normalise
from inventory.services import catalogue
from inventory.services.catalogue import categories
from members.services import access, users
from pos.models import Promotion
from pos.rules.offers import WHOLE
from pos.services import discounts
from pos.services.discounts import ReasonDoc


class PromotionDiffers(DifferentContent):
    """The promotion's id came again with other content; the first one stands."""

    code, title = "promotion-differs", N_("This promotion was already made with other content")


class OffersNothing(DomainError):
    """The promotion takes nothing off, or more than there is."""

    code, status, title = "offers-nothing", 422, N_("The promotion takes nothing off")
    detail = N_("Enter a percentage up to 100, an amount off a unit, or the price of a unit.")


class WrongDays(DomainError):
    """The first day is past, or the last day comes before it or is past."""

    code, status, title = "promotion-days", 422, N_("These days can't be right")
    detail = N_(
        "A promotion begins today or later, and its last day is not before its first or today."
    )


class ReasonNotInUse(DomainError):
    """The reason was put out of use."""

    code, status, title = "reason-not-in-use", 409, N_("This reason is no longer in use")
    detail = N_("Choose another reason, or make a new one.")


class AlreadyOver(DomainError):
    """The promotion was stopped or its last day is past."""

    code, status, title = "promotion-over", 409, N_("This promotion is over")
    detail = N_("Make a new promotion.")


@dataclass(frozen=True, slots=True)
class NewPromotion:
    """A promotion as it is made; neither product nor category means all goods."""

    id: UUID
    name_th: str
    name_en: str
    reason_id: UUID
    kind: str
    value: int
    valid_from: date
    valid_until: date | None = None
    product_id: UUID | None = None
    category: str = ""
    members_only: bool = False


@dataclass(frozen=True, slots=True)
class EndPromotion:
    """Give the version seen of a promotion a last day, or (None) stop it at once."""

    id: UUID
    version: int
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class PromotionDoc:
    """A promotion as the office sees it; `state` is coming, running, ended or stopped."""

    id: UUID
    name_th: str
    name_en: str
    reason: ReasonDoc
    product_id: UUID | None
    product_th: str
    product_en: str
    category: str
    category_th: str
    category_en: str
    members_only: bool
    kind: str
    value: int
    valid_from: date
    valid_until: date | None
    state: str
    created_by: str
    created_at: datetime
    version: int


def listing(actor: Actor, window: Window, sought: Sought = NOTHING) -> Page[PromotionDoc]:
    """Return promotions, newest first."""
    access.require(actor, "promotion.read")
    texts = (Promotion.name_th, Promotion.name_en, Promotion.category)
    query = select(Promotion).where(
        Promotion.centre_id == actor.centre_id,
        *matching(sought, day=Promotion.valid_from, text=texts),
    )
    last = uuid_or_none(window.after)
    if last is not None:
        query = query.where(Promotion.id < last)
    rows = db.session.scalars(
        query.order_by(Promotion.id.desc())
        .limit(window.limit + 1)
        .execution_options(populate_existing=True)
    ).all()
    page = page_of(rows, window, lambda row: str(row.id))
    return Page(tuple(_docs(page.items, actor)), page.next)


def get(promotion_id: UUID, actor: Actor) -> PromotionDoc:
    """Return a promotion of the actor's centre; raise `NotFound`."""
    access.require(actor, "promotion.read")
    return _docs([_find(actor.centre_id, promotion_id)], actor)[0]


def create(command: NewPromotion, actor: Actor) -> PromotionDoc:
    """Make a promotion; the same again is answered with the first.

    Raises PromotionDiffers, OffersNothing, WrongDays, ReasonNotInUse, NotFound, Forbidden.
    """
    access.require(actor, "promotion.change")
    command = _spelt(command)
    values = {name: getattr(command, name) for name in NewPromotion.__dataclass_fields__}
    earlier = db.session.get(Promotion, (actor.centre_id, command.id))
    if earlier is not None:
        # The last day may have been changed since.
        differs = [
            name
            for name, value in values.items()
            if name != "valid_until" and getattr(earlier, name) != value
        ]
        if differs:
            raise PromotionDiffers(differs=sorted(differs))
        return get(command.id, actor)
    _check(command, actor)
    db.session.execute(
        insert(Promotion).values(
            centre_id=actor.centre_id,
            active=True,
            created_by=actor.user_id,
            created_at=clock.now(),
            version=1,
            **values,
        )
    )
    audit.record(
        actor,
        "promotion.created",
        "promotion",
        command.id,
        **{name: _plain(value) for name, value in values.items() if name != "id"},
    )
    return get(command.id, actor)


def end(command: EndPromotion, actor: Actor) -> PromotionDoc:
    """Set the last day of a promotion, or stop it at once.

    Raises ChangedMeanwhile, AlreadyOver, WrongDays, NotFound, Forbidden.
    """
    access.require(actor, "promotion.change")
    known = _find(actor.centre_id, command.id)
    if known.version != command.version:
        raise ChangedMeanwhile(version=known.version)
    if state_of(known, clock.today()) in ("ended", "stopped"):
        raise AlreadyOver
    last = command.valid_until
    if last is not None and last < max(known.valid_from, clock.today()):
        raise WrongDays(field="valid_until")
    found = db.session.execute(
        update(Promotion)
        .where(
            Promotion.centre_id == actor.centre_id,
            Promotion.id == command.id,
            Promotion.version == command.version,
        )
        .values(
            version=Promotion.version + 1,
            **({"active": False} if last is None else {"valid_until": last}),
        )
        .execution_options(synchronize_session=False)
    )
    if found.rowcount == 0:  # type: ignore[attr-defined]
        raise ChangedMeanwhile
    action = "promotion.stopped" if last is None else "promotion.last_day_set"
    audit.record(actor, action, "promotion", command.id, valid_until=_plain(last))
    return get(command.id, actor)


def _check(command: NewPromotion, actor: Actor) -> None:
    least, most = {"percent": (1, WHOLE), "amount": (1, None), "price": (0, None)}[command.kind]
    if command.value < least or (most is not None and command.value > most):
        raise OffersNothing(field="value")
    if command.valid_from < clock.today():
        raise WrongDays(field="valid_from")
    if command.valid_until is not None and command.valid_until < command.valid_from:
        raise WrongDays(field="valid_until")
    if not discounts.get(command.reason_id, actor).active:
        raise ReasonNotInUse(field="reason_id")
    if command.product_id is not None:
        product = catalogue.get_doc(actor.centre_id, command.product_id)
        if command.kind == "price" and command.value >= product.price_satang:
            raise OffersNothing(field="value")


def _spelt(command: NewPromotion) -> NewPromotion:
    name_th = normalise(command.name_th)
    return replace(
        command,
        name_th=name_th,
        name_en=normalise(command.name_en) or name_th,
        category="" if command.product_id else normalise(command.category),
    )


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, bool | int) else str(value)


def _find(centre_id: int, promotion_id: UUID) -> Promotion:
    row = db.session.scalars(
        select(Promotion)
        .where(Promotion.centre_id == centre_id, Promotion.id == promotion_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound(what="promotion")
    return row


def state_of(row: Promotion, today: date) -> str:
    """Return running, coming, ended or stopped."""
    if not row.active:
        return "stopped"
    if row.valid_until is not None and row.valid_until < today:
        return "ended"
    return "coming" if row.valid_from > today else "running"


def _docs(rows: Sequence[Promotion], actor: Actor) -> list[PromotionDoc]:
    reasons = {one.id: one for one in discounts.listing(actor)}
    products = catalogue.names(actor.centre_id, {row.product_id for row in rows if row.product_id})
    people = users.names({row.created_by for row in rows if row.created_by})
    named = categories.names(actor.centre_id) if any(row.category for row in rows) else {}
    today = clock.today()
    docs = []
    for row in rows:
        product = products.get(row.product_id) if row.product_id else None
        category_th, category_en = named.get(row.category, (row.category, row.category))
        docs.append(
            PromotionDoc(
                id=row.id,
                name_th=row.name_th,
                name_en=row.name_en,
                reason=reasons[row.reason_id],
                product_id=row.product_id,
                product_th=product.name_th if product else "",
                product_en=product.name_en if product else "",
                category=row.category,
                category_th=category_th,
                category_en=category_en,
                members_only=row.members_only,
                kind=row.kind,
                value=row.value,
                valid_from=row.valid_from,
                valid_until=row.valid_until,
                state=state_of(row, today),
                created_by=people.get(row.created_by, "") if row.created_by else "",
                created_at=row.created_at,
                version=row.version,
            )
        )
    return docs
