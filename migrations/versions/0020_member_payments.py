"""Payments of dividends and refunds"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _paying()
    _batches()
    _unclaimed()


def _paying() -> None:
    op.create_table('member_pay_choice',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('member_id', sa.Uuid(), nullable=False),
    sa.Column('way', sa.String(length=10), nullable=False),
    sa.Column('promptpay_id', sa.String(length=20), nullable=False),
    sa.Column('bank_code', sa.String(length=3), nullable=False),
    sa.Column('bank_account', sa.String(length=20), nullable=False),
    sa.Column('bank_account_name', sa.String(length=120), nullable=False),
    sa.Column('changed_by', sa.Uuid(), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("way IN ('cash', 'promptpay', 'transfer', 'shares', 'purse')", name=op.f('ck_member_pay_choice_way_known')),
    sa.ForeignKeyConstraint(['centre_id', 'member_id'], ['member.centre_id', 'member.id'], name=op.f('fk_member_pay_choice_centre_id_member_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_member_pay_choice_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'member_id', name=op.f('pk_member_pay_choice'))
    )
    op.create_table('member_payment',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('payment_no', sa.String(length=30), nullable=False),
    sa.Column('member_id', sa.Uuid(), nullable=False),
    sa.Column('way', sa.String(length=10), nullable=False),
    sa.Column('paid_from', sa.String(length=10), nullable=False),
    sa.Column('till_id', sa.Uuid(), nullable=True),
    sa.Column('shift_id', sa.Uuid(), nullable=True),
    sa.Column('dividend_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('patronage_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
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
    sa.CheckConstraint("(paid_from = 'till') = (shift_id IS NOT NULL)", name=op.f('ck_member_payment_drawer_named')),
    sa.CheckConstraint("(recipient_kind = 'member') = (length(recipient_name) = 0)", name=op.f('ck_member_payment_recipient_named')),
    sa.CheckConstraint("paid_from IN ('till', 'safe', 'bank', 'shares', 'purse')", name=op.f('ck_member_payment_paid_from_known')),
    sa.CheckConstraint("recipient_kind IN ('member', 'proxy', 'heir')", name=op.f('ck_member_payment_recipient_kind_known')),
    sa.CheckConstraint("way IN ('cash', 'promptpay', 'transfer', 'shares', 'purse')", name=op.f('ck_member_payment_way_known')),
    sa.CheckConstraint('dividend_satang >= 0 AND patronage_satang >= 0 AND dividend_satang + patronage_satang > 0', name=op.f('ck_member_payment_parts_natural')),
    sa.ForeignKeyConstraint(['centre_id', 'member_id'], ['member.centre_id', 'member.id'], name=op.f('fk_member_payment_centre_id_member_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_member_payment_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_member_payment')),
    sa.UniqueConstraint('centre_id', 'payment_no', name=op.f('uq_member_payment_centre_id_payment_no'))
    )
    op.create_index('ix_member_payment_member', 'member_payment', ['centre_id', 'member_id'], unique=False)
    op.create_index('ix_member_payment_shift', 'member_payment', ['centre_id', 'shift_id'], unique=False)
    op.create_table('member_payment_reversal',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('payment_id', sa.Uuid(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('paid_into', sa.String(length=10), nullable=False),
    sa.Column('till_id', sa.Uuid(), nullable=True),
    sa.Column('shift_id', sa.Uuid(), nullable=True),
    sa.Column('amount_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.Uuid(), nullable=True),
    sa.Column('recorded_name', sa.String(length=120), nullable=False),
    sa.CheckConstraint("(paid_into = 'till') = (shift_id IS NOT NULL)", name=op.f('ck_member_payment_reversal_drawer_named')),
    sa.CheckConstraint("paid_into IN ('till', 'safe', 'bank', 'shares', 'purse')", name=op.f('ck_member_payment_reversal_paid_into_known')),
    sa.CheckConstraint('length(reason) > 0', name=op.f('ck_member_payment_reversal_with_reason')),
    sa.ForeignKeyConstraint(['centre_id', 'payment_id'], ['member_payment.centre_id', 'member_payment.id'], name=op.f('fk_member_payment_reversal_centre_id_payment_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_member_payment_reversal_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'payment_id', name=op.f('pk_member_payment_reversal'))
    )
    op.create_index('ix_member_payment_reversal_shift', 'member_payment_reversal', ['centre_id', 'shift_id'], unique=False)
    op.create_table('member_item_move',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('source_type', sa.String(length=24), nullable=False),
    sa.Column('source_id', sa.Uuid(), nullable=False),
    sa.Column('run_id', sa.Uuid(), nullable=False),
    sa.Column('member_id', sa.Uuid(), nullable=False),
    sa.Column('dividend_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('patronage_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.CheckConstraint("CASE WHEN source_type IN ('member_payment', 'unclaimed_taking') THEN dividend_satang >= 0 AND patronage_satang >= 0 ELSE dividend_satang <= 0 AND patronage_satang <= 0 END", name=op.f('ck_member_item_move_sign_of_source')),
    sa.CheckConstraint("source_type IN ('member_payment', 'member_payment_reversal', 'unclaimed_taking', 'unclaimed_reversal')", name=op.f('ck_member_item_move_source_type_known')),
    sa.CheckConstraint('dividend_satang <> 0 OR patronage_satang <> 0', name=op.f('ck_member_item_move_something')),
    sa.ForeignKeyConstraint(['centre_id', 'run_id', 'member_id'], ['member_run_item.centre_id', 'member_run_item.run_id', 'member_run_item.member_id'], name=op.f('fk_member_item_move_centre_id_run_id_member_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_member_item_move_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'source_type', 'source_id', 'run_id', 'member_id', name=op.f('pk_member_item_move'))
    )
    op.create_index('ix_member_item_move_item', 'member_item_move', ['centre_id', 'run_id', 'member_id'], unique=False)


def _batches() -> None:
    op.create_table('member_batch',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('batch_no', sa.String(length=30), nullable=False),
    sa.Column('way', sa.String(length=10), nullable=False),
    sa.Column('amount_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('file_content', sa.Text(), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.Uuid(), nullable=True),
    sa.Column('recorded_name', sa.String(length=120), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.CheckConstraint("way IN ('promptpay', 'transfer')", name=op.f('ck_member_batch_way_known')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_member_batch_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_member_batch')),
    sa.UniqueConstraint('centre_id', 'batch_no', name=op.f('uq_member_batch_centre_id_batch_no'))
    )
    op.create_table('member_batch_line',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('batch_id', sa.Uuid(), nullable=False),
    sa.Column('line_no', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('member_id', sa.Uuid(), nullable=False),
    sa.Column('dividend_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('patronage_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account', sa.String(length=60), nullable=False),
    sa.Column('account_name', sa.String(length=160), nullable=False),
    sa.Column('items', sa.JSON(), nullable=False),
    sa.Column('payment_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('reference', sa.String(length=60), nullable=False),
    sa.CheckConstraint("state IN ('waiting', 'paid', 'failed')", name=op.f('ck_member_batch_line_state_known')),
    sa.CheckConstraint('dividend_satang >= 0 AND patronage_satang >= 0 AND dividend_satang + patronage_satang > 0', name=op.f('ck_member_batch_line_parts_natural')),
    sa.ForeignKeyConstraint(['centre_id', 'batch_id'], ['member_batch.centre_id', 'member_batch.id'], name=op.f('fk_member_batch_line_centre_id_batch_id')),
    sa.ForeignKeyConstraint(['centre_id', 'member_id'], ['member.centre_id', 'member.id'], name=op.f('fk_member_batch_line_centre_id_member_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_member_batch_line_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'batch_id', 'line_no', name=op.f('pk_member_batch_line')),
    sa.UniqueConstraint('centre_id', 'payment_id', name=op.f('uq_member_batch_line_centre_id_payment_id'))
    )
    op.create_index('uq_member_batch_line_waiting', 'member_batch_line', ['centre_id', 'member_id'], unique=True, postgresql_where=sa.text("state = 'waiting'"), sqlite_where=sa.text("state = 'waiting'"))


def _unclaimed() -> None:
    op.create_table('unclaimed_rule',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('years', sa.Integer(), nullable=False),
    sa.Column('resolution_id', sa.Uuid(), nullable=False),
    sa.Column('recorded_by', sa.Uuid(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('years BETWEEN 1 AND 50', name=op.f('ck_unclaimed_rule_years_within')),
    sa.ForeignKeyConstraint(['centre_id', 'resolution_id'], ['resolution.centre_id', 'resolution.id'], name=op.f('fk_unclaimed_rule_centre_id_resolution_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_unclaimed_rule_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_unclaimed_rule')),
    sa.UniqueConstraint('centre_id', 'valid_from', name=op.f('uq_unclaimed_rule_centre_id_valid_from'))
    )
    op.create_table('unclaimed_taking',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('taking_no', sa.String(length=30), nullable=False),
    sa.Column('prepared_on', sa.Date(), nullable=False),
    sa.Column('dividend_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('patronage_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('prepared_by', sa.Uuid(), nullable=True),
    sa.Column('prepared_name', sa.String(length=120), nullable=False),
    sa.Column('prepared_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('dividend_satang >= 0 AND patronage_satang >= 0 AND dividend_satang + patronage_satang > 0', name=op.f('ck_unclaimed_taking_parts_natural')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_unclaimed_taking_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_unclaimed_taking')),
    sa.UniqueConstraint('centre_id', 'taking_no', name=op.f('uq_unclaimed_taking_centre_id_taking_no'))
    )
    op.create_table('unclaimed_line',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('taking_id', sa.Uuid(), nullable=False),
    sa.Column('run_id', sa.Uuid(), nullable=False),
    sa.Column('member_id', sa.Uuid(), nullable=False),
    sa.Column('due_since', sa.Date(), nullable=False),
    sa.Column('dividend_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('patronage_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('dividend_satang >= 0 AND patronage_satang >= 0 AND dividend_satang + patronage_satang > 0', name=op.f('ck_unclaimed_line_parts_natural')),
    sa.ForeignKeyConstraint(['centre_id', 'run_id', 'member_id'], ['member_run_item.centre_id', 'member_run_item.run_id', 'member_run_item.member_id'], name=op.f('fk_unclaimed_line_centre_id_run_id_member_id')),
    sa.ForeignKeyConstraint(['centre_id', 'taking_id'], ['unclaimed_taking.centre_id', 'unclaimed_taking.id'], name=op.f('fk_unclaimed_line_centre_id_taking_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_unclaimed_line_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'taking_id', 'run_id', 'member_id', name=op.f('pk_unclaimed_line'))
    )
    op.create_table('unclaimed_outcome',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('taking_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('recorded_by', sa.Uuid(), nullable=True),
    sa.Column('recorded_name', sa.String(length=120), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind <> 'reversed' OR length(reason) > 0", name=op.f('ck_unclaimed_outcome_reversed_with_reason')),
    sa.CheckConstraint("kind IN ('withdrawn', 'approved', 'reversed')", name=op.f('ck_unclaimed_outcome_kind_known')),
    sa.ForeignKeyConstraint(['centre_id', 'taking_id'], ['unclaimed_taking.centre_id', 'unclaimed_taking.id'], name=op.f('fk_unclaimed_outcome_centre_id_taking_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_unclaimed_outcome_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'taking_id', 'kind', name=op.f('pk_unclaimed_outcome'))
    )
