"""Documents of many PDFs, kept part by part"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "job_part",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("position >= 0 AND steps > 0", name=op.f("ck_job_part_counts_natural")),
        sa.ForeignKeyConstraint(
            ["centre_id", "job_id"],
            ["job_run.centre_id", "job_run.id"],
            name=op.f("fk_job_part_centre_id_job_id"),
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_job_part_centre_id")),
        sa.PrimaryKeyConstraint("centre_id", "job_id", "position", name=op.f("pk_job_part")),
    )
