"""Joint buying rounds"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "joint_round",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_no", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("producer_id", sa.Uuid(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("margin_basis_points", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("purchase_order_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_name", sa.String(length=120), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_name", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "state IN ('collecting', 'ordered', 'shared', 'cancelled')",
            name=op.f("ck_joint_round_state_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('ordered', 'shared') OR purchase_order_id IS NOT NULL",
            name=op.f("ck_joint_round_ordered_by_order"),
        ),
        sa.CheckConstraint(
            "margin_basis_points BETWEEN 0 AND 5000", name=op.f("ck_joint_round_margin_bounded")
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "producer_id"],
            ["producer.centre_id", "producer.id"],
            name=op.f("fk_joint_round_centre_id_producer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "purchase_order_id"],
            ["purchase_order.centre_id", "purchase_order.id"],
            name=op.f("fk_joint_round_centre_id_purchase_order_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_joint_round_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_joint_round")),
        sa.UniqueConstraint(
            "centre_id",
            "purchase_order_id",
            name=op.f("uq_joint_round_centre_id_purchase_order_id"),
        ),
        sa.UniqueConstraint(
            "centre_id", "round_no", name=op.f("uq_joint_round_centre_id_round_no")
        ),
    )
    op.create_index(
        "ix_joint_round_state", "joint_round", ["centre_id", "state", "id"], unique=False
    )
    op.create_table(
        "joint_round_item",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("item_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column(
            "factor_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "expected_price_satang",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "expected_price_satang >= 0", name=op.f("ck_joint_round_item_price_natural")
        ),
        sa.CheckConstraint("factor_milli > 0", name=op.f("ck_joint_round_item_factor_positive")),
        sa.ForeignKeyConstraint(
            ["centre_id", "product_id"],
            ["product.centre_id", "product.id"],
            name=op.f("fk_joint_round_item_centre_id_product_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "round_id"],
            ["joint_round.centre_id", "joint_round.id"],
            name=op.f("fk_joint_round_item_centre_id_round_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_joint_round_item_centre_id")
        ),
        sa.PrimaryKeyConstraint(
            "centre_id", "round_id", "item_no", name=op.f("pk_joint_round_item")
        ),
    )
    op.create_table(
        "joint_round_order",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("order_no", sa.String(length=30), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("producer_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_name", sa.String(length=120), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_name", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(member_id IS NULL) <> (producer_id IS NULL)",
            name=op.f("ck_joint_round_order_one_buyer"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "member_id"],
            ["member.centre_id", "member.id"],
            name=op.f("fk_joint_round_order_centre_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "producer_id"],
            ["producer.centre_id", "producer.id"],
            name=op.f("fk_joint_round_order_centre_id_producer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "round_id"],
            ["joint_round.centre_id", "joint_round.id"],
            name=op.f("fk_joint_round_order_centre_id_round_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_joint_round_order_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_joint_round_order")),
        sa.UniqueConstraint(
            "centre_id", "order_no", name=op.f("uq_joint_round_order_centre_id_order_no")
        ),
    )
    op.create_index(
        "uq_joint_round_order_group",
        "joint_round_order",
        ["centre_id", "round_id", "producer_id"],
        unique=True,
        postgresql_where=sa.text("producer_id IS NOT NULL AND withdrawn_at IS NULL"),
        sqlite_where=sa.text("producer_id IS NOT NULL AND withdrawn_at IS NULL"),
    )
    op.create_index(
        "uq_joint_round_order_member",
        "joint_round_order",
        ["centre_id", "round_id", "member_id"],
        unique=True,
        postgresql_where=sa.text("member_id IS NOT NULL AND withdrawn_at IS NULL"),
        sqlite_where=sa.text("member_id IS NOT NULL AND withdrawn_at IS NULL"),
    )
    op.create_table(
        "joint_round_order_line",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("item_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "quantity_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.CheckConstraint(
            "quantity_milli > 0", name=op.f("ck_joint_round_order_line_quantity_positive")
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "order_id"],
            ["joint_round_order.centre_id", "joint_round_order.id"],
            name=op.f("fk_joint_round_order_line_centre_id_order_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_joint_round_order_line_centre_id")
        ),
        sa.PrimaryKeyConstraint(
            "centre_id", "order_id", "item_no", name=op.f("pk_joint_round_order_line")
        ),
    )
    op.create_table(
        "joint_round_sharing",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column(
            "goods_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "extra_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("extra_basis", sa.String(length=10), nullable=False),
        sa.Column("extra_note", sa.String(length=200), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_name", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "extra_basis IN ('cost', 'quantity')",
            name=op.f("ck_joint_round_sharing_extra_basis_known"),
        ),
        sa.CheckConstraint(
            "goods_satang >= 0 AND extra_satang >= 0",
            name=op.f("ck_joint_round_sharing_costs_natural"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "round_id"],
            ["joint_round.centre_id", "joint_round.id"],
            name=op.f("fk_joint_round_sharing_centre_id_round_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_joint_round_sharing_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_joint_round_sharing")),
        sa.UniqueConstraint(
            "centre_id", "round_id", name=op.f("uq_joint_round_sharing_centre_id_round_id")
        ),
    )
    op.create_table(
        "joint_round_share",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("sharing_id", sa.Uuid(), nullable=False),
        sa.Column("share_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item_no", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column(
            "asked_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "given_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "goods_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "extra_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "margin_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "tax_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "due_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.CheckConstraint(
            "asked_milli >= 0 AND given_milli >= 0",
            name=op.f("ck_joint_round_share_quantities_natural"),
        ),
        sa.CheckConstraint(
            "goods_satang >= 0 AND extra_satang >= 0",
            name=op.f("ck_joint_round_share_costs_natural"),
        ),
        sa.CheckConstraint(
            "order_id IS NOT NULL OR due_satang = 0",
            name=op.f("ck_joint_round_share_left_over_owes_nothing"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "order_id"],
            ["joint_round_order.centre_id", "joint_round_order.id"],
            name=op.f("fk_joint_round_share_centre_id_order_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "sharing_id"],
            ["joint_round_sharing.centre_id", "joint_round_sharing.id"],
            name=op.f("fk_joint_round_share_centre_id_sharing_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_joint_round_share_centre_id")
        ),
        sa.PrimaryKeyConstraint(
            "centre_id", "sharing_id", "share_no", name=op.f("pk_joint_round_share")
        ),
    )
    op.create_index(
        "ix_joint_round_share_order_id",
        "joint_round_share",
        ["centre_id", "order_id"],
        unique=False,
    )
    op.create_table(
        "joint_round_handout",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("sale_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["centre_id", "order_id"],
            ["joint_round_order.centre_id", "joint_round_order.id"],
            name=op.f("fk_joint_round_handout_centre_id_order_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "sale_id"],
            ["sale.centre_id", "sale.id"],
            name=op.f("fk_joint_round_handout_centre_id_sale_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_joint_round_handout_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "order_id", name=op.f("pk_joint_round_handout")),
        sa.UniqueConstraint(
            "centre_id", "sale_id", name=op.f("uq_joint_round_handout_centre_id_sale_id")
        ),
    )
