"""Tables of consignment terms: proposed by one person, approved by another, never changed.

A version ends when a newer one of the same scope begins, or on its own last day. What a lot was
taken in under is frozen on the lot and does not look here again.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
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

TERMS_DECISIONS = ("approved", "withdrawn")


class ConsignmentTerms(Base):
    """One version of the terms of a scope: a producer, a product or a category, or a pair."""

    __tablename__ = "consignment_terms"
    __table_args__ = (
        UniqueConstraint("centre_id", "terms_no"),
        CheckConstraint("product_id IS NULL OR category = ''", name="product_or_category"),
        CheckConstraint(
            "producer_id IS NOT NULL OR product_id IS NOT NULL OR category <> ''",
            name="scope_named",
        ),
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="days_in_order"),
        CheckConstraint("split_basis_points BETWEEN 0 AND 10000", name="split_within_whole"),
        CheckConstraint(
            "levy_basis_points >= 0 AND split_basis_points + levy_basis_points <= 10000",
            name="levy_within_whole",
        ),
        CheckConstraint("floor_satang >= 0 AND fee_satang >= 0", name="amounts_natural"),
        CheckConstraint("(levy_basis_points > 0) = (levy_fund_id IS NOT NULL)", name="levy_named"),
        ForeignKeyConstraint(["centre_id", "producer_id"], ["producer.centre_id", "producer.id"]),
        ForeignKeyConstraint(["centre_id", "product_id"], ["product.centre_id", "product.id"]),
        ForeignKeyConstraint(["centre_id", "levy_fund_id"], ["fund.centre_id", "fund.id"]),
        Index("ix_consignment_terms_producer_id", "centre_id", "producer_id"),
        Index("ix_consignment_terms_product_id", "centre_id", "product_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    terms_no: Mapped[str] = mapped_column(String(30), nullable=False)
    producer_id: Mapped[UUID | None] = mapped_column(Uuid)
    product_id: Mapped[UUID | None] = mapped_column(Uuid)
    category: Mapped[str] = mapped_column(String(60), nullable=False, default="")
    """Empty when the terms are not of a category."""
    valid_from: Mapped[date] = mapped_column(Date, nullable=False)
    valid_until: Mapped[date | None] = mapped_column(Date)
    """The last day; None until a newer version begins."""
    split_basis_points: Mapped[int] = mapped_column(Integer, nullable=False)
    tiers: Mapped[list[dict[str, Any]]] = mapped_column(JSON, nullable=False)
    floor_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """What the producer gets for a unit at the least; 0 when nothing was promised."""
    fee_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """What the centre keeps of each unit out of the producer's part."""
    levy_basis_points: Mapped[int] = mapped_column(Integer, nullable=False)
    levy_fund_id: Mapped[UUID | None] = mapped_column(Uuid)
    note: Mapped[str] = mapped_column(Text, nullable=False, default="")
    proposed_by: Mapped[UUID | None] = mapped_column(Uuid)
    proposed_name: Mapped[str] = mapped_column(String(120), nullable=False)
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)
    """The command as it came."""


class ConsignmentTermsDecision(Base):
    """What became of proposed terms, once: approved by a second person, or withdrawn."""

    __tablename__ = "consignment_terms_decision"
    __table_args__ = (
        one_of("kind", TERMS_DECISIONS),
        CheckConstraint(
            "kind = 'withdrawn' OR waiver <> '' OR (decided_by IS NOT NULL"
            " AND proposed_by IS NOT NULL AND decided_by <> proposed_by)",
            name="two_people",
        ),
        ForeignKeyConstraint(
            ["centre_id", "terms_id"], ["consignment_terms.centre_id", "consignment_terms.id"]
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    terms_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), nullable=False)
    proposed_by: Mapped[UUID | None] = mapped_column(Uuid)
    decided_by: Mapped[UUID | None] = mapped_column(Uuid)
    decided_name: Mapped[str] = mapped_column(String(120), nullable=False)
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    waiver: Mapped[str] = mapped_column(Text, nullable=False, default="")
    """Why one person did both; empty when two did."""
