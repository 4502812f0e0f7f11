"""what comes back

Revision: 0025, after 0024
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('incoming_mail',
    sa.Column('digest', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('outcome', sa.String(length=40), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incoming_mail')),
    sa.UniqueConstraint('digest', name=op.f('uq_incoming_mail_digest'))
    )
    op.create_table('calendar_reply',
    sa.Column('booking_id', sa.Integer(), nullable=True),
    sa.Column('slot_id', sa.Integer(), nullable=True),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('email', sa.String(length=200), nullable=False),
    sa.Column('answer', sa.Enum('accepted', 'tentative', 'declined', 'counter', name='answer', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('stamp', sa.DateTime(timezone=True), nullable=False),
    sa.Column('comment', sa.Text(), nullable=False),
    sa.Column('proposed_starts_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('proposed_ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('about_starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('mail_digest', sa.String(length=80), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('(booking_id IS NULL) <> (slot_id IS NULL)', name=op.f('ck_calendar_reply_booking_or_slot')),
    sa.CheckConstraint('(proposed_starts_at IS NULL) = (proposed_ends_at IS NULL)', name=op.f('ck_calendar_reply_proposal_has_both_ends')),
    sa.ForeignKeyConstraint(['booking_id'], ['booking.id'], name=op.f('fk_calendar_reply_booking_id_booking'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_calendar_reply_region_id_region'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['slot_id'], ['slot.id'], name=op.f('fk_calendar_reply_slot_id_slot'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_calendar_reply_user_id_user_account'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_reply')),
    sa.UniqueConstraint('booking_id', 'email', 'sequence', 'stamp', name=op.f('uq_calendar_reply_booking_id_email_sequence_stamp')),
    sa.UniqueConstraint('mail_digest', name=op.f('uq_calendar_reply_mail_digest')),
    sa.UniqueConstraint('slot_id', 'email', 'sequence', 'stamp', name=op.f('uq_calendar_reply_slot_id_email_sequence_stamp')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('calendar_reply', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_calendar_reply_region_id'), ['region_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_calendar_reply_user_id'), ['user_id'], unique=False)

    op.add_column('message', sa.Column('returned_as', sa.String(length=40), nullable=True))
    op.add_column('message', sa.Column('returned_at', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column('message', 'returned_at')
    op.drop_column('message', 'returned_as')
    op.drop_table('calendar_reply')
    op.drop_table('incoming_mail')
