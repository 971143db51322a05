"""Counts and transfers"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db
from migrations.rebuild import widen_check

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    widen_check(
        "location",
        "ck_location_kind_known",
        "kind IN ('shop', 'storage', 'producer', 'customer', 'waste')",
        "kind IN ('shop', 'storage', 'producer', 'customer', 'waste', 'transit')",
    )
    widen_check(
        "goods_receipt",
        "ck_goods_receipt_kind_known",
        "kind IN ('outright', 'consignment')",
        "kind IN ('outright', 'consignment', 'transfer')",
    )
    op.create_table(
        "product_origin",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "from_centre_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("from_product_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["centre_id", "product_id"],
            ["product.centre_id", "product.id"],
            name=op.f("fk_product_origin_centre_id_product_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_product_origin_centre_id")
        ),
        sa.ForeignKeyConstraint(
            ["from_centre_id", "from_product_id"],
            ["product.centre_id", "product.id"],
            name=op.f("fk_product_origin_from_centre_id_from_product_id"),
        ),
        sa.PrimaryKeyConstraint(
            "centre_id", "from_centre_id", "from_product_id", name=op.f("pk_product_origin")
        ),
    )
    op.create_table(
        "stock_transfer",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("transfer_no", sa.String(length=30), nullable=False),
        sa.Column("from_location_id", sa.Uuid(), nullable=False),
        sa.Column("to_location_id", sa.Uuid(), nullable=False),
        sa.Column(
            "to_centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "cost_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("recorded_at", core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_name", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "from_location_id <> to_location_id", name=op.f("ck_stock_transfer_goes_somewhere")
        ),
        sa.CheckConstraint(
            "to_centre_id <> centre_id", name=op.f("ck_stock_transfer_other_centre")
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "from_location_id"],
            ["location.centre_id", "location.id"],
            name=op.f("fk_stock_transfer_centre_id_from_location_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "to_location_id"],
            ["location.centre_id", "location.id"],
            name=op.f("fk_stock_transfer_centre_id_to_location_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_stock_transfer_centre_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_centre_id"], ["centre.id"], name=op.f("fk_stock_transfer_to_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_stock_transfer")),
        sa.UniqueConstraint(
            "centre_id", "transfer_no", name=op.f("uq_stock_transfer_centre_id_transfer_no")
        ),
    )
    op.create_index(
        "ix_stock_transfer_to_centre_id", "stock_transfer", ["to_centre_id"], unique=False
    )
    op.create_table(
        "transfer_arrival",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("arrival_no", sa.String(length=30), nullable=False),
        sa.Column(
            "from_centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("transfer_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column(
            "cost_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("recorded_at", core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_name", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "from_centre_id <> centre_id", name=op.f("ck_transfer_arrival_other_centre")
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "location_id"],
            ["location.centre_id", "location.id"],
            name=op.f("fk_transfer_arrival_centre_id_location_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_transfer_arrival_centre_id")
        ),
        sa.ForeignKeyConstraint(
            ["from_centre_id", "transfer_id"],
            ["stock_transfer.centre_id", "stock_transfer.id"],
            name=op.f("fk_transfer_arrival_from_centre_id_transfer_id"),
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_transfer_arrival")),
        sa.UniqueConstraint(
            "centre_id", "arrival_no", name=op.f("uq_transfer_arrival_centre_id_arrival_no")
        ),
        sa.UniqueConstraint(
            "from_centre_id",
            "transfer_id",
            name=op.f("uq_transfer_arrival_from_centre_id_transfer_id"),
        ),
    )
    op.create_table(
        "transfer_difference",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("transfer_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "cost_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("recorded_at", core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_name", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["centre_id", "transfer_id"],
            ["stock_transfer.centre_id", "stock_transfer.id"],
            name=op.f("fk_transfer_difference_centre_id_transfer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_transfer_difference_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "transfer_id", name=op.f("pk_transfer_difference")),
    )
    op.create_table(
        "count_sheet",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sheet_no", sa.String(length=30), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("producer_id", sa.Uuid(), nullable=True),
        sa.Column("printed_at", core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("printed_by", sa.Uuid(), nullable=True),
        sa.Column("printed_name", sa.String(length=120), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["centre_id", "location_id"],
            ["location.centre_id", "location.id"],
            name=op.f("fk_count_sheet_centre_id_location_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "producer_id"],
            ["producer.centre_id", "producer.id"],
            name=op.f("fk_count_sheet_centre_id_producer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_count_sheet_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_count_sheet")),
        sa.UniqueConstraint(
            "centre_id", "sheet_no", name=op.f("uq_count_sheet_centre_id_sheet_no")
        ),
    )
    op.create_table(
        "producer_origin",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "from_centre_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("from_producer_id", sa.Uuid(), nullable=False),
        sa.Column("producer_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["centre_id", "producer_id"],
            ["producer.centre_id", "producer.id"],
            name=op.f("fk_producer_origin_centre_id_producer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_producer_origin_centre_id")
        ),
        sa.ForeignKeyConstraint(
            ["from_centre_id", "from_producer_id"],
            ["producer.centre_id", "producer.id"],
            name=op.f("fk_producer_origin_from_centre_id_from_producer_id"),
        ),
        sa.PrimaryKeyConstraint(
            "centre_id", "from_centre_id", "from_producer_id", name=op.f("pk_producer_origin")
        ),
    )
    op.create_table(
        "transfer_difference_line",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("transfer_id", sa.Uuid(), nullable=False),
        sa.Column("line_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "returned_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "lost_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("bearer", sa.String(length=10), nullable=False),
        sa.Column(
            "charge_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.CheckConstraint(
            "bearer IN ('centre', 'producer')",
            name=op.f("ck_transfer_difference_line_bearer_known"),
        ),
        sa.CheckConstraint(
            "returned_milli + lost_milli > 0", name=op.f("ck_transfer_difference_line_something")
        ),
        sa.CheckConstraint(
            "returned_milli >= 0 AND lost_milli >= 0",
            name=op.f("ck_transfer_difference_line_natural"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "transfer_id"],
            ["transfer_difference.centre_id", "transfer_difference.transfer_id"],
            name=op.f("fk_transfer_difference_line_centre_id_transfer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_transfer_difference_line_centre_id")
        ),
        sa.PrimaryKeyConstraint(
            "centre_id", "transfer_id", "line_no", name=op.f("pk_transfer_difference_line")
        ),
    )
    op.create_table(
        "count_outcome",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("counted_by", sa.Uuid(), nullable=True),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("recorded_at", core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_name", sa.String(length=120), nullable=False),
        sa.Column("waiver", sa.Text(), nullable=False),
        sa.Column("producer_signed", sa.String(length=160), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "kind = 'cancelled' OR waiver <> '' OR (recorded_by IS NOT NULL"
            " AND counted_by IS NOT NULL AND recorded_by <> counted_by)",
            name=op.f("ck_count_outcome_two_people"),
        ),
        sa.CheckConstraint(
            "kind IN ('approved', 'cancelled')", name=op.f("ck_count_outcome_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "sheet_id"],
            ["count_sheet.centre_id", "count_sheet.id"],
            name=op.f("fk_count_outcome_centre_id_sheet_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_count_outcome_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "sheet_id", name=op.f("pk_count_outcome")),
    )
    op.create_table(
        "count_entry",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("round_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column(
            "counted_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("counted_at", core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("counted_by", sa.Uuid(), nullable=True),
        sa.Column("counted_name", sa.String(length=120), nullable=False),
        sa.CheckConstraint("counted_milli >= 0", name=op.f("ck_count_entry_counted_natural")),
        sa.CheckConstraint("round_no BETWEEN 1 AND 9", name=op.f("ck_count_entry_round_sane")),
        sa.ForeignKeyConstraint(
            ["centre_id", "lot_id"],
            ["lot.centre_id", "lot.id"],
            name=op.f("fk_count_entry_centre_id_lot_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "sheet_id"],
            ["count_sheet.centre_id", "count_sheet.id"],
            name=op.f("fk_count_entry_centre_id_sheet_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_count_entry_centre_id")
        ),
        sa.PrimaryKeyConstraint(
            "centre_id", "sheet_id", "round_no", "lot_id", name=op.f("pk_count_entry")
        ),
    )
    op.create_index("ix_count_entry_lot_id", "count_entry", ["centre_id", "lot_id"], unique=False)
    op.create_table(
        "count_sheet_line",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("line_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column(
            "expected_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "lot_id"],
            ["lot.centre_id", "lot.id"],
            name=op.f("fk_count_sheet_line_centre_id_lot_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "sheet_id"],
            ["count_sheet.centre_id", "count_sheet.id"],
            name=op.f("fk_count_sheet_line_centre_id_sheet_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_count_sheet_line_centre_id")
        ),
        sa.PrimaryKeyConstraint(
            "centre_id", "sheet_id", "line_no", name=op.f("pk_count_sheet_line")
        ),
        sa.UniqueConstraint(
            "centre_id",
            "sheet_id",
            "lot_id",
            name=op.f("uq_count_sheet_line_centre_id_sheet_id_lot_id"),
        ),
    )
    op.create_table(
        "stock_transfer_line",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("transfer_id", sa.Uuid(), nullable=False),
        sa.Column("line_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column(
            "quantity_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "cost_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.CheckConstraint(
            "quantity_milli > 0", name=op.f("ck_stock_transfer_line_quantity_positive")
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "lot_id"],
            ["lot.centre_id", "lot.id"],
            name=op.f("fk_stock_transfer_line_centre_id_lot_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "transfer_id"],
            ["stock_transfer.centre_id", "stock_transfer.id"],
            name=op.f("fk_stock_transfer_line_centre_id_transfer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_stock_transfer_line_centre_id")
        ),
        sa.PrimaryKeyConstraint(
            "centre_id", "transfer_id", "line_no", name=op.f("pk_stock_transfer_line")
        ),
        sa.UniqueConstraint(
            "centre_id",
            "transfer_id",
            "lot_id",
            name=op.f("uq_stock_transfer_line_centre_id_transfer_id_lot_id"),
        ),
    )
    op.create_table(
        "transfer_arrival_line",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("arrival_id", sa.Uuid(), nullable=False),
        sa.Column("line_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=True),
        sa.Column(
            "sent_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "received_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "cost_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.CheckConstraint(
            "(received_milli = 0) = (lot_id IS NULL)",
            name=op.f("ck_transfer_arrival_line_lot_of_something"),
        ),
        sa.CheckConstraint(
            "received_milli >= 0 AND received_milli <= sent_milli",
            name=op.f("ck_transfer_arrival_line_no_more_than_sent"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "arrival_id"],
            ["transfer_arrival.centre_id", "transfer_arrival.id"],
            name=op.f("fk_transfer_arrival_line_centre_id_arrival_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "lot_id"],
            ["lot.centre_id", "lot.id"],
            name=op.f("fk_transfer_arrival_line_centre_id_lot_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_transfer_arrival_line_centre_id")
        ),
        sa.PrimaryKeyConstraint(
            "centre_id", "arrival_id", "line_no", name=op.f("pk_transfer_arrival_line")
        ),
    )
