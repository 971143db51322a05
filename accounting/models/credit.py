"""Tables of sale on account: what a member may owe, each bill, and what takes it off.

What must stay true: what is left of a bill is its amount less its moves, never below nothing nor
above the amount; rows are only ever added, but for the account's own terms, of which every change
is kept beside it.
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

CREDIT_STATES = ("active", "suspended", "closed")
CHARGE_SOURCES = ("sale", "scheme_settlement", "person_merge")
CREDIT_MOVE_SOURCES = (
    "credit_repayment",
    "credit_repayment_reversal",
    "refund",
    "credit_write_off",
    "person_merge",
)
REPAYMENT_PLACES = ("till", "safe", "awaited", "purse")
"""Where a repayment comes from: a drawer, the safe, a transfer the bank will show, the purse."""
_MEMBER = ("member.centre_id", "member.id")


class CreditAccount(Base):
    """How much a member may owe and for how long; the latest of its changes."""

    __tablename__ = "credit_account"
    __table_args__ = (
        one_of("state", CREDIT_STATES),
        CheckConstraint("limit_satang >= 0", name="limit_natural"),
        CheckConstraint("terms_days BETWEEN 0 AND 366", name="terms_within"),
        ForeignKeyConstraint(["centre_id", "member_id"], _MEMBER),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    member_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    state: Mapped[str] = mapped_column(String(10), nullable=False)
    limit_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    terms_days: Mapped[int] = mapped_column(Integer, nullable=False)
    opened_on: Mapped[date] = mapped_column(Date, nullable=False)
    version: Mapped[int] = mapped_column(Integer, nullable=False)


class CreditAccountChange(Base):
    """What an account was set to, by whom and why; version 1 opened it."""

    __tablename__ = "credit_account_change"
    __table_args__ = (
        one_of("state", CREDIT_STATES),
        CheckConstraint("length(reason) > 0", name="with_reason"),
        ForeignKeyConstraint(
            ["centre_id", "member_id"], ["credit_account.centre_id", "credit_account.member_id"]
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    member_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(10), nullable=False)
    limit_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    terms_days: Mapped[int] = mapped_column(Integer, nullable=False)
    reason: Mapped[str] = mapped_column(Text, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)


class CreditCharge(Base):
    """One bill a member owes; a sale's bill has the sale's id."""

    __tablename__ = "credit_charge"
    __table_args__ = (
        one_of("source_type", CHARGE_SOURCES),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        CheckConstraint(
            "from_purse_satang >= 0 AND from_purse_satang <= amount_satang", name="from_purse_part"
        ),
        ForeignKeyConstraint(["centre_id", "member_id"], _MEMBER),
        Index("ix_credit_charge_member", "centre_id", "member_id", "due_on"),
        Index("ix_credit_charge_source", "centre_id", "source_type", "source_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    member_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    source_type: Mapped[str] = mapped_column(String(24), nullable=False)
    source_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    from_purse_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """The part a late sale took from a purse that didn't hold it any more."""
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    due_on: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)


class CreditMove(Base):
    """What one document took off a bill, or (below zero) put back on it."""

    __tablename__ = "credit_move"
    __table_args__ = (
        one_of("source_type", CREDIT_MOVE_SOURCES),
        CheckConstraint("amount_satang <> 0", name="something"),
        CheckConstraint(
            "(source_type = 'credit_repayment_reversal') = (amount_satang < 0)",
            name="sign_of_source",
        ),
        ForeignKeyConstraint(
            ["centre_id", "charge_id"], ["credit_charge.centre_id", "credit_charge.id"]
        ),
        Index("ix_credit_move_charge", "centre_id", "charge_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    source_type: Mapped[str] = mapped_column(String(26), primary_key=True)
    source_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    charge_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    business_date: Mapped[date] = mapped_column(Date, nullable=False)


class CreditRepayment(Base):
    """A member pays what is owed: bills by their moves, older debts, and a rest for the purse."""

    __tablename__ = "credit_repayment"
    __table_args__ = (
        one_of("paid_into", REPAYMENT_PLACES),
        UniqueConstraint("centre_id", "repayment_no"),
        ForeignKeyConstraint(["centre_id", "member_id"], _MEMBER),
        CheckConstraint(
            "bills_satang >= 0 AND older_satang >= 0 AND purse_satang >= 0"
            " AND bills_satang + older_satang + purse_satang > 0",
            name="parts_natural",
        ),
        CheckConstraint("(paid_into = 'till') = (shift_id IS NOT NULL)", name="drawer_named"),
        Index("ix_credit_repayment_member", "centre_id", "member_id"),
        Index("ix_credit_repayment_shift", "centre_id", "shift_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    repayment_no: Mapped[str] = mapped_column(String(30), nullable=False)
    member_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    paid_into: Mapped[str] = mapped_column(String(10), nullable=False)
    till_id: Mapped[UUID | None] = mapped_column(Uuid)
    shift_id: Mapped[UUID | None] = mapped_column(Uuid)
    bills_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    older_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """What was owed before there were bills: by opening balances and vouchers."""
    purse_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    reference: Mapped[str] = mapped_column(String(60), nullable=False)
    note: Mapped[str] = mapped_column(Text, nullable=False)
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)


class CreditRepaymentReversal(Base):
    """A repayment taken back, with the reason: what it paid is owed again."""

    __tablename__ = "credit_repayment_reversal"
    __table_args__ = (
        ForeignKeyConstraint(
            ["centre_id", "repayment_id"], ["credit_repayment.centre_id", "credit_repayment.id"]
        ),
        CheckConstraint("length(reason) > 0", name="with_reason"),
        Index("ix_credit_repayment_reversal_shift", "centre_id", "shift_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    repayment_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    reason: Mapped[str] = mapped_column(Text, nullable=False)
    till_id: Mapped[UUID | None] = mapped_column(Uuid)
    shift_id: Mapped[UUID | None] = mapped_column(Uuid)
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)


class CreditWriteOff(Base):
    """Bills a person proposes to give up; nothing is posted before a second person agrees."""

    __tablename__ = "credit_write_off"
    __table_args__ = (
        UniqueConstraint("centre_id", "write_off_no"),
        ForeignKeyConstraint(["centre_id", "member_id"], _MEMBER),
        ForeignKeyConstraint(
            ["centre_id", "resolution_id"], ["resolution.centre_id", "resolution.id"]
        ),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        CheckConstraint("length(reason) > 0", name="with_reason"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    write_off_no: Mapped[str] = mapped_column(String(30), nullable=False)
    member_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    bills: Mapped[list[Any]] = mapped_column(JSON, nullable=False)
    """[bill, satang] each, as they were open when it was prepared."""
    reason: Mapped[str] = mapped_column(Text, nullable=False)
    resolution_id: Mapped[UUID | None] = mapped_column(Uuid)
    prepared_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    prepared_by: Mapped[UUID | None] = mapped_column(Uuid)
    prepared_name: Mapped[str] = mapped_column(String(120), nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)


class CreditWriteOffOutcome(Base):
    """What became of it: approved by a second person, or dropped."""

    __tablename__ = "credit_write_off_outcome"
    __table_args__ = (
        one_of("kind", ("approved", "dropped")),
        ForeignKeyConstraint(
            ["centre_id", "write_off_id"], ["credit_write_off.centre_id", "credit_write_off.id"]
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    write_off_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), nullable=False)
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)
