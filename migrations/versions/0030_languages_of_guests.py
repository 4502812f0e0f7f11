"""languages of people without account

Revision: 0030, after 0029
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None

TABLES = ('invitation', 'join_request')


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column('language', sa.String(length=80), server_default='nl', nullable=False))


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, 'language')
