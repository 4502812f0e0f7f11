"""kinds of mail grow

Revision: 0007, after 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

KINDS = "'sign_in', 'result_school', 'result_host', 'visit_school', 'visit_host'"


def upgrade() -> None:
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_message_kind'), type_='check')


def downgrade() -> None:
    # Older versions cannot read mails of kinds that they do not know.
    op.execute(sa.text(f"DELETE FROM message WHERE kind NOT IN ({KINDS})"))
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.create_check_constraint(op.f('ck_message_kind'), f"kind IN ({KINDS})")
