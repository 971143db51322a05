"""Money given back against a receipt: a new document, never an edit of the sale."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId, Milli, Satang, UtcDateTime, Uuid, one_of
from pos.models.late import late_ones

REFUND_METHODS = ("cash", "transfer", "purse")
"""What the cashier may choose for the part that was paid in money."""
GIVEN_BACK_BY = (*REFUND_METHODS, "credit", "scheme", "voucher")


class Refund(Base):
    """Money given back against one receipt, in whole or in part."""

    __tablename__ = "refund"
    __table_args__ = (
        one_of("method", REFUND_METHODS),
        UniqueConstraint("centre_id", "refund_no"),
        ForeignKeyConstraint(["centre_id", "sale_id"], ["sale.centre_id", "sale.id"]),
        ForeignKeyConstraint(["centre_id", "till_id"], ["till.centre_id", "till.id"]),
        ForeignKeyConstraint(["centre_id", "shift_id"], ["shift.centre_id", "shift.id"]),
        Index("ix_refund_sale_id", "centre_id", "sale_id"),
        Index("ix_refund_shift_id", "centre_id", "shift_id"),
        Index("ix_refund_business_date", "centre_id", "business_date", "id"),
        late_ones("ix_refund_late"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    refund_no: Mapped[str] = mapped_column(String(30), nullable=False)
    sale_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    till_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    shift_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    occurred_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    late: Mapped[bool] = mapped_column(Boolean, nullable=False, default=False)
    cashier_id: Mapped[UUID | None] = mapped_column(Uuid)
    cashier_name: Mapped[str] = mapped_column(String(120), nullable=False)
    reason: Mapped[str] = mapped_column(Text, nullable=False)
    method: Mapped[str] = mapped_column(String(10), nullable=False)
    total_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    rounding_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    tax_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    paid_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    producer_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)


class RefundLine(Base):
    """How much of one line of the sale came back, and what was returned for it."""

    __tablename__ = "refund_line"
    __table_args__ = (
        CheckConstraint("quantity_milli > 0", name="quantity_positive"),
        CheckConstraint("unit_quantity_milli > 0", name="unit_quantity_positive"),
        ForeignKeyConstraint(["centre_id", "refund_id"], ["refund.centre_id", "refund.id"]),
        ForeignKeyConstraint(
            ["centre_id", "sale_id", "line_no"],
            ["sale_line.centre_id", "sale_line.sale_id", "sale_line.line_no"],
        ),
        Index("ix_refund_line_sale", "centre_id", "sale_id", "line_no"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    refund_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    line_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    sale_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    unit_quantity_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    """How many of the line's own unit came back, as the customer reads it."""
    quantity_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    """The same goods in the product's own unit."""
    net_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    tax_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    paid_satang: Mapped[int] = mapped_column(Satang, nullable=False)


class RefundPayment(Base):
    """How a part of a refund was given back: to the tender it came from, or in money."""

    __tablename__ = "refund_payment"
    __table_args__ = (
        one_of("method", GIVEN_BACK_BY),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        CheckConstraint("(method = 'scheme') = (scheme_id IS NOT NULL)", name="scheme_named"),
        CheckConstraint("(method = 'voucher') = (voucher_id IS NOT NULL)", name="voucher_named"),
        ForeignKeyConstraint(["centre_id", "refund_id"], ["refund.centre_id", "refund.id"]),
        ForeignKeyConstraint(["centre_id", "scheme_id"], ["scheme.centre_id", "scheme.id"]),
        ForeignKeyConstraint(["centre_id", "voucher_id"], ["coupon.centre_id", "coupon.id"]),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    refund_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    payment_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    method: Mapped[str] = mapped_column(String(10), nullable=False)
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    scheme_id: Mapped[UUID | None] = mapped_column(Uuid)
    voucher_id: Mapped[UUID | None] = mapped_column(Uuid)
