"""The share register: every change of a member's paid-up shares as a numbered document.

Rows are only ever added. A transaction's movements are inserted first and its header last: the
header's insert makes it count, and a trigger refuses it unless the movements are what it says and
nobody's shares fall below zero on any day. So a transaction that exists is whole.
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

SHARE_KINDS = (
    "buy",
    "instalment",
    "transfer",
    "withdraw",
    "inherit",
    "credited",
    "opening",
    "reversal",
)
SHARE_PLACES = ("safe", "bank", "till", "purse", "none")
CERTIFICATE_ENDS = ("replaced", "lost", "given_back")
_TRANSACTION = ("share_transaction.centre_id", "share_transaction.id")
_MEMBER = ("member.centre_id", "member.id")
_RESOLUTION = ("resolution.centre_id", "resolution.id")


class ShareTransaction(Base):
    """A document of the share register: what happened, on which day, and where its money lay."""

    __tablename__ = "share_transaction"
    __table_args__ = (
        one_of("kind", SHARE_KINDS),
        one_of("place", SHARE_PLACES),
        UniqueConstraint("centre_id", "transaction_no"),
        UniqueConstraint("centre_id", "id", "effective_on"),
        UniqueConstraint("centre_id", "reverses_id"),
        ForeignKeyConstraint(["centre_id", "member_id"], _MEMBER),
        ForeignKeyConstraint(["centre_id", "to_member_id"], _MEMBER),
        ForeignKeyConstraint(["centre_id", "till_id"], ["till.centre_id", "till.id"]),
        ForeignKeyConstraint(["centre_id", "reverses_id"], _TRANSACTION),
        ForeignKeyConstraint(
            ["centre_id", "subscription_id"],
            ["share_subscription.centre_id", "share_subscription.id"],
        ),
        ForeignKeyConstraint(["centre_id", "resolution_id"], _RESOLUTION),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        CheckConstraint("movements > 0", name="movements_positive"),
        CheckConstraint("effective_on <= recorded_on", name="not_ahead"),
        CheckConstraint("(place = 'till') = (till_id IS NOT NULL)", name="till_named"),
        CheckConstraint("(place = 'till') = (shift_id IS NOT NULL)", name="shift_named"),
        CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name="reverses_named"),
        CheckConstraint("(kind = 'instalment') = (subscription_id IS NOT NULL)", name="plan_named"),
        Index("ix_share_transaction_member", "centre_id", "member_id"),
        Index("ix_share_transaction_source", "centre_id", "source_type", "source_id"),
        Index("ix_share_transaction_subscription", "centre_id", "subscription_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    transaction_no: Mapped[str] = mapped_column(String(30), nullable=False)
    kind: Mapped[str] = mapped_column(String(12), nullable=False)
    effective_on: Mapped[date] = mapped_column(Date, nullable=False)
    """The first day on which it counts: shares bought count from it, given back no longer on it."""
    recorded_on: Mapped[date] = mapped_column(Date, nullable=False)
    """The business day on which it was entered."""
    member_id: Mapped[UUID | None] = mapped_column(Uuid)
    """Whose shares; none where one document is about many (credited, opening)."""
    to_member_id: Mapped[UUID | None] = mapped_column(Uuid)
    """Who takes them over, of a transfer or an inheritance kept as shares."""
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """What was paid in or out or passed on; of many members, the sum."""
    movements: Mapped[int] = mapped_column(Integer, nullable=False)
    place: Mapped[str] = mapped_column(String(8), nullable=False)
    """Where the money came from or went: safe, bank, till, the member's purse, or none moved."""
    till_id: Mapped[UUID | None] = mapped_column(Uuid)
    shift_id: Mapped[UUID | None] = mapped_column(Uuid)
    subscription_id: Mapped[UUID | None] = mapped_column(Uuid)
    source_type: Mapped[str] = mapped_column(String(30), nullable=False)
    source_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    """The document whose entry posted it: itself, or the one that credited the shares."""
    reverses_id: Mapped[UUID | None] = mapped_column(Uuid)
    resolution_id: Mapped[UUID | None] = mapped_column(Uuid)
    note: Mapped[str] = mapped_column(Text, nullable=False, default="")
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)
    """The command as it came, to tell a repetition from another content under its id."""


class ShareMovement(Base):
    """What a transaction did to one member's paid-up shares, in satang; never nothing."""

    __tablename__ = "share_movement"
    __table_args__ = (
        ForeignKeyConstraint(
            ["centre_id", "transaction_id", "effective_on"],
            [*_TRANSACTION, "share_transaction.effective_on"],
            name="fk_share_movement_transaction",
            deferrable=True,
            initially="DEFERRED",
        ),
        ForeignKeyConstraint(["centre_id", "member_id"], _MEMBER),
        CheckConstraint("delta_satang <> 0", name="moves"),
        Index(
            "ix_share_movement_member",
            "centre_id",
            "member_id",
            "effective_on",
            postgresql_include=["delta_satang"],
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    transaction_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    member_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    effective_on: Mapped[date] = mapped_column(Date, nullable=False)
    """The transaction's own day again, so that a member's shares are read from one index."""
    delta_satang: Mapped[int] = mapped_column(Satang, nullable=False)


class ShareSubscription(Base):
    """Shares a member signed for and pays by and by; nothing is posted until money comes."""

    __tablename__ = "share_subscription"
    __table_args__ = (
        UniqueConstraint("centre_id", "subscription_no"),
        ForeignKeyConstraint(["centre_id", "member_id"], _MEMBER),
        CheckConstraint("shares > 0", name="shares_positive"),
        CheckConstraint("par_satang > 0", name="par_positive"),
        Index("ix_share_subscription_member", "centre_id", "member_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    subscription_no: Mapped[str] = mapped_column(String(30), nullable=False)
    member_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    shares: Mapped[int] = mapped_column(Integer, nullable=False)
    par_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    subscribed_on: Mapped[date] = mapped_column(Date, nullable=False)
    note: Mapped[str] = mapped_column(Text, nullable=False, default="")
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)


class ShareSubscriptionEnd(Base):
    """A subscription given up before it was paid in full; what was paid stays paid."""

    __tablename__ = "share_subscription_end"
    __table_args__ = (
        ForeignKeyConstraint(
            ["centre_id", "subscription_id"],
            ["share_subscription.centre_id", "share_subscription.id"],
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    subscription_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    reason: Mapped[str] = mapped_column(Text, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)


class ShareRule(Base):
    """The centre's rules for shares from a day on; the latest entered for a day counts."""

    __tablename__ = "share_rule"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "resolution_id"], _RESOLUTION),
        CheckConstraint("par_satang > 0", name="par_positive"),
        CheckConstraint("least_shares >= 1", name="least_positive"),
        CheckConstraint("most_shares IS NULL OR most_shares >= least_shares", name="most_enough"),
        CheckConstraint(
            "largest_part_basis_points IS NULL OR largest_part_basis_points BETWEEN 1 AND 10000",
            name="part_within",
        ),
        Index("ix_share_rule_valid_from", "centre_id", "valid_from"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    valid_from: Mapped[date] = mapped_column(Date, nullable=False)
    par_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    least_shares: Mapped[int] = mapped_column(Integer, nullable=False)
    most_shares: Mapped[int | None] = mapped_column(Integer)
    largest_part_basis_points: Mapped[int | None] = mapped_column(Integer)
    """The largest part of all paid-up shares that one member may hold; none: no such cap."""
    transfer_needs_approval: Mapped[bool] = mapped_column(Boolean, nullable=False)
    withdraw_while_member: Mapped[bool] = mapped_column(Boolean, nullable=False)
    resolution_id: Mapped[UUID | None] = mapped_column(Uuid)
    note: Mapped[str] = mapped_column(Text, nullable=False, default="")
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)


class ShareNomination(Base):
    """Whom a member names to have the shares after death; the latest counts. Heirs come first."""

    __tablename__ = "share_nomination"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "member_id"], _MEMBER),
        CheckConstraint("heirs >= 0", name="heirs_counted"),
        Index("ix_share_nomination_member", "centre_id", "member_id", "nominated_on"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    member_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    nominated_on: Mapped[date] = mapped_column(Date, nullable=False)
    heirs: Mapped[int] = mapped_column(Integer, nullable=False)
    """How many; none takes an earlier nomination back."""
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)


class ShareHeir(Base):
    """One of the nominated, with the part of the shares in basis points."""

    __tablename__ = "share_heir"
    __table_args__ = (
        ForeignKeyConstraint(
            ["centre_id", "nomination_id"],
            ["share_nomination.centre_id", "share_nomination.id"],
            deferrable=True,
            initially="DEFERRED",
        ),
        CheckConstraint("part_basis_points BETWEEN 1 AND 10000", name="part_within"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    nomination_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    line_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(120), nullable=False)
    relationship: Mapped[str] = mapped_column(String(60), nullable=False)
    part_basis_points: Mapped[int] = mapped_column(Integer, nullable=False)


class ShareCertificate(Base):
    """A certificate given out for whole shares a member holds."""

    __tablename__ = "share_certificate"
    __table_args__ = (
        UniqueConstraint("centre_id", "certificate_no"),
        UniqueConstraint("centre_id", "replaces_id"),
        ForeignKeyConstraint(["centre_id", "member_id"], _MEMBER),
        ForeignKeyConstraint(
            ["centre_id", "replaces_id"], ["share_certificate.centre_id", "share_certificate.id"]
        ),
        CheckConstraint("shares > 0", name="shares_positive"),
        CheckConstraint("par_satang > 0", name="par_positive"),
        Index("ix_share_certificate_member", "centre_id", "member_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    certificate_no: Mapped[str] = mapped_column(String(30), nullable=False)
    member_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    shares: Mapped[int] = mapped_column(Integer, nullable=False)
    par_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    issued_on: Mapped[date] = mapped_column(Date, nullable=False)
    replaces_id: Mapped[UUID | None] = mapped_column(Uuid)
    issued_by: Mapped[UUID | None] = mapped_column(Uuid)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)


class ShareCertificateEnd(Base):
    """A certificate that no longer counts: replaced, lost, or its shares given back."""

    __tablename__ = "share_certificate_end"
    __table_args__ = (
        one_of("kind", CERTIFICATE_ENDS),
        ForeignKeyConstraint(
            ["centre_id", "certificate_id"],
            ["share_certificate.centre_id", "share_certificate.id"],
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    certificate_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), nullable=False)
    note: Mapped[str] = mapped_column(Text, nullable=False, default="")
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)


class ShareCertificatePrint(Base):
    """A time a certificate was put on paper; from the second on it says that it is a copy."""

    __tablename__ = "share_certificate_print"
    __table_args__ = (
        ForeignKeyConstraint(
            ["centre_id", "certificate_id"],
            ["share_certificate.centre_id", "share_certificate.id"],
        ),
        CheckConstraint("print_no > 0", name="print_no_positive"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    certificate_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    print_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    printed_by: Mapped[UUID | None] = mapped_column(Uuid)
    printed_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
