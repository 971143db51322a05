"""Promotions, and who bears a discount"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db
from migrations.rebuild import add_reference

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("discount_reason", sa.Column("producer_basis_points", sa.Integer()))
    add_reference("discount_reason", "fund_id", "fund")
    op.create_table(
        "promotion",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name_th", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("reason_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=True),
        sa.Column("category", sa.String(length=60), nullable=False),
        sa.Column("members_only", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("value", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('percent', 'amount', 'price')", name=op.f("ck_promotion_kind_known")
        ),
        sa.CheckConstraint(
            "product_id IS NULL OR category = ''", name=op.f("ck_promotion_one_scope")
        ),
        sa.CheckConstraint("value >= 0", name=op.f("ck_promotion_value_natural")),
        sa.ForeignKeyConstraint(
            ["centre_id", "product_id"],
            ["product.centre_id", "product.id"],
            name=op.f("fk_promotion_centre_id_product_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "reason_id"],
            ["discount_reason.centre_id", "discount_reason.id"],
            name=op.f("fk_promotion_centre_id_reason_id"),
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_promotion_centre_id")),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_promotion")),
    )
    add_reference("sale_line", "promotion_id", "promotion")
