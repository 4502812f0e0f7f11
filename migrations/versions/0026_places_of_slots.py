"""places of slots

Revision: 0026, after 0025
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('slot', sa.Column('address', sa.String(length=200), server_default='', nullable=False))


def downgrade() -> None:
    op.drop_column('slot', 'address')
