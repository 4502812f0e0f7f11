"""The table of roles and permissions is complete and says what the region agreed on."""

from __future__ import annotations

import pytest

from matchmaker.domain.kinds import BOARD_ROLES, HOST_ROLES, REGION_ROLES, SCHOOL_ROLES, Role
from matchmaker.domain.permissions import PERMISSIONS, Permission, may, roles_with

MANAGING = {Role.ORGANISER, Role.ADMINISTRATOR}
EXPECTED = {
    Permission.SEE_SCHOOL: SCHOOL_ROLES | BOARD_ROLES | MANAGING,
    Permission.SEE_HOST: HOST_ROLES | MANAGING,
    Permission.SEE_BOARD: BOARD_ROLES | MANAGING,
    Permission.SEE_REGION: REGION_ROLES,
    Permission.MANAGE_ROUNDS: MANAGING,
    Permission.MANAGE_REGION: MANAGING,
    Permission.ADMIT_PEOPLE: MANAGING,
    Permission.PUBLISH_RUNS: MANAGING,
    Permission.READ_MAILS: MANAGING,
    Permission.MANAGE_MAILS: MANAGING,
    Permission.READ_AUDIT: MANAGING,
    Permission.READ_SCHOOL_AUDIT: SCHOOL_ROLES | MANAGING,
    Permission.READ_HOST_AUDIT: HOST_ROLES | MANAGING,
    Permission.EXPORT_PERSONS: MANAGING,
    Permission.ASK_TEACHERS: SCHOOL_ROLES | MANAGING,
    Permission.SETTLE_ANSWERS: MANAGING,
    Permission.MANAGE_MEMBERS: MANAGING | {Role.COORDINATOR, Role.HOST_CONTACT},
    Permission.MANAGE_SLOTS: MANAGING | HOST_ROLES,
    Permission.CANCEL_VISITS: MANAGING | {Role.COORDINATOR, Role.HOST_CONTACT},
}


def test_every_role_stands_in_the_table() -> None:
    assert set(PERMISSIONS) == set(Role)
    assert set(EXPECTED) == set(Permission)


@pytest.mark.parametrize("permission", list(Permission))
def test_a_permission_is_held_by_these_roles_and_no_others(permission: Permission) -> None:
    assert roles_with(permission) == EXPECTED[permission]


@pytest.mark.parametrize("role", list(Role))
def test_every_role_may_do_something(role: Role) -> None:
    assert any(may(role, permission) for permission in Permission)


def test_the_table_cannot_be_changed_while_the_site_runs() -> None:
    with pytest.raises(TypeError):
        PERMISSIONS[Role.TEACHER] = frozenset(Permission)  # type: ignore[index]
