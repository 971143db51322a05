"""What the counter keeps about a person, for a copy of it: every receipt made out to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import select

from core.db import db
from core.errors import N_
from core.sheets import Figure, baht_figure
from members.services.erasure import Section
from pos.models import Sale, SaleLine


def tell(centre_id: int, members: Sequence[UUID], _producers: Sequence[UUID]) -> Iterator[Section]:
    """Yield what someone bought as a member, line by line."""
    rows = db.session.execute(
        select(
            Sale.business_date,
            Sale.receipt_no,
            SaleLine.name_th,
            SaleLine.unit_quantity_milli.label("quantity_milli"),
            SaleLine.unit,
            SaleLine.net_satang,
        )
        .join(SaleLine, (SaleLine.centre_id == Sale.centre_id) & (SaleLine.sale_id == Sale.id))
        .where(Sale.centre_id == centre_id, Sale.member_id.in_(members))
        .order_by(Sale.business_date, Sale.receipt_no, SaleLine.line_no)
    )
    yield Section(
        N_("Bought as a member"),
        (N_("Date"), N_("Receipt"), N_("Product"), N_("Quantity"), N_("Unit"), N_("Baht")),
        tuple(
            (
                *row[:3],
                Figure(f"{row.quantity_milli // 1000}.{row.quantity_milli % 1000:03d}"),
                row.unit,
                baht_figure(row.net_satang),
            )
            for row in rows
        ),
    )
