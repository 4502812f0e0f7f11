"""roles at school boards

Revision: 0008, after 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

FORMER_ROLES = "'coordinator', 'teacher', 'host_contact', 'organiser', 'viewer', 'administrator'"
FORMER_REGION_ROLES = "'organiser', 'viewer', 'administrator'"
IN_REGION = sa.text('until IS NULL AND organisation_id IS NULL')


def upgrade() -> None:
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.drop_index('uq_membership_active_in_region')
        batch_op.drop_constraint(op.f('ck_membership_role'), type_='check')
        batch_op.drop_constraint(op.f('ck_membership_region_roles_have_no_organisation'), type_='check')
        batch_op.add_column(sa.Column('board', sa.String(length=200), nullable=False, server_default=''))
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.alter_column('board', server_default=None)
        batch_op.create_check_constraint(op.f('ck_membership_role'), f"role IN ({FORMER_ROLES}, 'board')")
        batch_op.create_check_constraint(op.f('ck_membership_region_roles_have_no_organisation'), f"(organisation_id IS NULL) = (role IN ({FORMER_REGION_ROLES}, 'board'))")
        batch_op.create_check_constraint(op.f('ck_membership_board_roles_name_a_board'), "(board <> '') = (role = 'board')")
        batch_op.create_index('uq_membership_active_in_region', ['user_id', 'region_id', 'role', 'board'], unique=True, sqlite_where=IN_REGION, postgresql_where=IN_REGION)


def downgrade() -> None:
    # Older versions would take a role without organisation for one in the whole region.
    op.execute(sa.text("DELETE FROM membership WHERE role = 'board'"))
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.drop_index('uq_membership_active_in_region')
        batch_op.drop_constraint(op.f('ck_membership_board_roles_name_a_board'), type_='check')
        batch_op.drop_constraint(op.f('ck_membership_role'), type_='check')
        batch_op.drop_constraint(op.f('ck_membership_region_roles_have_no_organisation'), type_='check')
        batch_op.drop_column('board')
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.create_check_constraint(op.f('ck_membership_role'), f"role IN ({FORMER_ROLES})")
        batch_op.create_check_constraint(op.f('ck_membership_region_roles_have_no_organisation'), f"(organisation_id IS NULL) = (role IN ({FORMER_REGION_ROLES}))")
        batch_op.create_index('uq_membership_active_in_region', ['user_id', 'region_id', 'role'], unique=True, sqlite_where=IN_REGION, postgresql_where=IN_REGION)
