"""Everybody who may come by: each role at the own place, and each way of being only half signed in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask

from matchmaker import clock
from matchmaker.domain.devices import RECENT, lifetime_for
from matchmaker.domain.kinds import BOARD_ROLES, HOST_ROLES, REGION_ROLES, SCHOOL_ROLES, Role
from matchmaker.extensions import db
from matchmaker.models import Host, Region, School, SignedInDevice, User
from tests.factories import MembershipFactory, UserFactory
from tests.site.clients import StrictClient, open_session
from tests.site.rows import Neighbour, Site


@dataclass(frozen=True)
class Actor:
    """Somebody who visits, with all that access may depend on.

    Parameters
    ----------
    role
        The role they hold today, None when they hold none.
    where
        Where it counts: school, host, board or region.
    signed_in, second_step, recent
        How far they are: whether their device is signed in, whether their second step is done (or not
        needed), and whether they proved just now who they are.
    """

    name: str
    session: dict[str, Any] = field(repr=False)
    role: Role | None = None
    where: str = ""
    signed_in: bool = True
    second_step: bool = True
    recent: bool = True

    def visit(self, app: Flask) -> StrictClient:
        """Return a browser that carries their cookie."""
        client = app.test_client()
        assert isinstance(client, StrictClient)
        with client.session_transaction() as session:
            session.update(self.session)
        return client


def place_of_role(role: Role) -> str:
    """Return where a role counts."""
    places = {"school": SCHOOL_ROLES, "host": HOST_ROLES, "region": REGION_ROLES, "board": BOARD_ROLES}
    for place, roles in places.items():
        if role in roles:
            return place
    raise AssertionError(f"say in tests/site/cast.py where the role {role.value} counts")


def build_cast(app: Flask, site: Site) -> list[Actor]:
    """Make and commit everybody; each is a person of their own with one device."""
    with app.app_context():
        cast = list(_make_everybody(app, site))
        db.session.commit()
    return cast


def _make_everybody(app: Flask, site: Site) -> Iterator[Actor]:
    own = site.own
    yield Actor("anonymous", {}, signed_in=False)
    yield Actor("newcomer", _session(app, _person("newcomer")))
    for role in Role:
        where = place_of_role(role)
        # The page of a board is that of one person's role.
        user_id = site.board if where == "board" else _person(role.value, role, own)
        yield Actor(role.value, _session(app, user_id), role, where)
    for role in (Role.COORDINATOR, Role.ORGANISER, Role.ADMINISTRATOR):
        yield from _make_half_signed_in(app, own, role)


def _make_half_signed_in(app: Flask, own: Neighbour, role: Role) -> Iterator[Actor]:
    where, name = place_of_role(role), role.value
    late = _session(app, user_id := _person(f"{name} of a while ago", role, own))
    _age_device(user_id, RECENT + timedelta(seconds=1))
    yield Actor(f"{name} of a while ago", late, role, where, recent=False)
    expired = _session(app, user_id := _person(f"{name} with an old session", role, own))
    _age_device(user_id, lifetime_for([role]).idle + timedelta(seconds=1))
    yield Actor(f"{name} with an old session", expired, role, where, signed_in=False)
    inactive = _session(app, user_id := _person(f"{name} made inactive", role, own))
    db.session.get_one(User, user_id).active = False
    yield Actor(f"{name} made inactive", inactive, role, where, signed_in=False)
    former = _session(app, _person(f"{name} of before", role, own, until=clock.today() - timedelta(days=1)))
    yield Actor(f"{name} of before", former)
    if role != Role.COORDINATOR:
        first = _session(app, _person(f"{name} after the first step", role, own), second_step=False)
        yield Actor(f"{name} after the first step", first, role, where, second_step=False)


def _person(
    name: str, role: Role | None = None, own: Neighbour | None = None, until: date | None = None
) -> int:
    user = UserFactory(email=f"{name.replace(' ', '.')}@rol.example", name=name)
    if role is not None and own is not None:
        where = place_of_role(role)
        organisation = {
            "school": lambda: db.session.get_one(School, own.school_id),
            "host": lambda: db.session.get_one(Host, own.host_id),
            "region": lambda: None,
        }[where]()
        MembershipFactory(
            user=user,
            role=role,
            region=db.session.get_one(Region, own.region_id),
            organisation=organisation,
            organisation_id=organisation.id if organisation else None,
            since=clock.today() - timedelta(days=30),
            until=until,
        )
    db.session.commit()
    return int(user.id)


def _session(app: Flask, user_id: int, *, second_step: bool = True) -> dict[str, Any]:
    db.session.commit()
    return open_session(app, user_id, second_step=second_step)


def _age_device(user_id: int, age: timedelta) -> None:
    then = clock.now() - age
    db.session.execute(
        sa.update(SignedInDevice)
        .where(SignedInDevice.user_id == user_id)
        .values(signed_in_at=then, last_used_at=then)
    )
