"""Share out what came of a round, once: goods by what was asked, cost to the satang.

What must stay true: the parts of all orders and what is left for sale sum to what lies in the
store, in quantity and in book value; nothing is posted here, for the goods stay ours until they are
handed out, and are sold then at what the share says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import and_, insert, select

from accounting.rules import tax
from core import audit, clock
from core.actor import Actor
from core.db import db, insert_rows, serialise_on, sum_int
from core.documents import content_of, differences, digest_of
from core.errors import N_, DifferentContent, DomainError, NotFound
from core.money import half_up_div
from core.quantity import MILLI
from inventory.models import JointRoundShare, JointRoundSharing, PurchaseLine, StockLevel
from inventory.rules import rounds as rules
from inventory.rules.intake import require_whole
from inventory.rules.rounds import Came, MoreThanAsked, MoreThanCame
from inventory.services import levels
from inventory.services.joint_rounds import reading, rounds
from inventory.services.joint_rounds.reading import ItemDoc, OrderDoc, RoundDoc
from members.services import access


class SharingDiffers(DifferentContent):
    """The sharing's id came again with other content; the first stands."""

    code, title = "sharing-differs", N_("This round was already shared out in another way")
    detail = N_("The first sharing is kept. What was given wrongly is put right at the counter.")


class SharedAlready(DomainError):
    """A round is shared out once."""

    code, status, title = "round-shared-already", 409, N_("This round was already shared out")
    detail = N_("Open the round to see who gets what.")


class NothingCame(DomainError):
    """None of what was ordered lies in the store."""

    code, status, title = "round-nothing-came", 409, N_("Nothing of this round is here yet")
    detail = N_("Receive the goods of %(order_no)s first.")


@dataclass(frozen=True, slots=True)
class ShareRound:
    """Share a round out; `given` names orders that get another part than their rule's.

    `given`: (order, item number, thousandths of the product's own unit).
    """

    id: UUID
    round_id: UUID
    extra_satang: int = 0
    extra_basis: str = "cost"
    extra_note: str = ""
    given: tuple[tuple[UUID, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ItemShared:
    """One item shared out: what came, and for each order, then what is left, its part."""

    item: ItemDoc
    came: Came
    orders: tuple[OrderDoc, ...]
    asked: tuple[int, ...]
    given: tuple[int, ...]
    goods: tuple[int, ...]
    """One more than `given`: the last is what is left over."""
    extra: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Shared:
    """A round shared out, not yet kept: what a page shows before and what is then written."""

    round: RoundDoc
    items: tuple[ItemShared, ...]
    rows: tuple[dict[str, Any], ...] = field(default=())

    @property
    def goods_satang(self) -> int:
        return sum(item.came.cost_satang for item in self.items)

    @property
    def due_satang(self) -> int:
        return sum(row["due_satang"] for row in self.rows)


def preview(command: ShareRound, actor: Actor) -> Shared:
    """Return how a round would be shared out now. Raises what `record` raises."""
    access.require(actor, "joint_round.read")
    return _shared(command, reading.of(actor.centre_id, command.round_id), actor)


def record(command: ShareRound, actor: Actor) -> RoundDoc:
    """Share a round out for good; the same again changes nothing.

    Raises SharingDiffers, SharedAlready, RoundNotOrdered, NothingCame, MoreThanCame,
    MoreThanAsked, WholePieces, NotFound, Forbidden.
    """
    access.require(actor, "joint_round.manage")
    serialise_on(command.id)
    known = rounds.locked(command.round_id, actor.centre_id)
    content = content_of(command)
    earlier = _find(command.round_id, actor.centre_id)
    if earlier is not None:
        if earlier.id != command.id:
            raise SharedAlready(round_no=known.round_no)
        if differs := differences(earlier.content, content):
            raise SharingDiffers(differs=differs)
        return reading.of(actor.centre_id, command.round_id)
    found = _shared(command, reading.of(actor.centre_id, command.round_id), actor)
    now = clock.now()
    db.session.execute(
        insert(JointRoundSharing).values(
            centre_id=actor.centre_id,
            id=command.id,
            round_id=command.round_id,
            goods_satang=found.goods_satang,
            extra_satang=command.extra_satang,
            extra_basis=command.extra_basis,
            extra_note=command.extra_note,
            business_date=clock.business_date(now),
            recorded_at=now,
            recorded_by=actor.user_id,
            recorded_name=actor.name,
            digest=digest_of(content),
            content=content,
        )
    )
    insert_rows(JointRoundShare, found.rows)
    rounds.set_state(known, "shared")
    audit.record(actor, "joint_round.shared", "joint_round", command.round_id)
    return reading.of(actor.centre_id, command.round_id)


# --- working it out --------------------------------------------------------------------------


def _shared(command: ShareRound, found: RoundDoc, actor: Actor) -> Shared:
    if found.state == "shared":
        raise SharedAlready(round_no=found.round_no)
    if found.state != "ordered" or found.purchase_order_id is None:
        raise rounds.RoundNotOrdered
    there = lying(found, actor.centre_id)
    if not any(quantity for quantity, _ in there.values()):
        raise NothingCame(order_no=found.purchase_order_no)
    orders = tuple(reading.orders_of(actor.centre_id, found.id))
    by_hand = {(order_id, item_no): milli for order_id, item_no, milli in command.given}
    known = {(order.id, item.item_no) for order in orders for item in found.items}
    if by_hand.keys() - known or any(milli < 0 for milli in by_hand.values()):
        raise NotFound(what="order")
    items = tuple(
        _item_shared(item, there.get(item.item_no, (0, 0)), orders, by_hand) for item in found.items
    )
    items = _with_extra(items, command)
    return Shared(found, items, tuple(_rows(items, found, command, actor)))


def lying(found: RoundDoc, centre_id: int) -> dict[int, tuple[int, int]]:
    """Return by item what lies of what came on the purchase order, and its book value.

    By product, which a round offers once: whoever sends the order may have changed its lines.
    """
    item_nos = {item.product_id: item.item_no for item in found.items}
    level = StockLevel
    rows = db.session.execute(
        select(level.product_id, sum_int(level.quantity_milli), sum_int(level.value_satang))
        .join(
            PurchaseLine,
            and_(level.centre_id == PurchaseLine.centre_id, level.lot_id == PurchaseLine.lot_id),
        )
        .where(
            PurchaseLine.centre_id == centre_id,
            PurchaseLine.order_id == found.purchase_order_id,
            level.product_id.in_(item_nos),
            levels.ON_HAND,
        )
        .group_by(level.product_id)
    )
    return {item_nos[product_id]: (quantity, value) for product_id, quantity, value in rows}


def lots(found: RoundDoc, centre_id: int) -> frozenset[UUID]:
    """Return the lots that came on a round's purchase order."""
    return frozenset(
        db.session.scalars(
            select(PurchaseLine.lot_id).where(
                PurchaseLine.centre_id == centre_id,
                PurchaseLine.order_id == found.purchase_order_id,
            )
        )
    )


def _item_shared(
    item: ItemDoc,
    there: tuple[int, int],
    orders: Sequence[OrderDoc],
    by_hand: Mapping[tuple[UUID, int], int],
) -> ItemShared:
    step = item.factor_milli if item.unit_id is not None or item.sold_by == "piece" else 1
    came = Came(there[0], there[1], step)
    asked = [_asked(order, item) for order in orders]
    given = rules.quantities(came, asked)
    for i, order in enumerate(orders):
        given[i] = by_hand.get((order.id, item.item_no), given[i])
        require_whole(item.item_no, given[i], item.sold_by, item.name_th, item.base_unit)
        if given[i] > asked[i]:
            raise MoreThanAsked(name_th=item.name_th, order_no=order.order_no)
    if sum(given) > came.quantity_milli:
        raise MoreThanCame(
            name_th=item.name_th, given_milli=sum(given), came_milli=came.quantity_milli
        )
    goods = rules.goods(came, given)
    return ItemShared(item, came, tuple(orders), tuple(asked), tuple(given), tuple(goods))


def _asked(order: OrderDoc, item: ItemDoc) -> int:
    wanted = dict(order.lines).get(item.item_no, 0)
    return half_up_div(wanted * item.factor_milli, MILLI)


def _with_extra(items: Sequence[ItemShared], command: ShareRound) -> tuple[ItemShared, ...]:
    """Share transport over every part of every item, what is left over among them."""
    weights: list[int] = []
    for each in items:
        left = each.came.quantity_milli - sum(each.given)
        weights += each.goods if command.extra_basis == "cost" else [*each.given, left]
    if not sum(weights):  # goods that cost nothing share by their quantity
        weights = [
            part
            for each in items
            for part in (*each.given, each.came.quantity_milli - sum(each.given))
        ]
    parts = rules.extras(command.extra_satang, weights)
    made, at = [], 0
    for each in items:
        count = len(each.goods)
        made.append(
            ItemShared(
                item=each.item,
                came=each.came,
                orders=each.orders,
                asked=each.asked,
                given=each.given,
                goods=each.goods,
                extra=tuple(parts[at : at + count]),
            )
        )
        at += count
    return tuple(made)


def _rows(
    items: Sequence[ItemShared], found: RoundDoc, command: ShareRound, actor: Actor
) -> list[dict[str, Any]]:
    today = clock.today()
    registered = actor.centre.tax_on(today).vat_mode == "registered"
    rows: list[dict[str, Any]] = []
    for each in items:
        rate = tax.rate_on(each.item.tax_code, today) if registered else 0
        left = each.came.quantity_milli - sum(each.given)
        parts = zip(
            [*(order.id for order in each.orders), None],
            [*each.asked, 0],
            [*each.given, left],
            each.goods,
            each.extra,
            strict=True,
        )
        for order_id, asked, given, goods, extra in parts:
            if not asked and not given:
                continue
            cost = goods + extra if order_id is not None else 0
            added = rules.margin(cost, found.margin_basis_points)
            vat = rules.tax_on_top(cost + added, rate)
            rows.append(
                {
                    "centre_id": actor.centre_id,
                    "sharing_id": command.id,
                    "share_no": len(rows) + 1,
                    "item_no": each.item.item_no,
                    "order_id": order_id,
                    "asked_milli": asked,
                    "given_milli": given,
                    "goods_satang": goods,
                    "extra_satang": extra,
                    "margin_satang": added,
                    "tax_satang": vat,
                    "due_satang": cost + added + vat,
                }
            )
    return rows


def _find(round_id: UUID, centre_id: int) -> JointRoundSharing | None:
    return db.session.scalars(
        select(JointRoundSharing).where(
            JointRoundSharing.centre_id == centre_id, JointRoundSharing.round_id == round_id
        )
    ).one_or_none()
