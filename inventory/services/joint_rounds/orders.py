"""Take, change and withdraw the orders of a round.

What must stay true: a member or group has one order in a round; it changes only while the round
collects, and the last day is kept by the day in Bangkok.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from core import audit, clock
from core.actor import Actor
from core.db import db, insert_rows
from core.errors import N_, ChangedMeanwhile, DomainError, NotFound
from core.numbering import buddhist_year, next_numbers
from inventory.models import JointRound, JointRoundOrder, JointRoundOrderLine
from inventory.rules.intake import require_whole
from inventory.services.joint_rounds import reading, rounds
from inventory.services.joint_rounds.reading import OrderDoc, RoundDoc
from members.services import access, producers
from members.services import members as member_register
from members.services.groups import NotAGroup

SERIES = "joint_round_order"


class OrdersOver(DomainError):
    """The last day for orders is over."""

    code, status, title = "round-orders-over", 409, N_("The last day for orders is over")
    detail = N_("Orders were taken until %(closes_on)s. Move the day, or open a new round.")


class OrderedAlready(DomainError):
    """The member or group has an order in this round already."""

    code, status, title = "round-ordered-already", 409, N_("There is an order of theirs already")
    detail = N_("%(buyer)s has order %(order_no)s. Open it and change it.")


class NothingOrdered(DomainError):
    """An order asks for nothing."""

    code, status, title = "nothing-ordered", 422, N_("The order asks for nothing")
    detail = N_("Enter how much of something is wanted, or withdraw the order.")


class BuyerNeeded(DomainError):
    """An order is one member's or one group's."""

    code, status, title = "round-buyer-needed", 422, N_("Whose order is it?")
    detail = N_("Choose one member or one group.")


@dataclass(frozen=True, slots=True)
class SaveRoundOrder:
    """What a member or group wants: item number → thousandths of the item's unit.

    `version` 0 makes the order, else the version that was seen is changed.
    """

    id: UUID
    round_id: UUID
    lines: tuple[tuple[int, int], ...]
    member_id: UUID | None = None
    producer_id: UUID | None = None
    note: str = ""
    version: int = 0


def save(command: SaveRoundOrder, actor: Actor) -> OrderDoc:
    """Take an order or change it; the same new one again changes nothing.

    Raises RoundClosed, OrdersOver, OrderedAlready, BuyerNeeded, NotAMember, NotAGroup,
    NothingOrdered, WholePieces, ChangedMeanwhile, NotFound, Forbidden.
    """
    access.require(actor, "joint_round.order")
    known = rounds.locked(command.round_id, actor.centre_id)
    earlier = _find(command.id, actor.centre_id)
    wanted = tuple(sorted((no, quantity) for no, quantity in command.lines if quantity))
    if earlier is not None and command.version == 0:
        found = reading.order_of(actor.centre_id, command.id)
        said = (command.round_id, command.member_id, command.producer_id, command.note, wanted)
        if said == (found.round_id, found.member_id, found.producer_id, found.note, found.lines):
            return found
        raise ChangedMeanwhile(version=earlier.version)
    rounds.require_collecting(known)
    if known.closes_on < clock.today():
        raise OrdersOver(closes_on=known.closes_on)
    _require_wanted(reading.of(actor.centre_id, known.id), wanted)
    if earlier is None:
        if command.version:
            raise NotFound(what="order")
        _insert(command, known, actor)
    else:
        _change(earlier, command, actor)
    insert_rows(
        JointRoundOrderLine,
        [
            {
                "centre_id": actor.centre_id,
                "order_id": command.id,
                "item_no": item_no,
                "quantity_milli": quantity,
            }
            for item_no, quantity in wanted
        ],
    )
    return reading.order_of(actor.centre_id, command.id)


def withdraw(order_id: UUID, actor: Actor) -> OrderDoc:
    """Withdraw an order while the round collects; again changes nothing.

    Raises RoundClosed, NotFound, Forbidden.
    """
    access.require(actor, "joint_round.order")
    earlier = _find(order_id, actor.centre_id)
    if earlier is None:
        raise NotFound(what="order")
    rounds.require_collecting(rounds.locked(earlier.round_id, actor.centre_id))
    if earlier.withdrawn_at is None:
        _set(earlier, withdrawn_at=clock.now(), withdrawn_name=actor.name)
        audit.record(actor, "joint_round_order.withdrawn", "joint_round_order", order_id)
    return reading.order_of(actor.centre_id, order_id)


def _require_wanted(found: RoundDoc, wanted: tuple[tuple[int, int], ...]) -> None:
    if not wanted:
        raise NothingOrdered
    items = {item.item_no: item for item in found.items}
    for item_no, quantity in wanted:
        item = items.get(item_no)
        if item is None:
            raise NotFound(what="product", line_no=item_no)
        # A sack is bought whole; what is weighed in its own unit may be any part of it.
        step = "piece" if item.unit_id is not None else item.sold_by
        require_whole(item_no, quantity, step, item.name_th, item.unit)


def _insert(command: SaveRoundOrder, known: JointRound, actor: Actor) -> None:
    if (command.member_id is None) == (command.producer_id is None):
        raise BuyerNeeded(field="buyer")
    if command.member_id is not None:
        buyer = member_register.require_active(actor.centre_id, command.member_id).name
    else:
        assert command.producer_id is not None
        group = producers.get(actor.centre_id, command.producer_id)
        if group.kind != "group":
            raise NotAGroup
        buyer = group.name
    theirs = db.session.scalars(
        select(JointRoundOrder).where(
            JointRoundOrder.centre_id == actor.centre_id,
            JointRoundOrder.round_id == known.id,
            JointRoundOrder.withdrawn_at.is_(None),
            JointRoundOrder.member_id == command.member_id
            if command.member_id
            else JointRoundOrder.producer_id == command.producer_id,
        )
    ).first()
    if theirs is not None:
        raise OrderedAlready(buyer=buyer, order_no=theirs.order_no, order_id=str(theirs.id))
    now = clock.now()
    year = buddhist_year(clock.business_date(now))
    [number] = next_numbers(actor.centre_id, [(SERIES, year)])
    db.session.execute(
        insert(JointRoundOrder).values(
            centre_id=actor.centre_id,
            id=command.id,
            round_id=known.id,
            order_no=f"JO-{year}-{number:05d}",
            member_id=command.member_id,
            producer_id=command.producer_id,
            note=command.note,
            recorded_at=now,
            recorded_by=actor.user_id,
            recorded_name=actor.name,
            version=1,
        )
    )


def _change(earlier: JointRoundOrder, command: SaveRoundOrder, actor: Actor) -> None:
    if earlier.round_id != command.round_id:
        raise NotFound(what="order")
    if earlier.version != command.version or earlier.withdrawn_at is not None:
        raise ChangedMeanwhile(version=earlier.version)
    _set(earlier, note=command.note)
    db.session.execute(
        delete(JointRoundOrderLine).where(
            JointRoundOrderLine.centre_id == actor.centre_id,
            JointRoundOrderLine.order_id == earlier.id,
        )
    )
    audit.record(actor, "joint_round_order.changed", "joint_round_order", earlier.id)


def _set(known: JointRoundOrder, **values: object) -> None:
    db.session.execute(
        update(JointRoundOrder)
        .where(JointRoundOrder.centre_id == known.centre_id, JointRoundOrder.id == known.id)
        .values(**values, version=JointRoundOrder.version + 1)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(known)


def _find(order_id: UUID, centre_id: int) -> JointRoundOrder | None:
    return db.session.scalars(
        select(JointRoundOrder)
        .where(JointRoundOrder.centre_id == centre_id, JointRoundOrder.id == order_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
