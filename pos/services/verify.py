"""The auditor: every promise between documents, stock and books, checked over what is stored.

Read-only. Each room checks its own; this room adds the counter's and gathers all. A finding that
fails names the first offending document, so that a person can open it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, select

from accounting.rules.chart import Purpose
from accounting.services import funds, ledger, movements, shift_cash
from accounting.services import verify as accounting_checks
from core.db import db, sum_int
from core.findings import Finding
from inventory.services import drawer, intake
from inventory.services import verify as inventory_checks
from members.services import networks, register_checks
from pos.models import (
    CashMovement,
    Payment,
    Refund,
    RefundLine,
    RefundPayment,
    Sale,
    SaleLine,
    SchemeSettlement,
    Shift,
    Till,
)
from pos.rules.offers import discount_of, off_of
from pos.rules.tender import AT_BANK
from pos.services import late_documents, offers, tender_checks, verify_lines
from pos.services.day_figures import checks as day_checks

NUMBERED: tuple[tuple[str, Any, str], ...] = (
    ("receipts gapless", Sale, "receipt_no"),
    ("refund numbers gapless", Refund, "refund_no"),
    ("cash movement numbers gapless", CashMovement, "movement_no"),
    ("shift numbers gapless", Shift, "shift_no"),
    ("scheme settlement numbers gapless", SchemeSettlement, "settlement_no"),
)
DOCUMENTS: tuple[tuple[str, Any], ...] = (
    ("sale", Sale),
    ("refund", Refund),
    ("cash_movement", CashMovement),
    ("scheme_settlement", SchemeSettlement),
)


def run(centre_id: int) -> Iterator[Finding]:
    """Yield a finding for every check of every room, for one centre."""
    yield from networks.checks(centre_id)
    yield from register_checks.checks(centre_id)
    yield from accounting_checks.checks(centre_id)
    yield from inventory_checks.checks(centre_id)
    yield from checks(centre_id)


def checks(centre_id: int) -> Iterator[Finding]:
    """Yield the counter's findings."""
    for name, table, column in NUMBERED:
        yield _gapless(centre_id, name, table, column)
    for source_type, table in DOCUMENTS:
        yield _one_entry_each(centre_id, source_type, table)
    yield _lines_add_up(centre_id)
    yield from verify_lines.checks(centre_id)
    yield _never_more_back_than_sold(centre_id)
    yield _promotions_as_they_say(centre_id)
    yield _funds_covered(centre_id)
    yield _transfers(centre_id)
    yield from tender_checks.checks(centre_id)
    yield _late_cash(centre_id)
    yield from _drawers(centre_id)
    yield _closed_shifts(centre_id)
    yield from day_checks.checks(centre_id)


def _gapless(centre_id: int, name: str, table: Any, column: str) -> Finding:
    number = getattr(table, column)
    rows = db.session.execute(
        select(number, table.id).where(table.centre_id == centre_id).order_by(number)
    )
    # "T1-2569-00042": everything before the last dash is the series of one Buddhist year. Text
    # order breaks past 99,999, so numbers are compared as numbers.
    numbered = sorted((*_series(text), identity, text) for text, identity in rows)
    for _, group in groupby(numbered, key=lambda row: row[0]):
        for wanted, (_, got, identity, text) in enumerate(group, start=1):
            if got != wanted:
                return Finding(
                    name,
                    centre_id,
                    False,
                    wanted,
                    got,
                    table.__tablename__,
                    identity,
                    f"{text} follows a gap",
                )
    return Finding(name, centre_id, True, len(numbered), len(numbered))


def _series(text: str) -> tuple[str, int]:
    series, _, number = text.rpartition("-")
    return series, int(number)


def _one_entry_each(centre_id: int, source_type: str, table: Any) -> Finding:
    name = f"each {source_type} has one entry"
    documents = set(db.session.scalars(select(table.id).where(table.centre_id == centre_id)))
    entries = ledger.source_counts(centre_id, source_type)
    for identity in sorted(documents | set(entries)):
        if identity not in documents or entries.get(identity, 0) != 1:
            return Finding(
                name,
                centre_id,
                False,
                int(identity in documents),
                entries.get(identity, 0),
                source_type,
                identity,
            )
    return Finding(name, centre_id, True, len(documents), len(entries))


def _lines_add_up(centre_id: int) -> Finding:
    """Lines sum to their sale in total, tax and cash paid; payments cover what is due."""
    lines = (
        select(
            SaleLine.sale_id,
            sum_int(SaleLine.net_satang).label("net"),
            sum_int(SaleLine.tax_satang).label("tax"),
            sum_int(SaleLine.paid_satang).label("paid"),
        )
        .where(SaleLine.centre_id == centre_id)
        .group_by(SaleLine.sale_id)
        .subquery()
    )
    payments = (
        select(Payment.sale_id, sum_int(Payment.amount_satang).label("given"))
        .where(Payment.centre_id == centre_id)
        .group_by(Payment.sale_id)
        .subquery()
    )
    given = func.coalesce(payments.c.given, 0)
    query = (
        select(Sale.id, Sale.total_satang, lines.c.net)
        .outerjoin(lines, lines.c.sale_id == Sale.id)
        .outerjoin(payments, payments.c.sale_id == Sale.id)
        .where(
            Sale.centre_id == centre_id,
            (lines.c.net.is_(None))
            | (lines.c.net != Sale.total_satang)
            | (lines.c.tax != Sale.tax_satang)
            | (lines.c.paid != Sale.due_satang)
            | (given != Sale.paid_satang),
        )
    )
    return _first("sales add up", centre_id, query, "sale")


def _never_more_back_than_sold(centre_id: int) -> Finding:
    back = (
        select(
            RefundLine.sale_id,
            RefundLine.line_no,
            sum_int(RefundLine.quantity_milli).label("milli"),
        )
        .where(RefundLine.centre_id == centre_id)
        .group_by(RefundLine.sale_id, RefundLine.line_no)
        .subquery()
    )
    query = (
        select(SaleLine.sale_id, SaleLine.quantity_milli, back.c.milli)
        .join(back, and_(back.c.sale_id == SaleLine.sale_id, back.c.line_no == SaleLine.line_no))
        .where(SaleLine.centre_id == centre_id, back.c.milli > SaleLine.quantity_milli)
    )
    return _first("never more back than sold", centre_id, query, "sale")


def _promotions_as_they_say(centre_id: int) -> Finding:
    """Every line sold by a promotion was cut by what its rule takes off, for its reason."""
    name = "promotions take off what they say"
    rows = db.session.execute(
        select(
            SaleLine.sale_id,
            SaleLine.promotion_id,
            SaleLine.discount_reason_id,
            SaleLine.unit_quantity_milli,
            SaleLine.unit_factor_milli,
            SaleLine.unit_price_satang,
            SaleLine.discount_satang,
        )
        .where(SaleLine.centre_id == centre_id, SaleLine.promotion_id.is_not(None))
        .order_by(SaleLine.sale_id, SaleLine.line_no)
    ).all()
    known = offers.named(centre_id, {row.promotion_id for row in rows})
    for row in rows:
        promotion = known[row.promotion_id]
        off = off_of(promotion.offer, row.unit_price_satang, row.unit_factor_milli)
        right = discount_of(row.unit_quantity_milli, off)
        if (right, promotion.reason_id) != (row.discount_satang, row.discount_reason_id):
            return Finding(name, centre_id, False, right, row.discount_satang, "sale", row.sale_id)
    return Finding(name, centre_id, True, len(rows), len(rows))


def _funds_covered(centre_id: int) -> Finding:
    """No fund has paid out more than it was given."""
    cards = funds.listing(centre_id, of_members=False)
    for fund in cards:
        held = funds.balance(centre_id, fund.id)
        if held < 0:
            return Finding("no fund below zero", centre_id, False, 0, held, "fund", fund.id)
    return Finding("no fund below zero", centre_id, True, len(cards), len(cards))


def _transfers(centre_id: int) -> Finding:
    """What the counter put up for the bank is every transfer taken less every one given back.

    What of it the bank has answered is checked in the books.
    """
    taken = db.session.scalar(
        select(sum_int(Payment.amount_satang)).where(
            Payment.centre_id == centre_id, Payment.method.in_(AT_BANK)
        )
    )
    given = db.session.scalar(
        select(sum_int(RefundPayment.amount_satang)).where(
            RefundPayment.centre_id == centre_id, RefundPayment.method.in_(AT_BANK)
        )
    )
    expected = (taken or 0) - (given or 0)
    actual = movements.of_sources(centre_id, Purpose.TRANSFERS_AWAITING, ("sale", "refund"))
    return Finding("transfers awaiting", centre_id, expected == actual, expected, actual, "account")


def _late_cash(centre_id: int) -> Finding:
    """The cash of what came after its shift was counted, document by document, and nothing else of
    a sale or refund, stands in over and short."""
    name = "late cash = over and short"
    cash = late_documents.cash_by_document(centre_id)
    posted = late_documents.posted_by_document(centre_id)
    for document in sorted({*cash, *posted}):
        expected, actual = cash.get(document, 0), posted.get(document, 0)
        if expected != actual:
            return Finding(name, centre_id, False, expected, actual, *document)
    return Finding(name, centre_id, True, sum(cash.values()), sum(posted.values()))


def _drawers(centre_id: int) -> Iterator[Finding]:
    """Each drawer's cash in the books is its last count or float and the cash since."""
    tills = db.session.execute(
        select(Till.id, Till.code).where(Till.centre_id == centre_id).order_by(Till.code)
    )
    for till_id, code in tills.all():
        last = db.session.execute(
            select(Shift)
            .where(Shift.centre_id == centre_id, Shift.till_id == till_id)
            .order_by(Shift.opened_at.desc(), Shift.id.desc())
            .limit(1)
        ).scalar_one_or_none()
        expected = 0 if last is None else _drawer(centre_id, last)
        actual = ledger.balance(centre_id, Purpose.CASH_TILL, till_id=till_id)
        yield Finding(
            f"cash of till {code} = its shift",
            centre_id,
            expected == actual,
            expected,
            actual,
            "shift",
            last.id if last else "",
        )


def _drawer(centre_id: int, shift: Shift) -> int:
    if shift.counted_satang is not None:
        return shift.counted_satang
    return expected_cash(centre_id, shift.id, shift.float_satang)


def expected_cash(centre_id: int, shift_id: UUID, float_satang: int) -> int:
    """Return what a shift's drawer should hold, worked out from documents alone.

    What came after the count is not in it: it is in the count's difference.
    """

    def total(column: Any, *where: Any) -> int:
        return db.session.scalar(select(sum_int(column)).where(*where)) or 0

    mine = (Sale.centre_id == centre_id, Sale.shift_id == shift_id, Sale.late.is_(False))
    transferred = db.session.scalar(
        select(sum_int(Payment.amount_satang))
        .join(Sale, and_(Sale.centre_id == Payment.centre_id, Sale.id == Payment.sale_id))
        .where(*mine, Payment.method != "cash")
    )
    moved = (CashMovement.centre_id == centre_id, CashMovement.shift_id == shift_id)
    return (
        float_satang
        + total(Sale.due_satang, *mine)
        - (transferred or 0)
        - total(
            RefundPayment.amount_satang,
            RefundPayment.centre_id == centre_id,
            RefundPayment.method == "cash",
            Refund.centre_id == centre_id,
            Refund.id == RefundPayment.refund_id,
            Refund.shift_id == shift_id,
            Refund.late.is_(False),
        )
        + total(CashMovement.amount_satang, *moved, CashMovement.kind == "pay_in")
        - total(CashMovement.amount_satang, *moved, CashMovement.kind == "pay_out")
        - intake.cash_paid(centre_id, shift_id)
        - drawer.paid_out(centre_id, shift_id)
        - shift_cash.taken_out(centre_id, shift_id)
    )


def _closed_shifts(centre_id: int) -> Finding:
    """Every closed shift expected what its documents say, counted what its count says."""
    shifts = db.session.execute(
        select(Shift.id, Shift.float_satang, Shift.expected_satang)
        .where(Shift.centre_id == centre_id, Shift.closed_at.is_not(None))
        .order_by(Shift.id)
    ).all()
    for shift_id, float_satang, expected in shifts:
        documents = expected_cash(centre_id, shift_id, float_satang)
        if documents != expected:
            return Finding(
                "closed shifts = documents",
                centre_id,
                False,
                documents,
                expected or 0,
                "shift",
                shift_id,
            )
    return Finding("closed shifts = documents", centre_id, True, len(shifts), len(shifts))


def _first(name: str, centre_id: int, query: Select[Any], document_type: str) -> Finding:
    """Run a query for wrong documents: (id, expected, actual) of the first."""
    row: Any = db.session.execute(query.limit(1)).one_or_none()
    if row is None:
        return Finding(name, centre_id, True)
    identity, expected, actual = row
    return Finding(name, centre_id, False, expected, actual or 0, document_type, identity)
