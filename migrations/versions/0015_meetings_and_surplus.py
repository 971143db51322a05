"""Meetings with their resolutions, and the use of a year's surplus"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.rebuild import add_check

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TYPES = "organisation_type IN ('cooperative', 'community_enterprise', 'savings_group')"


def upgrade() -> None:
    op.add_column(
        "centre",
        sa.Column(
            "organisation_type",
            sa.String(length=20),
            server_default="community_enterprise",
            nullable=False,
        ),
    )
    add_check("centre", "organisation_type_known", TYPES)
    _meetings()
    _surplus()


def _meetings() -> None:
    op.create_table('meeting',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('place', sa.String(length=120), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('created_by', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('monthly', 'general', 'committee')", name=op.f('ck_meeting_kind_known')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_meeting_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_meeting')),
    sa.UniqueConstraint('centre_id', 'kind', 'held_on', name=op.f('uq_meeting_centre_id_kind_held_on'))
    )
    op.create_table('agenda_item',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('meeting_id', sa.Uuid(), nullable=False),
    sa.Column('item_no', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('minutes', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['centre_id', 'meeting_id'], ['meeting.centre_id', 'meeting.id'], name=op.f('fk_agenda_item_centre_id_meeting_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_agenda_item_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'meeting_id', 'item_no', name=op.f('pk_agenda_item'))
    )
    op.create_table('attendance',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('meeting_id', sa.Uuid(), nullable=False),
    sa.Column('member_id', sa.Uuid(), nullable=True),
    sa.Column('guest_name', sa.String(length=120), nullable=False),
    sa.Column('recorded_by', sa.Uuid(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(member_id IS NULL) = (guest_name <> '')", name=op.f('ck_attendance_member_or_guest')),
    sa.ForeignKeyConstraint(['centre_id', 'meeting_id'], ['meeting.centre_id', 'meeting.id'], name=op.f('fk_attendance_centre_id_meeting_id')),
    sa.ForeignKeyConstraint(['centre_id', 'member_id'], ['member.centre_id', 'member.id'], name=op.f('fk_attendance_centre_id_member_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_attendance_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_attendance')),
    sa.UniqueConstraint('centre_id', 'meeting_id', 'member_id', name=op.f('uq_attendance_centre_id_meeting_id_member_id'))
    )
    op.create_table('resolution',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('meeting_id', sa.Uuid(), nullable=False),
    sa.Column('resolution_no', sa.String(length=30), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('owner_name', sa.String(length=120), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('recorded_by', sa.Uuid(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['centre_id', 'meeting_id'], ['meeting.centre_id', 'meeting.id'], name=op.f('fk_resolution_centre_id_meeting_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_resolution_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_resolution')),
    sa.UniqueConstraint('centre_id', 'resolution_no', name=op.f('uq_resolution_centre_id_resolution_no'))
    )
    op.create_index('ix_resolution_meeting', 'resolution', ['centre_id', 'meeting_id'], unique=False)
    op.create_table('resolution_outcome',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('resolution_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('recorded_by', sa.Uuid(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('done', 'dropped')", name=op.f('ck_resolution_outcome_kind_known')),
    sa.ForeignKeyConstraint(['centre_id', 'resolution_id'], ['resolution.centre_id', 'resolution.id'], name=op.f('fk_resolution_outcome_centre_id_resolution_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_resolution_outcome_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'resolution_id', name=op.f('pk_resolution_outcome'))
    )


def _surplus() -> None:
    op.create_table('surplus_allocation',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('allocation_no', sa.String(length=30), nullable=False),
    sa.Column('fiscal_year', sa.Integer(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('surplus_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('retained_basis_points', sa.Integer(), nullable=False),
    sa.Column('resolution_id', sa.Uuid(), nullable=False),
    sa.Column('rules', sa.JSON(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('prepared_by', sa.Uuid(), nullable=True),
    sa.Column('prepared_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('first_day <= last_day', name=op.f('ck_surplus_allocation_days_in_order')),
    sa.CheckConstraint('retained_basis_points BETWEEN 0 AND 10000', name=op.f('ck_surplus_allocation_retained_within')),
    sa.CheckConstraint('surplus_satang > 0', name=op.f('ck_surplus_allocation_surplus_positive')),
    sa.ForeignKeyConstraint(['centre_id', 'resolution_id'], ['resolution.centre_id', 'resolution.id'], name=op.f('fk_surplus_allocation_centre_id_resolution_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_surplus_allocation_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_surplus_allocation')),
    sa.UniqueConstraint('centre_id', 'allocation_no', name=op.f('uq_surplus_allocation_centre_id_allocation_no'))
    )
    op.create_table('surplus_allocation_line',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('allocation_id', sa.Uuid(), nullable=False),
    sa.Column('line_no', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('use', sa.String(length=20), nullable=False),
    sa.Column('fund_id', sa.Uuid(), nullable=True),
    sa.Column('amount_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('memo', sa.Text(), nullable=False),
    sa.CheckConstraint("use IN ('reserve', 'welfare', 'public_benefit', 'dividend', 'patronage', 'committee', 'other_fund', 'retained')", name=op.f('ck_surplus_allocation_line_use_known')),
    sa.CheckConstraint('amount_satang > 0', name=op.f('ck_surplus_allocation_line_amount_positive')),
    sa.ForeignKeyConstraint(['centre_id', 'allocation_id'], ['surplus_allocation.centre_id', 'surplus_allocation.id'], name=op.f('fk_surplus_allocation_line_centre_id_allocation_id')),
    sa.ForeignKeyConstraint(['centre_id', 'fund_id'], ['fund.centre_id', 'fund.id'], name=op.f('fk_surplus_allocation_line_centre_id_fund_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_surplus_allocation_line_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'allocation_id', 'line_no', name=op.f('pk_surplus_allocation_line'))
    )
    op.create_table('surplus_approval',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('allocation_id', sa.Uuid(), nullable=False),
    sa.Column('place', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('approved_by', sa.Uuid(), nullable=False),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.CheckConstraint('place IN (1, 2)', name=op.f('ck_surplus_approval_two_places')),
    sa.ForeignKeyConstraint(['centre_id', 'allocation_id'], ['surplus_allocation.centre_id', 'surplus_allocation.id'], name=op.f('fk_surplus_approval_centre_id_allocation_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_surplus_approval_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'allocation_id', 'place', name=op.f('pk_surplus_approval')),
    sa.UniqueConstraint('centre_id', 'allocation_id', 'approved_by', name=op.f('uq_surplus_approval_centre_id_allocation_id_approved_by'))
    )
    op.create_table('surplus_outcome',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('allocation_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('recorded_by', sa.Uuid(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('withdrawn', 'posted', 'reversed')", name=op.f('ck_surplus_outcome_kind_known')),
    sa.ForeignKeyConstraint(['centre_id', 'allocation_id'], ['surplus_allocation.centre_id', 'surplus_allocation.id'], name=op.f('fk_surplus_outcome_centre_id_allocation_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_surplus_outcome_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'allocation_id', 'kind', name=op.f('pk_surplus_outcome'))
    )
    op.create_table('member_run',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('allocation_id', sa.Uuid(), nullable=False),
    sa.Column('members', sa.Integer(), nullable=False),
    sa.Column('input_hash', sa.String(length=64), nullable=False),
    sa.Column('result_hash', sa.String(length=64), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('prepared_by', sa.Uuid(), nullable=True),
    sa.Column('prepared_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['centre_id', 'allocation_id'], ['surplus_allocation.centre_id', 'surplus_allocation.id'], name=op.f('fk_member_run_centre_id_allocation_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_member_run_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_member_run')),
    sa.UniqueConstraint('centre_id', 'allocation_id', name=op.f('uq_member_run_centre_id_allocation_id'))
    )
    op.create_table('member_run_item',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('run_id', sa.Uuid(), nullable=False),
    sa.Column('member_id', sa.Uuid(), nullable=False),
    sa.Column('eligible', sa.Boolean(), nullable=False),
    sa.Column('why', sa.String(length=40), nullable=False),
    sa.Column('share_days', sa.BigInteger(), nullable=False),
    sa.Column('purchase_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('delivery_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('purchase_weight', sa.BigInteger(), nullable=False),
    sa.Column('delivery_weight', sa.BigInteger(), nullable=False),
    sa.Column('dividend_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('purchase_refund_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('delivery_refund_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cash_dividend_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cash_patronage_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('retained_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('dividend_satang + purchase_refund_satang + delivery_refund_satang = cash_dividend_satang + cash_patronage_satang + retained_satang', name=op.f('ck_member_run_item_adds_up')),
    sa.ForeignKeyConstraint(['centre_id', 'member_id'], ['member.centre_id', 'member.id'], name=op.f('fk_member_run_item_centre_id_member_id')),
    sa.ForeignKeyConstraint(['centre_id', 'run_id'], ['member_run.centre_id', 'member_run.id'], name=op.f('fk_member_run_item_centre_id_run_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_member_run_item_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'run_id', 'member_id', name=op.f('pk_member_run_item'))
    )
    op.create_index('ix_member_run_item_member', 'member_run_item', ['centre_id', 'member_id'], unique=False)
