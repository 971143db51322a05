"""Purchase orders, supplier returns, payables by due date"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.rebuild import add_check, add_reference, widen_check

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    widen_check(
        "producer",
        "ck_producer_kind_known",
        "kind IN ('person', 'group')",
        "kind IN ('person', 'group', 'company')",
    )
    _orders()
    _receipts()
    _returns()
    _vouchers()
    _payouts()


def _receipts() -> None:
    """What a supplier's paper says of an intake: nothing, of those there are."""
    add_reference("goods_receipt", "order_id", "purchase_order")
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    for column in (
        sa.Column("tax_satang", big, server_default=sa.text("0"), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("invoice_no", sa.String(40), server_default="", nullable=False),
        sa.Column("invoice_on", sa.Date(), nullable=True),
    ):
        op.add_column("goods_receipt", column)
    add_check("goods_receipt", "tax_natural", "tax_satang >= 0")
    _purchase_lines()


def _payouts() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    for column in (
        sa.Column("withheld_satang", big, server_default=sa.text("0"), nullable=False),
        sa.Column(
            "withheld_basis_points", sa.Integer(), server_default=sa.text("0"), nullable=False
        ),
    ):
        op.add_column("payout", column)
    add_check("payout", "withheld_natural", "withheld_satang >= 0")
    widen_check(
        "payout_line",
        "ck_payout_line_kind_known",
        "kind IN ('settlement', 'outright', 'opening', 'advance', 'recovery')",
        "kind IN ('settlement', 'outright', 'opening', 'advance', 'recovery', 'credit')",
    )


def _orders() -> None:
    op.create_table(
        "supplier",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("producer_id", sa.Uuid(), nullable=False),
        sa.Column("tax_id", sa.String(length=13), nullable=False),
        sa.Column("branch_no", sa.String(length=5), nullable=False),
        sa.Column("vat_registered", sa.Boolean(), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("contact", sa.String(length=120), nullable=False),
        sa.Column("terms_days", sa.Integer(), nullable=False),
        sa.Column("withholding_basis_points", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "NOT vat_registered OR length(tax_id) = 13",
            name=op.f("ck_supplier_tax_id_of_registered"),
        ),
        sa.CheckConstraint(
            "terms_days BETWEEN 0 AND 365", name=op.f("ck_supplier_terms_days_bounded")
        ),
        sa.CheckConstraint(
            "withholding_basis_points BETWEEN 0 AND 1500",
            name=op.f("ck_supplier_withholding_bounded"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "producer_id"],
            ["producer.centre_id", "producer.id"],
            name=op.f("fk_supplier_centre_id_producer_id"),
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_supplier_centre_id")),
        sa.PrimaryKeyConstraint("centre_id", "producer_id", name=op.f("pk_supplier")),
    )
    op.create_index("ix_supplier_tax_id", "supplier", ["centre_id", "tax_id"], unique=False)
    op.create_table(
        "purchase_order",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_no", sa.String(length=30), nullable=False),
        sa.Column("producer_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("ordered_on", sa.Date(), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("prices", sa.String(length=10), nullable=False),
        sa.Column("terms_days", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "amount_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_name", sa.String(length=120), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_by", sa.Uuid(), nullable=True),
        sa.Column("sent_name", sa.String(length=120), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_name", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "prices IN ('none', 'included', 'added')", name=op.f("ck_purchase_order_prices_known")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'sent', 'partly', 'received', 'closed', 'cancelled')",
            name=op.f("ck_purchase_order_state_known"),
        ),
        sa.CheckConstraint(
            "terms_days BETWEEN 0 AND 365", name=op.f("ck_purchase_order_terms_days_bounded")
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "producer_id"],
            ["producer.centre_id", "producer.id"],
            name=op.f("fk_purchase_order_centre_id_producer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_purchase_order_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_purchase_order")),
        sa.UniqueConstraint(
            "centre_id", "order_no", name=op.f("uq_purchase_order_centre_id_order_no")
        ),
    )
    op.create_index(
        "ix_purchase_order_producer_id",
        "purchase_order",
        ["centre_id", "producer_id"],
        unique=False,
    )
    op.create_index(
        "ix_purchase_order_state", "purchase_order", ["centre_id", "state", "id"], unique=False
    )
    op.create_table(
        "purchase_order_line",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("line_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column(
            "factor_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "quantity_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "unit_price_satang",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "amount_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.CheckConstraint(
            "quantity_milli > 0 AND factor_milli > 0",
            name=op.f("ck_purchase_order_line_quantity_positive"),
        ),
        sa.CheckConstraint(
            "unit_price_satang >= 0 AND amount_satang >= 0",
            name=op.f("ck_purchase_order_line_price_natural"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "order_id"],
            ["purchase_order.centre_id", "purchase_order.id"],
            name=op.f("fk_purchase_order_line_centre_id_order_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "product_id"],
            ["product.centre_id", "product.id"],
            name=op.f("fk_purchase_order_line_centre_id_product_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_purchase_order_line_centre_id")
        ),
        sa.PrimaryKeyConstraint(
            "centre_id", "order_id", "line_no", name=op.f("pk_purchase_order_line")
        ),
    )
    op.create_index(
        "ix_purchase_order_line_product_id",
        "purchase_order_line",
        ["centre_id", "product_id"],
        unique=False,
    )


def _purchase_lines() -> None:
    op.create_table(
        "purchase_line",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("goods_receipt_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("order_line_no", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column(
            "factor_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "quantity_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "unit_price_satang",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "agreed_price_satang",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column(
            "amount_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "tax_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.CheckConstraint(
            "(order_id IS NULL) = (order_line_no IS NULL)",
            name=op.f("ck_purchase_line_order_named_whole"),
        ),
        sa.CheckConstraint(
            "amount_satang > 0 AND tax_satang >= 0", name=op.f("ck_purchase_line_amount_natural")
        ),
        sa.CheckConstraint(
            "quantity_milli > 0 AND factor_milli > 0",
            name=op.f("ck_purchase_line_quantity_positive"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "goods_receipt_id"],
            ["goods_receipt.centre_id", "goods_receipt.id"],
            name=op.f("fk_purchase_line_centre_id_goods_receipt_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "lot_id"],
            ["lot.centre_id", "lot.id"],
            name=op.f("fk_purchase_line_centre_id_lot_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "order_id"],
            ["purchase_order.centre_id", "purchase_order.id"],
            name=op.f("fk_purchase_line_centre_id_order_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_purchase_line_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "lot_id", name=op.f("pk_purchase_line")),
    )
    op.create_index(
        "ix_purchase_line_goods_receipt_id",
        "purchase_line",
        ["centre_id", "goods_receipt_id"],
        unique=False,
    )
    op.create_index(
        "ix_purchase_line_order_id",
        "purchase_line",
        ["centre_id", "order_id", "order_line_no"],
        unique=False,
    )


def _returns() -> None:
    op.create_table(
        "supplier_return",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("return_no", sa.String(length=30), nullable=False),
        sa.Column("goods_receipt_id", sa.Uuid(), nullable=False),
        sa.Column("producer_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("settled", sa.String(length=10), nullable=False),
        sa.Column("till_id", sa.Uuid(), nullable=True),
        sa.Column("shift_id", sa.Uuid(), nullable=True),
        sa.Column(
            "amount_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "cost_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "tax_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("note_no", sa.String(length=40), nullable=False),
        sa.Column("note_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_name", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "(settled = 'till') = (shift_id IS NOT NULL)",
            name=op.f("ck_supplier_return_drawer_named"),
        ),
        sa.CheckConstraint(
            "settled IN ('credit', 'till', 'safe', 'bank')",
            name=op.f("ck_supplier_return_settled_known"),
        ),
        sa.CheckConstraint(
            "amount_satang = cost_satang + tax_satang",
            name=op.f("ck_supplier_return_amount_of_parts"),
        ),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_supplier_return_amount_positive")),
        sa.CheckConstraint(
            "cost_satang >= 0 AND tax_satang >= 0", name=op.f("ck_supplier_return_parts_natural")
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "goods_receipt_id"],
            ["goods_receipt.centre_id", "goods_receipt.id"],
            name=op.f("fk_supplier_return_centre_id_goods_receipt_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "location_id"],
            ["location.centre_id", "location.id"],
            name=op.f("fk_supplier_return_centre_id_location_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "producer_id"],
            ["producer.centre_id", "producer.id"],
            name=op.f("fk_supplier_return_centre_id_producer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_supplier_return_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_supplier_return")),
        sa.UniqueConstraint(
            "centre_id", "return_no", name=op.f("uq_supplier_return_centre_id_return_no")
        ),
    )
    op.create_index(
        "ix_supplier_return_goods_receipt_id",
        "supplier_return",
        ["centre_id", "goods_receipt_id"],
        unique=False,
    )
    op.create_index(
        "ix_supplier_return_producer_id",
        "supplier_return",
        ["centre_id", "producer_id"],
        unique=False,
    )
    op.create_table(
        "supplier_return_line",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("return_id", sa.Uuid(), nullable=False),
        sa.Column("line_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column(
            "quantity_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "cost_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "tax_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.CheckConstraint(
            "cost_satang >= 0 AND tax_satang >= 0",
            name=op.f("ck_supplier_return_line_parts_natural"),
        ),
        sa.CheckConstraint(
            "quantity_milli > 0", name=op.f("ck_supplier_return_line_quantity_positive")
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "lot_id"],
            ["lot.centre_id", "lot.id"],
            name=op.f("fk_supplier_return_line_centre_id_lot_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "return_id"],
            ["supplier_return.centre_id", "supplier_return.id"],
            name=op.f("fk_supplier_return_line_centre_id_return_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_supplier_return_line_centre_id")
        ),
        sa.PrimaryKeyConstraint(
            "centre_id", "return_id", "line_no", name=op.f("pk_supplier_return_line")
        ),
    )
    op.create_index(
        "ix_supplier_return_line_lot_id",
        "supplier_return_line",
        ["centre_id", "lot_id"],
        unique=False,
    )


def _vouchers() -> None:
    op.create_table(
        "purchase_voucher",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("voucher_no", sa.String(length=30), nullable=False),
        sa.Column("source_type", sa.String(length=20), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("producer_id", sa.Uuid(), nullable=False),
        sa.Column("payee_name", sa.String(length=160), nullable=False),
        sa.Column("payee_address", sa.String(length=300), nullable=False),
        sa.Column("national_id_cipher", sa.Text(), nullable=True),
        sa.Column(
            "amount_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_name", sa.String(length=120), nullable=False),
        sa.CheckConstraint(
            "source_type IN ('goods_receipt', 'payout')",
            name=op.f("ck_purchase_voucher_source_type_known"),
        ),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_purchase_voucher_amount_positive")),
        sa.ForeignKeyConstraint(
            ["centre_id", "producer_id"],
            ["producer.centre_id", "producer.id"],
            name=op.f("fk_purchase_voucher_centre_id_producer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_purchase_voucher_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_purchase_voucher")),
        sa.UniqueConstraint(
            "centre_id",
            "source_type",
            "source_id",
            name=op.f("uq_purchase_voucher_centre_id_source_type_source_id"),
        ),
        sa.UniqueConstraint(
            "centre_id", "voucher_no", name=op.f("uq_purchase_voucher_centre_id_voucher_no")
        ),
    )
    op.create_table(
        "purchase_voucher_print",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("voucher_id", sa.Uuid(), nullable=False),
        sa.Column("print_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("printed_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("print_no > 0", name=op.f("ck_purchase_voucher_print_print_counted")),
        sa.ForeignKeyConstraint(
            ["centre_id", "voucher_id"],
            ["purchase_voucher.centre_id", "purchase_voucher.id"],
            name=op.f("fk_purchase_voucher_print_centre_id_voucher_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_purchase_voucher_print_centre_id")
        ),
        sa.PrimaryKeyConstraint(
            "centre_id", "voucher_id", "print_no", name=op.f("pk_purchase_voucher_print")
        ),
    )
