"""Who may do what: one table of roles and permissions. Every page names the permission that it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from matchmaker.domain.kinds import Role


class Permission(StrEnum):
    """Something that not everybody may do.

    The role says where: a role in a school or at a host counts for that one, a role at a school board
    for the schools of that board, a role in a region for the region and all its schools and hosts.
    """

    SEE_SCHOOL = "see_school"
    SEE_HOST = "see_host"
    SEE_BOARD = "see_board"
    SEE_REGION = "see_region"
    MANAGE_ROUNDS = "manage_rounds"
    MANAGE_REGION = "manage_region"
    ADMIT_PEOPLE = "admit_people"
    PUBLISH_RUNS = "publish_runs"
    READ_MAILS = "read_mails"
    # Send again, hold back, try whether mail arrives.
    MANAGE_MAILS = "manage_mails"
    READ_AUDIT = "read_audit"
    # What was done for one's own school or host.
    READ_SCHOOL_AUDIT = "read_school_audit"
    READ_HOST_AUDIT = "read_host_audit"
    EXPORT_PERSONS = "export_persons"
    ASK_TEACHERS = "ask_teachers"
    SETTLE_ANSWERS = "settle_answers"
    MANAGE_MEMBERS = "manage_members"
    CANCEL_VISITS = "cancel_visits"
    # Move slots of one's own host, and withdraw them.
    MANAGE_SLOTS = "manage_slots"


_MANAGING = frozenset(
    {
        Permission.SEE_SCHOOL,
        Permission.SEE_HOST,
        Permission.SEE_BOARD,
        Permission.SEE_REGION,
        Permission.MANAGE_ROUNDS,
        Permission.MANAGE_REGION,
        Permission.ADMIT_PEOPLE,
        Permission.PUBLISH_RUNS,
        Permission.READ_MAILS,
        Permission.MANAGE_MAILS,
        Permission.READ_AUDIT,
        Permission.READ_SCHOOL_AUDIT,
        Permission.READ_HOST_AUDIT,
        Permission.EXPORT_PERSONS,
        Permission.ASK_TEACHERS,
        Permission.SETTLE_ANSWERS,
        Permission.MANAGE_MEMBERS,
        Permission.CANCEL_VISITS,
        Permission.MANAGE_SLOTS,
    }
)

PERMISSIONS: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.COORDINATOR: frozenset(
            {
                Permission.SEE_SCHOOL,
                Permission.READ_SCHOOL_AUDIT,
                Permission.ASK_TEACHERS,
                Permission.MANAGE_MEMBERS,
                Permission.CANCEL_VISITS,
            }
        ),
        Role.TEACHER: frozenset(
            {Permission.SEE_SCHOOL, Permission.READ_SCHOOL_AUDIT, Permission.ASK_TEACHERS}
        ),
        Role.HOST_CONTACT: frozenset(
            {
                Permission.SEE_HOST,
                Permission.READ_HOST_AUDIT,
                Permission.MANAGE_MEMBERS,
                Permission.CANCEL_VISITS,
                Permission.MANAGE_SLOTS,
            }
        ),
        # Who works for a school board sees how its schools are doing.
        Role.BOARD: frozenset({Permission.SEE_SCHOOL, Permission.SEE_BOARD}),
        # Members of the region's board see how the region is doing, no contact data and no mails.
        Role.VIEWER: frozenset({Permission.SEE_REGION}),
        Role.ORGANISER: _MANAGING,
        Role.ADMINISTRATOR: _MANAGING,
    }
)


def may(role: Role, permission: Permission) -> bool:
    """Tell whether a role holds the permission, there where the role counts."""
    return permission in PERMISSIONS[role]


def roles_with(permission: Permission) -> frozenset[Role]:
    """Return the roles that hold the permission."""
    return frozenset(role for role in PERMISSIONS if may(role, permission))
