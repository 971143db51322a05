"""The figures of each day, kept by the worker"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _days_find_their_documents()
    op.create_table(
        "day_figure",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("span", sa.String(length=5), nullable=False),
        sa.Column("dimension", sa.String(length=10), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("sales", sa.Integer(), nullable=False),
        sa.Column(
            "quantity_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "gross_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "discount_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "taken_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("refunds", sa.Integer(), nullable=False),
        sa.Column(
            "back_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "back_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "tax_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "producer_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "cost_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("member_sales", sa.Integer(), nullable=False),
        sa.Column(
            "member_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.CheckConstraint(
            "dimension IN ('total', 'hour', 'tender', 'product', 'cashier', 'till')",
            name=op.f("ck_day_figure_dimension_known"),
        ),
        sa.CheckConstraint("span IN ('day', 'month')", name=op.f("ck_day_figure_span_known")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_day_figure_centre_id")),
        sa.PrimaryKeyConstraint(
            "centre_id", "span", "dimension", "day", "key", name=op.f("pk_day_figure")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_day_figure_key", "day_figure", ["centre_id", "dimension", "key", "day"], unique=False
    )
    op.create_table(
        "day_goods",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("span", sa.String(length=5), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("producer_id", sa.Uuid(), nullable=False),
        sa.Column("ownership", sa.String(length=10), nullable=False),
        sa.Column(
            "quantity_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "taken_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "producer_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "cost_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.CheckConstraint(
            "ownership IN ('own', 'consigned')", name=op.f("ck_day_goods_ownership_known")
        ),
        sa.CheckConstraint("span IN ('day', 'month')", name=op.f("ck_day_goods_span_known")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_day_goods_centre_id")),
        sa.PrimaryKeyConstraint(
            "centre_id",
            "span",
            "day",
            "product_id",
            "producer_id",
            "ownership",
            name=op.f("pk_day_goods"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_day_goods_producer", "day_goods", ["centre_id", "producer_id", "day"], unique=False
    )
    op.create_table(
        "day_roll",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("span", sa.String(length=5), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("rolled_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("span IN ('day', 'month')", name=op.f("ck_day_roll_span_known")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_day_roll_centre_id")),
        sa.PrimaryKeyConstraint("centre_id", "span", "day", name=op.f("pk_day_roll")),
    )
    op.create_table(
        "day_settings",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("report_on", sa.Boolean(), nullable=False),
        sa.Column("report_hour", sa.Integer(), nullable=False),
        sa.Column("report_next_day", sa.Boolean(), nullable=False),
        sa.Column("rate_weeks", sa.Integer(), nullable=False),
        sa.Column("lead_days", sa.Integer(), nullable=False),
        sa.Column("cover_days", sa.Integer(), nullable=False),
        sa.Column("expiring_days", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "lead_days BETWEEN 0 AND 180 AND cover_days BETWEEN 1 AND 365"
            " AND expiring_days BETWEEN 0 AND 365",
            name=op.f("ck_day_settings_days_sane"),
        ),
        sa.CheckConstraint("rate_weeks BETWEEN 1 AND 26", name=op.f("ck_day_settings_weeks_sane")),
        sa.CheckConstraint(
            "report_hour BETWEEN 0 AND 23", name=op.f("ck_day_settings_hour_of_a_day")
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_day_settings_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", name=op.f("pk_day_settings")),
    )


def _days_find_their_documents() -> None:
    """A day's refunds, shifts, flagged sales and copies are found without reading all there are."""
    by_day = ["centre_id", "business_date", "id"]
    op.create_index("ix_refund_business_date", "refund", by_day)
    op.create_index("ix_shift_business_date", "shift", by_day)
    _partly("ix_sale_flagged", "sale", by_day, "CAST(flags AS TEXT) <> '[]'")
    copies = ["centre_id", "printed_at", "sale_id"]
    _partly("ix_receipt_print_copies", "receipt_print", copies, "copy_no > 0")


def _partly(name: str, table: str, columns: list[str], where: str) -> None:
    there = sa.text(where)
    op.create_index(name, table, columns, postgresql_where=there, sqlite_where=there)
