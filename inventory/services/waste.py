"""Write goods off, with a reason and who bears the loss.

What must stay true: our own goods are our loss; of consigned goods the centre either owes the
producer as if they were sold at today's price, or the producer bears it and nothing is posted.
Another bearer than the rule of the category says needs a reason; the weight fresh goods lose by
drying is nobody's fault, and never more than the rule's part of the lot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, insert, select

from accounting.rules.entry import NewEntry
from accounting.services import ledger
from core import clock
from core.actor import Actor
from core.db import db, sum_int
from core.documents import content_of, differences, digest_of
from core.errors import N_, DifferentContent, DomainError, NotFound
from core.ids import uuid_or_none
from core.numbering import buddhist_year, next_numbers
from core.paging import Page, Window, page_of
from core.quantity import price_of
from core.sought import NOTHING, Sought, matching
from inventory.models import Lot, Product, Waste
from inventory.rules import costing, terms
from inventory.rules.posting import borne_waste_lines, own_waste_lines
from inventory.rules.unsold import bearer_of, weight_loss_left
from inventory.services import goods_rules, locations, lots, lying
from inventory.services.catalogue import ProductDoc
from inventory.services.lots import LotCard
from inventory.services.moves import Journey, NewMove
from members.services import access, users

SOURCE = "waste"
REASONS_MAX = 10


class WasteDiffers(DifferentContent):
    """The write-off's id came again with other content; the first one stands."""

    code, title = "waste-differs", N_("This write-off was already recorded with other content")


class OwnGoods(DomainError):
    """A producer can't bear the loss of what the centre has bought."""

    code, status, title = "own-goods", 409, N_("These goods belong to the centre")
    detail = N_("The centre bears the loss of what it has bought.")


class OverrideNeedsReason(DomainError):
    """The category's rule says that another bears the loss."""

    code, status, title = "override-needs-reason", 422, N_("The rule says that another bears this")
    detail = N_("Say why the rule is not followed, or let the loss fall where the rule says.")


class NoWeightToLose(DomainError):
    """What is counted in pieces doesn't dry."""

    code, status, title = "no-weight-to-lose", 422, N_("Pieces lose no weight")
    detail = N_("Write missing or spoiled pieces off as a loss.")


class PastWeightLoss(DomainError):
    """More than the normal weight loss of this lot."""

    code, status, title = "past-weight-loss", 409, N_("This is more than the normal weight loss")
    detail = N_(
        "At most %(allowed_milli)s of this lot may still be booked as weight loss."
        " Write the rest off as a loss."
    )


@dataclass(frozen=True, slots=True)
class RecordWaste:
    """Goods of a lot written off; `kind` is loss or weight_loss (which nobody bears)."""

    id: UUID
    lot_id: UUID
    quantity_milli: int
    reason: str
    bearer: str
    kind: str = "loss"
    override_reason: str = ""
    location_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class WasteDoc:
    """A write-off as it was recorded."""

    id: UUID
    waste_no: str
    lot_id: UUID
    lot_no: str
    product_id: UUID
    name_th: str
    name_en: str
    unit: str
    producer_id: UUID
    ownership: str
    quantity_milli: int
    reason: str
    bearer: str
    charge_satang: int
    kind: str
    rule_bearer: str | None
    override_reason: str
    business_date: date
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True, slots=True)
class _Loss:
    """What a write-off takes out of the level and out of the books."""

    cost_satang: int
    base_satang: int
    share_satang: int

    @property
    def charge_satang(self) -> int:
        return self.cost_satang + self.share_satang


def record(command: RecordWaste, actor: Actor) -> WasteDoc:
    """Write goods off and return the document; see `record_once`."""
    return record_once(command, actor)[0]


def record_once(command: RecordWaste, actor: Actor) -> tuple[WasteDoc, bool]:
    """Write goods off; the same command again changes nothing. Return it and whether it is new.

    Raises WasteDiffers, OwnGoods, OverrideNeedsReason, NoWeightToLose, PastWeightLoss, OutOfStock,
    WholePieces, PeriodClosed, NotFound, Forbidden.
    """
    access.require(actor, "waste.record")
    content = _content(command)
    earlier = db.session.scalar(
        select(Waste.content).where(Waste.centre_id == actor.centre_id, Waste.id == command.id)
    )
    if earlier is not None:
        if differs := differences(earlier, content):
            raise WasteDiffers(differs=differs)
        return _doc(actor.centre_id, command.id), False
    lot = lots.card(actor.centre_id, command.lot_id)
    if lot.ownership == "own" and command.bearer == "producer":
        raise OwnGoods(field="bearer")
    product = lying.whole_product(actor.centre_id, lot, command.quantity_milli)
    place, level = lying.place_with(
        actor.centre_id, lot, command.quantity_milli, command.location_id
    )
    rule_bearer = _ruled(command, lot, product, actor)
    loss = _loss(command, lot, product, level)
    now = clock.now()
    journey = Journey(
        source_type=SOURCE,
        source_id=command.id,
        business_date=clock.business_date(now),
        moved_at=now,
        from_location_id=place,
        to_location_id=locations.outside(actor.centre_id, "waste"),
    )
    _store(command, lot, loss, rule_bearer, journey, actor)
    gone = NewMove(
        line_no=1,
        lot_id=lot.id,
        quantity_milli=command.quantity_milli,
        cost_satang=loss.cost_satang,
        base_satang=loss.base_satang,
        share_satang=loss.share_satang,
    )
    lying.take_out(actor.centre_id, journey, gone)
    _post(command, lot, loss, journey, product.activity_id, actor)
    return _doc(actor.centre_id, command.id), True


def _store(
    command: RecordWaste,
    lot: LotCard,
    loss: _Loss,
    rule_bearer: str | None,
    journey: Journey,
    actor: Actor,
) -> None:
    content = _content(command)
    bearer = _bearer(command, lot)
    year = buddhist_year(journey.business_date)
    [number] = next_numbers(actor.centre_id, [("waste", year)])
    db.session.execute(
        insert(Waste).values(
            centre_id=actor.centre_id,
            id=command.id,
            waste_no=f"WS-{year}-{number:05d}",
            lot_id=lot.id,
            location_id=journey.from_location_id,
            quantity_milli=command.quantity_milli,
            reason=command.reason,
            bearer=bearer,
            kind=command.kind,
            rule_bearer=rule_bearer,
            override_reason=command.override_reason if rule_bearer not in {None, bearer} else "",
            charge_satang=loss.charge_satang,
            business_date=journey.business_date,
            recorded_at=journey.moved_at,
            recorded_by=actor.user_id,
            digest=digest_of(content),
            content=content,
        )
    )


def get(waste_id: UUID, actor: Actor) -> WasteDoc:
    """Return a write-off of the actor's centre; raise NotFound."""
    access.require(actor, "stock.read")
    return _doc(actor.centre_id, waste_id)


def listing(
    actor: Actor, window: Window, sought: Sought = NOTHING, bearer: str = ""
) -> Page[WasteDoc]:
    """Return write-offs, newest first, of one bearer if given; raise `Forbidden`."""
    access.require(actor, "stock.read")
    query = _select(actor.centre_id).where(*_conditions(sought, bearer))
    last = uuid_or_none(window.after)
    if last is not None:
        query = query.where(Waste.id < last)
    rows = db.session.execute(query.order_by(Waste.id.desc()).limit(window.limit + 1)).all()
    return page_of(_docs(rows), window, lambda doc: str(doc.id))


def by_reason(actor: Actor, sought: Sought, bearer: str = "") -> list[tuple[str, int, int]]:
    """Return reasons with how many write-offs and what they cost us, the dearest first."""
    access.require(actor, "stock.read")
    cost = sum_int(Waste.charge_satang)
    rows = db.session.execute(
        select(Waste.reason, func.count(), cost)
        .where(Waste.centre_id == actor.centre_id, *_conditions(sought, bearer))
        .group_by(Waste.reason)
        .order_by(cost.desc(), Waste.reason)
        .limit(REASONS_MAX)
    )
    return [(reason, many, satang) for reason, many, satang in rows]


def _conditions(sought: Sought, bearer: str) -> list[Any]:
    found: list[Any] = matching(
        sought, day=Waste.business_date, text=(Waste.waste_no, Waste.reason)
    )
    return [*found, Waste.bearer == bearer] if bearer else found


def _content(command: RecordWaste) -> dict[str, Any]:
    """Return the command as it is kept; what was not said is left out, as it was before it was."""
    content = content_of(command)
    unsaid = {"kind": "loss", "override_reason": "", "location_id": None}
    return {name: value for name, value in content.items() if unsaid.get(name, content) != value}


def _bearer(command: RecordWaste, lot: LotCard) -> str:
    """Return who bears it: of the weight consigned goods lose nothing is owed."""
    if command.kind == "weight_loss" and lot.ownership == "consigned":
        return "producer"
    return command.bearer


def _ruled(command: RecordWaste, lot: LotCard, product: ProductDoc, actor: Actor) -> str | None:
    """Hold the write-off to the rule of its category; return who bears it by that rule."""
    rule = goods_rules.rule_for(actor.centre_id, product.category)
    if command.kind == "weight_loss":
        if product.sold_by != "weight":
            raise NoWeightToLose(field="kind")
        booked = _weight_lost(actor.centre_id, lot.id)
        allowed = weight_loss_left(rule, lot.quantity_milli, booked)
        if command.quantity_milli > allowed:
            raise PastWeightLoss(field="quantity", allowed_milli=allowed)
        return None
    received_on = clock.business_date(lot.received_at)
    bearer = bearer_of(rule, received_on, clock.today(), lot.ownership)
    if bearer is not None and bearer != command.bearer and not command.override_reason:
        raise OverrideNeedsReason(field="override_reason")
    return bearer


def _weight_lost(centre_id: int, lot_id: UUID) -> int:
    """Return how much of a lot was booked as weight loss; its levels are locked."""
    booked = select(sum_int(Waste.quantity_milli)).where(
        Waste.centre_id == centre_id, Waste.lot_id == lot_id, Waste.kind == "weight_loss"
    )
    return db.session.scalar(booked) or 0


def _loss(command: RecordWaste, lot: LotCard, product: ProductDoc, level: tuple[int, int]) -> _Loss:
    if lot.split_basis_points is None:
        cost = costing.issue_cost(*level, command.quantity_milli, lot.unit_cost_satang)
        return _Loss(cost, 0, 0)
    if _bearer(command, lot) == "producer":
        return _Loss(0, 0, 0)
    base = price_of(command.quantity_milli, product.price_satang)
    agreed = terms.terms_of(lot.terms, lot.split_basis_points)
    return _Loss(0, base, agreed.outcome(base, command.quantity_milli).share_satang)


def _post(
    command: RecordWaste,
    lot: LotCard,
    loss: _Loss,
    journey: Journey,
    activity_id: UUID | None,
    actor: Actor,
) -> None:
    if lot.split_basis_points is None:
        lines = own_waste_lines(lot.id, loss.cost_satang, activity_id)
    else:
        lines = borne_waste_lines(loss.share_satang, lot.producer_id, lot.member_id, activity_id)
    if lines:
        ledger.post(
            NewEntry(
                kind="waste",
                source_type=SOURCE,
                source_id=command.id,
                business_date=journey.business_date,
                occurred_at=journey.moved_at,
                lines=lines,
                memo=command.reason,
            ),
            actor,
        )


def _select(centre_id: int) -> Any:
    return (
        select(Waste, Lot, Product)
        .join(Lot, and_(Lot.centre_id == Waste.centre_id, Lot.id == Waste.lot_id))
        .join(Product, and_(Product.centre_id == Lot.centre_id, Product.id == Lot.product_id))
        .where(Waste.centre_id == centre_id)
    )


def _doc(centre_id: int, waste_id: UUID) -> WasteDoc:
    rows = db.session.execute(_select(centre_id).where(Waste.id == waste_id)).all()
    if not rows:
        raise NotFound(what="waste")
    return _docs(rows)[0]


def _docs(rows: Sequence[Any]) -> list[WasteDoc]:
    people = users.names({row.Waste.recorded_by for row in rows if row.Waste.recorded_by})
    return [
        WasteDoc(
            id=row.Waste.id,
            waste_no=row.Waste.waste_no,
            lot_id=row.Waste.lot_id,
            lot_no=row.Lot.lot_no,
            product_id=row.Product.id,
            name_th=row.Product.name_th,
            name_en=row.Product.name_en,
            unit=row.Product.unit,
            producer_id=row.Lot.producer_id,
            ownership=row.Lot.ownership,
            quantity_milli=row.Waste.quantity_milli,
            reason=row.Waste.reason,
            bearer=row.Waste.bearer,
            charge_satang=row.Waste.charge_satang,
            kind=row.Waste.kind,
            rule_bearer=row.Waste.rule_bearer,
            override_reason=row.Waste.override_reason,
            business_date=row.Waste.business_date,
            recorded_at=row.Waste.recorded_at,
            recorded_by=people.get(row.Waste.recorded_by, ""),
        )
        for row in rows
    ]
