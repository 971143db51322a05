"""Unsold goods, and disputes over a grade"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "waste", sa.Column("kind", sa.String(length=12), nullable=False, server_default="loss")
    )
    op.add_column("waste", sa.Column("rule_bearer", sa.String(length=10), nullable=True))
    op.add_column(
        "waste", sa.Column("override_reason", sa.Text(), nullable=False, server_default="")
    )
    op.create_table(
        "goods_rule",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("category", sa.String(length=60), nullable=False),
        sa.Column("centre_bears_days", sa.Integer(), nullable=True),
        sa.Column("consignment_days", sa.Integer(), nullable=False),
        sa.Column("near_expiry_days", sa.Integer(), nullable=False),
        sa.Column("weight_loss_basis_points", sa.Integer(), nullable=False),
        sa.Column("markdown_steps", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "centre_bears_days BETWEEN 0 AND 3650",
            name=op.f("ck_goods_rule_centre_bears_days_sane"),
        ),
        sa.CheckConstraint(
            "consignment_days BETWEEN 0 AND 3650", name=op.f("ck_goods_rule_consignment_days_sane")
        ),
        sa.CheckConstraint(
            "near_expiry_days BETWEEN 0 AND 365", name=op.f("ck_goods_rule_near_expiry_days_sane")
        ),
        sa.CheckConstraint(
            "weight_loss_basis_points BETWEEN 0 AND 10000",
            name=op.f("ck_goods_rule_weight_loss_part"),
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_goods_rule_centre_id")),
        sa.PrimaryKeyConstraint("centre_id", "category", name=op.f("pk_goods_rule")),
    )
    op.create_table(
        "donation",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("donation_no", sa.String(length=30), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column(
            "quantity_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("recipient", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("bearer", sa.String(length=10), nullable=False),
        sa.Column("fund_id", sa.Uuid(), nullable=True),
        sa.Column(
            "charge_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("recorded_at", core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "(bearer = 'fund') = (fund_id IS NOT NULL)", name=op.f("ck_donation_fund_named")
        ),
        sa.CheckConstraint(
            "bearer IN ('centre', 'producer', 'fund')", name=op.f("ck_donation_bearer_known")
        ),
        sa.CheckConstraint("charge_satang >= 0", name=op.f("ck_donation_charge_natural")),
        sa.CheckConstraint("quantity_milli > 0", name=op.f("ck_donation_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["centre_id", "fund_id"],
            ["fund.centre_id", "fund.id"],
            name=op.f("fk_donation_centre_id_fund_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "location_id"],
            ["location.centre_id", "location.id"],
            name=op.f("fk_donation_centre_id_location_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "lot_id"],
            ["lot.centre_id", "lot.id"],
            name=op.f("fk_donation_centre_id_lot_id"),
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_donation_centre_id")),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_donation")),
        sa.UniqueConstraint(
            "centre_id", "donation_no", name=op.f("uq_donation_centre_id_donation_no")
        ),
    )
    op.create_index("ix_donation_lot_id", "donation", ["centre_id", "lot_id"], unique=False)
    op.create_table(
        "lot_conversion",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversion_no", sa.String(length=30), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column(
            "quantity_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "unit_cost_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "cost_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("goods_receipt_id", sa.Uuid(), nullable=False),
        sa.Column("new_lot_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("recorded_at", core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.CheckConstraint("cost_satang > 0", name=op.f("ck_lot_conversion_cost_positive")),
        sa.CheckConstraint("quantity_milli > 0", name=op.f("ck_lot_conversion_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["centre_id", "goods_receipt_id"],
            ["goods_receipt.centre_id", "goods_receipt.id"],
            name=op.f("fk_lot_conversion_centre_id_goods_receipt_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "location_id"],
            ["location.centre_id", "location.id"],
            name=op.f("fk_lot_conversion_centre_id_location_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "lot_id"],
            ["lot.centre_id", "lot.id"],
            name=op.f("fk_lot_conversion_centre_id_lot_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "new_lot_id"],
            ["lot.centre_id", "lot.id"],
            name=op.f("fk_lot_conversion_centre_id_new_lot_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_lot_conversion_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_lot_conversion")),
        sa.UniqueConstraint(
            "centre_id", "conversion_no", name=op.f("uq_lot_conversion_centre_id_conversion_no")
        ),
        sa.UniqueConstraint(
            "centre_id",
            "goods_receipt_id",
            name=op.f("uq_lot_conversion_centre_id_goods_receipt_id"),
        ),
    )
    op.create_index(
        "ix_lot_conversion_lot_id", "lot_conversion", ["centre_id", "lot_id"], unique=False
    )
    op.create_table(
        "lot_event",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("event_no", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("grade_before", sa.String(length=20), nullable=False),
        sa.Column("grade_after", sa.String(length=20), nullable=False),
        sa.Column(
            "quantity_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("witness", sa.String(length=120), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("recorded_at", core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_name", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('held', 'regraded', 'released')", name=op.f("ck_lot_event_kind_known")
        ),
        sa.CheckConstraint("quantity_milli > 0", name=op.f("ck_lot_event_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["centre_id", "lot_id"],
            ["lot.centre_id", "lot.id"],
            name=op.f("fk_lot_event_centre_id_lot_id"),
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_lot_event_centre_id")),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_lot_event")),
        sa.UniqueConstraint(
            "centre_id", "lot_id", "event_no", name=op.f("uq_lot_event_centre_id_lot_id_event_no")
        ),
    )
    op.create_table(
        "producer_return",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("return_no", sa.String(length=30), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column(
            "quantity_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("recorded_at", core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.CheckConstraint("quantity_milli > 0", name=op.f("ck_producer_return_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["centre_id", "location_id"],
            ["location.centre_id", "location.id"],
            name=op.f("fk_producer_return_centre_id_location_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "lot_id"],
            ["lot.centre_id", "lot.id"],
            name=op.f("fk_producer_return_centre_id_lot_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_producer_return_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_producer_return")),
        sa.UniqueConstraint(
            "centre_id", "return_no", name=op.f("uq_producer_return_centre_id_return_no")
        ),
    )
    op.create_index(
        "ix_producer_return_lot_id", "producer_return", ["centre_id", "lot_id"], unique=False
    )
