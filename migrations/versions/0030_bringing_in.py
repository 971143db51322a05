"""Tables people bring in, line by line"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_CENTRE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_LIVE = sa.text("state <> 'dropped'")


def upgrade() -> None:
    op.create_table(
        "table_import",
        sa.Column("centre_id", _CENTRE, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("import_no", sa.String(length=30), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("headings", sa.JSON(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_name", sa.String(length=120), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_by", sa.Uuid(), nullable=True),
        sa.Column("taken_name", sa.String(length=120), nullable=False),
        sa.Column("lines_discarded", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(taken_at IS NULL) = (state <> 'taken')",
            name=op.f("ck_table_import_taken_at_a_moment"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'taking', 'taken', 'dropped')",
            name=op.f("ck_table_import_state_known"),
        ),
        sa.CheckConstraint("lines >= 0", name=op.f("ck_table_import_lines_natural")),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_table_import_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_table_import")),
        sa.UniqueConstraint(
            "centre_id", "import_no", name=op.f("uq_table_import_centre_id_import_no")
        ),
    )
    op.create_index(
        "uq_table_import_digest",
        "table_import",
        ["centre_id", "kind", "digest"],
        unique=True,
        postgresql_where=_LIVE,
        sqlite_where=_LIVE,
    )
    op.create_table(
        "table_import_line",
        sa.Column("centre_id", _CENTRE, nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('waiting', 'entered', 'changed', 'left')",
            name=op.f("ck_table_import_line_outcome_known"),
        ),
        sa.CheckConstraint(
            "verdict IN ('unread', 'new', 'changed', 'there', 'bad')",
            name=op.f("ck_table_import_line_verdict_known"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "import_id"],
            ["table_import.centre_id", "table_import.id"],
            name=op.f("fk_table_import_line_centre_id_import_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_table_import_line_centre_id")
        ),
        sa.PrimaryKeyConstraint(
            "centre_id", "import_id", "line_no", name=op.f("pk_table_import_line")
        ),
    )
    op.create_index("ix_table_import_line_row_id", "table_import_line", ["centre_id", "row_id"])
    op.create_index(
        "ix_table_import_line_verdict",
        "table_import_line",
        ["centre_id", "import_id", "verdict", "outcome", "line_no"],
    )
