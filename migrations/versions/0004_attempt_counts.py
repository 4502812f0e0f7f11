"""attempt counts

Revision: 0004, after 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('attempt_count',
    sa.Column('subject_hash', sa.String(length=80), nullable=False),
    sa.Column('window_starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('count >= 0', name=op.f('ck_attempt_count_count_not_negative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attempt_count')),
    sa.UniqueConstraint('subject_hash', 'window_starts_at', name=op.f('uq_attempt_count_subject_hash_window_starts_at'))
    )
    with op.batch_alter_table('attempt_count', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attempt_count_window_starts_at'), ['window_starts_at'], unique=False)


def downgrade() -> None:
    op.drop_table('attempt_count')
