"""places as letters say them

Revision: 0031, after 0030
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0031'
down_revision = '0030'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('told_visit', sa.Column('address', sa.String(length=200), server_default='', nullable=False))


def downgrade() -> None:
    op.drop_column('told_visit', 'address')
