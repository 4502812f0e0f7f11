"""Who may invite whom, and until when an invitation is good."""

from __future__ import annotations

from datetime import datetime

import pytest

from matchmaker import clock
from matchmaker.domain.invitations import Invited, RoleAt, find_expiry, list_invitable_roles, may_invite
from matchmaker.domain.kinds import Role

REGION, OTHER_REGION = 1, 2
SCHOOL, OTHER_SCHOOL = 10, 11
HERE = (REGION, SCHOOL)
IN_REGION = (REGION, None)


def roles(own: Role, own_place: tuple[int, int | None], place: tuple[int, int | None]) -> set[Role]:
    return set(list_invitable_roles([RoleAt(own, *own_place)], *place))


def test_a_coordinator_invites_coordinators_and_teachers_of_the_own_school() -> None:
    assert roles(Role.COORDINATOR, HERE, HERE) == {Role.COORDINATOR, Role.TEACHER}


def test_a_host_contact_invites_contacts_of_the_own_host() -> None:
    assert roles(Role.HOST_CONTACT, HERE, HERE) == {Role.HOST_CONTACT}


@pytest.mark.parametrize("role", [Role.TEACHER, Role.VIEWER, Role.BOARD])
def test_who_only_reads_invites_nobody(role: Role) -> None:
    own = HERE if role is Role.TEACHER else IN_REGION
    assert roles(role, own, HERE) == roles(role, own, IN_REGION) == set()


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.HOST_CONTACT])
@pytest.mark.parametrize("place", [(REGION, OTHER_SCHOOL), IN_REGION, (OTHER_REGION, SCHOOL)])
def test_nobody_of_an_organisation_invites_elsewhere(role: Role, place: tuple[int, int | None]) -> None:
    assert roles(role, HERE, place) == set()


def test_an_organiser_invites_everybody_of_the_region_but_administrators() -> None:
    assert roles(Role.ORGANISER, IN_REGION, IN_REGION) == {Role.ORGANISER, Role.VIEWER, Role.BOARD}
    assert roles(Role.ORGANISER, IN_REGION, HERE) == {Role.COORDINATOR, Role.TEACHER, Role.HOST_CONTACT}
    assert roles(Role.ORGANISER, IN_REGION, (OTHER_REGION, None)) == set()


def test_only_an_administrator_invites_administrators() -> None:
    invited = Invited("beheer@regio.example", "Beheer", Role.ADMINISTRATOR, REGION)
    able = {role for role in Role if may_invite([RoleAt(role, REGION)], invited)}
    assert able == {Role.ADMINISTRATOR}


def test_several_roles_add_up() -> None:
    own = [RoleAt(Role.TEACHER, *HERE), RoleAt(Role.COORDINATOR, REGION, OTHER_SCHOOL)]
    assert list_invitable_roles(own, REGION, OTHER_SCHOOL) == {Role.COORDINATOR, Role.TEACHER}
    assert list_invitable_roles(own, *HERE) == frozenset()


def test_an_address_is_kept_in_lower_case_without_blanks() -> None:
    invited = Invited("  Wt@De-Eiken.Example ", " W&T \n coördinator ", Role.TEACHER, *HERE)
    assert (invited.email, invited.name) == ("wt@de-eiken.example", "W&T coördinator")


@pytest.mark.parametrize(
    ("now", "expiry"),
    [
        ("2026-11-29 23:30", "2026-12-14 00:00"),
        ("2026-11-29 00:00", "2026-12-14 00:00"),
        # Summer time begins in between.
        ("2027-03-20 12:00", "2027-04-04 00:00"),
    ],
)
def test_an_invitation_is_good_until_the_end_of_its_fourteenth_day(now: str, expiry: str) -> None:
    moments = [clock.from_local(datetime.fromisoformat(wall)) for wall in (now, expiry)]
    assert find_expiry(moments[0]) == moments[1]
