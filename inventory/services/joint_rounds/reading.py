"""Rounds and their orders as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from core.actor import Actor
from core.db import db, sum_int
from core.errors import NotFound
from core.ids import uuid_or_none
from core.money import half_up_div
from core.paging import Page, Window, page_of
from core.quantity import MILLI, price_of
from core.sought import Sought, matching
from inventory.models import (
    JointRound,
    JointRoundItem,
    JointRoundOrder,
    JointRoundOrderLine,
    JointRoundShare,
    JointRoundSharing,
    PurchaseOrder,
)
from inventory.services import catalogue
from members.services import access, producers, standing
from members.services import members as member_register


@dataclass(frozen=True, slots=True)
class ItemDoc:
    """Something offered, with what is asked for of it so far in its unit."""

    item_no: int
    product_id: UUID
    name_th: str
    name_en: str
    base_unit: str
    sold_by: str
    tax_code: str
    unit_id: UUID | None
    unit: str
    factor_milli: int
    expected_price_satang: int
    asked_milli: int = 0

    @property
    def asked_base_milli(self) -> int:
        return half_up_div(self.asked_milli * self.factor_milli, MILLI)

    @property
    def expected_satang(self) -> int:
        """What all that is asked for is expected to cost."""
        return price_of(self.asked_milli, self.expected_price_satang)


@dataclass(frozen=True, slots=True)
class ShareDoc:
    """What an order got of one item, and what it owes for it."""

    share_no: int
    item_no: int
    order_id: UUID | None
    asked_milli: int
    given_milli: int
    goods_satang: int
    extra_satang: int
    margin_satang: int
    tax_satang: int
    due_satang: int


@dataclass(frozen=True, slots=True)
class OrderDoc:
    """One buyer's order."""

    id: UUID
    round_id: UUID
    order_no: str
    member_id: UUID | None
    producer_id: UUID | None
    buyer: str
    buyer_no: str
    note: str
    recorded_at: datetime
    recorded_name: str
    withdrawn_at: datetime | None
    withdrawn_name: str
    version: int
    lines: tuple[tuple[int, int], ...] = ()
    """Item number and thousandths of its unit."""
    shares: tuple[ShareDoc, ...] = ()

    @property
    def due_satang(self) -> int:
        return sum(share.due_satang for share in self.shares)


@dataclass(frozen=True, slots=True)
class SharingDoc:
    """How a round was shared out."""

    id: UUID
    goods_satang: int
    extra_satang: int
    extra_basis: str
    extra_note: str
    business_date: date
    recorded_at: datetime
    recorded_name: str
    shares: tuple[ShareDoc, ...]

    @property
    def left_over(self) -> tuple[ShareDoc, ...]:
        return tuple(share for share in self.shares if share.order_id is None)


@dataclass(frozen=True, slots=True)
class RoundDoc:
    """A round with its items; its orders are asked for apart."""

    id: UUID
    round_no: str
    name: str
    state: str
    producer_id: UUID
    supplier: str
    closes_on: date
    expected_on: date | None
    margin_basis_points: int
    note: str
    purchase_order_id: UUID | None
    purchase_order_no: str
    recorded_at: datetime
    recorded_name: str
    ended_at: datetime | None
    ended_name: str
    reason: str
    version: int
    items: tuple[ItemDoc, ...] = ()
    orders: int = 0
    sharing: SharingDoc | None = None


def get(round_id: UUID, actor: Actor) -> RoundDoc:
    """Return a round of the actor's centre; raise NotFound."""
    access.require(actor, "joint_round.read")
    return of(actor.centre_id, round_id)


def listing(actor: Actor, window: Window, sought: Sought, member_id: UUID | None) -> Page[RoundDoc]:
    """Return rounds, the newest first; of a member those with an order that stands."""
    access.require(actor, "joint_round.read")
    texts = (JointRound.round_no, JointRound.name)
    narrowed = matching(sought, day=JointRound.closes_on, state=JointRound.state, text=texts)
    query = _heads(actor.centre_id).where(*narrowed).order_by(JointRound.id.desc())
    if member_id is not None:
        query = query.where(JointRound.id.in_(_of_member(actor.centre_id, member_id)))
    if (after := uuid_or_none(window.after)) is not None:
        query = query.where(JointRound.id < after)
    rows = db.session.execute(query.limit(window.limit + 1))
    page = page_of(rows.all(), window, lambda row: str(row[0].id))
    names = _suppliers(actor.centre_id, (row[0].producer_id for row in page.items))
    return Page(tuple(_doc(row, names) for row in page.items), page.next)


def orders(round_id: UUID, actor: Actor, *, withdrawn: bool = False) -> list[OrderDoc]:
    """Return the orders of a round in the order they came; without those withdrawn."""
    access.require(actor, "joint_round.read")
    return orders_of(actor.centre_id, round_id, withdrawn=withdrawn)


def order(order_id: UUID, actor: Actor) -> OrderDoc:
    """Return one order; raise NotFound."""
    access.require(actor, "joint_round.read")
    return order_of(actor.centre_id, order_id)


# --- for the services beside -----------------------------------------------------------------


def of(centre_id: int, round_id: UUID) -> RoundDoc:
    """Return a round whole; raise NotFound."""
    row = db.session.execute(_heads(centre_id).where(JointRound.id == round_id)).first()
    if row is None:
        raise NotFound(what="round")
    names = _suppliers(centre_id, [row[0].producer_id])
    return _doc(row, names, _items(centre_id, round_id), _sharing(centre_id, round_id))


def orders_of(centre_id: int, round_id: UUID, *, withdrawn: bool = False) -> list[OrderDoc]:
    """Return the orders of a round with their lines and shares, in a few statements."""
    query = (
        select(JointRoundOrder)
        .where(JointRoundOrder.centre_id == centre_id, JointRoundOrder.round_id == round_id)
        .order_by(JointRoundOrder.recorded_at, JointRoundOrder.id)
    )
    if not withdrawn:
        query = query.where(JointRoundOrder.withdrawn_at.is_(None))
    return _orders(centre_id, list(db.session.scalars(query)))


def order_of(centre_id: int, order_id: UUID) -> OrderDoc:
    """Return one order; raise NotFound."""
    row = db.session.scalars(
        select(JointRoundOrder)
        .where(JointRoundOrder.centre_id == centre_id, JointRoundOrder.id == order_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound(what="order")
    [found] = _orders(centre_id, [row])
    return found


def _heads(centre_id: int) -> Any:
    counted = (
        select(func.count())
        .where(
            JointRoundOrder.centre_id == JointRound.centre_id,
            JointRoundOrder.round_id == JointRound.id,
            JointRoundOrder.withdrawn_at.is_(None),
        )
        .scalar_subquery()
    )
    return (
        select(JointRound, counted.label("orders"), PurchaseOrder.order_no)
        .outerjoin(
            PurchaseOrder,
            (PurchaseOrder.centre_id == JointRound.centre_id)
            & (PurchaseOrder.id == JointRound.purchase_order_id),
        )
        .where(JointRound.centre_id == centre_id)
        .execution_options(populate_existing=True)
    )


def _of_member(centre_id: int, member_id: UUID) -> Any:
    """Select the rounds a member, or a membership merged into it, ordered in."""
    order, merged = JointRoundOrder, standing.survivors(centre_id)
    whose = {member_id, *(one for one, kept in merged.items() if kept == member_id)}
    stands = (order.centre_id == centre_id, order.withdrawn_at.is_(None))
    return select(order.round_id).where(order.member_id.in_(whose), *stands)


def _suppliers(centre_id: int, ids: Iterable[UUID]) -> dict[UUID, str]:
    cards = producers.names(centre_id, set(ids))
    return {producer_id: card.name for producer_id, card in cards.items()}


def _doc(
    row: Any,
    suppliers: Mapping[UUID, str],
    items: tuple[ItemDoc, ...] = (),
    sharing: SharingDoc | None = None,
) -> RoundDoc:
    head = row[0]
    return RoundDoc(
        id=head.id,
        round_no=head.round_no,
        name=head.name,
        state=head.state,
        producer_id=head.producer_id,
        supplier=suppliers.get(head.producer_id, ""),
        closes_on=head.closes_on,
        expected_on=head.expected_on,
        margin_basis_points=head.margin_basis_points,
        note=head.note,
        purchase_order_id=head.purchase_order_id,
        purchase_order_no=row.order_no or "",
        recorded_at=head.recorded_at,
        recorded_name=head.recorded_name,
        ended_at=head.ended_at,
        ended_name=head.ended_name,
        reason=head.reason,
        version=head.version,
        items=items,
        orders=row.orders,
        sharing=sharing,
    )


def _items(centre_id: int, round_id: UUID) -> tuple[ItemDoc, ...]:
    rows = list(
        db.session.scalars(
            select(JointRoundItem)
            .where(JointRoundItem.centre_id == centre_id, JointRoundItem.round_id == round_id)
            .order_by(JointRoundItem.item_no)
        )
    )
    cards = catalogue.names(centre_id, {row.product_id for row in rows})
    asked = _asked(centre_id, round_id)
    return tuple(
        ItemDoc(
            item_no=row.item_no,
            product_id=row.product_id,
            name_th=cards[row.product_id].name_th,
            name_en=cards[row.product_id].name_en,
            base_unit=cards[row.product_id].unit,
            sold_by=cards[row.product_id].sold_by,
            tax_code=cards[row.product_id].tax_code,
            unit_id=row.unit_id,
            unit=row.unit,
            factor_milli=row.factor_milli,
            expected_price_satang=row.expected_price_satang,
            asked_milli=asked.get(row.item_no, 0),
        )
        for row in rows
    )


def _asked(centre_id: int, round_id: UUID) -> dict[int, int]:
    line, head = JointRoundOrderLine, JointRoundOrder
    rows = db.session.execute(
        select(line.item_no, sum_int(line.quantity_milli))
        .join(head, (head.centre_id == line.centre_id) & (head.id == line.order_id))
        .where(line.centre_id == centre_id, head.round_id == round_id, head.withdrawn_at.is_(None))
        .group_by(line.item_no)
    )
    return {item_no: total for item_no, total in rows}


def _sharing(centre_id: int, round_id: UUID) -> SharingDoc | None:
    head = db.session.scalars(
        select(JointRoundSharing).where(
            JointRoundSharing.centre_id == centre_id, JointRoundSharing.round_id == round_id
        )
    ).one_or_none()
    if head is None:
        return None
    shares = db.session.scalars(
        select(JointRoundShare)
        .where(JointRoundShare.centre_id == centre_id, JointRoundShare.sharing_id == head.id)
        .order_by(JointRoundShare.share_no)
    )
    return SharingDoc(
        id=head.id,
        goods_satang=head.goods_satang,
        extra_satang=head.extra_satang,
        extra_basis=head.extra_basis,
        extra_note=head.extra_note,
        business_date=head.business_date,
        recorded_at=head.recorded_at,
        recorded_name=head.recorded_name,
        shares=tuple(_share(row) for row in shares),
    )


def _share(row: JointRoundShare) -> ShareDoc:
    return ShareDoc(**{name: getattr(row, name) for name in ShareDoc.__dataclass_fields__})


def _orders(centre_id: int, rows: list[JointRoundOrder]) -> list[OrderDoc]:
    ids = [row.id for row in rows]
    lines: dict[UUID, list[tuple[int, int]]] = {}
    for line in db.session.scalars(
        select(JointRoundOrderLine)
        .where(JointRoundOrderLine.centre_id == centre_id, JointRoundOrderLine.order_id.in_(ids))
        .order_by(JointRoundOrderLine.item_no)
    ):
        lines.setdefault(line.order_id, []).append((line.item_no, line.quantity_milli))
    shares: dict[UUID | None, list[ShareDoc]] = {}
    for share in db.session.scalars(
        select(JointRoundShare)
        .where(JointRoundShare.centre_id == centre_id, JointRoundShare.order_id.in_(ids))
        .order_by(JointRoundShare.share_no)
    ):
        shares.setdefault(share.order_id, []).append(_share(share))
    people = member_register.names(centre_id, {row.member_id for row in rows})
    groups = producers.names(centre_id, {row.producer_id for row in rows})
    made = []
    for row in rows:
        member = people.get(row.member_id) if row.member_id else None
        group = groups.get(row.producer_id) if row.producer_id else None
        made.append(
            OrderDoc(
                id=row.id,
                round_id=row.round_id,
                order_no=row.order_no,
                member_id=row.member_id,
                producer_id=row.producer_id,
                buyer=member.name if member else group.name if group else "",
                buyer_no=member.member_no if member else group.producer_no if group else "",
                note=row.note,
                recorded_at=row.recorded_at,
                recorded_name=row.recorded_name,
                withdrawn_at=row.withdrawn_at,
                withdrawn_name=row.withdrawn_name,
                version=row.version,
                lines=tuple(lines.get(row.id, ())),
                shares=tuple(shares.get(row.id, ())),
            )
        )
    return made
