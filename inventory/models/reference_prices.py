"""Tables of reference prices: what goods fetch elsewhere, the yardstick of the welfare report.

A price is entered once and never changes; one that was wrong is withdrawn by a row beside it. Of
the prices of a product and kind, the latest not after a day holds, until it is too old.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId, Satang, UtcDateTime, Uuid, one_of

REFERENCE_KINDS = ("farm_gate", "shelf")


class ReferencePrice(Base):
    """What a unit fetched at a place on a day: what traders paid at the farm, or shops asked."""

    __tablename__ = "reference_price"
    __table_args__ = (
        one_of("kind", REFERENCE_KINDS),
        CheckConstraint(
            "low_satang > 0 AND low_satang <= price_satang AND price_satang <= high_satang",
            name="spread_around_price",
        ),
        CheckConstraint("place <> '' AND source <> ''", name="said_where_from"),
        ForeignKeyConstraint(["centre_id", "product_id"], ["product.centre_id", "product.id"]),
        Index("ix_reference_price_product", "centre_id", "product_id", "kind", "valid_from"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    product_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    kind: Mapped[str] = mapped_column(String(10), nullable=False)
    price_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """A unit of the product, as the product is sold here; a shelf price with its VAT."""
    low_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    high_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """The ends of what was seen that day; the price itself when there was one price only."""
    valid_from: Mapped[date] = mapped_column(Date, nullable=False)
    place: Mapped[str] = mapped_column(String(120), nullable=False)
    source: Mapped[str] = mapped_column(String(200), nullable=False)
    """Who says so: a market's price board, an office's list, somebody's own visit."""
    note: Mapped[str] = mapped_column(Text, nullable=False, default="")
    entered_by: Mapped[UUID | None] = mapped_column(Uuid)
    entered_name: Mapped[str] = mapped_column(String(120), nullable=False)
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)


class ReferencePriceWithdrawal(Base):
    """A price that was wrong: from then on it counts nowhere, and stays to be read."""

    __tablename__ = "reference_price_withdrawal"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="reason_said"),
        ForeignKeyConstraint(
            ["centre_id", "price_id"], ["reference_price.centre_id", "reference_price.id"]
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    price_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    reason: Mapped[str] = mapped_column(Text, nullable=False)
    withdrawn_by: Mapped[UUID | None] = mapped_column(Uuid)
    withdrawn_name: Mapped[str] = mapped_column(String(120), nullable=False)
    withdrawn_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
