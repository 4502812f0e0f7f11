"""changes of wishes

Revision: 0029, after 0028
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('wish_list', sa.Column('changed_at', sa.DateTime(timezone=True), nullable=True))
    op.execute(sa.text("UPDATE wish_list SET changed_at = created_at"))
    with op.batch_alter_table('wish_list', schema=None) as batch_op:
        batch_op.alter_column('changed_at', nullable=False)


def downgrade() -> None:
    with op.batch_alter_table('wish_list', schema=None) as batch_op:
        batch_op.drop_column('changed_at')
