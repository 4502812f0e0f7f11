"""Whatever anybody changes through an address of the site is in the audit log, with all that it tells."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.routing import Rule

from matchmaker import trace
from matchmaker.domain.kinds import BOARD_ROLES, Role
from matchmaker.domain.permissions import roles_with
from matchmaker.extensions import db
from matchmaker.models import AuditEntry, User
from matchmaker.services import audit
from matchmaker.web.access import rule_of
from tests.site.cast import build_cast, place_of_role
from tests.site.forms import FORMS, Stage
from tests.site.ground import TRACES_OF_VISITS, Ground, dump_database, list_rules
from tests.site.matrix import COUNTING_PLACES

# What changes nothing that anybody would have to answer for.
UNRECORDED = {
    "account.request_sign_in": "a code in somebody's mailbox lets nobody in yet; using it is an entry",
    **{
        endpoint: "only the cookie of this browser changes"
        for endpoint, form in FORMS.items()
        if not form.changes_rows
    },
}
RECORDED = sorted(set(FORMS) - set(UNRECORDED))


_record = audit.record


def _forget_some(act: str, *facts: Any, **more: Any) -> None:
    """Record as services do, but for three acts."""
    if act not in {"change_phase", "start_run", "set_password"}:
        _record(act, *facts, **more)


def rule_for(ground: Ground, endpoint: str) -> Rule:
    return next(rule for rule in list_rules(ground.app) if rule.endpoint == endpoint)


def add_people(ground: Ground) -> dict[Role, int]:
    """Give each role a person at the own place."""
    build_cast(ground.app, ground.site)
    with ground.app.app_context():
        found = {
            role: db.session.scalars(sa.select(User.id).filter_by(email=f"{role.value}@rol.example")).one()
            for role in set(Role) - BOARD_ROLES
        }
    ground.keep()
    return {**found, Role.BOARD: ground.site.board}


def roles_for(ground: Ground, endpoint: str) -> list[Role]:
    """Return the roles whose people may use an address, all of them where no permission is asked for."""
    with ground.app.app_context():
        rule = rule_of(endpoint)
    permission = getattr(rule, "permission", None)
    if permission is None:
        return list(Role)
    # A role at a school says nothing at a host.
    counting = COUNTING_PLACES[type(rule).__name__]
    return [role for role in Role if role in roles_with(permission) and place_of_role(role) in counting]


def send(ground: Ground, endpoint: str, user_id: int) -> tuple[Any, list[AuditEntry]]:
    """Send the form of an address as this person; return the answer and the entries that it left."""
    ground.restore()
    form, stage = FORMS[endpoint], Stage(ground.app, ground.site, ground.site.own, user_id)
    with ground.app.app_context():
        form.prepare(stage)
    if endpoint == "account.use_second_step":
        client = ground.visit_after_first_step(user_id)
    else:
        client = ground.visit(user_id if form.signed_in else None)
    newest = sa.select(sa.func.coalesce(sa.func.max(AuditEntry.id), 0))
    with ground.app.app_context():
        before = db.session.scalars(newest).one()
    answer = ground.send(rule_for(ground, endpoint), stage, client)
    with ground.app.app_context():
        found = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.id > before))
        return answer, list(found)


def list_gaps(
    ground: Ground, endpoint: str, user_id: int, role: Role, entries: list[AuditEntry]
) -> list[str]:
    """Return what the entries of one request should tell and do not."""
    if not entries:
        return ["no entry"]
    with ground.app.app_context():
        has_permission = hasattr(rule_of(endpoint), "permission")
    own, places = ground.site.own, rule_for(ground, endpoint).arguments
    organisation = own.school_id if "school_id" in places else own.host_id if "host_id" in places else None
    expected: dict[str, Any] = {"acting_as": trace.SELF, "on_behalf": False}
    if has_permission:
        expected = {
            "actor_id": user_id,
            "acting_as": role,
            "region_id": own.region_id,
            # What is about a request names the organisation of the request.
            "organisation_id": organisation or entries[-1].organisation_id,
            "on_behalf": organisation is not None and role in {Role.ORGANISER, Role.ADMINISTRATOR},
        }
    elif entries[-1].acting_as == trace.VISITOR and not FORMS[endpoint].signed_in:
        expected["acting_as"] = trace.VISITOR
    elif entries[-1].actor_id is None or (FORMS[endpoint].signed_in and entries[-1].actor_id != user_id):
        return ["not who it was"]
    told = {name: getattr(entries[-1], name) for name in expected}
    gaps = [
        f"{name}: {told[name]!r} instead of {value!r}"
        for name, value in expected.items()
        if told[name] != value
    ]
    ids = {entry.request_id for entry in entries}
    if len(ids) != 1 or not re.fullmatch("[0-9a-f]{32}", ids.pop()):
        gaps.append("not one request id")
    return gaps


@pytest.mark.parametrize("endpoint", RECORDED)
def test_every_change_by_every_role_is_in_the_log(ground: Ground, endpoint: str) -> None:
    people = add_people(ground)
    for role in roles_for(ground, endpoint):
        answer, entries = send(ground, endpoint, people[role])
        assert answer.status_code in {200, 302}, (role, answer.get_data(as_text=True))
        assert list_gaps(ground, endpoint, people[role], role, entries) == [], role


@pytest.mark.parametrize("endpoint", sorted(UNRECORDED))
def test_what_needs_no_entry_has_none(ground: Ground, endpoint: str) -> None:
    _, entries = send(ground, endpoint, ground.site.coordinator)
    assert entries == []


def test_a_service_that_forgets_its_entry_fails_and_changes_nothing(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Signing in notes when somebody was seen last; of the account only the password is looked at.
    visits = TRACES_OF_VISITS | {"user_account", "audit_entry"}
    before = dump_database(ground.app, visits)
    for endpoint in ("organiser.move_round", "organiser.begin_run", "account.set_password"):
        user_id = FORMS[endpoint].person(ground.site, endpoint)
        with monkeypatch.context() as patched:
            patched.setattr(audit, "record", _forget_some)
            answer, entries = send(ground, endpoint, user_id)
        assert (answer.status_code, entries) == (500, []), endpoint
        assert dump_database(ground.app, visits) == before, endpoint
        with ground.app.app_context():
            assert db.session.get_one(User, user_id).password_hash is None


def test_a_gap_in_an_entry_is_seen(ground: Ground) -> None:
    user_id, endpoint = ground.site.organiser, "organiser.move_round"
    _, entries = send(ground, endpoint, user_id)
    assert list_gaps(ground, endpoint, user_id, Role.ORGANISER, entries) == []
    assert list_gaps(ground, endpoint, user_id, Role.ORGANISER, []) == ["no entry"]
    for name, value in (("request_id", ""), ("actor_id", None), ("acting_as", "system"), ("region_id", None)):
        kept = getattr(entries[0], name)
        setattr(entries[0], name, value)
        assert len(list_gaps(ground, endpoint, user_id, Role.ORGANISER, entries)) == 1, name
        setattr(entries[0], name, kept)
