"""addresses that mail does not reach

Revision: 0018, after 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

COLUMNS = ('mail_trouble_reason', 'mail_trouble_at', 'mail_trouble')


def upgrade() -> None:
    op.add_column('user_account', sa.Column('mail_trouble', sa.String(length=40), nullable=True))
    op.add_column('user_account', sa.Column('mail_trouble_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('user_account', sa.Column('mail_trouble_reason', sa.Text(), server_default='', nullable=False))


def downgrade() -> None:
    for column in COLUMNS:
        op.drop_column('user_account', column)
