"""invitations

Revision: 0010, after 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

ROLES = ('coordinator', 'teacher', 'host_contact', 'organiser', 'viewer', 'administrator', 'board')
OPEN = 'accepted_at IS NULL AND revoked_at IS NULL'


def upgrade() -> None:
    op.create_table('invitation',
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('email', sa.String(length=200), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('role', sa.Enum(*ROLES, name='role', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('board', sa.String(length=200), nullable=False),
    sa.Column('token_hash', sa.String(length=80), nullable=False),
    sa.Column('invited_by_id', sa.Integer(), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('accepted_by_id', sa.Integer(), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('replaces_id', sa.Integer(), nullable=True),
    sa.Column('message_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('email = lower(email)', name=op.f('ck_invitation_email_lower_case')),
    sa.CheckConstraint("(organisation_id IS NULL) = (role IN ('organiser', 'viewer', 'administrator', 'board'))", name=op.f('ck_invitation_region_roles_have_no_organisation')),
    sa.CheckConstraint("(board <> '') = (role = 'board')", name=op.f('ck_invitation_board_roles_name_a_board')),
    sa.CheckConstraint('accepted_at IS NULL OR revoked_at IS NULL', name=op.f('ck_invitation_accepted_or_revoked')),
    sa.ForeignKeyConstraint(['accepted_by_id'], ['user_account.id'], name=op.f('fk_invitation_accepted_by_id_user_account'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['invited_by_id'], ['user_account.id'], name=op.f('fk_invitation_invited_by_id_user_account'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['message_id'], ['message.id'], name=op.f('fk_invitation_message_id_message'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_invitation_organisation_id_organisation'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_invitation_region_id_region'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['replaces_id'], ['membership.id'], name=op.f('fk_invitation_replaces_id_membership'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_invitation_token_hash')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invitation_email'), ['email'], unique=False)
        batch_op.create_index(batch_op.f('ix_invitation_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_invitation_region_id'), ['region_id'], unique=False)
        batch_op.create_index('uq_invitation_open_in_organisation', ['organisation_id', 'email', 'role'], unique=True, sqlite_where=sa.text(f'{OPEN} AND organisation_id IS NOT NULL'), postgresql_where=sa.text(f'{OPEN} AND organisation_id IS NOT NULL'))
        batch_op.create_index('uq_invitation_open_in_region', ['region_id', 'email', 'role', 'board'], unique=True, sqlite_where=sa.text(f'{OPEN} AND organisation_id IS NULL'), postgresql_where=sa.text(f'{OPEN} AND organisation_id IS NULL'))


def downgrade() -> None:
    op.drop_table('invitation')
    # Older versions cannot read mails of kinds that they do not know.
    op.execute(sa.text("DELETE FROM message WHERE kind = 'invitation'"))
