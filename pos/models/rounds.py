"""The counter's part of joint buying rounds: by which sale an order was handed out."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId, Uuid


class JointRoundHandout(Base):
    """The sale by which an order's share was paid for and taken home; once an order."""

    __tablename__ = "joint_round_handout"
    __table_args__ = (
        UniqueConstraint("centre_id", "sale_id"),
        ForeignKeyConstraint(
            ["centre_id", "order_id"], ["joint_round_order.centre_id", "joint_round_order.id"]
        ),
        ForeignKeyConstraint(["centre_id", "sale_id"], ["sale.centre_id", "sale.id"]),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    order_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    sale_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
