"""The share register, and in it what the books say of shares so far"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BANGKOK = timedelta(hours=7)
BUDDHIST_OFFSET = 543


def upgrade() -> None:
    _tables()
    _take_over()


def _take_over() -> None:
    """Enter what stands on the accounts of share capital, one document an entry."""
    documents = []
    for (centre_id, entry_id), (deltas, entry) in _entries().items():
        moved = {member_id: delta for member_id, delta in deltas.items() if delta}
        if moved:
            documents.append((centre_id, entry_id, moved, entry))
    if not documents:
        return
    series: dict[tuple[int, int], int] = defaultdict(int)
    headers, movements = [], []
    for centre_id, entry_id, moved, entry in documents:
        recorded = max(entry["on"], (entry["posted_at"] + BANGKOK).date())
        year = recorded.year + BUDDHIST_OFFSET
        series[centre_id, year] += 1
        headers.append(
            {
                "centre_id": centre_id,
                "id": entry_id,
                "transaction_no": f"S-{year}-{series[centre_id, year]:05d}",
                "kind": "opening",
                "effective_on": entry["on"],
                "recorded_on": recorded,
                "amount_satang": sum(abs(delta) for delta in moved.values()),
                "movements": len(moved),
                "place": "none",
                "source_type": entry["source_type"],
                "source_id": entry["source_id"],
                "note": "",
                "recorded_name": "",
                "recorded_at": entry["posted_at"],
                "digest": "0" * 64,
                "content": {},
            }
        )
        movements += [
            {
                "centre_id": centre_id,
                "transaction_id": entry_id,
                "member_id": member_id,
                "effective_on": entry["on"],
                "delta_satang": delta,
            }
            for member_id, delta in moved.items()
        ]
    op.bulk_insert(TRANSACTION, headers)
    op.bulk_insert(MOVEMENT, movements)
    op.bulk_insert(
        SERIES,
        [
            {"centre_id": centre_id, "series": "share", "year": year, "last_number": last}
            for (centre_id, year), last in series.items()
        ],
    )


def _entries() -> dict[tuple[int, Any], tuple[dict[Any, int], dict[str, Any]]]:
    """Return by entry what it did to each member's shares, in the order of posting."""
    rows = op.get_bind().execute(
        sa.select(
            ENTRY.c.centre_id,
            ENTRY.c.id,
            ENTRY.c.posting_date,
            ENTRY.c.posted_at,
            ENTRY.c.source_type,
            ENTRY.c.source_id,
            LINE.c.member_id,
            LINE.c.credit - LINE.c.debit,
        )
        .join(LINE, (LINE.c.centre_id == ENTRY.c.centre_id) & (LINE.c.entry_id == ENTRY.c.id))
        .join(
            ACCOUNT,
            (ACCOUNT.c.centre_id == LINE.c.centre_id) & (ACCOUNT.c.id == LINE.c.account_id),
        )
        .where(ACCOUNT.c.purpose == "share_capital", LINE.c.member_id.is_not(None))
        .order_by(ENTRY.c.centre_id, ENTRY.c.fiscal_year, ENTRY.c.entry_no, LINE.c.line_no)
    )
    found: dict[tuple[int, Any], tuple[dict[Any, int], dict[str, Any]]] = {}
    for centre_id, entry_id, on, posted_at, source_type, source_id, member_id, delta in rows:
        entry = {
            "on": on,
            "posted_at": posted_at,
            "source_type": source_type,
            "source_id": source_id,
        }
        deltas, _ = found.setdefault((centre_id, entry_id), (defaultdict(int), entry))
        deltas[member_id] += delta
    return found


def _columns(names: str, kind: Any) -> list[Any]:
    return [sa.column(name, kind) for name in names.split()]


ENTRY = sa.table(
    "journal_entry",
    *_columns("centre_id fiscal_year entry_no", sa.Integer()),
    *_columns("id source_id", sa.Uuid()),
    *_columns("source_type", sa.String()),
    sa.column("posting_date", sa.Date()),
    sa.column("posted_at", sa.DateTime(timezone=True)),
)
LINE = sa.table(
    "journal_line",
    *_columns("centre_id line_no debit credit", sa.BigInteger()),
    *_columns("entry_id account_id member_id", sa.Uuid()),
)
ACCOUNT = sa.table(
    "account",
    sa.column("centre_id", sa.Integer()),
    sa.column("id", sa.Uuid()),
    sa.column("purpose", sa.String()),
)
TRANSACTION = sa.table(
    "share_transaction",
    *_columns("centre_id amount_satang movements", sa.BigInteger()),
    *_columns("id source_id", sa.Uuid()),
    *_columns("transaction_no kind place source_type note recorded_name digest", sa.String()),
    *_columns("effective_on recorded_on", sa.Date()),
    sa.column("recorded_at", sa.DateTime(timezone=True)),
    sa.column("content", sa.JSON()),
)
MOVEMENT = sa.table(
    "share_movement",
    *_columns("centre_id delta_satang", sa.BigInteger()),
    *_columns("transaction_id member_id", sa.Uuid()),
    sa.column("effective_on", sa.Date()),
)
SERIES = sa.table(
    "number_series",
    *_columns("centre_id year last_number", sa.BigInteger()),
    sa.column("series", sa.String()),
)


def _tables() -> None:
    op.create_table(
        "share_subscription",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subscription_no", sa.String(length=30), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("shares", sa.Integer(), nullable=False),
        sa.Column(
            "par_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("subscribed_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("par_satang > 0", name=op.f("ck_share_subscription_par_positive")),
        sa.CheckConstraint("shares > 0", name=op.f("ck_share_subscription_shares_positive")),
        sa.ForeignKeyConstraint(
            ["centre_id", "member_id"],
            ["member.centre_id", "member.id"],
            name=op.f("fk_share_subscription_centre_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_share_subscription_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_share_subscription")),
        sa.UniqueConstraint(
            "centre_id",
            "subscription_no",
            name=op.f("uq_share_subscription_centre_id_subscription_no"),
        ),
    )
    op.create_index(
        "ix_share_subscription_member",
        "share_subscription",
        ["centre_id", "member_id"],
        unique=False,
    )
    op.create_table(
        "share_subscription_end",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["centre_id", "subscription_id"],
            ["share_subscription.centre_id", "share_subscription.id"],
            name=op.f("fk_share_subscription_end_centre_id_subscription_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_share_subscription_end_centre_id")
        ),
        sa.PrimaryKeyConstraint(
            "centre_id", "subscription_id", name=op.f("pk_share_subscription_end")
        ),
    )
    op.create_table(
        "share_transaction",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("transaction_no", sa.String(length=30), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("to_member_id", sa.Uuid(), nullable=True),
        sa.Column(
            "amount_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("movements", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=8), nullable=False),
        sa.Column("till_id", sa.Uuid(), nullable=True),
        sa.Column("shift_id", sa.Uuid(), nullable=True),
        sa.Column("subscription_id", sa.Uuid(), nullable=True),
        sa.Column("source_type", sa.String(length=30), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        sa.Column("resolution_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_name", sa.String(length=120), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'instalment') = (subscription_id IS NOT NULL)",
            name=op.f("ck_share_transaction_plan_named"),
        ),
        sa.CheckConstraint(
            "(kind = 'reversal') = (reverses_id IS NOT NULL)",
            name=op.f("ck_share_transaction_reverses_named"),
        ),
        sa.CheckConstraint(
            "(place = 'till') = (shift_id IS NOT NULL)",
            name=op.f("ck_share_transaction_shift_named"),
        ),
        sa.CheckConstraint(
            "(place = 'till') = (till_id IS NOT NULL)", name=op.f("ck_share_transaction_till_named")
        ),
        sa.CheckConstraint(
            "kind IN ('buy', 'instalment', 'transfer', 'withdraw', 'inherit', 'credited', 'opening',"
            " 'reversal')",
            name=op.f("ck_share_transaction_kind_known"),
        ),
        sa.CheckConstraint(
            "place IN ('safe', 'bank', 'till', 'purse', 'none')",
            name=op.f("ck_share_transaction_place_known"),
        ),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_share_transaction_amount_positive")),
        sa.CheckConstraint(
            "effective_on <= recorded_on", name=op.f("ck_share_transaction_not_ahead")
        ),
        sa.CheckConstraint("movements > 0", name=op.f("ck_share_transaction_movements_positive")),
        sa.ForeignKeyConstraint(
            ["centre_id", "member_id"],
            ["member.centre_id", "member.id"],
            name=op.f("fk_share_transaction_centre_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "resolution_id"],
            ["resolution.centre_id", "resolution.id"],
            name=op.f("fk_share_transaction_centre_id_resolution_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "reverses_id"],
            ["share_transaction.centre_id", "share_transaction.id"],
            name=op.f("fk_share_transaction_centre_id_reverses_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "subscription_id"],
            ["share_subscription.centre_id", "share_subscription.id"],
            name=op.f("fk_share_transaction_centre_id_subscription_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "till_id"],
            ["till.centre_id", "till.id"],
            name=op.f("fk_share_transaction_centre_id_till_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "to_member_id"],
            ["member.centre_id", "member.id"],
            name=op.f("fk_share_transaction_centre_id_to_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_share_transaction_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_share_transaction")),
        sa.UniqueConstraint(
            "centre_id",
            "id",
            "effective_on",
            name=op.f("uq_share_transaction_centre_id_id_effective_on"),
        ),
        sa.UniqueConstraint(
            "centre_id", "reverses_id", name=op.f("uq_share_transaction_centre_id_reverses_id")
        ),
        sa.UniqueConstraint(
            "centre_id",
            "transaction_no",
            name=op.f("uq_share_transaction_centre_id_transaction_no"),
        ),
    )
    op.create_index(
        "ix_share_transaction_member", "share_transaction", ["centre_id", "member_id"], unique=False
    )
    op.create_index(
        "ix_share_transaction_source",
        "share_transaction",
        ["centre_id", "source_type", "source_id"],
        unique=False,
    )
    op.create_index(
        "ix_share_transaction_subscription",
        "share_transaction",
        ["centre_id", "subscription_id"],
        unique=False,
    )
    op.create_table(
        "share_movement",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("transaction_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column(
            "delta_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.CheckConstraint("delta_satang <> 0", name=op.f("ck_share_movement_moves")),
        sa.ForeignKeyConstraint(
            ["centre_id", "member_id"],
            ["member.centre_id", "member.id"],
            name=op.f("fk_share_movement_centre_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "transaction_id", "effective_on"],
            [
                "share_transaction.centre_id",
                "share_transaction.id",
                "share_transaction.effective_on",
            ],
            name="fk_share_movement_transaction",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_share_movement_centre_id")
        ),
        sa.PrimaryKeyConstraint(
            "centre_id", "transaction_id", "member_id", name=op.f("pk_share_movement")
        ),
    )
    op.create_index(
        "ix_share_movement_member",
        "share_movement",
        ["centre_id", "member_id", "effective_on"],
        unique=False,
        postgresql_include=["delta_satang"],
    )
    op.create_table(
        "share_rule",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column(
            "par_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("least_shares", sa.Integer(), nullable=False),
        sa.Column("most_shares", sa.Integer(), nullable=True),
        sa.Column("largest_part_basis_points", sa.Integer(), nullable=True),
        sa.Column("transfer_needs_approval", sa.Boolean(), nullable=False),
        sa.Column("withdraw_while_member", sa.Boolean(), nullable=False),
        sa.Column("resolution_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "largest_part_basis_points IS NULL OR largest_part_basis_points BETWEEN 1 AND 10000",
            name=op.f("ck_share_rule_part_within"),
        ),
        sa.CheckConstraint("least_shares >= 1", name=op.f("ck_share_rule_least_positive")),
        sa.CheckConstraint(
            "most_shares IS NULL OR most_shares >= least_shares",
            name=op.f("ck_share_rule_most_enough"),
        ),
        sa.CheckConstraint("par_satang > 0", name=op.f("ck_share_rule_par_positive")),
        sa.ForeignKeyConstraint(
            ["centre_id", "resolution_id"],
            ["resolution.centre_id", "resolution.id"],
            name=op.f("fk_share_rule_centre_id_resolution_id"),
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_share_rule_centre_id")),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_share_rule")),
    )
    op.create_index(
        "ix_share_rule_valid_from", "share_rule", ["centre_id", "valid_from"], unique=False
    )
    op.create_table(
        "share_nomination",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("nominated_on", sa.Date(), nullable=False),
        sa.Column("heirs", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("heirs >= 0", name=op.f("ck_share_nomination_heirs_counted")),
        sa.ForeignKeyConstraint(
            ["centre_id", "member_id"],
            ["member.centre_id", "member.id"],
            name=op.f("fk_share_nomination_centre_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_share_nomination_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_share_nomination")),
    )
    op.create_index(
        "ix_share_nomination_member",
        "share_nomination",
        ["centre_id", "member_id", "nominated_on"],
        unique=False,
    )
    op.create_table(
        "share_heir",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.Column("line_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("relationship", sa.String(length=60), nullable=False),
        sa.Column("part_basis_points", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "part_basis_points BETWEEN 1 AND 10000", name=op.f("ck_share_heir_part_within")
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "nomination_id"],
            ["share_nomination.centre_id", "share_nomination.id"],
            name=op.f("fk_share_heir_centre_id_nomination_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_share_heir_centre_id")),
        sa.PrimaryKeyConstraint(
            "centre_id", "nomination_id", "line_no", name=op.f("pk_share_heir")
        ),
    )
    op.create_table(
        "share_certificate",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("certificate_no", sa.String(length=30), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("shares", sa.Integer(), nullable=False),
        sa.Column(
            "par_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("issued_by", sa.Uuid(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("par_satang > 0", name=op.f("ck_share_certificate_par_positive")),
        sa.CheckConstraint("shares > 0", name=op.f("ck_share_certificate_shares_positive")),
        sa.ForeignKeyConstraint(
            ["centre_id", "member_id"],
            ["member.centre_id", "member.id"],
            name=op.f("fk_share_certificate_centre_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "replaces_id"],
            ["share_certificate.centre_id", "share_certificate.id"],
            name=op.f("fk_share_certificate_centre_id_replaces_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_share_certificate_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_share_certificate")),
        sa.UniqueConstraint(
            "centre_id",
            "certificate_no",
            name=op.f("uq_share_certificate_centre_id_certificate_no"),
        ),
        sa.UniqueConstraint(
            "centre_id", "replaces_id", name=op.f("uq_share_certificate_centre_id_replaces_id")
        ),
    )
    op.create_index(
        "ix_share_certificate_member", "share_certificate", ["centre_id", "member_id"], unique=False
    )
    op.create_table(
        "share_certificate_end",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('replaced', 'lost', 'given_back')",
            name=op.f("ck_share_certificate_end_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "certificate_id"],
            ["share_certificate.centre_id", "share_certificate.id"],
            name=op.f("fk_share_certificate_end_centre_id_certificate_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_share_certificate_end_centre_id")
        ),
        sa.PrimaryKeyConstraint(
            "centre_id", "certificate_id", name=op.f("pk_share_certificate_end")
        ),
    )
    op.create_table(
        "share_certificate_print",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column("print_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("printed_by", sa.Uuid(), nullable=True),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "print_no > 0", name=op.f("ck_share_certificate_print_print_no_positive")
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "certificate_id"],
            ["share_certificate.centre_id", "share_certificate.id"],
            name=op.f("fk_share_certificate_print_centre_id_certificate_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_share_certificate_print_centre_id")
        ),
        sa.PrimaryKeyConstraint(
            "centre_id", "certificate_id", "print_no", name=op.f("pk_share_certificate_print")
        ),
    )
