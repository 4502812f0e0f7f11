"""places of slots

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
    op.add_column('slot', sa.Column('address', sa.String(length=200), server_default='', nullable=False))


def downgrade() -> None:
    op.drop_column('slot', 'address')
