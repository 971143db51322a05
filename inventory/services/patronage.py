"""What members delivered in a year, by group of goods, for the patronage refund.

A delivery's value is what the producer earned by it: goods bought outright count their cost on the
day of the intake; consigned goods count the producer's part when they are sold (or when a loss of
them is paid for), as the producer's own statement lists it. An intake taken back and goods a
customer returned, or that we send back to their supplier, are taken off on the day that happens.

What a producer brought while suspended, or after having stopped, does not count, also when that is
entered later; what they had brought before still does when it is sold.

What must stay true: the member is the one frozen on the lot at intake; each sum is one grouped
statement; what one member's documents add up to is what is counted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, or_, select, union
from sqlalchemy.sql import Select

from accounting.rules.periods import Span
from accounting.services import rooms
from accounting.services.surplus.patronage_sources import (
    DELIVERIES,
    Counted,
    LateOne,
    Since,
    Source,
)
from core.clock import BANGKOK, business_date
from core.db import db, sum_int
from inventory.models import (
    GoodsReceipt,
    GoodsReceiptCancellation,
    Lot,
    LotConversion,
    Product,
    StockMove,
    SupplierReturn,
    SupplierReturnLine,
)
from inventory.services.settlement.gathering import SETTLED
from members.services import stoppages

NAMED_MAX = 5
LATE_MAX = 500

_of_receipt = and_(GoodsReceipt.centre_id == Lot.centre_id, GoodsReceipt.id == Lot.goods_receipt_id)
_of_cancellation = and_(
    GoodsReceiptCancellation.centre_id == Lot.centre_id,
    GoodsReceiptCancellation.goods_receipt_id == Lot.goods_receipt_id,
)
_of_lot = and_(Lot.centre_id == StockMove.centre_id, Lot.id == StockMove.lot_id)
_share = case(
    (StockMove.original_id.is_(None), StockMove.share_satang), else_=-StockMove.share_satang
)


def groups_of(centre_id: int) -> Select[Any]:
    """Select every product with its group, for rooms that count by group."""
    columns: tuple[Any, ...] = (Product.id.label("product_id"), Product.category)
    return select(*columns).where(Product.centre_id == centre_id)


def groups(centre_id: int) -> dict[UUID, str]:
    """Return the group of every product."""
    return {product: category for product, category in db.session.execute(groups_of(centre_id))}


def sums(centre_id: int, span: Span) -> Iterator[tuple[UUID, str, int]]:
    """Yield member, group and satang: intakes, those taken back, goods sent back, consigned."""
    group = groups_of(centre_id).subquery()
    for statement in (
        _intakes(centre_id, span, Lot.member_id, Lot.product_id, sum_int(Lot.cost_satang)),
        _taken_back(centre_id, span, Lot.member_id, Lot.product_id, -sum_int(Lot.cost_satang)),
        _sent_back(
            centre_id,
            span,
            Lot.member_id,
            Lot.product_id,
            -sum_int(SupplierReturnLine.cost_satang),
        ),
        _consigned(centre_id, span, Lot.member_id, Lot.product_id, sum_int(_share)),
    ):
        per_product = statement.group_by(Lot.member_id, Lot.product_id).subquery()
        member, product, satang = per_product.c
        query = (
            select(member, group.c.category, sum_int(satang))
            .join(group, group.c.product_id == product)
            .group_by(member, group.c.category)
        )
        for row in db.session.execute(query):
            yield row[0], row[1], row[2]


def earned(
    centre_id: int, span: Span, source_type: str, source_id: ColumnElement[UUID]
) -> ColumnElement[bool]:
    """Tell of a sale or refund whether members' consigned goods count as delivered by it."""
    moved = (StockMove.source_type == source_type, StockMove.source_id == source_id)
    return _consigned(centre_id, span, StockMove.move_no).where(*moved).exists()


def documents(centre_id: int, span: Span, member_ids: Collection[UUID]) -> list[Counted]:
    """Return every document counted for a person, by day."""
    mine = Lot.member_id.in_(sorted(member_ids))
    of_product = and_(Product.centre_id == Lot.centre_id, Product.id == Lot.product_id)
    taken_back = GoodsReceiptCancellation
    found: list[Any] = []
    for statement, kind, head, satang in (
        (_intakes, "goods_receipt", (GoodsReceipt.id, GoodsReceipt.business_date), Lot.cost_satang),
        (
            _taken_back,
            "goods_receipt_cancellation",
            (taken_back.id, taken_back.business_date),
            -Lot.cost_satang,
        ),
        (
            _sent_back,
            "supplier_return",
            (SupplierReturn.id, SupplierReturn.business_date),
            -SupplierReturnLine.cost_satang,
        ),
        (_consigned, "", (StockMove.source_id, StockMove.business_date), _share),
    ):
        what = literal(kind) if kind else StockMove.source_type
        grouped = (*head, Product.category) if kind else (*head, Product.category, what)
        query = statement(centre_id, span, what, *head, Product.category, sum_int(satang))
        query = query.join(Product, of_product).where(mine).group_by(*grouped)
        found += db.session.execute(query).all()
    numbers = rooms.numbers_of(centre_id, {(row[0], row[1]) for row in found})
    counted = [
        Counted(kind, document, numbers.get((kind, document), ""), on, group, satang)
        for kind, document, on, group, satang in found
        if satang
    ]
    return sorted(counted, key=lambda one: (one.on, one.source_id, one.group))


def late(centre_id: int, span: Span) -> list[LateOne]:
    """Return intakes of the year (and intakes taken back) entered after its last day."""
    assert span.last is not None
    after = datetime.combine(span.last + timedelta(days=1), time.min, BANGKOK)
    head = (GoodsReceipt.id, GoodsReceipt.receipt_no, GoodsReceipt.business_date)
    intakes = _intakes(
        centre_id, span, *head, GoodsReceipt.recorded_at, Lot.member_id, sum_int(Lot.cost_satang)
    )
    rows = db.session.execute(
        intakes.where(GoodsReceipt.recorded_at >= after)
        .group_by(*head, GoodsReceipt.recorded_at, Lot.member_id)
        .order_by(*head[1:2])
        .limit(LATE_MAX)
    )
    return [
        LateOne(
            "goods_receipt", document, number, on, business_date(recorded_at), member_id, satang
        )
        for document, number, on, recorded_at, member_id, satang in rows
    ]


def since(centre_id: int, span: Span, moment: datetime) -> Since:
    """Return intakes of the year entered, taken back or judged anew after a moment, and returns."""
    entered = select(GoodsReceipt.receipt_no).where(
        GoodsReceipt.centre_id == centre_id,
        GoodsReceipt.business_date.between(span.first, span.last),
        GoodsReceipt.recorded_at > moment,
    )
    back = (
        select(GoodsReceipt.receipt_no)
        .join(
            GoodsReceiptCancellation,
            and_(
                GoodsReceiptCancellation.centre_id == GoodsReceipt.centre_id,
                GoodsReceiptCancellation.goods_receipt_id == GoodsReceipt.id,
            ),
        )
        .where(
            GoodsReceiptCancellation.centre_id == centre_id,
            GoodsReceiptCancellation.business_date.between(span.first, span.last),
            GoodsReceiptCancellation.recorded_at > moment,
        )
    )
    sent = select(SupplierReturn.return_no).where(
        SupplierReturn.centre_id == centre_id,
        SupplierReturn.business_date.between(span.first, span.last),
        SupplierReturn.recorded_at > moment,
    )
    judged = _judged_anew(centre_id, span, moment)
    both = union(entered, back, sent, judged).subquery()
    count = db.session.scalar(select(func.count()).select_from(both)) or 0
    if not count:
        return Since(0, ())
    some = db.session.scalars(
        select(both.c.receipt_no).order_by(both.c.receipt_no).limit(NAMED_MAX)
    )
    return Since(count, tuple(some))


def _judged_anew(centre_id: int, span: Span, moment: datetime) -> Select[Any]:
    """Select intakes that a fact of their producer, entered or withdrawn since, may count or not.

    Goods on consignment are sold later, perhaps in another year than they came.
    """
    changed = stoppages.changes_since(centre_id, moment).subquery()
    return (
        select(GoodsReceipt.receipt_no)
        .join(changed, changed.c.producer_id == GoodsReceipt.producer_id)
        .where(
            GoodsReceipt.centre_id == centre_id,
            GoodsReceipt.business_date >= changed.c.on_date,
            GoodsReceipt.business_date <= span.last,
            or_(GoodsReceipt.business_date >= span.first, GoodsReceipt.kind == "consignment"),
            GoodsReceipt.kind.in_(("outright", "consignment")),
        )
    )


def _brought_while_stopped(centre_id: int) -> Select[Any]:
    """Select the intakes of producers who were not in good standing that day.

    Goods that lay here and were bought then were brought before.
    """
    stopped = stoppages.of_producers(centre_id).subquery()
    lay_here = exists().where(
        LotConversion.centre_id == GoodsReceipt.centre_id,
        LotConversion.goods_receipt_id == GoodsReceipt.id,
    )
    return (
        select(GoodsReceipt.id)
        .join(stopped, stopped.c.producer_id == GoodsReceipt.producer_id)
        .where(
            GoodsReceipt.centre_id == centre_id,
            GoodsReceipt.kind.in_(("outright", "consignment")),
            GoodsReceipt.business_date > stopped.c.since,
            or_(stopped.c.until.is_(None), GoodsReceipt.business_date < stopped.c.until),
            ~lay_here,
        )
    )


def _intakes(centre_id: int, span: Span, *columns: Any) -> Select[Any]:
    """Select goods bought outright from members, by the day of their intake."""
    return (
        select(*columns)
        .select_from(Lot)
        .join(GoodsReceipt, _of_receipt)
        .where(
            Lot.centre_id == centre_id,
            Lot.member_id.is_not(None),
            Lot.goods_receipt_id.not_in(_brought_while_stopped(centre_id)),
            GoodsReceipt.kind == "outright",
            GoodsReceipt.business_date.between(span.first, span.last),
        )
    )


def _taken_back(centre_id: int, span: Span, *columns: Any) -> Select[Any]:
    """Select the same goods by the day their intake was taken back."""
    return (
        select(*columns)
        .select_from(Lot)
        .join(GoodsReceipt, _of_receipt)
        .join(GoodsReceiptCancellation, _of_cancellation)
        .where(
            Lot.centre_id == centre_id,
            Lot.member_id.is_not(None),
            Lot.goods_receipt_id.not_in(_brought_while_stopped(centre_id)),
            GoodsReceipt.kind == "outright",
            GoodsReceiptCancellation.business_date.between(span.first, span.last),
        )
    )


def _sent_back(centre_id: int, span: Span, *columns: Any) -> Select[Any]:
    """Select the same goods by the day they went back to who sold them, at what they had cost."""
    return (
        select(*columns)
        .select_from(SupplierReturnLine)
        .join(
            Lot,
            and_(
                Lot.centre_id == SupplierReturnLine.centre_id, Lot.id == SupplierReturnLine.lot_id
            ),
        )
        .join(
            SupplierReturn,
            and_(
                SupplierReturn.centre_id == SupplierReturnLine.centre_id,
                SupplierReturn.id == SupplierReturnLine.return_id,
            ),
        )
        .where(
            SupplierReturn.centre_id == centre_id,
            Lot.member_id.is_not(None),
            Lot.goods_receipt_id.not_in(_brought_while_stopped(centre_id)),
            SupplierReturn.business_date.between(span.first, span.last),
        )
    )


def _consigned(centre_id: int, span: Span, *columns: Any) -> Select[Any]:
    """Select moves of members' consigned goods that earned them something, or took it back."""
    return (
        select(*columns)
        .select_from(StockMove)
        .join(Lot, _of_lot)
        .where(
            StockMove.centre_id == centre_id,
            StockMove.business_date.between(span.first, span.last),
            StockMove.source_type.in_(SETTLED),
            StockMove.share_satang > 0,
            Lot.ownership == "consigned",
            Lot.member_id.is_not(None),
            Lot.goods_receipt_id.not_in(_brought_while_stopped(centre_id)),
        )
    )


SOURCE = Source(DELIVERIES, sums, documents, late, since, groups)
