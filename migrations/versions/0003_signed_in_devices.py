"""signed-in devices

Revision: 0003, after 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('signed_in_device',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=80), nullable=False),
    sa.Column('former_token_hash', sa.String(length=80), nullable=True),
    sa.Column('former_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('browser', sa.Enum('edge', 'firefox', 'chrome', 'safari', 'other', name='browser', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('system', sa.Enum('windows', 'iphone', 'ipad', 'mac', 'android', 'chromebook', 'linux', 'other', name='system', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('signed_in_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('rights', sa.String(length=80), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_signed_in_device_user_id_user_account'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signed_in_device')),
    sa.UniqueConstraint('former_token_hash', name=op.f('uq_signed_in_device_former_token_hash')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_signed_in_device_token_hash')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('signed_in_device', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_signed_in_device_user_id'), ['user_id'], unique=False)


def downgrade() -> None:
    op.drop_table('signed_in_device')
