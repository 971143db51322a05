"""What each day came to, added up once it is over: never a source, always made from documents.

What must stay true: a row here is a sum over documents of that business day and can be thrown away
and made again; `day_roll` says of how many documents it is the sum, and they are only ever added.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId, Milli, Satang, UtcDateTime, Uuid, one_of
from pos.rules.day_figures import DIMENSIONS, SPANS

OWNERSHIPS = ("own", "consigned")


class DayFigure(Base):
    """The sums of a day, or of a whole month, for one key of one dimension."""

    __tablename__ = "day_figure"
    __table_args__ = (
        one_of("span", SPANS),
        one_of("dimension", DIMENSIONS),
        Index("ix_day_figure_key", "centre_id", "dimension", "key", "day"),
        {"sqlite_with_rowid": False},
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    span: Mapped[str] = mapped_column(String(5), primary_key=True)
    dimension: Mapped[str] = mapped_column(String(10), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    """The business day; of a month its first."""
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    """An id's 32 digits, an hour, a way of paying; nothing for the whole day."""
    sales: Mapped[int] = mapped_column(Integer, nullable=False)
    quantity_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    gross_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    discount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    taken_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """What customers paid, cash rounding included, before refunds."""
    refunds: Mapped[int] = mapped_column(Integer, nullable=False)
    back_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    back_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """What was given back to customers."""
    tax_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    producer_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """What reaches producers of consigned goods, refunds taken off."""
    cost_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """What own goods had cost, refunds taken off."""
    member_sales: Mapped[int] = mapped_column(Integer, nullable=False)
    member_satang: Mapped[int] = mapped_column(Satang, nullable=False)


class DayGoods(Base):
    """What a product of one producer brought on a day, or in a whole month; refunds taken off."""

    __tablename__ = "day_goods"
    __table_args__ = (
        one_of("span", SPANS),
        one_of("ownership", OWNERSHIPS),
        Index("ix_day_goods_producer", "centre_id", "producer_id", "day"),
        {"sqlite_with_rowid": False},
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    span: Mapped[str] = mapped_column(String(5), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    product_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    producer_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    ownership: Mapped[str] = mapped_column(String(10), primary_key=True)
    quantity_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    taken_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    producer_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    cost_satang: Mapped[int] = mapped_column(Satang, nullable=False)


class DayRoll(Base):
    """That a day was added up, and of how many documents; a month's row: that all its days are."""

    __tablename__ = "day_roll"
    __table_args__ = (one_of("span", SPANS),)

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    span: Mapped[str] = mapped_column(String(5), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    documents: Mapped[int] = mapped_column(Integer, nullable=False)
    """Sales and refunds there were."""
    late: Mapped[int] = mapped_column(Integer, nullable=False)
    """Those of them that came after their shift was counted."""
    counted: Mapped[bool] = mapped_column(Boolean, nullable=False)
    """Every shift of the day was counted: from then on only late ones can come."""
    rolled_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)


class DaySettings(Base):
    """When the day's report is made, and what the hints for ordering reckon with."""

    __tablename__ = "day_settings"
    __table_args__ = (
        CheckConstraint("report_hour BETWEEN 0 AND 23", name="hour_of_a_day"),
        CheckConstraint("rate_weeks BETWEEN 1 AND 26", name="weeks_sane"),
        CheckConstraint(
            "lead_days BETWEEN 0 AND 180 AND cover_days BETWEEN 1 AND 365"
            " AND expiring_days BETWEEN 0 AND 365",
            name="days_sane",
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    report_on: Mapped[bool] = mapped_column(Boolean, nullable=False)
    report_hour: Mapped[int] = mapped_column(Integer, nullable=False)
    report_next_day: Mapped[bool] = mapped_column(Boolean, nullable=False)
    """The report of yesterday in the morning; else that of today in the evening."""
    rate_weeks: Mapped[int] = mapped_column(Integer, nullable=False)
    lead_days: Mapped[int] = mapped_column(Integer, nullable=False)
    cover_days: Mapped[int] = mapped_column(Integer, nullable=False)
    expiring_days: Mapped[int] = mapped_column(Integer, nullable=False)
    version: Mapped[int] = mapped_column(Integer, nullable=False)
