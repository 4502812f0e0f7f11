"""requests to join

Revision: 0013, after 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

KINDS = ('company', 'technieklokaal', 'science_centre', 'techniekdag', 'mobile_lab', 'training_company', 'competition')
AT_ORGANISATION = sa.text("state = 'waiting' AND organisation_id IS NOT NULL")
AS_NEW_HOST = sa.text("state = 'waiting' AND organisation_id IS NULL")


def upgrade() -> None:
    op.create_table('join_request',
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('host_name', sa.String(length=200), nullable=False),
    sa.Column('host_place', sa.String(length=200), nullable=False),
    sa.Column('host_kind', sa.Enum(*KINDS, name='host_kind', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('email', sa.String(length=200), nullable=False),
    sa.Column('role', sa.String(length=40), nullable=False),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'approved', 'refused', name='state', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('email = lower(email)', name=op.f('ck_join_request_email_lower_case')),
    sa.CheckConstraint("organisation_id IS NOT NULL OR host_name <> ''", name=op.f('ck_join_request_names_a_place')),
    sa.CheckConstraint("(host_name = '') = (host_kind IS NULL)", name=op.f('ck_join_request_new_host_has_kind')),
    sa.CheckConstraint("(decided_at IS NULL) = (state = 'waiting')", name=op.f('ck_join_request_decided_has_moment')),
    sa.CheckConstraint("role IN ('coordinator', 'teacher', 'host_contact')", name=op.f('ck_join_request_role_at_organisation')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['user_account.id'], name=op.f('fk_join_request_decided_by_id_user_account'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_join_request_organisation_id_organisation'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_join_request_region_id_region'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_join_request')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('join_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_join_request_email'), ['email'], unique=False)
        batch_op.create_index(batch_op.f('ix_join_request_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_join_request_region_id'), ['region_id'], unique=False)
        batch_op.create_index('uq_join_request_waiting_at_organisation', ['organisation_id', 'email'], unique=True, sqlite_where=AT_ORGANISATION, postgresql_where=AT_ORGANISATION)
        batch_op.create_index('uq_join_request_waiting_as_new_host', ['region_id', 'email', 'host_name'], unique=True, sqlite_where=AS_NEW_HOST, postgresql_where=AS_NEW_HOST)


def downgrade() -> None:
    op.drop_table('join_request')
