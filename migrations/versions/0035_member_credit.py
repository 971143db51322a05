"""Sale on account, the purse, schemes and vouchers

Refunds made before gave their whole sum back by the one method they name.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.rebuild import add_check, add_reference, at_once, widen_check

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_METHODS = "method IN ('cash', 'promptpay', 'transfer')"
_ALL_METHODS = (
    "method IN ('cash', 'promptpay', 'transfer', 'credit', 'purse', 'scheme', 'voucher')"
)


def upgrade() -> None:
    _coupons()
    _credit()
    _purse()
    _schemes()
    _payments()
    _refunds()


def _payments() -> None:
    with at_once("payment"):
        widen_check("payment", "ck_payment_method_known", _METHODS, _ALL_METHODS)
        add_reference("payment", "scheme_id", "scheme")
        add_reference("payment", "voucher_id", "coupon")
        add_check("payment", "scheme_named", "(method = 'scheme') = (scheme_id IS NOT NULL)")
        add_check("payment", "voucher_named", "(method = 'voucher') = (voucher_id IS NOT NULL)")
    op.create_index(
        "ix_payment_scheme_id",
        "payment",
        ["centre_id", "scheme_id", "sale_id"],
        unique=False,
        postgresql_where=sa.text("scheme_id IS NOT NULL"),
        sqlite_where=sa.text("scheme_id IS NOT NULL"),
    )
    op.add_column("payment", sa.Column("balance_satang", sa.BigInteger(), nullable=True))
    widen_check(
        "refund",
        "ck_refund_method_known",
        "method IN ('cash', 'transfer')",
        "method IN ('cash', 'transfer', 'purse')",
    )


def _coupons() -> None:
    op.create_table('coupon_issue',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('issue_no', sa.String(length=30), nullable=False),
    sa.Column('fund_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('coupon_count', sa.Integer(), nullable=False),
    sa.Column('amount_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=False),
    sa.Column('rest', sa.String(length=10), nullable=False),
    sa.Column('categories', sa.JSON(), nullable=False),
    sa.Column('resolution_id', sa.Uuid(), nullable=True),
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.Uuid(), nullable=True),
    sa.Column('recorded_name', sa.String(length=120), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.CheckConstraint("rest IN ('stays', 'lapses')", name=op.f('ck_coupon_issue_rest_known')),
    sa.CheckConstraint('amount_satang > 0', name=op.f('ck_coupon_issue_amount_positive')),
    sa.CheckConstraint('coupon_count BETWEEN 1 AND 1000', name=op.f('ck_coupon_issue_count_within')),
    sa.CheckConstraint('length(name) > 0', name=op.f('ck_coupon_issue_named')),
    sa.ForeignKeyConstraint(['centre_id', 'fund_id'], ['fund.centre_id', 'fund.id'], name=op.f('fk_coupon_issue_centre_id_fund_id')),
    sa.ForeignKeyConstraint(['centre_id', 'resolution_id'], ['resolution.centre_id', 'resolution.id'], name=op.f('fk_coupon_issue_centre_id_resolution_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_coupon_issue_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_coupon_issue')),
    sa.UniqueConstraint('centre_id', 'issue_no', name=op.f('uq_coupon_issue_centre_id_issue_no'))
    )
    op.create_table('coupon',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('issue_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('member_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['centre_id', 'issue_id'], ['coupon_issue.centre_id', 'coupon_issue.id'], name=op.f('fk_coupon_centre_id_issue_id')),
    sa.ForeignKeyConstraint(['centre_id', 'member_id'], ['member.centre_id', 'member.id'], name=op.f('fk_coupon_centre_id_member_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_coupon_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_coupon')),
    sa.UniqueConstraint('centre_id', 'code', name=op.f('uq_coupon_centre_id_code')),
    sa.UniqueConstraint('centre_id', 'issue_id', 'position', name=op.f('uq_coupon_centre_id_issue_id_position'))
    )
    op.create_table('coupon_move',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('source_type', sa.String(length=10), nullable=False),
    sa.Column('source_id', sa.Uuid(), nullable=False),
    sa.Column('coupon_id', sa.Uuid(), nullable=False),
    sa.Column('amount_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.Uuid(), nullable=True),
    sa.Column('recorded_name', sa.String(length=120), nullable=False),
    sa.CheckConstraint("(source_type = 'cancelled') = (length(reason) > 0)", name=op.f('ck_coupon_move_cancelled_with_reason')),
    sa.CheckConstraint("(source_type = 'refund') = (amount_satang < 0)", name=op.f('ck_coupon_move_sign_of_source')),
    sa.CheckConstraint("source_type IN ('sale', 'refund', 'lapsed', 'cancelled')", name=op.f('ck_coupon_move_source_type_known')),
    sa.CheckConstraint('amount_satang <> 0', name=op.f('ck_coupon_move_something')),
    sa.ForeignKeyConstraint(['centre_id', 'coupon_id'], ['coupon.centre_id', 'coupon.id'], name=op.f('fk_coupon_move_centre_id_coupon_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_coupon_move_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'source_type', 'source_id', 'coupon_id', name=op.f('pk_coupon_move'))
    )
    op.create_index('ix_coupon_move_coupon', 'coupon_move', ['centre_id', 'coupon_id'], unique=False)


def _credit() -> None:
    op.create_table('credit_account',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('member_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('limit_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('terms_days', sa.Integer(), nullable=False),
    sa.Column('opened_on', sa.Date(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("state IN ('active', 'suspended', 'closed')", name=op.f('ck_credit_account_state_known')),
    sa.CheckConstraint('limit_satang >= 0', name=op.f('ck_credit_account_limit_natural')),
    sa.CheckConstraint('terms_days BETWEEN 0 AND 366', name=op.f('ck_credit_account_terms_within')),
    sa.ForeignKeyConstraint(['centre_id', 'member_id'], ['member.centre_id', 'member.id'], name=op.f('fk_credit_account_centre_id_member_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_credit_account_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'member_id', name=op.f('pk_credit_account'))
    )
    op.create_table('credit_account_change',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('member_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('limit_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('terms_days', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.Uuid(), nullable=True),
    sa.Column('recorded_name', sa.String(length=120), nullable=False),
    sa.CheckConstraint("state IN ('active', 'suspended', 'closed')", name=op.f('ck_credit_account_change_state_known')),
    sa.CheckConstraint('length(reason) > 0', name=op.f('ck_credit_account_change_with_reason')),
    sa.ForeignKeyConstraint(['centre_id', 'member_id'], ['credit_account.centre_id', 'credit_account.member_id'], name=op.f('fk_credit_account_change_centre_id_member_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_credit_account_change_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'member_id', 'version', name=op.f('pk_credit_account_change'))
    )
    op.create_table('credit_charge',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('member_id', sa.Uuid(), nullable=False),
    sa.Column('source_type', sa.String(length=24), nullable=False),
    sa.Column('source_id', sa.Uuid(), nullable=False),
    sa.Column('amount_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('from_purse_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("source_type IN ('sale', 'scheme_settlement', 'person_merge')", name=op.f('ck_credit_charge_source_type_known')),
    sa.CheckConstraint('amount_satang > 0', name=op.f('ck_credit_charge_amount_positive')),
    sa.CheckConstraint('from_purse_satang >= 0 AND from_purse_satang <= amount_satang', name=op.f('ck_credit_charge_from_purse_part')),
    sa.ForeignKeyConstraint(['centre_id', 'member_id'], ['member.centre_id', 'member.id'], name=op.f('fk_credit_charge_centre_id_member_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_credit_charge_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_credit_charge'))
    )
    op.create_index('ix_credit_charge_member', 'credit_charge', ['centre_id', 'member_id', 'due_on'], unique=False)
    op.create_index('ix_credit_charge_source', 'credit_charge', ['centre_id', 'source_type', 'source_id'], unique=False)
    op.create_table('credit_move',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('source_type', sa.String(length=26), nullable=False),
    sa.Column('source_id', sa.Uuid(), nullable=False),
    sa.Column('charge_id', sa.Uuid(), nullable=False),
    sa.Column('amount_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.CheckConstraint("(source_type = 'credit_repayment_reversal') = (amount_satang < 0)", name=op.f('ck_credit_move_sign_of_source')),
    sa.CheckConstraint("source_type IN ('credit_repayment', 'credit_repayment_reversal', 'refund', 'credit_write_off', 'person_merge')", name=op.f('ck_credit_move_source_type_known')),
    sa.CheckConstraint('amount_satang <> 0', name=op.f('ck_credit_move_something')),
    sa.ForeignKeyConstraint(['centre_id', 'charge_id'], ['credit_charge.centre_id', 'credit_charge.id'], name=op.f('fk_credit_move_centre_id_charge_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_credit_move_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'source_type', 'source_id', 'charge_id', name=op.f('pk_credit_move'))
    )
    op.create_index('ix_credit_move_charge', 'credit_move', ['centre_id', 'charge_id'], unique=False)
    op.create_table('credit_repayment',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('repayment_no', sa.String(length=30), nullable=False),
    sa.Column('member_id', sa.Uuid(), nullable=False),
    sa.Column('paid_into', sa.String(length=10), nullable=False),
    sa.Column('till_id', sa.Uuid(), nullable=True),
    sa.Column('shift_id', sa.Uuid(), nullable=True),
    sa.Column('bills_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('older_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('purse_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reference', sa.String(length=60), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.Uuid(), nullable=True),
    sa.Column('recorded_name', sa.String(length=120), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.CheckConstraint("(paid_into = 'till') = (shift_id IS NOT NULL)", name=op.f('ck_credit_repayment_drawer_named')),
    sa.CheckConstraint("paid_into IN ('till', 'safe', 'awaited', 'purse')", name=op.f('ck_credit_repayment_paid_into_known')),
    sa.CheckConstraint('bills_satang >= 0 AND older_satang >= 0 AND purse_satang >= 0 AND bills_satang + older_satang + purse_satang > 0', name=op.f('ck_credit_repayment_parts_natural')),
    sa.ForeignKeyConstraint(['centre_id', 'member_id'], ['member.centre_id', 'member.id'], name=op.f('fk_credit_repayment_centre_id_member_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_credit_repayment_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_credit_repayment')),
    sa.UniqueConstraint('centre_id', 'repayment_no', name=op.f('uq_credit_repayment_centre_id_repayment_no'))
    )
    op.create_index('ix_credit_repayment_member', 'credit_repayment', ['centre_id', 'member_id'], unique=False)
    op.create_index('ix_credit_repayment_shift', 'credit_repayment', ['centre_id', 'shift_id'], unique=False)
    op.create_table('credit_repayment_reversal',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('repayment_id', sa.Uuid(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('till_id', sa.Uuid(), nullable=True),
    sa.Column('shift_id', sa.Uuid(), nullable=True),
    sa.Column('amount_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.Uuid(), nullable=True),
    sa.Column('recorded_name', sa.String(length=120), nullable=False),
    sa.CheckConstraint('length(reason) > 0', name=op.f('ck_credit_repayment_reversal_with_reason')),
    sa.ForeignKeyConstraint(['centre_id', 'repayment_id'], ['credit_repayment.centre_id', 'credit_repayment.id'], name=op.f('fk_credit_repayment_reversal_centre_id_repayment_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_credit_repayment_reversal_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'repayment_id', name=op.f('pk_credit_repayment_reversal'))
    )
    op.create_index('ix_credit_repayment_reversal_shift', 'credit_repayment_reversal', ['centre_id', 'shift_id'], unique=False)
    op.create_table('credit_write_off',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('write_off_no', sa.String(length=30), nullable=False),
    sa.Column('member_id', sa.Uuid(), nullable=False),
    sa.Column('amount_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('bills', sa.JSON(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('resolution_id', sa.Uuid(), nullable=True),
    sa.Column('prepared_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('prepared_by', sa.Uuid(), nullable=True),
    sa.Column('prepared_name', sa.String(length=120), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.CheckConstraint('amount_satang > 0', name=op.f('ck_credit_write_off_amount_positive')),
    sa.CheckConstraint('length(reason) > 0', name=op.f('ck_credit_write_off_with_reason')),
    sa.ForeignKeyConstraint(['centre_id', 'member_id'], ['member.centre_id', 'member.id'], name=op.f('fk_credit_write_off_centre_id_member_id')),
    sa.ForeignKeyConstraint(['centre_id', 'resolution_id'], ['resolution.centre_id', 'resolution.id'], name=op.f('fk_credit_write_off_centre_id_resolution_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_credit_write_off_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_credit_write_off')),
    sa.UniqueConstraint('centre_id', 'write_off_no', name=op.f('uq_credit_write_off_centre_id_write_off_no'))
    )
    op.create_table('credit_write_off_outcome',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('write_off_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.Uuid(), nullable=True),
    sa.Column('recorded_name', sa.String(length=120), nullable=False),
    sa.CheckConstraint("kind IN ('approved', 'dropped')", name=op.f('ck_credit_write_off_outcome_kind_known')),
    sa.ForeignKeyConstraint(['centre_id', 'write_off_id'], ['credit_write_off.centre_id', 'credit_write_off.id'], name=op.f('fk_credit_write_off_outcome_centre_id_write_off_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_credit_write_off_outcome_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'write_off_id', name=op.f('pk_credit_write_off_outcome'))
    )


def _purse() -> None:
    op.create_table('purse_movement',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('movement_no', sa.String(length=30), nullable=False),
    sa.Column('member_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('place', sa.String(length=10), nullable=False),
    sa.Column('till_id', sa.Uuid(), nullable=True),
    sa.Column('shift_id', sa.Uuid(), nullable=True),
    sa.Column('amount_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('balance_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('recipient_kind', sa.String(length=10), nullable=False),
    sa.Column('recipient_name', sa.String(length=160), nullable=False),
    sa.Column('recipient_relation', sa.String(length=80), nullable=False),
    sa.Column('reference', sa.String(length=60), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.Uuid(), nullable=True),
    sa.Column('recorded_name', sa.String(length=120), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.CheckConstraint("(place = 'till') = (shift_id IS NOT NULL)", name=op.f('ck_purse_movement_drawer_named')),
    sa.CheckConstraint("(recipient_kind = 'member') = (length(recipient_name) = 0)", name=op.f('ck_purse_movement_recipient_named')),
    sa.CheckConstraint("kind IN ('top_up', 'withdrawal')", name=op.f('ck_purse_movement_kind_known')),
    sa.CheckConstraint("place IN ('till', 'safe', 'awaited', 'bank')", name=op.f('ck_purse_movement_place_known')),
    sa.CheckConstraint("recipient_kind IN ('member', 'proxy', 'heir')", name=op.f('ck_purse_movement_recipient_kind_known')),
    sa.CheckConstraint('amount_satang > 0', name=op.f('ck_purse_movement_amount_positive')),
    sa.CheckConstraint('balance_satang >= 0', name=op.f('ck_purse_movement_balance_natural')),
    sa.ForeignKeyConstraint(['centre_id', 'member_id'], ['member.centre_id', 'member.id'], name=op.f('fk_purse_movement_centre_id_member_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_purse_movement_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_purse_movement')),
    sa.UniqueConstraint('centre_id', 'movement_no', name=op.f('uq_purse_movement_centre_id_movement_no'))
    )
    op.create_index('ix_purse_movement_member', 'purse_movement', ['centre_id', 'member_id'], unique=False)
    op.create_index('ix_purse_movement_shift', 'purse_movement', ['centre_id', 'shift_id'], unique=False)


def _schemes() -> None:
    op.create_table('scheme',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('name_th', sa.String(length=80), nullable=False),
    sa.Column('name_en', sa.String(length=80), nullable=False),
    sa.Column('categories', sa.JSON(), nullable=False),
    sa.Column('bill_max_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('bill_max_satang IS NULL OR bill_max_satang > 0', name=op.f('ck_scheme_bill_max_positive')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_scheme_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_scheme')),
    sa.UniqueConstraint('centre_id', 'code', name=op.f('uq_scheme_centre_id_code'))
    )
    op.create_table('scheme_settlement',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('settlement_no', sa.String(length=30), nullable=False),
    sa.Column('scheme_id', sa.Uuid(), nullable=False),
    sa.Column('received_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('fee_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rejected_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reference', sa.String(length=60), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.Uuid(), nullable=True),
    sa.Column('recorded_name', sa.String(length=120), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.CheckConstraint('received_satang >= 0 AND fee_satang >= 0 AND rejected_satang >= 0', name=op.f('ck_scheme_settlement_parts_natural')),
    sa.ForeignKeyConstraint(['centre_id', 'scheme_id'], ['scheme.centre_id', 'scheme.id'], name=op.f('fk_scheme_settlement_centre_id_scheme_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_scheme_settlement_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_scheme_settlement')),
    sa.UniqueConstraint('centre_id', 'settlement_no', name=op.f('uq_scheme_settlement_centre_id_settlement_no'))
    )
    op.create_index('ix_scheme_settlement_scheme', 'scheme_settlement', ['centre_id', 'scheme_id'], unique=False)
    op.create_table('scheme_settlement_item',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('settlement_id', sa.Uuid(), nullable=False),
    sa.Column('sale_id', sa.Uuid(), nullable=False),
    sa.Column('accepted_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rejected_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('bearer', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.CheckConstraint("(rejected_satang > 0) = (bearer <> '')", name=op.f('ck_scheme_settlement_item_bearer_named')),
    sa.CheckConstraint("bearer IN ('', 'centre', 'member')", name=op.f('ck_scheme_settlement_item_bearer_known')),
    sa.CheckConstraint('accepted_satang <> 0 OR rejected_satang > 0', name=op.f('ck_scheme_settlement_item_something')),
    sa.CheckConstraint('rejected_satang >= 0', name=op.f('ck_scheme_settlement_item_rejected_natural')),
    sa.ForeignKeyConstraint(['centre_id', 'sale_id'], ['sale.centre_id', 'sale.id'], name=op.f('fk_scheme_settlement_item_centre_id_sale_id')),
    sa.ForeignKeyConstraint(['centre_id', 'settlement_id'], ['scheme_settlement.centre_id', 'scheme_settlement.id'], name=op.f('fk_scheme_settlement_item_centre_id_settlement_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_scheme_settlement_item_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'settlement_id', 'sale_id', name=op.f('pk_scheme_settlement_item'))
    )
    op.create_index('ix_scheme_settlement_item_sale', 'scheme_settlement_item', ['centre_id', 'sale_id'], unique=False)


def _refunds() -> None:
    op.create_table('refund_payment',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('refund_id', sa.Uuid(), nullable=False),
    sa.Column('payment_no', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('method', sa.String(length=10), nullable=False),
    sa.Column('amount_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('scheme_id', sa.Uuid(), nullable=True),
    sa.Column('voucher_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint("(method = 'scheme') = (scheme_id IS NOT NULL)", name=op.f('ck_refund_payment_scheme_named')),
    sa.CheckConstraint("(method = 'voucher') = (voucher_id IS NOT NULL)", name=op.f('ck_refund_payment_voucher_named')),
    sa.CheckConstraint("method IN ('cash', 'transfer', 'purse', 'credit', 'scheme', 'voucher')", name=op.f('ck_refund_payment_method_known')),
    sa.CheckConstraint('amount_satang > 0', name=op.f('ck_refund_payment_amount_positive')),
    sa.ForeignKeyConstraint(['centre_id', 'refund_id'], ['refund.centre_id', 'refund.id'], name=op.f('fk_refund_payment_centre_id_refund_id')),
    sa.ForeignKeyConstraint(['centre_id', 'scheme_id'], ['scheme.centre_id', 'scheme.id'], name=op.f('fk_refund_payment_centre_id_scheme_id')),
    sa.ForeignKeyConstraint(['centre_id', 'voucher_id'], ['coupon.centre_id', 'coupon.id'], name=op.f('fk_refund_payment_centre_id_voucher_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_refund_payment_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'refund_id', 'payment_no', name=op.f('pk_refund_payment'))
    )
    op.execute(
        "INSERT INTO refund_payment (centre_id, refund_id, payment_no, method, amount_satang)"
        " SELECT centre_id, id, 1, method, paid_satang FROM refund WHERE paid_satang > 0"
    )
