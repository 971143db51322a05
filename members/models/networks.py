"""Tables of the federation in motion: who belongs to which network from when, and who is asked."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId, UtcDateTime, Uuid, one_of

INVITATION_KINDS = ("join", "found")
INVITATION_OUTCOMES = ("accepted", "declined", "withdrawn")


class CentreNetwork(Base):
    """From `joined_on` until the next row a centre belongs to a network; rows are only added."""

    __tablename__ = "centre_network"

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    joined_on: Mapped[date] = mapped_column(Date, primary_key=True)
    """The first row of a centre holds from the beginning of its books: 1 January 1900."""
    network_id: Mapped[int] = mapped_column(BigId, ForeignKey("network.id"), nullable=False)
    invitation_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("network_invitation.id"))
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("app_user.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)


class NetworkInvitation(Base):
    """A network asks a centre to join, or somebody to found one; only the code's hash is kept."""

    __tablename__ = "network_invitation"
    __table_args__ = (
        one_of("kind", INVITATION_KINDS),
        UniqueConstraint("code_hash"),
        CheckConstraint("kind = 'join' OR for_code = ''", name="found_is_for_nobody_yet"),
        Index("ix_network_invitation_network_id", "network_id"),
        Index("ix_network_invitation_for_code", "for_code"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    network_id: Mapped[int] = mapped_column(BigId, ForeignKey("network.id"), nullable=False)
    kind: Mapped[str] = mapped_column(String(10), nullable=False)
    for_code: Mapped[str] = mapped_column(String(20), nullable=False, default="")
    """The code of the centre that is asked; without one, of whichever holds the invitation's."""
    name_th: Mapped[str] = mapped_column(String(200), nullable=False, default="")
    """The name proposed for a centre to found."""
    joins_on: Mapped[date | None] = mapped_column(Date)
    """The day from which the centre belongs to the network; without one, that of its answer."""
    note: Mapped[str] = mapped_column(String(200), nullable=False, default="")
    code_hash: Mapped[str] = mapped_column(String(64), nullable=False)
    created_by: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("app_user.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)


class NetworkInvitationOutcome(Base):
    """The one answer to an invitation; without a row it waits, or its time is over."""

    __tablename__ = "network_invitation_outcome"
    __table_args__ = (
        one_of("outcome", INVITATION_OUTCOMES),
        CheckConstraint(
            "(outcome = 'withdrawn') = (answering_centre_id IS NULL)", name="centre_answers"
        ),
    )

    invitation_id: Mapped[UUID] = mapped_column(
        Uuid, ForeignKey("network_invitation.id"), primary_key=True
    )
    outcome: Mapped[str] = mapped_column(String(10), nullable=False)
    answering_centre_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("centre.id"))
    decided_by: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("app_user.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
