"""What producers can be paid now: what is left of each document, and what is to be taken off.

What must stay true: what a waiting bank file will pay is not offered again; goods that came back
before their settlement was paid are taken off in full, for that money was never received.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Date, and_, func, literal, select, true

from core.db import db, sum_int
from core.errors import N_, DomainError
from inventory.models import (
    GoodsReceipt,
    GoodsReceiptCancellation,
    OpeningDue,
    OpeningImport,
    PayoutBatchLine,
    PayoutLine,
    SettledMove,
    Settlement,
    SettlementOutcome,
    SupplierReturn,
)
from inventory.rules.payouts import DocumentKey, DueLine, PaidLine
from inventory.rules.settlement import OwedBack
from inventory.services import advances
from inventory.services.settlement import returns

Dues = dict[UUID, list[DueLine]]


class AlreadyPaid(DomainError):
    """Goods bought that were paid for, in whole or part, can't be taken back as an intake."""

    code, status, title = "intake-paid", 409, N_("This purchase was already paid")
    detail = N_("It stands on a payout or in a file at the bank; write the goods off instead.")


def of(
    centre_id: int, producer_ids: Collection[UUID] | None = None, *, reserved: bool = True
) -> Dues:
    """Return what can be paid to each producer: settlements, purchases and what the old books
    owed, oldest first, with credits of goods sent back; then advances and returns to take off.

    With `reserved` what waits at the bank is left out; without, it is still there.
    """
    waiting = waiting_amounts(centre_id, producer_ids) if reserved else {}
    dues: Dues = {}
    for query in (
        _settlements(centre_id),
        _purchases(centre_id),
        _openings(centre_id),
        _credits(centre_id),
    ):
        whose = query.selected_columns.producer_id
        wanted = true() if producer_ids is None else whose.in_(sorted(producer_ids))
        for row in db.session.execute(query.where(wanted)):
            left = row.total - int(row.paid) - waiting.get((row.kind, row.id), 0)
            if left > 0:
                dues.setdefault(row.producer_id, []).append(_due_line(row, left))
    for lines in dues.values():
        lines.sort(key=lambda line: (line.business_date, line.number))
    for producer_id, some in advances.outstanding(centre_id, producer_ids).items():
        dues.setdefault(producer_id, []).extend(
            DueLine(
                "advance",
                one.advance_id,
                one.advance_no,
                one.business_date,
                one.amount_satang,
                one.left_satang,
            )
            for one in some
        )
    _add_returns(centre_id, producer_ids, dues)
    return dues


def purchases(centre_id: int, producer_ids: Collection[UUID] | None = None) -> Dues:
    """Return what is open on 2110, also what waits at the bank: purchases, what the old books owed
    for goods, less credits of goods sent back.
    """
    bought = OpeningDue.kind == "outright"
    dues: Dues = {}
    for query in (_purchases(centre_id), _openings(centre_id).where(bought), _credits(centre_id)):
        whose = query.selected_columns.producer_id
        wanted = true() if producer_ids is None else whose.in_(sorted(producer_ids))
        for row in db.session.execute(query.where(wanted)):
            dues.setdefault(row.producer_id, []).append(_due_line(row, row.total - int(row.paid)))
    return dues


def waiting_amounts(
    centre_id: int, producer_ids: Collection[UUID] | None = None
) -> dict[DocumentKey, int]:
    """Return what files at the bank will pay of each document."""
    query = select(PayoutBatchLine.pays).where(
        PayoutBatchLine.centre_id == centre_id, PayoutBatchLine.state == "waiting"
    )
    if producer_ids is not None:
        query = query.where(PayoutBatchLine.producer_id.in_(sorted(producer_ids)))
    amounts: dict[DocumentKey, int] = {}
    for pays in db.session.scalars(query):
        for line in reserved_lines(pays):
            amounts[line.key] = amounts.get(line.key, 0) + line.amount_satang
    return amounts


def reserved_lines(pays: dict[str, Any]) -> list[PaidLine]:
    """Return the lines a waiting batch line will pay."""
    return [PaidLine(kind, UUID(document), satang) for kind, document, satang in pays["lines"]]


def require_unpaid(centre_id: int, receipt_id: UUID, producer_id: UUID) -> None:
    """Raise `AlreadyPaid` when a purchase stands on a payout, or waits in a bank file."""
    paid = db.session.scalar(
        select(func.count())
        .select_from(PayoutLine)
        .where(
            PayoutLine.centre_id == centre_id,
            PayoutLine.kind == "outright",
            PayoutLine.document_id == receipt_id,
        )
    )
    if paid or ("outright", receipt_id) in waiting_amounts(centre_id, [producer_id]):
        raise AlreadyPaid


def returned_of(centre_id: int, producer_id: UUID, refund_id: UUID) -> list[OwedBack]:
    """Return what a refund still takes back from a producer, move by move."""
    owed = returns.outstanding(centre_id, [producer_id]).get(producer_id, [])
    return [one for one in owed if one.line.key[1] == refund_id]


def opened_outright(centre_id: int, lines: Iterable[PaidLine]) -> int:
    """Return how much of the lines pays what the old books owed for goods bought."""
    paid = {line.document_id: line.amount_satang for line in lines if line.kind == "opening"}
    bought = db.session.scalars(
        select(OpeningDue.id).where(
            OpeningDue.centre_id == centre_id,
            OpeningDue.kind == "outright",
            OpeningDue.id.in_(sorted(paid)),
        )
    )
    return sum(paid[due] for due in bought)


def _due_line(row: Any, left: int) -> DueLine:
    return DueLine(
        row.kind, row.id, row.number, row.business_date, row.total, left, due_on=row.due_on
    )


# --- the queries -----------------------------------------------------------------------------

_NO_DAY: Any = literal(None, Date).label("due_on")
"""Of what is to be paid since its own day."""


def _paid(centre_id: int, kind: str) -> Any:
    return (
        select(PayoutLine.document_id, sum_int(PayoutLine.amount_satang).label("satang"))
        .where(PayoutLine.centre_id == centre_id, PayoutLine.kind == kind)
        .group_by(PayoutLine.document_id)
        .subquery()
    )


def _settlements(centre_id: int) -> Any:
    paid = _paid(centre_id, "settlement")
    so_far = func.coalesce(paid.c.satang, 0)
    return (
        select(
            Settlement.producer_id.label("producer_id"),
            literal("settlement").label("kind"),
            Settlement.id.label("id"),
            Settlement.settlement_no.label("number"),
            SettlementOutcome.business_date.label("business_date"),
            Settlement.payout_satang.label("total"),
            _NO_DAY,
            so_far.label("paid"),
        )
        .join(
            SettlementOutcome,
            and_(
                SettlementOutcome.centre_id == Settlement.centre_id,
                SettlementOutcome.run_id == Settlement.run_id,
                SettlementOutcome.kind == "posted",
            ),
        )
        .outerjoin(paid, paid.c.document_id == Settlement.id)
        .where(Settlement.centre_id == centre_id, Settlement.payout_satang > so_far)
    )


def _purchases(centre_id: int) -> Any:
    paid = _paid(centre_id, "outright")
    so_far = func.coalesce(paid.c.satang, 0)
    return (
        select(
            GoodsReceipt.producer_id.label("producer_id"),
            literal("outright").label("kind"),
            GoodsReceipt.id.label("id"),
            GoodsReceipt.receipt_no.label("number"),
            GoodsReceipt.business_date.label("business_date"),
            GoodsReceipt.owed_satang.label("total"),
            GoodsReceipt.due_on.label("due_on"),
            so_far.label("paid"),
        )
        .outerjoin(
            GoodsReceiptCancellation,
            and_(
                GoodsReceiptCancellation.centre_id == GoodsReceipt.centre_id,
                GoodsReceiptCancellation.goods_receipt_id == GoodsReceipt.id,
            ),
        )
        .outerjoin(paid, paid.c.document_id == GoodsReceipt.id)
        .where(
            GoodsReceipt.centre_id == centre_id,
            GoodsReceipt.paid == "payable",
            GoodsReceiptCancellation.id.is_(None),
            GoodsReceipt.owed_satang > so_far,
        )
    )


def _openings(centre_id: int) -> Any:
    paid = _paid(centre_id, "opening")
    so_far = func.coalesce(paid.c.satang, 0)
    return (
        select(
            OpeningDue.producer_id.label("producer_id"),
            literal("opening").label("kind"),
            OpeningDue.id.label("id"),
            OpeningImport.import_no.label("number"),
            OpeningDue.business_date.label("business_date"),
            OpeningDue.amount_satang.label("total"),
            _NO_DAY,
            so_far.label("paid"),
        )
        .join(
            OpeningImport,
            and_(
                OpeningImport.centre_id == OpeningDue.centre_id,
                OpeningImport.id == OpeningDue.import_id,
            ),
        )
        .outerjoin(paid, paid.c.document_id == OpeningDue.id)
        .where(
            OpeningDue.centre_id == centre_id,
            OpeningDue.kind != "advance",
            OpeningDue.amount_satang > so_far,
        )
    )


def _credits(centre_id: int) -> Any:
    """Goods that went back to their supplier for a credit: taken off what is paid next."""
    used = _paid(centre_id, "credit")
    so_far = -func.coalesce(used.c.satang, 0)
    return (
        select(
            SupplierReturn.producer_id.label("producer_id"),
            literal("credit").label("kind"),
            SupplierReturn.id.label("id"),
            SupplierReturn.return_no.label("number"),
            SupplierReturn.business_date.label("business_date"),
            SupplierReturn.amount_satang.label("total"),
            _NO_DAY,
            so_far.label("paid"),
        )
        .outerjoin(used, used.c.document_id == SupplierReturn.id)
        .where(
            SupplierReturn.centre_id == centre_id,
            SupplierReturn.settled == "credit",
            SupplierReturn.amount_satang > so_far,
        )
    )


def _add_returns(centre_id: int, producer_ids: Collection[UUID] | None, dues: Dues) -> None:
    """Add the returns of goods whose settlement is not wholly paid, up to what it still owes."""
    outstanding = returns.outstanding(centre_id, producer_ids)
    paid_by = _paid_by(centre_id, outstanding)
    for producer_id, some in outstanding.items():
        lines = dues.get(producer_id, [])
        left = {line.document_id: line.left_satang for line in lines if line.kind == "settlement"}
        if not left:
            continue
        unpaid = [one for one, payer in paid_by.items() if payer in left]
        settled_by = _settled_by(centre_id, unpaid, some)
        found: dict[UUID, DueLine] = {}
        for one in some:
            assert one.line.original is not None
            first = settled_by.get(one.line.original)
            if first is None:
                continue
            settlement = paid_by[first]
            part = min(one.left_satang, left[settlement])
            if part <= 0:
                continue
            left[settlement] -= part
            refund = one.line.key[1]
            known = found.get(refund)
            found[refund] = DueLine(
                "recovery",
                refund,
                "",
                one.line.business_date,
                part + (known.total_satang if known else 0),
                part + (known.left_satang if known else 0),
                settlement,
            )
        lines.extend(found.values())


def _paid_by(centre_id: int, producer_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return for each posted settlement the one that pays it: itself, or, when its sum was carried
    forward, the first after it that carries nothing.
    """
    rows = db.session.execute(
        select(Settlement.producer_id, Settlement.id, Settlement.carried_satang)
        .join(
            SettlementOutcome,
            and_(
                SettlementOutcome.centre_id == Settlement.centre_id,
                SettlementOutcome.run_id == Settlement.run_id,
                SettlementOutcome.kind == "posted",
            ),
        )
        .where(
            Settlement.centre_id == centre_id,
            Settlement.producer_id.in_(sorted(producer_ids)),
        )
        .order_by(SettlementOutcome.recorded_at, Settlement.id)
    )
    paid_by: dict[UUID, UUID] = {}
    carried: dict[UUID, list[UUID]] = {}
    for producer_id, settlement_id, satang in rows:
        chain = carried.setdefault(producer_id, [])
        chain.append(settlement_id)
        if not satang:
            paid_by.update(dict.fromkeys(chain, settlement_id))
            chain.clear()
    return paid_by


def _settled_by(
    centre_id: int, settlements: Iterable[UUID], some: Iterable[OwedBack]
) -> dict[tuple[str, UUID, int], UUID]:
    keys = [one.line.original for one in some if one.line.original is not None]
    rows = db.session.execute(
        select(
            SettledMove.source_type,
            SettledMove.source_id,
            SettledMove.move_no,
            SettledMove.settlement_id,
        ).where(
            SettledMove.centre_id == centre_id,
            SettledMove.settlement_id.in_(sorted(settlements)),
            SettledMove.source_id.in_(sorted({source for _, source, _ in keys})),
        )
    )
    return {(kind, source, number): settlement for kind, source, number, settlement in rows}
