"""erasing, retention and muting

Revision: 0011, after 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('user_account', sa.Column('mutes', sa.JSON(), server_default=sa.text("'[]'"), nullable=False))
    op.add_column('user_account', sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('user_account', sa.Column('inactive_notice_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('user_account', sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('message', sa.Column('forget_text', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table('nightly_run',
    sa.Column('night', sa.Date(), nullable=False),
    sa.Column('lease_token', sa.String(length=80), nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cleaned_up', sa.JSON(), server_default=sa.text("'{}'"), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_nightly_run')),
    sa.UniqueConstraint('night', name=op.f('uq_nightly_run_night'))
    )


def downgrade() -> None:
    op.drop_table('nightly_run')
    op.drop_column('message', 'forget_text')
    for column in ('erased_at', 'inactive_notice_at', 'last_seen_at', 'mutes'):
        op.drop_column('user_account', column)
