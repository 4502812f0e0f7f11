"""Every endpoint is guarded, well named and answers as it should to everybody."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.routing import Rule

from matchmaker.domain.kinds import Role
from matchmaker.domain.mute_tokens import make_mute_token
from matchmaker.domain.muting import MailFamily
from matchmaker.domain.permissions import Permission, may
from matchmaker.extensions import db
from matchmaker.models import User
from matchmaker.web.access import Public, SignedIn, rule_of
from tests.site import Site, sign_in_as
from tests.site.cast import place_of_role
from tests.site.ground import OPEN_TO_PROGRAMS
from tests.site.matrix import COUNTING_PLACES

MISSING_ID = 987_654


def list_rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def path_of(app: Flask, rule: Rule, arguments: dict[str, Any]) -> str:
    values = {name: arguments[name] for name in rule.arguments}
    with app.test_request_context():
        return app.url_for(rule.endpoint, **values)


def list_guarded(app: Flask) -> list[Rule]:
    with app.app_context():
        return [rule for rule in list_rules(app) if not rule_of(rule.endpoint).open_to_all]


def method_of(rule: Rule) -> str:
    return "POST" if "POST" in (rule.methods or set()) else "GET"


def ask(client: Any, rule: Rule, path: str) -> Any:
    return client.submit(path) if method_of(rule) == "POST" else client.get(path)


def test_every_endpoint_has_one_access_rule(site_app: Flask) -> None:
    with site_app.app_context():
        naked = [rule.endpoint for rule in list_rules(site_app) if rule_of(rule.endpoint) is None]
    assert naked == []


def test_an_endpoint_without_access_rule_is_closed(site_app: Flask) -> None:
    site_app.add_url_rule("/forgotten", "forgotten", lambda: "open")
    assert sign_in_as(site_app, None).get("/forgotten").status_code == 404


def test_paths_are_in_kebab_case_with_typed_parameters(site_app: Flask) -> None:
    part = re.compile(r"<(int|string):[a-z_]+>(\.ics)?|[a-z]+(-[a-z]+)*(\.(csv|ics|eml|xlsx))?")
    wrong = [
        rule.rule
        for rule in list_rules(site_app)
        if not all(part.fullmatch(piece) for piece in rule.rule.strip("/").split("/") if piece)
    ]
    assert wrong == []


def test_a_rule_either_reads_or_changes(site_app: Flask) -> None:
    mixed = [rule.rule for rule in list_rules(site_app) if {"GET", "POST"} <= (rule.methods or set())]
    assert mixed == []


def test_nobody_enters_without_signing_in(site_app: Flask, site: Site) -> None:
    for rule in list_guarded(site_app):
        response = ask(sign_in_as(site_app, None), rule, path_of(site_app, rule, site.own.arguments()))
        assert (response.status_code, response.location) == (302, "/inloggen"), rule.rule


def test_everybody_enters_their_own_place(site_app: Flask, site: Site) -> None:
    for rule in list_guarded(site_app):
        if method_of(rule) == "GET":
            user = site.user_for(rule.endpoint) or site.coordinator
            response = sign_in_as(site_app, user).get(path_of(site_app, rule, site.own.arguments()))
            assert response.status_code in {200, 302}, rule.rule


def test_a_foreign_place_looks_like_a_missing_one(site_app: Flask, site: Site) -> None:
    missing = {
        name: MISSING_ID if isinstance(value, int) else "nergens"
        for name, value in site.own.arguments().items()
    }
    with site_app.app_context():
        rules = [r for r in list_guarded(site_app) if not isinstance(rule_of(r.endpoint), Public | SignedIn)]
    assert len(rules) > 15
    for rule in rules:
        client = sign_in_as(site_app, site.user_for(rule.endpoint))
        answers = [
            ask(client, rule, path_of(site_app, rule, arguments))
            for arguments in (site.other.arguments(), missing)
        ]
        assert [answer.status_code for answer in answers] == [404, 404], rule.rule
        assert answers[0].data == answers[1].data, rule.rule


def test_a_foreign_row_is_not_reached_through_an_own_place(site_app: Flask, site: Site) -> None:
    own_places = {"slug": site.own.slug, "school_id": site.own.school_id, "host_id": site.own.host_id}
    crossed = {**site.other.arguments(), **own_places}
    for rule in list_guarded(site_app):
        # A date is nobody's row.
        if len(rule.arguments - {"day"}) > 1:
            client = sign_in_as(site_app, site.user_for(rule.endpoint))
            assert ask(client, rule, path_of(site_app, rule, crossed)).status_code == 404, rule.rule


@pytest.mark.parametrize("who", ["coordinator", "host_contact", "board", "newcomer"])
def test_organiser_pages_are_closed_to_others(site_app: Flask, site: Site, who: str) -> None:
    client = sign_in_as(site_app, getattr(site, who))
    for rule in list_guarded(site_app):
        if rule.endpoint.startswith("organiser."):
            path = path_of(site_app, rule, site.own.arguments())
            assert ask(client, rule, path).status_code == 404, rule.rule


@pytest.mark.parametrize("who", ["viewer", "board"])
def test_who_only_reads_changes_nothing_and_reads_no_mail(site_app: Flask, site: Site, who: str) -> None:
    client = sign_in_as(site_app, getattr(site, who))
    closed = [
        rule
        for rule in list_guarded(site_app)
        if (method_of(rule) == "POST" or "message" in rule.endpoint)
        # Everybody may sign out their own devices.
        and not rule.endpoint.startswith("account.")
    ]
    for rule in closed:
        path = path_of(site_app, rule, site.own.arguments())
        assert ask(client, rule, path).status_code == 404, rule.rule
    home = {"viewer": f"/organisator/{site.own.slug}", "board": f"/bestuur/{site.own.membership_id}"}[who]
    assert client.get(home).status_code == 200


def list_permitted(app: Flask) -> list[tuple[Rule, Permission]]:
    with app.app_context():
        return [
            (rule, access.permission)
            for rule in list_guarded(app)
            if not isinstance(access := rule_of(rule.endpoint), Public | SignedIn)
        ]


def test_every_permission_opens_something(site_app: Flask) -> None:
    assert {permission for _, permission in list_permitted(site_app)} == set(Permission)


def counts_at(app: Flask, rule: Rule, role: Role) -> bool:
    """Tell whether a role counts where the address is: one at a school says nothing at a host."""
    with app.app_context():
        kind = type(rule_of(rule.endpoint)).__name__
    return place_of_role(role) in COUNTING_PLACES[kind]


@pytest.mark.parametrize(
    ("who", "role"),
    [
        ("organiser", Role.ORGANISER),
        ("viewer", Role.VIEWER),
        ("coordinator", Role.COORDINATOR),
        ("host_contact", Role.HOST_CONTACT),
        ("newcomer", None),
        ("board", Role.BOARD),
    ],
)
def test_the_table_of_permissions_decides_who_enters(
    site_app: Flask, site: Site, who: str, role: Role | None
) -> None:
    client = sign_in_as(site_app, getattr(site, who))
    for rule, permission in list_permitted(site_app):
        if method_of(rule) == "GET":
            status = client.get(path_of(site_app, rule, site.own.arguments())).status_code
            allowed = role is not None and may(role, permission) and counts_at(site_app, rule, role)
            assert (status != 404) == allowed, (rule.rule, permission)


def test_what_matters_most_asks_to_prove_again_who_one_is(site_app: Flask, site: Site) -> None:
    with site_app.app_context():
        recent = {rule.endpoint for rule in list_rules(site_app) if rule_of(rule.endpoint).recent}
    assert recent == {
        "account.add_second_factor",
        "account.download_own_data",
        "account.erase_account",
        "account.leave_to_link",
        "account.link_identity",
        "account.remove_password",
        "account.remove_second_factor",
        "account.set_password",
        "account.show_erasing",
        "account.show_link_offer",
        "account.show_own_data",
        "account.show_password",
        "account.show_second_factor",
        "account.unlink_identity",
        "organiser.approve_joining",
        "host.end_role",
        "host.hand_over_role",
        "host.show_leaving",
        "organiser.confirm_publication",
        "organiser.download_log",
        "organiser.download_workbook",
        "organiser.end_role",
        "organiser.hand_over_role",
        "organiser.invite_member",
        "organiser.publish",
        "organiser.save_settings",
        "organiser.show_settings",
        "organiser.read_list",
        "organiser.send_list",
        "organiser.show_invite",
        "organiser.show_leaving",
        "organiser.show_list",
        "organiser.show_upload",
        "school.end_role",
        "school.hand_over_role",
        "school.show_leaving",
    }


def test_every_post_needs_a_csrf_token(site_app: Flask, site: Site) -> None:
    posts = [rule for rule in list_rules(site_app) if method_of(rule) == "POST"]
    posts = [rule for rule in posts if rule.endpoint not in OPEN_TO_PROGRAMS]
    assert len(posts) >= 7
    for rule in posts:
        client = sign_in_as(site_app, site.user_for(rule.endpoint) or site.coordinator)
        response = client.post(path_of(site_app, rule, site.own.arguments()), data={"csrf_token": "made up"})
        assert response.status_code == 400, rule.rule


def test_reading_changes_nothing(site_app: Flask, site: Site) -> None:
    people = (None, site.organiser, site.viewer, site.coordinator, site.host_contact, site.board)
    clients = [sign_in_as(site_app, user) for user in people]
    # A link that leads nowhere would count as a guess.
    arguments = {**site.own.arguments(), "mute_token": mute_token_of(site_app, site.coordinator)}
    before = dump_database(site_app)
    for client in clients:
        for rule in list_rules(site_app):
            if method_of(rule) == "GET":
                path = path_of(site_app, rule, arguments)
                client.get(path)
                client.head(path)
                client.options(path)
    assert dump_database(site_app) == before


def mute_token_of(app: Flask, user_id: int) -> str:
    with app.app_context():
        email = db.session.get_one(User, user_id).email
    return make_mute_token(app.config["SECRET_KEY"], user_id, MailFamily.OVERVIEWS, email)


def dump_database(app: Flask) -> dict[str, list[Any]]:
    with app.app_context(), db.engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(sa.select(table))]
            for table in db.metadata.sorted_tables
        }
