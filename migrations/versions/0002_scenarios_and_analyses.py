"""scenarios and analyses

Revision: 0002, after 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The defaults are for runs from before: they took the round as it stood.
    op.add_column('allocation_run', sa.Column('name', sa.String(length=80), server_default='', nullable=False))
    op.add_column('allocation_run', sa.Column('settings', sa.JSON(), server_default=sa.text("'{}'"), nullable=False))
    op.add_column('allocation_run', sa.Column('participations', sa.JSON(), server_default=sa.text("'{}'"), nullable=False))
    op.create_table('analysis',
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.Enum('prospects', 'blind_spots', 'report', 'school_changes', 'placement_price', name='kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('subject', sa.String(length=80), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'running', 'finished', 'cancelled', 'failed', name='state', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('limit_seconds', sa.Integer(), nullable=False),
    sa.Column('progress', sa.JSON(), nullable=False),
    sa.Column('document', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('problem_sha256', sa.String(length=80), nullable=True),
    sa.Column('input_mark', sa.String(length=80), nullable=True),
    sa.Column('computed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('error', sa.Text(), nullable=False),
    sa.Column('requested_by_id', sa.Integer(), nullable=True),
    sa.Column('lease_token', sa.String(length=80), nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('limit_seconds > 0', name=op.f('ck_analysis_limit_positive')),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_analysis_region_id_region'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['requested_by_id'], ['user_account.id'], name=op.f('fk_analysis_requested_by_id_user_account'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_analysis_round_id_round'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['run_id'], ['allocation_run.id'], name=op.f('fk_analysis_run_id_allocation_run'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_analysis')),
    sa.UniqueConstraint('round_id', 'kind', 'subject', name=op.f('uq_analysis_round_id_kind_subject'))
    )
    with op.batch_alter_table('analysis', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_analysis_region_id'), ['region_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_analysis_run_id'), ['run_id'], unique=False)


def downgrade() -> None:
    op.drop_table('analysis')
    op.drop_column('allocation_run', 'participations')
    op.drop_column('allocation_run', 'settings')
    op.drop_column('allocation_run', 'name')
