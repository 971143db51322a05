"""What sales and refunds say of the value on which they bear VAT; for the reports of the books."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import and_, select

from accounting.rules.tax import WHOLE, included_tax
from core.db import db
from core.money import half_up_div
from pos.models import RefundLine, SaleLine

Key = tuple[str, UUID]
RESIDUE_MAX = 20
"""Satang by which rounding over lines may move a line's tax; more, and it is on a part only."""


def of(centre_id: int, documents: Collection[Key]) -> dict[Key, tuple[int, int]]:
    """Return (value without VAT, VAT) on the prices of sales and refunds; a refund's below zero."""
    found: dict[Key, tuple[int, int]] = {}
    for source_type, sign in (("sale", 1), ("refund", -1)):
        ids = sorted(identity for kind, identity in documents if kind == source_type)
        for identity, net, tax, rate in _lines(centre_id, source_type, ids):
            base, so_far = found.get((source_type, identity), (0, 0))
            found[source_type, identity] = (
                base + sign * value_of(net, tax, rate),
                so_far + sign * tax,
            )
    return found


def value_of(net_satang: int, tax_satang: int, rate_basis_points: int) -> int:
    """Return what a line's tax is on: its price without it, or the taxed part of the price.

    A line that drew on consigned goods too bears VAT on our own part alone.
    """
    if abs(included_tax(net_satang, rate_basis_points) - tax_satang) <= RESIDUE_MAX:
        return net_satang - tax_satang
    return half_up_div(tax_satang * WHOLE, rate_basis_points)


def _lines(
    centre_id: int, source_type: str, ids: Collection[UUID]
) -> list[tuple[UUID, int, int, int]]:
    if not ids:
        return []
    if source_type == "sale":
        query = select(
            SaleLine.sale_id,
            SaleLine.net_satang,
            SaleLine.tax_satang,
            SaleLine.tax_rate_basis_points,
        ).where(SaleLine.centre_id == centre_id, SaleLine.sale_id.in_(ids))
        taxed = SaleLine.tax_satang > 0
    else:
        query = (
            select(
                RefundLine.refund_id,
                RefundLine.net_satang,
                RefundLine.tax_satang,
                SaleLine.tax_rate_basis_points,
            )
            .join(
                SaleLine,
                and_(
                    SaleLine.centre_id == RefundLine.centre_id,
                    SaleLine.sale_id == RefundLine.sale_id,
                    SaleLine.line_no == RefundLine.line_no,
                ),
            )
            .where(RefundLine.centre_id == centre_id, RefundLine.refund_id.in_(ids))
        )
        taxed = RefundLine.tax_satang > 0
    return [(row[0], row[1], row[2], row[3]) for row in db.session.execute(query.where(taxed))]
