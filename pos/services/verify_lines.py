"""The auditor's look at sale lines: units, tiers and prices against what each line itself says.

What must stay true: a line alone, without the catalogue of today, tells how its price came about.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, exists, select

from core.db import db, sum_int
from core.findings import Finding
from core.quantity import MILLI
from inventory.services.comparing import compared
from inventory.services.joint_rounds import handed as handed_orders
from pos.models import JointRoundHandout, RefundLine, Sale, SaleLine
from pos.rules.tiers import Bundles, Tier, gross_of, may_be_printed


def checks(centre_id: int) -> Iterator[Finding]:
    """Yield the findings about lines."""
    yield _units_agree(centre_id)
    yield _priced_as_said(centre_id)
    yield _back_in_both_units(centre_id)
    yield _handed_out_as_shared(centre_id)


def _units_agree(centre_id: int) -> Finding:
    """Every line's quantity in the product's own unit is its units × their factor."""
    in_base = _half_up(SaleLine.unit_quantity_milli * SaleLine.unit_factor_milli)
    query = select(SaleLine.sale_id, SaleLine.quantity_milli, in_base.label("right")).where(
        SaleLine.centre_id == centre_id, SaleLine.quantity_milli != in_base
    )
    return _first("sale lines by unit", centre_id, query)


def _priced_as_said(centre_id: int) -> Finding:
    """Every line costs what its unit price and its tiers come to, or what a scale printed; a late
    sale costs what was told."""
    name = "sale lines cost what they say"
    # What was agreed in a joint round is checked against its shares, below.
    handed_out = exists().where(
        JointRoundHandout.centre_id == Sale.centre_id, JointRoundHandout.sale_id == Sale.id
    )
    plain = _half_up(SaleLine.unit_quantity_milli * SaleLine.unit_price_satang)
    unusual = db.session.execute(
        select(
            SaleLine.sale_id,
            SaleLine.unit_quantity_milli,
            SaleLine.unit_price_satang,
            SaleLine.gross_satang,
            SaleLine.tiers,
        )
        .join(Sale, and_(Sale.centre_id == SaleLine.centre_id, Sale.id == SaleLine.sale_id))
        .where(
            SaleLine.centre_id == centre_id,
            SaleLine.gross_satang != plain,
            Sale.late.is_(False),
            ~handed_out,
        )
        .order_by(SaleLine.sale_id, SaleLine.line_no)
    )
    seen = 0
    for row in unusual:
        seen += 1
        right = _by_its_tiers(row)
        if right != row.gross_satang and not (
            not row.tiers
            and may_be_printed(row.gross_satang, row.unit_quantity_milli, row.unit_price_satang)
        ):
            facts = (right, row.gross_satang, "sale", row.sale_id)
            return Finding(name, centre_id, False, *facts)
    return Finding(name, centre_id, True, seen, seen)


def _by_its_tiers(row: Any) -> int:
    taken = [
        Bundles(Tier(one["count"], one["price_satang"]), one["quantity_milli"]) for one in row.tiers
    ]
    rest = row.unit_quantity_milli - sum(one.quantity_milli for one in taken)
    return sum(one.satang for one in taken) + gross_of(rest, row.unit_price_satang).satang


def _back_in_both_units(centre_id: int) -> Finding:
    """Nothing came back in one unit that did not come back in the other: whole is whole in both."""
    query = (
        select(SaleLine.sale_id, SaleLine.quantity_milli, RefundLine.quantity_milli)
        .join(
            RefundLine,
            and_(
                RefundLine.centre_id == SaleLine.centre_id,
                RefundLine.sale_id == SaleLine.sale_id,
                RefundLine.line_no == SaleLine.line_no,
            ),
        )
        .where(
            SaleLine.centre_id == centre_id,
            RefundLine.unit_quantity_milli == SaleLine.unit_quantity_milli,
            RefundLine.quantity_milli != SaleLine.quantity_milli,
        )
    )
    return _first("refund lines by unit", centre_id, query)


def _handed_out_as_shared(centre_id: int) -> Finding:
    """Every order handed out of a joint round was sold for what its shares say is due."""
    handed = JointRoundHandout
    owed = handed_orders.dues(centre_id)
    rows = db.session.execute(
        select(handed.sale_id, handed.order_id).where(handed.centre_id == centre_id)
    )
    due = {sale_id: owed.get(order_id, 0) for sale_id, order_id in rows}
    sold = db.session.execute(
        select(handed.sale_id, sum_int(SaleLine.net_satang))
        .join(
            SaleLine,
            and_(SaleLine.centre_id == handed.centre_id, SaleLine.sale_id == handed.sale_id),
        )
        .where(handed.centre_id == centre_id)
        .group_by(handed.sale_id)
    )
    name = "round orders are sold for what is due"
    return compared(name, centre_id, due, dict(sold.all()), "sale")


def _half_up(product: Any) -> Any:
    return (2 * product + MILLI) // (2 * MILLI)


def _first(name: str, centre_id: int, query: Any) -> Finding:
    row = db.session.execute(query.limit(1)).first()
    if row is None:
        return Finding(name, centre_id, True, 0, 0)
    return Finding(name, centre_id, False, row[2], row[1], "sale", row[0])
