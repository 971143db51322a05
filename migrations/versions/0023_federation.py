"""Networks and the centres in them, by date"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

BEGINNING = """
    INSERT INTO centre_network (centre_id, joined_on, network_id, recorded_at)
    SELECT id, '1900-01-01', network_id, CURRENT_TIMESTAMP FROM centre
"""
"""Every centre has been in its network from the beginning of its books."""


def upgrade() -> None:
    _invitations()
    _memberships()
    op.execute(BEGINNING)


def _invitations() -> None:
    op.create_table('network_invitation',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('network_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('for_code', sa.String(length=20), nullable=False),
    sa.Column('name_th', sa.String(length=200), nullable=False),
    sa.Column('joins_on', sa.Date(), nullable=True),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('created_by', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind = 'join' OR for_code = ''", name=op.f('ck_network_invitation_found_is_for_nobody_yet')),
    sa.CheckConstraint("kind IN ('join', 'found')", name=op.f('ck_network_invitation_kind_known')),
    sa.ForeignKeyConstraint(['created_by'], ['app_user.id'], name=op.f('fk_network_invitation_created_by')),
    sa.ForeignKeyConstraint(['network_id'], ['network.id'], name=op.f('fk_network_invitation_network_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_network_invitation')),
    sa.UniqueConstraint('code_hash', name=op.f('uq_network_invitation_code_hash'))
    )
    op.create_index('ix_network_invitation_for_code', 'network_invitation', ['for_code'], unique=False)
    op.create_index('ix_network_invitation_network_id', 'network_invitation', ['network_id'], unique=False)
    op.create_table('network_invitation_outcome',
    sa.Column('invitation_id', sa.Uuid(), nullable=False),
    sa.Column('outcome', sa.String(length=10), nullable=False),
    sa.Column('answering_centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(outcome = 'withdrawn') = (answering_centre_id IS NULL)", name=op.f('ck_network_invitation_outcome_centre_answers')),
    sa.CheckConstraint("outcome IN ('accepted', 'declined', 'withdrawn')", name=op.f('ck_network_invitation_outcome_outcome_known')),
    sa.ForeignKeyConstraint(['answering_centre_id'], ['centre.id'], name=op.f('fk_network_invitation_outcome_answering_centre_id')),
    sa.ForeignKeyConstraint(['decided_by'], ['app_user.id'], name=op.f('fk_network_invitation_outcome_decided_by')),
    sa.ForeignKeyConstraint(['invitation_id'], ['network_invitation.id'], name=op.f('fk_network_invitation_outcome_invitation_id')),
    sa.PrimaryKeyConstraint('invitation_id', name=op.f('pk_network_invitation_outcome'))
    )


def _memberships() -> None:
    op.create_table('centre_network',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('joined_on', sa.Date(), nullable=False),
    sa.Column('network_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('invitation_id', sa.Uuid(), nullable=True),
    sa.Column('recorded_by', sa.Uuid(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_centre_network_centre_id')),
    sa.ForeignKeyConstraint(['invitation_id'], ['network_invitation.id'], name=op.f('fk_centre_network_invitation_id')),
    sa.ForeignKeyConstraint(['network_id'], ['network.id'], name=op.f('fk_centre_network_network_id')),
    sa.ForeignKeyConstraint(['recorded_by'], ['app_user.id'], name=op.f('fk_centre_network_recorded_by')),
    sa.PrimaryKeyConstraint('centre_id', 'joined_on', name=op.f('pk_centre_network'))
    )
