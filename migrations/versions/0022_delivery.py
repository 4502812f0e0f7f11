"""attempts over two days, in the order of sending, and so many a minute

Revision: 0022, after 0021
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('message', sa.Column('first_refused_at', sa.DateTime(timezone=True), nullable=True))
    op.drop_index('ix_message_due', table_name='message')
    op.create_index('ix_message_due', 'message', ['state', 'lane', 'next_attempt_at', 'id'])
    op.create_table('mail_departure',
    sa.Column('token', sa.String(length=80), nullable=False),
    sa.Column('counts_until', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('token', name=op.f('pk_mail_departure'))
    )
    op.create_index('ix_mail_departure_counts_until', 'mail_departure', ['counts_until'])


def downgrade() -> None:
    op.drop_table('mail_departure')
    op.drop_index('ix_message_due', table_name='message')
    op.create_index('ix_message_due', 'message', ['state', 'lane', 'next_attempt_at'])
    op.drop_column('message', 'first_refused_at')
