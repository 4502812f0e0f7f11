"""signed questions

Revision: 0015, after 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('signed_question',
    sa.Column('booking_id', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.Enum('visit', 'feedback', name='purpose', native_enum=False, create_constraint=False, length=40), nullable=False),
    sa.Column('email', sa.String(length=200), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('token_hash', sa.String(length=80), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('voided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('asked_by_id', sa.Integer(), nullable=True),
    sa.Column('answer', sa.Enum('coming', 'cannot_come', 'took_place', 'not_held', name='answer', native_enum=False, create_constraint=False, length=40), nullable=True),
    sa.Column('rating', sa.Integer(), nullable=True),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('times_answered', sa.Integer(), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("purpose IN ('visit', 'feedback')", name=op.f('ck_signed_question_purpose')),
    sa.CheckConstraint("answer IN ('coming', 'cannot_come', 'took_place', 'not_held')", name=op.f('ck_signed_question_answer')),
    sa.CheckConstraint('email = lower(email)', name=op.f('ck_signed_question_email_lower_case')),
    sa.CheckConstraint('rating IS NULL OR rating BETWEEN 1 AND 5', name=op.f('ck_signed_question_rating_in_range')),
    sa.CheckConstraint('(answer IS NULL) = (answered_at IS NULL)', name=op.f('ck_signed_question_answer_has_moment')),
    sa.ForeignKeyConstraint(['booking_id'], ['booking.id'], name=op.f('fk_signed_question_booking_id_booking'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['asked_by_id'], ['user_account.id'], name=op.f('fk_signed_question_asked_by_id_user_account'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_signed_question_region_id_region'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signed_question')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_signed_question_token_hash')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('signed_question', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_signed_question_booking_id'), ['booking_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_signed_question_email'), ['email'], unique=False)
        batch_op.create_index(batch_op.f('ix_signed_question_region_id'), ['region_id'], unique=False)


def downgrade() -> None:
    # Older versions cannot read mails of kinds that they do not know.
    op.execute(sa.text("DELETE FROM message WHERE kind IN ('question', 'question_answered')"))
    op.drop_table('signed_question')
