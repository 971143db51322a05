"""Why a price may be lower: discount reasons and promotions.

Who bears a discount is fixed before any sale.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId, Satang, UtcDateTime, Uuid, one_of

DISCOUNT_BEARERS = ("centre", "producer", "shared")
PROMOTION_KINDS = ("percent", "amount", "price")


class DiscountReason(Base):
    """Why a price may be cut and who bears it, fixed before any sale; only `active` changes."""

    __tablename__ = "discount_reason"
    __table_args__ = (
        one_of("bearer", DISCOUNT_BEARERS),
        UniqueConstraint("centre_id", "code"),
        ForeignKeyConstraint(["centre_id", "fund_id"], ["fund.centre_id", "fund.id"]),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), nullable=False)
    name_th: Mapped[str] = mapped_column(String(80), nullable=False)
    name_en: Mapped[str] = mapped_column(String(80), nullable=False)
    bearer: Mapped[str] = mapped_column(String(10), nullable=False)
    producer_basis_points: Mapped[int | None] = mapped_column(Integer)
    """The producer's part of a shared discount; None: shared by the split of the lot."""
    fund_id: Mapped[UUID | None] = mapped_column(Uuid)
    """The fund that pays for it in the centre's stead."""
    active: Mapped[bool] = mapped_column(Boolean, nullable=False, default=True)


class Promotion(Base):
    """A lower price by date, for all or for members; what it says never changes, only its end."""

    __tablename__ = "promotion"
    __table_args__ = (
        one_of("kind", PROMOTION_KINDS),
        CheckConstraint("value >= 0", name="value_natural"),
        CheckConstraint("product_id IS NULL OR category = ''", name="one_scope"),
        ForeignKeyConstraint(
            ["centre_id", "reason_id"], ["discount_reason.centre_id", "discount_reason.id"]
        ),
        ForeignKeyConstraint(["centre_id", "product_id"], ["product.centre_id", "product.id"]),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    name_th: Mapped[str] = mapped_column(String(80), nullable=False)
    name_en: Mapped[str] = mapped_column(String(80), nullable=False)
    reason_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    product_id: Mapped[UUID | None] = mapped_column(Uuid)
    category: Mapped[str] = mapped_column(String(60), nullable=False)
    """With neither product nor category it holds for all goods."""
    members_only: Mapped[bool] = mapped_column(Boolean, nullable=False)
    kind: Mapped[str] = mapped_column(String(10), nullable=False)
    value: Mapped[int] = mapped_column(Satang, nullable=False)
    """Basis points off, satang off a unit, or the price of a unit."""
    valid_from: Mapped[date] = mapped_column(Date, nullable=False)
    valid_until: Mapped[date | None] = mapped_column(Date)
    active: Mapped[bool] = mapped_column(Boolean, nullable=False, default=True)
    created_by: Mapped[UUID | None] = mapped_column(Uuid)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1)
