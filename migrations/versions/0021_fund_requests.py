"""What comes into funds and who asks of them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.ids import uuid7
from migrations.rebuild import add_check

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

KINDS = (
    "kind IN ('village_welfare', 'hardship', 'occupation', 'produce_advances', 'public_benefit',"
    " 'restricted_grant', 'funeral_aid', 'other')"
)
APART = (
    "(kind = 'funeral_aid') = (purpose = 'funeral_aid')"
    " AND (kind = 'restricted_grant') = (purpose = 'restricted_grants')"
)


def upgrade() -> None:
    _kinds()
    _money_apart()
    _fund_lines()
    _rules()
    _recipients()
    _requests()
    _contributions()
    _ends()


def _kinds() -> None:
    op.add_column(
        "fund", sa.Column("kind", sa.String(length=20), server_default="other", nullable=False)
    )
    op.execute(
        "UPDATE fund SET kind = CASE purpose WHEN 'welfare_fund' THEN 'village_welfare'"
        " WHEN 'public_benefit_fund' THEN 'public_benefit'"
        " WHEN 'funeral_aid' THEN 'funeral_aid'"
        " WHEN 'restricted_grants' THEN 'restricted_grant' ELSE 'other' END"
    )
    add_check("fund", "kind_known", KINDS)
    add_check("fund", "kept_apart", APART)


def _money_apart() -> None:
    """Give every centre an account for the money of funeral aid, under a code still free there."""
    account = sa.table(
        "account",
        *(sa.column(name) for name in ("centre_id", "code", "name_th", "name_en", "type")),
        *(sa.column(name) for name in ("purpose", "control_key", "money")),
        sa.column("id", sa.Uuid()),
        sa.column("active", sa.Boolean()),
    )
    connection = op.get_bind()
    codes: dict[int, set[str]] = {}
    for centre_id, code in connection.execute(sa.select(account.c.centre_id, account.c.code)):
        codes.setdefault(centre_id, set()).add(code)
    for centre_id, taken in codes.items():
        free = next(str(code) for code in range(1150, 1200) if str(code) not in taken)
        connection.execute(
            account.insert().values(
                centre_id=centre_id,
                id=uuid7(),
                code=free,
                name_th="เงินสงเคราะห์ศพ (แยกจากเงินร้าน)",
                name_en="Funeral aid money kept apart",
                type="asset",
                purpose="funeral_money",
                control_key="",
                money="",
                active=True,
            )
        )


def _fund_lines() -> None:
    op.create_index(
        "ix_journal_line_fund",
        "journal_line",
        ["centre_id", "fund_id", "posting_date"],
        postgresql_include=["debit", "credit", "account_id", "entry_id"],
        postgresql_where=sa.text("fund_id IS NOT NULL"),
        sqlite_where=sa.text("fund_id IS NOT NULL"),
    )


def _rules() -> None:
    op.create_table(
        "fund_rule",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fund_id", sa.Uuid(), nullable=False),
        sa.Column("version_no", sa.Integer(), nullable=False),
        sa.Column("who_may_ask", sa.String(length=200), nullable=False),
        sa.Column("purposes", sa.JSON(), nullable=False),
        sa.Column(
            "request_max_satang",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column(
            "recipient_year_max_satang",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("approvals", sa.Integer(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("registration_no", sa.String(length=60), nullable=False),
        sa.Column("giver", sa.String(length=120), nullable=False),
        sa.Column("resolution_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_name", sa.String(length=120), nullable=False),
        sa.CheckConstraint("approvals BETWEEN 2 AND 9", name=op.f("ck_fund_rule_two_or_more")),
        sa.ForeignKeyConstraint(
            ["centre_id", "fund_id"],
            ["fund.centre_id", "fund.id"],
            name=op.f("fk_fund_rule_centre_id_fund_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "resolution_id"],
            ["resolution.centre_id", "resolution.id"],
            name=op.f("fk_fund_rule_centre_id_resolution_id"),
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_fund_rule_centre_id")),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_fund_rule")),
        sa.UniqueConstraint(
            "centre_id",
            "fund_id",
            "version_no",
            name=op.f("uq_fund_rule_centre_id_fund_id_version_no"),
        ),
    )
    op.create_table(
        "match_round",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_no", sa.String(length=30), nullable=False),
        sa.Column("fund_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("giver_name", sa.String(length=120), nullable=False),
        sa.Column("rule_type", sa.String(length=10), nullable=False),
        sa.Column(
            "amount_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("ratio_basis_points", sa.Integer(), nullable=False),
        sa.Column(
            "cap_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("counts_from", sa.Date(), nullable=False),
        sa.Column("counts_to", sa.Date(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("happened_precision", sa.String(length=10), nullable=False),
        sa.Column("recipients_stated", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_name", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "(rule_type = 'fixed' AND amount_satang > 0 AND ratio_basis_points = 0) OR "
            "(rule_type = 'ratio' AND amount_satang = 0 AND ratio_basis_points > 0)",
            name=op.f("ck_match_round_rule_complete"),
        ),
        sa.CheckConstraint(
            "happened_precision IN ('day', 'month')",
            name=op.f("ck_match_round_happened_precision_known"),
        ),
        sa.CheckConstraint(
            "rule_type IN ('fixed', 'ratio')", name=op.f("ck_match_round_rule_type_known")
        ),
        sa.CheckConstraint(
            "source IN ('member', 'network', 'municipality', 'state', 'donation', "
            "'merit_making', 'repayment', 'other')",
            name=op.f("ck_match_round_source_known"),
        ),
        sa.CheckConstraint(
            "cap_satang IS NULL OR cap_satang > 0", name=op.f("ck_match_round_cap_positive")
        ),
        sa.CheckConstraint("counts_from <= counts_to", name=op.f("ck_match_round_days_in_order")),
        sa.ForeignKeyConstraint(
            ["centre_id", "fund_id"],
            ["fund.centre_id", "fund.id"],
            name=op.f("fk_match_round_centre_id_fund_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_match_round_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_match_round")),
        sa.UniqueConstraint(
            "centre_id", "round_no", name=op.f("uq_match_round_centre_id_round_no")
        ),
    )
    op.create_table(
        "death_case",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_no", sa.String(length=30), nullable=False),
        sa.Column("fund_id", sa.Uuid(), nullable=False),
        sa.Column("deceased_name", sa.String(length=120), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("village_id", sa.Uuid(), nullable=True),
        sa.Column("died_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["centre_id", "fund_id"],
            ["fund.centre_id", "fund.id"],
            name=op.f("fk_death_case_centre_id_fund_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "member_id"],
            ["member.centre_id", "member.id"],
            name=op.f("fk_death_case_centre_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "village_id"],
            ["village.centre_id", "village.id"],
            name=op.f("fk_death_case_centre_id_village_id"),
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_death_case_centre_id")),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_death_case")),
        sa.UniqueConstraint("centre_id", "case_no", name=op.f("uq_death_case_centre_id_case_no")),
    )


def _recipients() -> None:
    op.create_table(
        "fund_recipient",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_key", sa.String(length=120), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("minor", sa.Boolean(), nullable=False),
        sa.Column("guardian_name", sa.String(length=120), nullable=False),
        sa.Column("guardian_relation", sa.String(length=60), nullable=False),
        sa.Column("village_id", sa.Uuid(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("erased", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "category IN ('youth', 'elderly', 'household', 'producer', 'bereaved', "
            "'group', 'other')",
            name=op.f("ck_fund_recipient_category_known"),
        ),
        sa.CheckConstraint(
            "erased OR NOT minor OR guardian_name <> ''",
            name=op.f("ck_fund_recipient_guardian_named"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "member_id"],
            ["member.centre_id", "member.id"],
            name=op.f("fk_fund_recipient_centre_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "village_id"],
            ["village.centre_id", "village.id"],
            name=op.f("fk_fund_recipient_centre_id_village_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_fund_recipient_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_fund_recipient")),
    )
    op.create_index(
        "ix_fund_recipient_name", "fund_recipient", ["centre_id", "name_key"], unique=False
    )


def _requests() -> None:
    op.create_table(
        "fund_request",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_no", sa.String(length=30), nullable=False),
        sa.Column("fund_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column(
            "amount_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("repayable", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("round_id", sa.Uuid(), nullable=True),
        sa.Column("approvals", sa.Integer(), nullable=False),
        sa.Column("requested_on", sa.Date(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("requested_name", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "purpose IN ('occupation', 'education', 'hardship', 'welfare', 'public_work', "
            "'produce_advance', 'funeral', 'returned_to_giver', 'other')",
            name=op.f("ck_fund_request_purpose_known"),
        ),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_fund_request_amount_positive")),
        sa.CheckConstraint("approvals BETWEEN 2 AND 9", name=op.f("ck_fund_request_two_or_more")),
        sa.ForeignKeyConstraint(
            ["centre_id", "case_id"],
            ["death_case.centre_id", "death_case.id"],
            name=op.f("fk_fund_request_centre_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "fund_id"],
            ["fund.centre_id", "fund.id"],
            name=op.f("fk_fund_request_centre_id_fund_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "recipient_id"],
            ["fund_recipient.centre_id", "fund_recipient.id"],
            name=op.f("fk_fund_request_centre_id_recipient_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "round_id"],
            ["match_round.centre_id", "match_round.id"],
            name=op.f("fk_fund_request_centre_id_round_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_fund_request_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_fund_request")),
        sa.UniqueConstraint(
            "centre_id", "request_no", name=op.f("uq_fund_request_centre_id_request_no")
        ),
    )
    op.create_index(
        "ix_fund_request_fund", "fund_request", ["centre_id", "fund_id", "id"], unique=False
    )
    op.create_index(
        "ix_fund_request_recipient", "fund_request", ["centre_id", "recipient_id"], unique=False
    )
    op.create_table(
        "fund_decision",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("decided_name", sa.String(length=120), nullable=False),
        sa.CheckConstraint(
            "kind = 'approve' OR reason <> ''", name=op.f("ck_fund_decision_reason_given")
        ),
        sa.CheckConstraint(
            "kind IN ('approve', 'refuse', 'withdraw')", name=op.f("ck_fund_decision_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "request_id"],
            ["fund_request.centre_id", "fund_request.id"],
            name=op.f("fk_fund_decision_centre_id_request_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_fund_decision_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_fund_decision")),
        sa.UniqueConstraint(
            "centre_id",
            "request_id",
            "decided_by",
            name=op.f("uq_fund_decision_centre_id_request_id_decided_by"),
        ),
    )
    op.create_table(
        "fund_grant",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("grant_no", sa.String(length=30), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("fund_id", sa.Uuid(), nullable=False),
        sa.Column(
            "amount_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("paid_from", sa.String(length=10), nullable=False),
        sa.Column("expense_account_id", sa.Uuid(), nullable=True),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_name", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "paid_from IN ('safe', 'bank', 'apart')", name=op.f("ck_fund_grant_paid_from_known")
        ),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_fund_grant_amount_positive")),
        sa.ForeignKeyConstraint(
            ["centre_id", "expense_account_id"],
            ["account.centre_id", "account.id"],
            name=op.f("fk_fund_grant_centre_id_expense_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "fund_id"],
            ["fund.centre_id", "fund.id"],
            name=op.f("fk_fund_grant_centre_id_fund_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "request_id"],
            ["fund_request.centre_id", "fund_request.id"],
            name=op.f("fk_fund_grant_centre_id_request_id"),
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_fund_grant_centre_id")),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_fund_grant")),
        sa.UniqueConstraint("centre_id", "grant_no", name=op.f("uq_fund_grant_centre_id_grant_no")),
        sa.UniqueConstraint(
            "centre_id", "request_id", name=op.f("uq_fund_grant_centre_id_request_id")
        ),
    )


def _contributions() -> None:
    op.create_table(
        "fund_contribution",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contribution_no", sa.String(length=30), nullable=False),
        sa.Column("fund_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("giver_name", sa.String(length=120), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("village_id", sa.Uuid(), nullable=True),
        sa.Column("round_id", sa.Uuid(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("grant_id", sa.Uuid(), nullable=True),
        sa.Column(
            "amount_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("paid_to", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_name", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "(source = 'repayment') = (grant_id IS NOT NULL)",
            name=op.f("ck_fund_contribution_what_is_repaid"),
        ),
        sa.CheckConstraint(
            "paid_to IN ('safe', 'bank', 'apart')", name=op.f("ck_fund_contribution_paid_to_known")
        ),
        sa.CheckConstraint(
            "source IN ('member', 'network', 'municipality', 'state', 'donation', "
            "'merit_making', 'repayment', 'other')",
            name=op.f("ck_fund_contribution_source_known"),
        ),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_fund_contribution_amount_positive")),
        sa.CheckConstraint(
            "round_id IS NULL OR village_id IS NOT NULL",
            name=op.f("ck_fund_contribution_round_by_village"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "case_id"],
            ["death_case.centre_id", "death_case.id"],
            name=op.f("fk_fund_contribution_centre_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "fund_id"],
            ["fund.centre_id", "fund.id"],
            name=op.f("fk_fund_contribution_centre_id_fund_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "grant_id"],
            ["fund_grant.centre_id", "fund_grant.id"],
            name=op.f("fk_fund_contribution_centre_id_grant_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "member_id"],
            ["member.centre_id", "member.id"],
            name=op.f("fk_fund_contribution_centre_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "round_id"],
            ["match_round.centre_id", "match_round.id"],
            name=op.f("fk_fund_contribution_centre_id_round_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "village_id"],
            ["village.centre_id", "village.id"],
            name=op.f("fk_fund_contribution_centre_id_village_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_fund_contribution_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_fund_contribution")),
        sa.UniqueConstraint(
            "centre_id",
            "contribution_no",
            name=op.f("uq_fund_contribution_centre_id_contribution_no"),
        ),
    )
    op.create_index(
        "ix_fund_contribution_fund",
        "fund_contribution",
        ["centre_id", "fund_id", "id"],
        unique=False,
    )
    op.create_index(
        "ix_fund_contribution_round", "fund_contribution", ["centre_id", "round_id"], unique=False
    )


def _ends() -> None:
    op.create_table(
        "fund_transfer",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("transfer_no", sa.String(length=30), nullable=False),
        sa.Column("from_fund_id", sa.Uuid(), nullable=False),
        sa.Column("to_fund_id", sa.Uuid(), nullable=False),
        sa.Column(
            "amount_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("resolution_id", sa.Uuid(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_name", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_fund_transfer_amount_positive")),
        sa.CheckConstraint("from_fund_id <> to_fund_id", name=op.f("ck_fund_transfer_two_funds")),
        sa.ForeignKeyConstraint(
            ["centre_id", "from_fund_id"],
            ["fund.centre_id", "fund.id"],
            name=op.f("fk_fund_transfer_centre_id_from_fund_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "resolution_id"],
            ["resolution.centre_id", "resolution.id"],
            name=op.f("fk_fund_transfer_centre_id_resolution_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "to_fund_id"],
            ["fund.centre_id", "fund.id"],
            name=op.f("fk_fund_transfer_centre_id_to_fund_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_fund_transfer_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_fund_transfer")),
        sa.UniqueConstraint(
            "centre_id", "transfer_no", name=op.f("uq_fund_transfer_centre_id_transfer_no")
        ),
    )
    op.create_table(
        "fund_reversal",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("document_type", sa.String(length=20), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_name", sa.String(length=120), nullable=False),
        sa.CheckConstraint(
            "document_type IN ('fund_contribution', 'fund_grant', 'fund_transfer')",
            name=op.f("ck_fund_reversal_document_type_known"),
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_fund_reversal_reason_given")),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_fund_reversal_centre_id")
        ),
        sa.PrimaryKeyConstraint(
            "centre_id", "document_type", "document_id", name=op.f("pk_fund_reversal")
        ),
    )
    op.create_table(
        "fund_closing",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("fund_id", sa.Uuid(), nullable=False),
        sa.Column("resolution_id", sa.Uuid(), nullable=False),
        sa.Column("transfer_id", sa.Uuid(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["centre_id", "fund_id"],
            ["fund.centre_id", "fund.id"],
            name=op.f("fk_fund_closing_centre_id_fund_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "resolution_id"],
            ["resolution.centre_id", "resolution.id"],
            name=op.f("fk_fund_closing_centre_id_resolution_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "transfer_id"],
            ["fund_transfer.centre_id", "fund_transfer.id"],
            name=op.f("fk_fund_closing_centre_id_transfer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_fund_closing_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "fund_id", name=op.f("pk_fund_closing")),
    )
