"""Rules by which a surplus is used"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('allocation_rule_set',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('organisation_type', sa.String(length=30), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('resolution_id', sa.Uuid(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('recorded_by', sa.Uuid(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("organisation_type IN ('cooperative', 'community_enterprise', 'savings_group')", name=op.f('ck_allocation_rule_set_organisation_type_known')),
    sa.ForeignKeyConstraint(['centre_id', 'resolution_id'], ['resolution.centre_id', 'resolution.id'], name=op.f('fk_allocation_rule_set_centre_id_resolution_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_allocation_rule_set_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_allocation_rule_set')),
    sa.UniqueConstraint('centre_id', 'name', 'valid_from', name=op.f('uq_allocation_rule_set_centre_id_name_valid_from'))
    )
    op.create_table('allocation_scenario',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('fiscal_year', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('rule_set_id', sa.Uuid(), nullable=True),
    sa.Column('expected_satang', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('changed_by', sa.Uuid(), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('expected_satang > 0', name=op.f('ck_allocation_scenario_expected_positive')),
    sa.ForeignKeyConstraint(['centre_id', 'rule_set_id'], ['allocation_rule_set.centre_id', 'allocation_rule_set.id'], name=op.f('fk_allocation_scenario_centre_id_rule_set_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_allocation_scenario_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_allocation_scenario')),
    sa.UniqueConstraint('centre_id', 'fiscal_year', 'name', name=op.f('uq_allocation_scenario_centre_id_fiscal_year_name'))
    )
