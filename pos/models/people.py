"""Who stands at a till: enrolled devices, tries at a PIN there, and what a manager let through."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId, Satang, UtcDateTime, Uuid, one_of

OVERRIDE_KINDS = (
    "discount-above-limit",
    "refund-above-limit",
    "credit-over-limit",
)


class TillDevice(Base):
    """A browser a manager made one till's own; its cookie holds the key, this row the SHA-256."""

    __tablename__ = "till_device"
    __table_args__ = (
        UniqueConstraint("centre_id", "token_hash"),
        ForeignKeyConstraint(["centre_id", "till_id"], ["till.centre_id", "till.id"]),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    till_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    name: Mapped[str] = mapped_column(String(80), nullable=False)
    token_hash: Mapped[str] = mapped_column(String(64), nullable=False)
    enrolled_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    enrolled_by: Mapped[UUID | None] = mapped_column(Uuid)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by: Mapped[UUID | None] = mapped_column(Uuid)


class PinTry(Base):
    """A PIN (or password) tried at a device; five wrong ones in a row shut it to that PIN."""

    __tablename__ = "pin_try"
    __table_args__ = (
        ForeignKeyConstraint(
            ["centre_id", "device_id"], ["till_device.centre_id", "till_device.id"]
        ),
        Index("ix_pin_try_person", "centre_id", "device_id", "user_id", "id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    device_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    user_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("app_user.id"), nullable=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    succeeded: Mapped[bool] = mapped_column(Boolean, nullable=False)


class ManagerOverride(Base):
    """A manager's word for one document of the counter that goes beyond a limit, with the reason.

    `asked_satang` is the most it lets through: the same document with more needs another.
    """

    __tablename__ = "manager_override"
    __table_args__ = (
        one_of("kind", OVERRIDE_KINDS),
        CheckConstraint("length(reason) > 0", name="with_reason"),
        CheckConstraint("asked_satang >= 0", name="asked_natural"),
        CheckConstraint("expires_at > at", name="expires_later"),
        ForeignKeyConstraint(["centre_id", "till_id"], ["till.centre_id", "till.id"]),
        Index("ix_manager_override_document", "centre_id", "document_id", "kind"),
        Index("ix_manager_override_at", "centre_id", "at", "id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[str] = mapped_column(String(30), nullable=False)
    document_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    """The sale or refund, as the till named it before it was recorded."""
    till_id: Mapped[UUID | None] = mapped_column(Uuid)
    reason: Mapped[str] = mapped_column(Text, nullable=False)
    asked_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    limit_satang: Mapped[int | None] = mapped_column(Satang)
    """The limit as it stood, where there is one in money."""
    asked_by: Mapped[UUID | None] = mapped_column(Uuid)
    asked_name: Mapped[str] = mapped_column(String(120), nullable=False)
    granted_by: Mapped[UUID | None] = mapped_column(Uuid)
    granted_name: Mapped[str] = mapped_column(String(120), nullable=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)
    """What the document was when it was asked about (member, sum …), for whoever reads the list."""
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
