"""Consent, requests about data, people merged and told apart"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consent",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("by_guardian", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "purpose IN ('photo', 'line', 'survey', 'household_book', 'public_name')",
            name=op.f("ck_consent_purpose_known"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "person_id"],
            ["person.centre_id", "person.id"],
            name=op.f("fk_consent_centre_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_consent_centre_id")),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_consent")),
    )
    op.create_index("ix_consent_person", "consent", ["centre_id", "person_id"], unique=False)
    op.create_table(
        "data_request",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('access', 'correction', 'erasure', 'objection')",
            name=op.f("ck_data_request_kind_known"),
        ),
        sa.CheckConstraint(
            "outcome = 'done' OR length(reason) > 0",
            name=op.f("ck_data_request_refusal_with_reason"),
        ),
        sa.CheckConstraint(
            "outcome IN ('done', 'refused')", name=op.f("ck_data_request_outcome_known")
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "person_id"],
            ["person.centre_id", "person.id"],
            name=op.f("fk_data_request_centre_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_data_request_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_data_request")),
    )
    op.create_index(
        "ix_data_request_person", "data_request", ["centre_id", "person_id"], unique=False
    )
    op.create_table(
        "person_merge",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kept_id", sa.Uuid(), nullable=False),
        sa.Column("merged_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("merged_by", sa.Uuid(), nullable=True),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kept_id <> merged_id", name=op.f("ck_person_merge_of_two")),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_person_merge_with_reason")),
        sa.ForeignKeyConstraint(
            ["centre_id", "kept_id"],
            ["person.centre_id", "person.id"],
            name=op.f("fk_person_merge_centre_id_kept_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "merged_id"],
            ["person.centre_id", "person.id"],
            name=op.f("fk_person_merge_centre_id_merged_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_person_merge_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_person_merge")),
        sa.UniqueConstraint(
            "centre_id", "merged_id", name=op.f("uq_person_merge_centre_id_merged_id")
        ),
    )
    op.create_table(
        "not_the_same",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_not_the_same_in_order")),
        sa.ForeignKeyConstraint(
            ["centre_id", "first_id"],
            ["person.centre_id", "person.id"],
            name=op.f("fk_not_the_same_centre_id_first_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "second_id"],
            ["person.centre_id", "person.id"],
            name=op.f("fk_not_the_same_centre_id_second_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_not_the_same_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "first_id", "second_id", name=op.f("pk_not_the_same")),
    )
