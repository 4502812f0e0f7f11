"""append-only audit log

Revision: 0014, after 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

KEYS = {'region_id': ('region', 'CASCADE'), 'actor_id': ('user_account', 'SET NULL'), 'organisation_id': ('organisation', 'SET NULL')}
REFUSAL = 'audit_entry is append only'


def upgrade() -> None:
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.add_column(sa.Column('on_behalf', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.drop_index('ix_audit_entry_region_created')
        for column, (table, _) in KEYS.items():
            name = op.f(f'fk_audit_entry_{column}_{table}')
            batch_op.drop_constraint(name, type_='foreignkey')
            batch_op.create_foreign_key(name, table, [column], ['id'])
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.alter_column('on_behalf', server_default=None, existing_type=sa.Boolean(), existing_nullable=False)
        batch_op.create_index('ix_audit_entry_region_created', ['region_id', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_audit_entry_organisation_created', ['organisation_id', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_audit_entry_actor_created', ['actor_id', 'created_at', 'id'], unique=False)
    make_triggers()


def make_triggers() -> None:
    """Let the database refuse changes. Whoever rebuilds the table later does this again at the end."""
    if op.get_bind().dialect.name == 'sqlite':
        for name, when in (
            ('no_update', 'BEFORE UPDATE ON audit_entry'),
            ('no_delete', 'BEFORE DELETE ON audit_entry'),
            ('no_replace', 'BEFORE INSERT ON audit_entry WHEN EXISTS (SELECT 1 FROM audit_entry WHERE id = NEW.id)'),
        ):
            op.execute(f"CREATE TRIGGER audit_entry_{name} {when} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END")
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_change_of_audit_entry() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$BEGIN RAISE EXCEPTION '{REFUSAL}'; END$$"
    )
    op.execute(
        'CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry '
        'FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit_entry()'
    )


def drop_triggers() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        for name in ('no_update', 'no_delete', 'no_replace'):
            op.execute(f'DROP TRIGGER audit_entry_{name}')
        return
    op.execute('DROP TRIGGER audit_entry_append_only ON audit_entry')
    op.execute('DROP FUNCTION refuse_change_of_audit_entry()')


def downgrade() -> None:
    drop_triggers()
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.drop_index('ix_audit_entry_actor_created')
        batch_op.drop_index('ix_audit_entry_organisation_created')
        batch_op.drop_index('ix_audit_entry_region_created')
        for column, (table, ondelete) in KEYS.items():
            name = op.f(f'fk_audit_entry_{column}_{table}')
            batch_op.drop_constraint(name, type_='foreignkey')
            batch_op.create_foreign_key(name, table, [column], ['id'], ondelete=ondelete)
        batch_op.drop_column('on_behalf')
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.create_index('ix_audit_entry_region_created', ['region_id', 'created_at'], unique=False)
