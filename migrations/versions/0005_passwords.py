"""passwords

Revision: 0005, after 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('user_account', sa.Column('password_hash', sa.String(length=200), nullable=True))
    op.add_column('user_account', sa.Column('password_set_at', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column('user_account', 'password_set_at')
    op.drop_column('user_account', 'password_hash')
