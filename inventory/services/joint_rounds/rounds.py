"""Open a round, change what it offers, close it with one purchase order, or cancel it.

What must stay true: what is offered changes only while nobody ordered it; a round is ordered once,
as what all its orders together ask for; once ordered nobody's order changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from core import audit, clock
from core.actor import Actor
from core.db import db, insert_rows, serialise_on
from core.documents import content_of, differences, digest_of
from core.errors import N_, ChangedMeanwhile, DifferentContent, DomainError, NotFound
from core.numbering import buddhist_year, next_numbers
from inventory.models import JointRound, JointRoundItem
from inventory.services.buying import order_documents, suppliers, units
from inventory.services.buying import orders as purchase_orders
from inventory.services.buying.orders import OrderLine, SaveOrder
from inventory.services.joint_rounds import reading
from inventory.services.joint_rounds.reading import RoundDoc
from members.services import access

SERIES = "joint_round"
ITEMS_MAX = 50
MARGIN_MAX = 5_000


class RoundDiffers(DifferentContent):
    """The round's id came again with other content; the first stands."""

    code, title = "round-differs", N_("This round was already opened with other content")
    detail = N_("The first one is kept. Open it and change it there.")


class RoundClosed(DomainError):
    """The round takes no orders any more: it was ordered, shared out or cancelled."""

    code, status, title = "round-closed", 409, N_("This round is closed")
    detail = N_("%(round_no)s takes no orders and no changes any more. Open a new round.")


class RoundNotOrdered(DomainError):
    """Goods can only be shared out of a round that was ordered."""

    code, status, title = "round-not-ordered", 409, N_("This round was not ordered yet")
    detail = N_("Close it with its purchase order first; share it out when the goods are here.")


class NobodyOrdered(DomainError):
    """There is nothing to buy."""

    code, status, title = "nobody-ordered", 409, N_("Nobody ordered anything")
    detail = N_("Take at least one order, or cancel the round.")


class ItemOrdered(DomainError):
    """What somebody ordered can't be taken out of the round or change its unit."""

    code, status, title = "round-item-ordered", 409, N_("Somebody ordered this already")
    detail = N_("Line %(item_no)s stays as it is. Change the orders first, or add a new line.")


class ClosesInThePast(DomainError):
    """The last day for orders is over already."""

    code, status, title = "round-closes-in-the-past", 422, N_("The last day is over already")
    detail = N_("Choose today or a later day.")


class ItemTwice(DomainError):
    """A round offers each product once, in one unit: what comes is told apart by product."""

    code, status, title = "round-item-twice", 422, N_("This product is in the round already")
    detail = N_("Line %(line_no)s: offer each product once, in one unit.")


class MarginTooHigh(DomainError):
    """What the centre adds has a limit; more than half again is no joint buying."""

    code, status, title = "round-margin-too-high", 422, N_("The centre adds too much")
    detail = N_("Enter between 0 and %(most_basis_points)s percent.")


class NothingOffered(DomainError):
    """A round offers something."""

    code, status, title = "round-offers-nothing", 422, N_("The round offers nothing")
    detail = N_("Enter at least one product.")


class StillExpected(DomainError):
    """The supplier still has the round's order, or goods of it are here."""

    code, status, title = "round-still-expected", 409, N_("This round was ordered already")
    detail = N_("Cancel its purchase order %(order_no)s first; with goods here, share them out.")


@dataclass(frozen=True, slots=True)
class RoundItem:
    """Something offered in a unit, at the price one is expected to cost."""

    product_id: UUID
    expected_price_satang: int
    unit_id: UUID | None = None

    @property
    def quantity_milli(self) -> int:
        """One unit, for measuring."""
        return 1_000

    @property
    def unit_price_satang(self) -> int:
        return self.expected_price_satang


@dataclass(frozen=True, slots=True)
class SaveRound:
    """Open a round (`version` 0) or change the version of it that was seen."""

    id: UUID
    name: str
    producer_id: UUID
    closes_on: date
    items: tuple[RoundItem, ...]
    expected_on: date | None = None
    margin_basis_points: int = 0
    note: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class OrderRound:
    """Close a round with its one purchase order, under the id the edge gave that."""

    round_id: UUID
    purchase_order_id: UUID


@dataclass(frozen=True, slots=True)
class CancelRound:
    """Cancel a round, and why."""

    round_id: UUID
    reason: str


def save(command: SaveRound, actor: Actor) -> RoundDoc:
    """Open a round or change it; the same new one again changes nothing.

    Raises RoundDiffers, RoundClosed, ItemOrdered, ItemTwice, NothingOffered, MarginTooHigh,
    ClosesInThePast, ChangedMeanwhile, NotFound,
    Forbidden.
    """
    access.require(actor, "joint_round.manage")
    serialise_on(command.id)
    content = content_of(command)
    known = find(command.id, actor.centre_id)
    if known is not None and command.version == 0:
        if differs := differences(known.content, content):
            raise RoundDiffers(differs=differs)
        return reading.of(actor.centre_id, command.id)
    moved = known is None or known.closes_on != command.closes_on
    if moved and command.closes_on < clock.today():
        raise ClosesInThePast(field="closes_on")
    if not 0 <= command.margin_basis_points <= MARGIN_MAX:
        raise MarginTooHigh(field="margin_basis_points", most_basis_points=MARGIN_MAX)
    _require_once(command.items)
    suppliers.require_known(actor.centre_id, command.producer_id)
    facts = {
        "name": command.name,
        "producer_id": command.producer_id,
        "closes_on": command.closes_on,
        "expected_on": command.expected_on,
        "margin_basis_points": command.margin_basis_points,
        "note": command.note,
    }
    if known is None:
        if command.version:
            raise NotFound(what="round")
        _insert(command, facts, content, actor)
    else:
        _change(known, command, facts, actor)
    _write_items(command, actor.centre_id)
    return reading.of(actor.centre_id, command.id)


def order(command: OrderRound, actor: Actor) -> RoundDoc:
    """Take no more orders, and make the purchase order of all that is asked for; once.

    The purchase order is a draft: who may sends it. Raises RoundClosed, NobodyOrdered, NotFound,
    Forbidden.
    """
    access.require(actor, "joint_round.manage")
    known = locked(command.round_id, actor.centre_id)
    if known.state == "ordered" and known.purchase_order_id == command.purchase_order_id:
        return reading.of(actor.centre_id, known.id)
    require_collecting(known)
    found = reading.of(actor.centre_id, known.id)
    lines = tuple(
        OrderLine(item.product_id, item.asked_milli, item.expected_price_satang, item.unit_id)
        for item in found.items
        if item.asked_milli
    )
    if not lines:
        raise NobodyOrdered
    supplier = suppliers.of(actor.centre_id, known.producer_id)
    purchase_orders.save(
        SaveOrder(
            id=command.purchase_order_id,
            producer_id=known.producer_id,
            lines=lines,
            expected_on=known.expected_on,
            # People were told what they pay: what a registered supplier asks has its VAT in it.
            prices="included" if supplier.vat_registered else "none",
            note=f"{known.round_no} {known.name}",
        ),
        actor,
    )
    _set(known, state="ordered", purchase_order_id=command.purchase_order_id)
    audit.record(actor, "joint_round.ordered", "joint_round", known.id)
    return reading.of(actor.centre_id, known.id)


def cancel(command: CancelRound, actor: Actor) -> RoundDoc:
    """Cancel a round that collects, or whose purchase order ended without goods.

    Raises RoundClosed, StillExpected, NotFound, Forbidden.
    """
    access.require(actor, "joint_round.manage")
    known = locked(command.round_id, actor.centre_id)
    if known.state == "cancelled":
        return reading.of(actor.centre_id, known.id)
    if known.state == "ordered":
        _require_nothing_comes(known)
    else:
        require_collecting(known)
    _set(
        known,
        state="cancelled",
        ended_at=clock.now(),
        ended_name=actor.name,
        reason=command.reason,
    )
    audit.record(actor, "joint_round.cancelled", "joint_round", known.id)
    return reading.of(actor.centre_id, known.id)


# --- for the services beside -----------------------------------------------------------------


def locked(round_id: UUID, centre_id: int) -> JointRound:
    """Return a round, held until the transaction ends; raise NotFound."""
    serialise_on(round_id)
    found = find(round_id, centre_id)
    if found is None:
        raise NotFound(what="round")
    return found


def find(round_id: UUID, centre_id: int) -> JointRound | None:
    """Return a round as it is now, None when there is none."""
    return db.session.scalars(
        select(JointRound)
        .where(JointRound.centre_id == centre_id, JointRound.id == round_id)
        .execution_options(populate_existing=True)
    ).one_or_none()


def require_collecting(known: JointRound) -> None:
    """Raise RoundClosed unless the round still takes orders."""
    if known.state != "collecting":
        raise RoundClosed(round_no=known.round_no)


def set_state(known: JointRound, state: str) -> None:
    """Move a round on."""
    _set(known, state=state)


def _require_once(items: Sequence[RoundItem]) -> None:
    if not items:
        raise NothingOffered
    seen: set[UUID] = set()
    for number, item in enumerate(items, start=1):
        if item.product_id in seen:
            raise ItemTwice(line_no=number)
        seen.add(item.product_id)


def _require_nothing_comes(known: JointRound) -> None:
    """Raise StillExpected unless the round's purchase order ended and nothing of it came."""
    assert known.purchase_order_id is not None
    bought = order_documents.of(known.centre_id, known.purchase_order_id)
    came = any(line.received_milli for line in bought.lines)
    if bought.state not in ("cancelled", "closed") or came:
        raise StillExpected(order_no=bought.order_no)


def _insert(
    command: SaveRound, facts: Mapping[str, Any], content: dict[str, Any], actor: Actor
) -> None:
    now = clock.now()
    year = buddhist_year(clock.business_date(now))
    [number] = next_numbers(actor.centre_id, [(SERIES, year)])
    db.session.execute(
        insert(JointRound).values(
            centre_id=actor.centre_id,
            id=command.id,
            round_no=f"JR-{year}-{number:05d}",
            state="collecting",
            recorded_at=now,
            recorded_by=actor.user_id,
            recorded_name=actor.name,
            version=1,
            digest=digest_of(content),
            content=content,
            **facts,
        )
    )


def _change(known: JointRound, command: SaveRound, facts: Mapping[str, Any], actor: Actor) -> None:
    require_collecting(known)
    if known.version != command.version:
        raise ChangedMeanwhile(version=known.version)
    before = reading.of(actor.centre_id, known.id)
    offered = dict(enumerate(command.items, start=1))
    for item in before.items:
        now = offered.get(item.item_no)
        same = now is not None and (now.product_id, now.unit_id) == (item.product_id, item.unit_id)
        if item.asked_milli and not same:
            raise ItemOrdered(item_no=item.item_no)
    _set(known, **facts)
    db.session.execute(
        delete(JointRoundItem).where(
            JointRoundItem.centre_id == actor.centre_id, JointRoundItem.round_id == known.id
        )
    )
    audit.record(actor, "joint_round.changed", "joint_round", known.id)


def _write_items(command: SaveRound, centre_id: int) -> None:
    measured = units.measure(centre_id, command.items)
    insert_rows(
        JointRoundItem,
        [
            {
                "centre_id": centre_id,
                "round_id": command.id,
                "item_no": number,
                "product_id": item.product_id,
                "unit_id": item.unit_id,
                "unit": found.unit,
                "factor_milli": found.factor_milli,
                "expected_price_satang": item.expected_price_satang,
            }
            for number, (item, found) in enumerate(
                zip(command.items, measured, strict=True), start=1
            )
        ],
    )


def _set(known: JointRound, **values: Any) -> None:
    db.session.execute(
        update(JointRound)
        .where(JointRound.centre_id == known.centre_id, JointRound.id == known.id)
        .values(**values, version=JointRound.version + 1)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(known)
