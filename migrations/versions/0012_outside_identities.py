"""outside identities

Revision: 0012, after 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('outside_identity',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('issuer', sa.String(length=255), nullable=False),
    sa.Column('subject', sa.String(length=255), nullable=False),
    sa.Column('linked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_outside_identity_user_id_user_account'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outside_identity')),
    sa.UniqueConstraint('issuer', 'subject', name=op.f('uq_outside_identity_issuer_subject')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('outside_identity', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_outside_identity_user_id'), ['user_id'], unique=False)


def downgrade() -> None:
    op.drop_table('outside_identity')
