"""settings of regions

Revision: 0009, after 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('region', schema=None) as batch_op:
        batch_op.add_column(sa.Column('joining_open', sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column('retention_months', sa.Integer(), nullable=False, server_default='24'))
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default='1'))
        batch_op.create_check_constraint(op.f('ck_region_retention_in_range'), 'retention_months BETWEEN 6 AND 60')
    with op.batch_alter_table('region', schema=None) as batch_op:
        batch_op.alter_column('joining_open', server_default=None)
        batch_op.alter_column('retention_months', server_default=None)
        batch_op.alter_column('version', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('region', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_region_retention_in_range'), type_='check')
        batch_op.drop_column('version')
        batch_op.drop_column('retention_months')
        batch_op.drop_column('joining_open')
