"""look for states of mail

Revision: 0023, after 0022
"""

from __future__ import annotations

from alembic import op


revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.create_index('ix_message_region_state', ['region_id', 'state'], unique=False)
        batch_op.create_index('ix_message_sent_at', ['sent_at'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_index('ix_message_sent_at')
        batch_op.drop_index('ix_message_region_state')
