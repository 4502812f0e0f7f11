"""questions that letters ask

Revision: 0027, after 0026
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None

COUNTS = sa.text("by_letter AND voided_at IS NULL AND email != ''")


def upgrade() -> None:
    op.add_column('signed_question', sa.Column('by_letter', sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table('signed_question', schema=None) as batch_op:
        batch_op.create_index('uq_signed_question_by_letter', ['booking_id', 'purpose', 'email'], unique=True, sqlite_where=COUNTS, postgresql_where=COUNTS)


def downgrade() -> None:
    # Older versions cannot read mails of kinds that they do not know.
    kinds = "'visit_reminder', 'day_sheet', 'visit_thanks', 'feedback_reminder', 'host_thanks'"
    op.execute(sa.text(f"DELETE FROM message WHERE kind IN ({kinds})"))
    op.drop_index('uq_signed_question_by_letter', table_name='signed_question')
    op.drop_column('signed_question', 'by_letter')
