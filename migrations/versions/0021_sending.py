"""pauses of sending and problems of the mail server

Revision: 0021, after 0020
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op


revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('region', sa.Column('mail_paused_at', sa.DateTime(timezone=True), nullable=True))
    table = op.create_table('sending_state',
    sa.Column('paused_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('problem', sa.Text(), server_default='', nullable=False),
    sa.Column('problem_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('held_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_sending_state_one_row')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sending_state'))
    )
    op.bulk_insert(table, [{'id': 1, 'created_at': datetime.now(UTC)}])


def downgrade() -> None:
    op.drop_table('sending_state')
    op.drop_column('region', 'mail_paused_at')
