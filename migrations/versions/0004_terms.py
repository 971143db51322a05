"""Consignment terms"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _say_what_producers_bore()
    op.create_table(
        "consignment_terms",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("terms_no", sa.String(length=30), nullable=False),
        sa.Column("producer_id", sa.Uuid(), nullable=True),
        sa.Column("product_id", sa.Uuid(), nullable=True),
        sa.Column("category", sa.String(length=60), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("split_basis_points", sa.Integer(), nullable=False),
        sa.Column("tiers", sa.JSON(), nullable=False),
        sa.Column(
            "floor_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "fee_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("levy_basis_points", sa.Integer(), nullable=False),
        sa.Column("levy_fund_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("proposed_name", sa.String(length=120), nullable=False),
        sa.Column("proposed_at", core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "producer_id IS NOT NULL OR product_id IS NOT NULL OR category <> ''",
            name=op.f("ck_consignment_terms_scope_named"),
        ),
        sa.CheckConstraint(
            "product_id IS NULL OR category = ''",
            name=op.f("ck_consignment_terms_product_or_category"),
        ),
        sa.CheckConstraint(
            "(levy_basis_points > 0) = (levy_fund_id IS NOT NULL)",
            name=op.f("ck_consignment_terms_levy_named"),
        ),
        sa.CheckConstraint(
            "floor_satang >= 0 AND fee_satang >= 0",
            name=op.f("ck_consignment_terms_amounts_natural"),
        ),
        sa.CheckConstraint(
            "levy_basis_points >= 0 AND split_basis_points + levy_basis_points <= 10000",
            name=op.f("ck_consignment_terms_levy_within_whole"),
        ),
        sa.CheckConstraint(
            "split_basis_points BETWEEN 0 AND 10000",
            name=op.f("ck_consignment_terms_split_within_whole"),
        ),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_until >= valid_from",
            name=op.f("ck_consignment_terms_days_in_order"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "levy_fund_id"],
            ["fund.centre_id", "fund.id"],
            name=op.f("fk_consignment_terms_centre_id_levy_fund_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "producer_id"],
            ["producer.centre_id", "producer.id"],
            name=op.f("fk_consignment_terms_centre_id_producer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "product_id"],
            ["product.centre_id", "product.id"],
            name=op.f("fk_consignment_terms_centre_id_product_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_consignment_terms_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_consignment_terms")),
        sa.UniqueConstraint(
            "centre_id", "terms_no", name=op.f("uq_consignment_terms_centre_id_terms_no")
        ),
    )
    op.create_index(
        "ix_consignment_terms_producer_id",
        "consignment_terms",
        ["centre_id", "producer_id"],
        unique=False,
    )
    op.create_index(
        "ix_consignment_terms_product_id",
        "consignment_terms",
        ["centre_id", "product_id"],
        unique=False,
    )
    op.create_table(
        "consignment_terms_decision",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("terms_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_name", sa.String(length=120), nullable=False),
        sa.Column("decided_at", core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("waiver", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind = 'withdrawn' OR waiver <> '' OR (decided_by IS NOT NULL"
            " AND proposed_by IS NOT NULL AND decided_by <> proposed_by)",
            name=op.f("ck_consignment_terms_decision_two_people"),
        ),
        sa.CheckConstraint(
            "kind IN ('approved', 'withdrawn')",
            name=op.f("ck_consignment_terms_decision_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "terms_id"],
            ["consignment_terms.centre_id", "consignment_terms.id"],
            name=op.f("fk_consignment_terms_decision_centre_id_terms_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_consignment_terms_decision_centre_id")
        ),
        sa.PrimaryKeyConstraint(
            "centre_id", "terms_id", name=op.f("pk_consignment_terms_decision")
        ),
    )


def _say_what_producers_bore() -> None:
    """Fill the discount borne in sales made before it was kept: the split less the share."""
    of_the_lot = "lot.centre_id = stock_move.centre_id AND lot.id = stock_move.lot_id"
    op.execute(
        "UPDATE stock_move SET borne_satang ="
        " (SELECT (2 * stock_move.base_satang * lot.split_basis_points + 10000) / 20000 FROM lot"
        f" WHERE {of_the_lot}) - share_satang"
        " WHERE source_type = 'sale' AND base_satang > 0 AND EXISTS"
        f" (SELECT 1 FROM lot WHERE {of_the_lot} AND lot.split_basis_points IS NOT NULL)"
    )
