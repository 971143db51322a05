"""Tables of transfers: goods sent to another place of ours or to another centre, and their arrival.

A transfer belongs to the sender, its arrival to the receiver; each is written once. What did not
arrive is settled by the sender in a row of its own. Who and what came from the other centre is
remembered, so that a producer and a product are known there only once.
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

from core.db import Base, BigId, Milli, Satang, UtcDateTime, Uuid, one_of
from inventory.models.goods import BEARERS


class StockTransfer(Base):
    """Goods that left a location for another of ours, or for another centre (`to_centre_id`)."""

    __tablename__ = "stock_transfer"
    __table_args__ = (
        UniqueConstraint("centre_id", "transfer_no"),
        CheckConstraint("from_location_id <> to_location_id", name="goes_somewhere"),
        CheckConstraint("to_centre_id <> centre_id", name="other_centre"),
        ForeignKeyConstraint(
            ["centre_id", "from_location_id"], ["location.centre_id", "location.id"]
        ),
        ForeignKeyConstraint(
            ["centre_id", "to_location_id"], ["location.centre_id", "location.id"]
        ),
        Index("ix_stock_transfer_to_centre_id", "to_centre_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    transfer_no: Mapped[str] = mapped_column(String(30), nullable=False)
    from_location_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    to_location_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    """Of our own centre: the other place, or the place of goods on their way."""
    to_centre_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("centre.id"))
    cost_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """The book value of our own goods in it."""
    note: Mapped[str] = mapped_column(Text, nullable=False, default="")
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)


class StockTransferLine(Base):
    """A part of a lot that was sent, and the book value that went with it."""

    __tablename__ = "stock_transfer_line"
    __table_args__ = (
        UniqueConstraint("centre_id", "transfer_id", "lot_id"),
        CheckConstraint("quantity_milli > 0", name="quantity_positive"),
        ForeignKeyConstraint(
            ["centre_id", "transfer_id"], ["stock_transfer.centre_id", "stock_transfer.id"]
        ),
        ForeignKeyConstraint(["centre_id", "lot_id"], ["lot.centre_id", "lot.id"]),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    transfer_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    line_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    lot_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    quantity_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    cost_satang: Mapped[int] = mapped_column(Satang, nullable=False)


class TransferArrival(Base):
    """What arrived of another centre's transfer, as the receiver counted it; once."""

    __tablename__ = "transfer_arrival"
    __table_args__ = (
        UniqueConstraint("centre_id", "arrival_no"),
        UniqueConstraint("from_centre_id", "transfer_id"),
        CheckConstraint("from_centre_id <> centre_id", name="other_centre"),
        ForeignKeyConstraint(
            ["from_centre_id", "transfer_id"], ["stock_transfer.centre_id", "stock_transfer.id"]
        ),
        ForeignKeyConstraint(["centre_id", "location_id"], ["location.centre_id", "location.id"]),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    arrival_no: Mapped[str] = mapped_column(String(30), nullable=False)
    from_centre_id: Mapped[int] = mapped_column(BigId, nullable=False)
    transfer_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    location_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    cost_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    note: Mapped[str] = mapped_column(Text, nullable=False, default="")
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)


class TransferArrivalLine(Base):
    """What arrived of one line that was sent, and the lot it became here (none of nothing)."""

    __tablename__ = "transfer_arrival_line"
    __table_args__ = (
        CheckConstraint(
            "received_milli >= 0 AND received_milli <= sent_milli", name="no_more_than_sent"
        ),
        CheckConstraint("(received_milli = 0) = (lot_id IS NULL)", name="lot_of_something"),
        ForeignKeyConstraint(
            ["centre_id", "arrival_id"], ["transfer_arrival.centre_id", "transfer_arrival.id"]
        ),
        ForeignKeyConstraint(["centre_id", "lot_id"], ["lot.centre_id", "lot.id"]),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    arrival_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    line_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    """The sender's line."""
    lot_id: Mapped[UUID | None] = mapped_column(Uuid)
    sent_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    received_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    cost_satang: Mapped[int] = mapped_column(Satang, nullable=False)


class TransferDifference(Base):
    """How the sender settled what had not arrived: back on the shelf, or lost and who bears it."""

    __tablename__ = "transfer_difference"
    __table_args__ = (
        ForeignKeyConstraint(
            ["centre_id", "transfer_id"], ["stock_transfer.centre_id", "stock_transfer.id"]
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    transfer_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    reason: Mapped[str] = mapped_column(Text, nullable=False)
    cost_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """The book value taken out of transit."""
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)


class TransferDifferenceLine(Base):
    """What became of the missing part of one line."""

    __tablename__ = "transfer_difference_line"
    __table_args__ = (
        one_of("bearer", BEARERS),
        CheckConstraint("returned_milli >= 0 AND lost_milli >= 0", name="natural"),
        CheckConstraint("returned_milli + lost_milli > 0", name="something"),
        ForeignKeyConstraint(
            ["centre_id", "transfer_id"],
            ["transfer_difference.centre_id", "transfer_difference.transfer_id"],
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    transfer_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    line_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    returned_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    lost_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    bearer: Mapped[str] = mapped_column(String(10), nullable=False)
    charge_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """What the loss costs the centre: book value, or the producer's part."""


class ProducerOrigin(Base):
    """A producer of another centre whose goods arrived here, and who that is in our register."""

    __tablename__ = "producer_origin"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "producer_id"], ["producer.centre_id", "producer.id"]),
        ForeignKeyConstraint(
            ["from_centre_id", "from_producer_id"], ["producer.centre_id", "producer.id"]
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    from_centre_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    from_producer_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    producer_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)


class ProductOrigin(Base):
    """A product of another centre that arrived here, and what it is among our products."""

    __tablename__ = "product_origin"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "product_id"], ["product.centre_id", "product.id"]),
        ForeignKeyConstraint(
            ["from_centre_id", "from_product_id"], ["product.centre_id", "product.id"]
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    from_centre_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    from_product_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    product_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
