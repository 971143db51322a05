"""A year's surplus as the meeting resolved to use it, and each member's part of it.

Rows are only ever added. An allocation is prepared, measured for every member by one run, approved
by two people, posted as one entry; until anything is paid it can be reversed as a whole.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
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
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from accounting.rules.surplus.uses import USES
from core.db import Base, BigId, Satang, UtcDateTime, Uuid, one_of

ALLOCATION_USES = USES
_ALLOCATION = ("surplus_allocation.centre_id", "surplus_allocation.id")


class SurplusAllocation(Base):
    """How the surplus of one fiscal year is used, by a resolution."""

    __tablename__ = "surplus_allocation"
    __table_args__ = (
        UniqueConstraint("centre_id", "allocation_no"),
        ForeignKeyConstraint(
            ["centre_id", "resolution_id"], ["resolution.centre_id", "resolution.id"]
        ),
        CheckConstraint("surplus_satang > 0", name="surplus_positive"),
        CheckConstraint("first_day <= last_day", name="days_in_order"),
        CheckConstraint("retained_basis_points BETWEEN 0 AND 10000", name="retained_within"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    allocation_no: Mapped[str] = mapped_column(String(30), nullable=False)
    fiscal_year: Mapped[int] = mapped_column(Integer, nullable=False)
    """The Buddhist-era year in which the fiscal year ends."""
    first_day: Mapped[date] = mapped_column(Date, nullable=False)
    last_day: Mapped[date] = mapped_column(Date, nullable=False)
    surplus_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    retained_basis_points: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    """The part of each member's total that becomes share capital instead of cash."""
    resolution_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    rules: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)
    """The rule set as it was used: caps, class weights, eligibility (accounting.rules.surplus)."""
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    """SHA-256 of everything said here and in the lines."""
    prepared_by: Mapped[UUID | None] = mapped_column(Uuid)
    prepared_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)


class SurplusAllocationLine(Base):
    """One use of the surplus: an account of equity or a fund, or a pool shared among members."""

    __tablename__ = "surplus_allocation_line"
    __table_args__ = (
        one_of("use", ALLOCATION_USES),
        ForeignKeyConstraint(["centre_id", "allocation_id"], _ALLOCATION),
        ForeignKeyConstraint(["centre_id", "fund_id"], ["fund.centre_id", "fund.id"]),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    allocation_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    line_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    use: Mapped[str] = mapped_column(String(20), nullable=False)
    fund_id: Mapped[UUID | None] = mapped_column(Uuid)
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """For the pools of dividend and patronage: what is shared, caps already applied."""
    memo: Mapped[str] = mapped_column(Text, nullable=False, default="")


class SurplusApproval(Base):
    """One of two people's yes to an allocation with its run."""

    __tablename__ = "surplus_approval"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "allocation_id"], _ALLOCATION),
        UniqueConstraint("centre_id", "allocation_id", "approved_by"),
        CheckConstraint("place IN (1, 2)", name="two_places"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    allocation_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    place: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    approved_by: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    approved_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    """What was approved: SHA-256 over the allocation's digest and the run's result."""


class SurplusOutcome(Base):
    """What became of an allocation: withdrawn before posting, posted, or reversed as a whole."""

    __tablename__ = "surplus_outcome"
    __table_args__ = (
        one_of("kind", ("withdrawn", "posted", "reversed")),
        ForeignKeyConstraint(["centre_id", "allocation_id"], _ALLOCATION),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    allocation_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    reason: Mapped[str] = mapped_column(Text, nullable=False, default="")
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)


class MemberRun(Base):
    """The measuring of an allocation: a frozen snapshot of every member, and each one's part."""

    __tablename__ = "member_run"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "allocation_id"], _ALLOCATION),
        UniqueConstraint("centre_id", "allocation_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    allocation_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    members: Mapped[int] = mapped_column(Integer, nullable=False)
    input_hash: Mapped[str] = mapped_column(String(64), nullable=False)
    """SHA-256 of the snapshot: standing, share movements, purchases and deliveries counted."""
    result_hash: Mapped[str] = mapped_column(String(64), nullable=False)
    """SHA-256 of the items in the order of their members' numbers."""
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)
    """Sums, rates as fractions, class weights, and the late documents that count in this year."""
    prepared_by: Mapped[UUID | None] = mapped_column(Uuid)
    prepared_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)


class MemberRunItem(Base):
    """One member's part: the weights that made it, and how it is divided. Money in satang.

    dividend + patronage = cash_dividend + cash_patronage + retained, per member.
    """

    __tablename__ = "member_run_item"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "run_id"], ["member_run.centre_id", "member_run.id"]),
        ForeignKeyConstraint(["centre_id", "member_id"], ["member.centre_id", "member.id"]),
        CheckConstraint(
            "dividend_satang + purchase_refund_satang + delivery_refund_satang"
            " = cash_dividend_satang + cash_patronage_satang + retained_satang",
            name="adds_up",
        ),
        CheckConstraint(
            "share_days >= 0 AND purchase_weight >= 0 AND delivery_weight >= 0"
            " AND dividend_satang >= 0 AND purchase_refund_satang >= 0"
            " AND delivery_refund_satang >= 0 AND cash_dividend_satang >= 0"
            " AND cash_patronage_satang >= 0 AND retained_satang >= 0",
            name="natural",
        ),
        Index("ix_member_run_item_member", "centre_id", "member_id"),
        Index("ix_member_run_item_no", "centre_id", "run_id", "member_no"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    run_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    member_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    eligible: Mapped[bool] = mapped_column(Boolean, nullable=False)
    why: Mapped[str] = mapped_column(String(40), nullable=False, default="")
    """Why the member takes no part, by the key of the rule; empty for those who do."""
    share_days: Mapped[int] = mapped_column(BigInteger, nullable=False)
    """Satang-days of paid-up shares in the year."""
    purchase_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    delivery_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """Net purchases and deliveries counted, unweighted."""
    purchase_weight: Mapped[int] = mapped_column(BigInteger, nullable=False)
    delivery_weight: Mapped[int] = mapped_column(BigInteger, nullable=False)
    """Σ satang × the weight of the product's class, in basis points."""
    dividend_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    purchase_refund_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    delivery_refund_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    cash_dividend_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    cash_patronage_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    retained_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    member_no: Mapped[str] = mapped_column(
        String(20), nullable=False, default="", server_default=text("''")
    )
    """The member's number when the run was made: the order of the list, and of ties."""
    detail: Mapped[dict[str, Any]] = mapped_column(
        JSON, nullable=False, default=dict, server_default=text("'{}'")
    )
    """The member's snapshot: standing, share movements, satang by product group."""
