"""Tables of government schemes (the state's welfare card): who pays, and what it has paid.

What must stay true: what a scheme owes for a sale is its payment less what came back and what was
settled; a settlement never changes.
"""

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

from core.db import Base, BigId, Satang, UtcDateTime, Uuid, one_of

SCHEME_BEARERS = ("", "centre", "member")
"""Who bears what a scheme refuses to pay; nobody when it refused nothing."""


class Scheme(Base):
    """A scheme of the state that pays in the customer's stead, and what it pays for."""

    __tablename__ = "scheme"
    __table_args__ = (
        UniqueConstraint("centre_id", "code"),
        CheckConstraint("bill_max_satang IS NULL OR bill_max_satang > 0", name="bill_max_positive"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), nullable=False)
    name_th: Mapped[str] = mapped_column(String(80), nullable=False)
    name_en: Mapped[str] = mapped_column(String(80), nullable=False)
    categories: Mapped[list[str]] = mapped_column(JSON, nullable=False)
    """Categories of goods it pays for; none named: all."""
    bill_max_satang: Mapped[int | None] = mapped_column(Satang)
    active: Mapped[bool] = mapped_column(Boolean, nullable=False)
    version: Mapped[int] = mapped_column(Integer, nullable=False)


class SchemeSettlement(Base):
    """Money of a scheme: which sales it is for, its fee, and what it refused."""

    __tablename__ = "scheme_settlement"
    __table_args__ = (
        UniqueConstraint("centre_id", "settlement_no"),
        ForeignKeyConstraint(["centre_id", "scheme_id"], ["scheme.centre_id", "scheme.id"]),
        CheckConstraint(
            "received_satang >= 0 AND fee_satang >= 0 AND rejected_satang >= 0",
            name="parts_natural",
        ),
        Index("ix_scheme_settlement_scheme", "centre_id", "scheme_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    settlement_no: Mapped[str] = mapped_column(String(30), nullable=False)
    scheme_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    received_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    fee_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    rejected_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    reference: Mapped[str] = mapped_column(String(60), nullable=False)
    note: Mapped[str] = mapped_column(Text, nullable=False)
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)


class SchemeSettlementItem(Base):
    """What a settlement says of one sale; below zero, what the scheme took back for a refund."""

    __tablename__ = "scheme_settlement_item"
    __table_args__ = (
        one_of("bearer", SCHEME_BEARERS),
        ForeignKeyConstraint(
            ["centre_id", "settlement_id"], ["scheme_settlement.centre_id", "scheme_settlement.id"]
        ),
        ForeignKeyConstraint(["centre_id", "sale_id"], ["sale.centre_id", "sale.id"]),
        CheckConstraint("rejected_satang >= 0", name="rejected_natural"),
        CheckConstraint("(rejected_satang > 0) = (bearer <> '')", name="bearer_named"),
        CheckConstraint("accepted_satang <> 0 OR rejected_satang > 0", name="something"),
        Index("ix_scheme_settlement_item_sale", "centre_id", "sale_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    settlement_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    sale_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    accepted_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    rejected_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    bearer: Mapped[str] = mapped_column(String(10), nullable=False)
    reason: Mapped[str] = mapped_column(Text, nullable=False)
