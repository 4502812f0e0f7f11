"""mails without a calendar part

Revision: 0028, after 0027
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0028'
down_revision = '0027'
branch_labels = None
depends_on = None

KINDS = (
    "'visit_school', 'visit_host', 'visit_changed_school', 'visit_changed_host', "
    "'visit_cancelled_school', 'visit_cancelled_host'"
)


def upgrade() -> None:
    op.add_column('user_account', sa.Column('wants_calendar', sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column('message', sa.Column('with_calendar', sa.Boolean(), server_default=sa.false(), nullable=False))
    # All of these had one so far.
    op.execute(sa.text(f"UPDATE message SET with_calendar = true WHERE kind IN ({KINDS})"))


def downgrade() -> None:
    op.drop_column('message', 'with_calendar')
    op.drop_column('user_account', 'wants_calendar')
