"""Tables of paying members their dividend and patronage refund.

What must stay true: every satang that leaves a member's item is a move of `member_item_move`, and
an item's moves never come below nothing nor above the item. Rows are only ever added, but for a
batch line's state (waiting at the bank, then paid or failed) and a member's own choice.
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
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId, Satang, UtcDateTime, Uuid, one_of

WAYS = ("cash", "promptpay", "transfer", "shares", "purse")
"""How a member is paid: money over the counter, by the bank, or credited."""
PLACES = ("till", "safe", "bank", "shares", "purse")
RECIPIENTS = ("member", "proxy", "heir")
MOVE_SOURCES = (
    "member_payment",
    "member_payment_reversal",
    "unclaimed_taking",
    "unclaimed_reversal",
)
BATCH_STATES = ("waiting", "paid", "failed")
_MEMBER = ("member.centre_id", "member.id")
_ITEM = ("member_run_item.centre_id", "member_run_item.run_id", "member_run_item.member_id")


def _parts() -> CheckConstraint:
    return CheckConstraint(
        "dividend_satang >= 0 AND patronage_satang >= 0 AND dividend_satang + patronage_satang > 0",
        name="parts_natural",
    )


class MemberPayChoice(Base):
    """How a member wants to be paid, and where the bank reaches them; staff record it."""

    __tablename__ = "member_pay_choice"
    __table_args__ = (
        one_of("way", WAYS),
        ForeignKeyConstraint(["centre_id", "member_id"], _MEMBER),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    member_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    way: Mapped[str] = mapped_column(String(10), nullable=False)
    promptpay_id: Mapped[str] = mapped_column(String(20), nullable=False, default="")
    bank_code: Mapped[str] = mapped_column(String(3), nullable=False, default="")
    bank_account: Mapped[str] = mapped_column(String(20), nullable=False, default="")
    bank_account_name: Mapped[str] = mapped_column(String(120), nullable=False, default="")
    changed_by: Mapped[UUID | None] = mapped_column(Uuid)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    version: Mapped[int] = mapped_column(Integer, nullable=False)


class MemberPayment(Base):
    """One payment of a member's open items: share of profit and patronage refund kept apart."""

    __tablename__ = "member_payment"
    __table_args__ = (
        one_of("way", WAYS),
        one_of("paid_from", PLACES),
        one_of("recipient_kind", RECIPIENTS),
        UniqueConstraint("centre_id", "payment_no"),
        ForeignKeyConstraint(["centre_id", "member_id"], _MEMBER),
        _parts(),
        CheckConstraint("(paid_from = 'till') = (shift_id IS NOT NULL)", name="drawer_named"),
        CheckConstraint(
            "(recipient_kind = 'member') = (length(recipient_name) = 0)", name="recipient_named"
        ),
        Index("ix_member_payment_member", "centre_id", "member_id"),
        Index("ix_member_payment_shift", "centre_id", "shift_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    payment_no: Mapped[str] = mapped_column(String(30), nullable=False)
    member_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    """Who is paid; of memberships merged into one, the one that stands for both."""
    way: Mapped[str] = mapped_column(String(10), nullable=False)
    paid_from: Mapped[str] = mapped_column(String(10), nullable=False)
    till_id: Mapped[UUID | None] = mapped_column(Uuid)
    shift_id: Mapped[UUID | None] = mapped_column(Uuid)
    dividend_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    patronage_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    recipient_kind: Mapped[str] = mapped_column(String(10), nullable=False)
    recipient_name: Mapped[str] = mapped_column(String(160), nullable=False, default="")
    recipient_relation: Mapped[str] = mapped_column(String(80), nullable=False, default="")
    reference: Mapped[str] = mapped_column(String(60), nullable=False, default="")
    note: Mapped[str] = mapped_column(Text, nullable=False, default="")
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)


class MemberPaymentReversal(Base):
    """A payment taken back, with the reason: what it paid is due again."""

    __tablename__ = "member_payment_reversal"
    __table_args__ = (
        one_of("paid_into", PLACES),
        ForeignKeyConstraint(
            ["centre_id", "payment_id"], ["member_payment.centre_id", "member_payment.id"]
        ),
        CheckConstraint("(paid_into = 'till') = (shift_id IS NOT NULL)", name="drawer_named"),
        CheckConstraint("length(reason) > 0", name="with_reason"),
        Index("ix_member_payment_reversal_shift", "centre_id", "shift_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    payment_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    reason: Mapped[str] = mapped_column(Text, nullable=False)
    paid_into: Mapped[str] = mapped_column(String(10), nullable=False)
    till_id: Mapped[UUID | None] = mapped_column(Uuid)
    shift_id: Mapped[UUID | None] = mapped_column(Uuid)
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)


class MemberItemMove(Base):
    """What one document took off a member's item, or (below zero) gave back to it."""

    __tablename__ = "member_item_move"
    __table_args__ = (
        one_of("source_type", MOVE_SOURCES),
        ForeignKeyConstraint(["centre_id", "run_id", "member_id"], _ITEM),
        CheckConstraint("dividend_satang <> 0 OR patronage_satang <> 0", name="something"),
        CheckConstraint(
            "CASE WHEN source_type IN ('member_payment', 'unclaimed_taking')"
            " THEN dividend_satang >= 0 AND patronage_satang >= 0"
            " ELSE dividend_satang <= 0 AND patronage_satang <= 0 END",
            name="sign_of_source",
        ),
        Index("ix_member_item_move_item", "centre_id", "run_id", "member_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    source_type: Mapped[str] = mapped_column(String(24), primary_key=True)
    source_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    """The payment or the taking, also for what takes it back: so it is taken back once."""
    run_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    member_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    dividend_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    patronage_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    business_date: Mapped[date] = mapped_column(Date, nullable=False)


class MemberBatch(Base):
    """A file for the bank: many members paid at once, frozen as it was handed over."""

    __tablename__ = "member_batch"
    __table_args__ = (
        one_of("way", ("promptpay", "transfer")),
        UniqueConstraint("centre_id", "batch_no"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    batch_no: Mapped[str] = mapped_column(String(30), nullable=False)
    way: Mapped[str] = mapped_column(String(10), nullable=False)
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    file_content: Mapped[str] = mapped_column(Text, nullable=False)
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)


class MemberBatchLine(Base):
    """One member in a batch. While it waits, the member is paid by nothing else."""

    __tablename__ = "member_batch_line"
    __table_args__ = (
        one_of("state", BATCH_STATES),
        _parts(),
        ForeignKeyConstraint(
            ["centre_id", "batch_id"], ["member_batch.centre_id", "member_batch.id"]
        ),
        ForeignKeyConstraint(["centre_id", "member_id"], _MEMBER),
        UniqueConstraint("centre_id", "payment_id"),
        Index(
            "uq_member_batch_line_waiting",
            "centre_id",
            "member_id",
            unique=True,
            postgresql_where=text("state = 'waiting'"),
            sqlite_where=text("state = 'waiting'"),
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    batch_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    line_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    member_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    dividend_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    patronage_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    account: Mapped[str] = mapped_column(String(60), nullable=False)
    """The PromptPay id or bank account as it went into the file."""
    account_name: Mapped[str] = mapped_column(String(160), nullable=False)
    items: Mapped[list[Any]] = mapped_column(JSON, nullable=False)
    """What it pays: [run, member, dividend, patronage] each."""
    payment_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    """The payment this line becomes once the bank has paid it."""
    state: Mapped[str] = mapped_column(String(10), nullable=False, default="waiting")
    reference: Mapped[str] = mapped_column(String(60), nullable=False, default="")
    """The bank's reference when paid, why not when failed."""


class UnclaimedRule(Base):
    """After how many years what nobody fetched goes to reserve, from a day on, by resolution."""

    __tablename__ = "unclaimed_rule"
    __table_args__ = (
        UniqueConstraint("centre_id", "valid_from"),
        ForeignKeyConstraint(
            ["centre_id", "resolution_id"], ["resolution.centre_id", "resolution.id"]
        ),
        CheckConstraint("years BETWEEN 1 AND 50", name="years_within"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    valid_from: Mapped[date] = mapped_column(Date, nullable=False)
    years: Mapped[int] = mapped_column(Integer, nullable=False)
    resolution_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)


class UnclaimedTaking(Base):
    """A list of items nobody fetched in time, prepared to go to reserve."""

    __tablename__ = "unclaimed_taking"
    __table_args__ = (UniqueConstraint("centre_id", "taking_no"), _parts())

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    taking_no: Mapped[str] = mapped_column(String(30), nullable=False)
    prepared_on: Mapped[date] = mapped_column(Date, nullable=False)
    dividend_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    patronage_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    prepared_by: Mapped[UUID | None] = mapped_column(Uuid)
    prepared_name: Mapped[str] = mapped_column(String(120), nullable=False)
    prepared_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)


class UnclaimedLine(Base):
    """One member's item on such a list, as it stood when the list was made."""

    __tablename__ = "unclaimed_line"
    __table_args__ = (
        ForeignKeyConstraint(
            ["centre_id", "taking_id"], ["unclaimed_taking.centre_id", "unclaimed_taking.id"]
        ),
        ForeignKeyConstraint(["centre_id", "run_id", "member_id"], _ITEM),
        _parts(),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    taking_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    run_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    member_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    due_since: Mapped[date] = mapped_column(Date, nullable=False)
    dividend_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    patronage_satang: Mapped[int] = mapped_column(Satang, nullable=False)


class UnclaimedOutcome(Base):
    """What became of such a list: withdrawn, or approved by a second person; then reversed."""

    __tablename__ = "unclaimed_outcome"
    __table_args__ = (
        one_of("kind", ("withdrawn", "approved", "reversed")),
        ForeignKeyConstraint(
            ["centre_id", "taking_id"], ["unclaimed_taking.centre_id", "unclaimed_taking.id"]
        ),
        CheckConstraint("kind <> 'reversed' OR length(reason) > 0", name="reversed_with_reason"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    taking_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    reason: Mapped[str] = mapped_column(Text, nullable=False, default="")
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
