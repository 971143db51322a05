"""The welfare report's facts: sold goods beside references, ledger sums, producers' waits.

What must stay true: a handful of statements whatever the number of sales; rows are read as they
come and folded into groups of product × producer (or village) × reference, so the memory it takes
does not grow with the lines. What leaves here for a federation has no person and no producer in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, distinct, func, literal, select, union_all

from accounting.rules.welfare import Aims
from accounting.services import welfare_ledger, welfare_settings
from core.actor import Actor
from core.db import db, sum_int
from inventory.rules.reference_prices import FARM_GATE, SHELF, Reference, ReferenceBook
from inventory.services import producer_gains, reference_prices
from inventory.services.producer_gains import WaitRow
from members.rules.roles import allowed
from members.services import access, village_keys
from pos.models import Refund, RefundLine, Sale, SaleLine
from pos.rules.welfare.facts import (
    PartGroup,
    SoldGroup,
    Waits,
    WelfareFacts,
    buyers_of,
    market_of,
    producers_of,
    smallest_of,
)

LIVE_MAX = 50_000
"""More sales than this are for the worker; a page would keep its reader waiting."""


@dataclass(frozen=True, slots=True)
class Days:
    """The days a report is about, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything the report is made of; the groups stay with the centre."""

    days: Days
    aims: Aims
    facts: WelfareFacts
    sold: tuple[SoldGroup, ...]
    parts: tuple[PartGroup, ...]


def of_centre(actor: Actor, span: Days) -> WelfareFacts:
    """Return the sums of a centre for the network's officer or its own books; no people.

    Raises Forbidden.
    """
    if not allowed(actor.roles, "network.read"):
        access.require(actor, "welfare.read")
    return _gathered(actor.centre_id, span).facts


def too_many(actor: Actor, span: Days) -> bool:
    """Tell whether there are more sales than a page can wait for. Raises Forbidden."""
    access.require(actor, "welfare.read")
    some = select(Sale.id).where(*_in_days(Sale, actor.centre_id, span)).limit(LIVE_MAX + 1)
    return (db.session.scalar(select(func.count()).select_from(some.subquery())) or 0) > LIVE_MAX


def gather(actor: Actor, span: Days) -> Gathered:
    """Return the facts with their groups. Raises Forbidden."""
    access.require(actor, "welfare.read")
    return _gathered(actor.centre_id, span)


def _gathered(centre_id: int, span: Days) -> Gathered:
    aims = welfare_settings.on(centre_id, span.last)
    book = reference_prices.book(centre_id, span.last, aims.reference_days)
    sold = tuple(_sold(centre_id, span, book))
    parts = tuple(_parts(centre_id, span, book))
    facts = WelfareFacts(
        buyers=buyers_of(sold),
        members=buyers_of(one for one in sold if one.member),
        producers=producers_of(parts),
        market=market_of(sold),
        ledger=welfare_ledger.of_days(centre_id, span.first, span.last),
        waits=waits_of(producer_gains.waits(centre_id, span.first, span.last)),
        smallest=smallest_of(parts),
    )
    return Gathered(span, aims, facts, sold, parts)


def waits_of(rows: list[WaitRow]) -> Waits:
    """Return days from sale to cash; money that came before the sale waited no day."""
    days: dict[int, int] = {}
    waiting = 0
    for row in rows:
        if row.paid_on is None:
            waiting += row.part_satang
        else:
            number = max((row.paid_on - row.sold_on).days, 0)
            days[number] = days.get(number, 0) + row.part_satang
    return Waits(tuple(sorted(days.items())), waiting)


def households(centre_id: int, span: Days) -> dict[UUID | None, int]:
    """Return from how many households members of each village bought."""
    homes = village_keys.of_members(centre_id)
    query = (
        select(homes.c.village_id, func.count(distinct(homes.c.household_id)))
        .select_from(Sale)
        .join(homes, homes.c.member_id == Sale.member_id)
        .where(
            Sale.centre_id == centre_id,
            Sale.business_date >= span.first,
            Sale.business_date <= span.last,
        )
        .group_by(homes.c.village_id)
    )
    return {village: count for village, count in db.session.execute(query)}


# --- sold goods --------------------------------------------------------------------------------


def _sold(centre_id: int, span: Days, book: ReferenceBook) -> Iterator[SoldGroup]:
    sums: dict[Any, list[int]] = {}
    used: dict[UUID, Reference] = {}
    rows = producer_gains.read_groups(_sold_rows(centre_id, span))
    for product, village, member, day, quantity, paid, discount in rows:
        shelf, farm = (book.on(product, kind, day) for kind in (SHELF, FARM_GATE))
        used.update((one.id, one) for one in (shelf, farm) if one is not None)
        ids = tuple(one.id if one is not None else None for one in (shelf, farm))
        group = sums.setdefault((product, village, bool(member), *ids), [0, 0, 0])
        for place, amount in enumerate((quantity, paid, discount)):
            group[place] += amount
    for (product, village, member, shelf_id, farm_id), amounts in sums.items():
        shelf = used[shelf_id] if shelf_id else None
        farm = used[farm_id] if farm_id else None
        yield SoldGroup(product, village, member, shelf, farm, *amounts)


def _sold_rows(centre_id: int, span: Days) -> Select[Any]:
    """Select what was sold and what came back, by product, village and the day of the sale.

    Each is summed up by itself before both are, so that neither is sorted line by line.
    """
    keys = (
        SaleLine.product_id.label("product_id"),
        village_keys.VILLAGE.label("village_id"),
        Sale.member_id.is_not(None).label("member"),
        Sale.business_date.label("day"),
    )

    def added_up(*amounts: Any) -> Select[Any]:
        names = ("quantity", "paid", "discount")
        sums = (sum_int(one).label(name) for name, one in zip(names, amounts, strict=True))
        columns: tuple[Any, ...] = (*keys, *sums)
        return select(*columns).group_by(*keys)

    of_sale = and_(Sale.centre_id == SaleLine.centre_id, Sale.id == SaleLine.sale_id)
    sold = (
        added_up(
            SaleLine.quantity_milli,
            SaleLine.paid_satang,
            SaleLine.discount_satang + SaleLine.basket_discount_satang,
        )
        .select_from(SaleLine)
        .join(Sale, of_sale)
        .where(*_in_days(Sale, centre_id, span))
    )
    back = (
        added_up(-RefundLine.quantity_milli, -RefundLine.paid_satang, literal(0))
        .select_from(Refund)
        .join(
            RefundLine,
            and_(RefundLine.centre_id == Refund.centre_id, RefundLine.refund_id == Refund.id),
        )
        .join(
            SaleLine,
            and_(
                SaleLine.centre_id == RefundLine.centre_id,
                SaleLine.sale_id == RefundLine.sale_id,
                SaleLine.line_no == RefundLine.line_no,
            ),
        )
        .join(Sale, of_sale)
        .where(*_in_days(Refund, centre_id, span))
    )
    halves = (village_keys.at_home(half, centre_id, Sale.member_id) for half in (sold, back))
    moved = union_all(*halves).subquery()
    columns = (moved.c.product_id, moved.c.village_id, moved.c.member, moved.c.day)
    amounts = (moved.c.quantity, moved.c.paid, moved.c.discount)
    return select(*columns, *(sum_int(one) for one in amounts)).group_by(*columns)


def _in_days(document: Any, centre_id: int, span: Days) -> tuple[Any, ...]:
    return (
        document.centre_id == centre_id,
        document.business_date >= span.first,
        document.business_date <= span.last,
    )


def _parts(centre_id: int, span: Days, book: ReferenceBook) -> Iterator[PartGroup]:
    sums: dict[Any, list[int]] = {}
    used: dict[UUID, Reference] = {}
    for row in producer_gains.parts(centre_id, span.first, span.last):
        farm = book.on(row.product_id, FARM_GATE, row.day)
        if farm is not None:
            used[farm.id] = farm
        key = (row.product_id, row.producer_id, row.own, farm.id if farm is not None else None)
        group = sums.setdefault(key, [0, 0])
        group[0] += row.quantity_milli
        group[1] += row.part_satang
    for (product, producer, own, farm_id), amounts in sums.items():
        yield PartGroup(product, producer, own, used[farm_id] if farm_id else None, *amounts)
