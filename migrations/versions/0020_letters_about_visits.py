"""letters about visits

Revision: 0020, after 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('message', sa.Column('useful_until', sa.DateTime(timezone=True), nullable=True))
    op.create_table('told_visit',
    sa.Column('message_id', sa.Integer(), nullable=False),
    sa.Column('booking_id', sa.Integer(), nullable=False),
    sa.Column('slot_id', sa.Integer(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['message_id'], ['message.id'], name=op.f('fk_told_visit_message_id_message'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['booking_id'], ['booking.id'], name=op.f('fk_told_visit_booking_id_booking'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['slot_id'], ['slot.id'], name=op.f('fk_told_visit_slot_id_slot'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_told_visit_region_id_region'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_told_visit')),
    sa.UniqueConstraint('message_id', 'booking_id', name=op.f('uq_told_visit_message_id_booking_id'))
    )
    with op.batch_alter_table('told_visit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_told_visit_booking_id'), ['booking_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_told_visit_region_id'), ['region_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_told_visit_slot_id'), ['slot_id'], unique=False)


def downgrade() -> None:
    op.drop_table('told_visit')
    op.drop_column('message', 'useful_until')
