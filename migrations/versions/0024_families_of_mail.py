"""people do without families of mail

Revision: 0024, after 0023
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op


revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None

OLD_STATES = "'queued', 'leased', 'sent', 'failed', 'superseded'"
FAMILY = 'overviews'
KINDS = ['result_host', 'result_school']


def upgrade() -> None:
    _check_states(f"{OLD_STATES}, 'unwanted'")
    _replace_mutes(lambda mutes: [FAMILY] if set(mutes) & set(KINDS) else [])


def downgrade() -> None:
    op.execute(sa.text("UPDATE message SET state = 'superseded' WHERE state = 'unwanted'"))
    _check_states(OLD_STATES)
    _replace_mutes(lambda mutes: KINDS if FAMILY in mutes else [])


def _check_states(states: str) -> None:
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_message_state'), type_='check')
        batch_op.create_check_constraint(op.f('ck_message_state'), f'state IN ({states})')


def _replace_mutes(replace) -> None:
    users = sa.table('user_account', sa.column('id', sa.Integer), sa.column('mutes', sa.JSON))
    connection = op.get_bind()
    for user_id, mutes in connection.execute(sa.select(users.c.id, users.c.mutes)).all():
        mutes = json.loads(mutes) if isinstance(mutes, str) else mutes
        if mutes:
            connection.execute(users.update().where(users.c.id == user_id).values(mutes=replace(mutes)))
