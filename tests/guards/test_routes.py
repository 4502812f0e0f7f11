"""No address comes, goes or changes whom it lets in without a line that somebody can review."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from flask import Flask

from matchmaker.web.access import Public, SignedIn, access, rule_of
from tests.site.ground import list_rules, method_of
from tests.site.routes import LIST, Access, Route, describe_route, read_list

REMOVED = Path(__file__).with_name("removed_routes.txt")
HOW = "run: python -m tests.site.routes, and read what it changed in tests/guards/routes.txt"
SAMPLES = {"int": "1", "string": "x"}
METHODS = {"GET", "HEAD", "OPTIONS", "POST"}


def list_naked(app: Flask) -> list[str]:
    """Return the endpoints to which nobody gave an access rule."""
    with app.app_context():
        return [rule.endpoint for rule in list_rules(app) if rule_of(rule.endpoint) is None]


def list_odd_methods(app: Flask) -> list[str]:
    """Return the rules that read and change at once, or use a method that no guard sends."""
    return [
        rule.rule
        for rule in list_rules(app)
        if {"GET", "POST"} <= (rule.methods or set()) or not (rule.methods or set()) <= METHODS
    ]


def list_unlisted(app: Flask, listed: list[Route]) -> list[str]:
    """Return the lines that the list should hold and does not."""
    known = set(listed)
    return [str(route) for rule in list_rules(app) if (route := describe_route(app, rule)) not in known]


def read_removed() -> dict[tuple[str, str], str]:
    lines = [line for line in REMOVED.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    parts = [line.split(" ", 2) for line in lines if line]
    assert all(len(part) == 3 for part in parts), "each line of removed_routes.txt ends with its reason"
    return {(method, path): reason for method, path, reason in parts}


def leads_on(app: Flask, path: str) -> bool:
    """Tell whether an old address sends people to a new one, or to a page that took its place."""
    for kind, sample in SAMPLES.items():
        while f"<{kind}:" in path:
            start = path.index(f"<{kind}:")
            path = path[:start] + sample + path[path.index(">", start) + 1 :]
    response = app.test_client().get(path)
    return response.status_code in {301, 308}


def list_lost(app: Flask, listed: list[Route], removed: dict[tuple[str, str], str]) -> list[str]:
    """Return the addresses that are gone without a redirect or a reason."""
    now = {(method_of(rule), rule.rule) for rule in list_rules(app)}
    gone = {(route.method, route.path) for route in listed} - now - set(removed)
    return [f"{method} {path}" for method, path in sorted(gone) if not leads_on(app, path)]


def test_every_endpoint_has_one_access_rule(site_app: Flask) -> None:
    assert list_naked(site_app) == [], "mark these views with @access(…)"


def test_every_rule_reads_or_changes_with_a_method_that_guards_send(site_app: Flask) -> None:
    assert list_odd_methods(site_app) == []


def test_every_address_stands_in_the_list_with_whom_it_lets_in(site_app: Flask) -> None:
    assert list_unlisted(site_app, read_list()) == [], HOW


def test_no_address_stands_in_the_list_twice() -> None:
    twice = [key for key, n in Counter((r.method, r.path) for r in read_list()).items() if n > 1]
    assert twice == [], HOW


def test_no_address_is_lost(site_app: Flask) -> None:
    lost = list_lost(site_app, read_list(), read_removed())
    assert lost == [], (
        "links in mails live long: add a redirect, or a line with the reason to removed_routes.txt"
    )


def test_what_is_removed_is_really_gone(site_app: Flask) -> None:
    now = {(method_of(rule), rule.rule) for rule in list_rules(site_app)}
    assert now & set(read_removed()) == set()


def test_the_list_can_be_read() -> None:
    assert LIST.exists()
    for route in read_list():
        Access.parse(route.access)


def test_the_scanner_sees_an_endpoint_without_rule_and_a_strange_method(site_app: Flask) -> None:
    site_app.add_url_rule("/naked", "naked", lambda: "open")
    site_app.add_url_rule("/odd", "odd", access(Public())(lambda: "open"), methods=["GET", "POST"])
    site_app.add_url_rule("/put", "put", access(Public())(lambda: "open"), methods=["PUT"])
    assert list_naked(site_app) == ["naked"]
    assert list_odd_methods(site_app) == ["/odd", "/put"]


def test_the_scanner_sees_a_new_address_and_one_that_lets_others_in(site_app: Flask) -> None:
    site_app.add_url_rule("/new", "new", access(Public())(lambda: "open"))
    site_app.view_functions["school.show_home"] = access(SignedIn())(lambda: "open")
    unlisted = list_unlisted(site_app, read_list())
    assert unlisted == [
        "GET /new new Public()",
        "GET /school/<int:school_id> school.show_home SignedIn()",
    ]


@pytest.mark.parametrize(
    ("status", "lost"), [(301, []), (302, ["GET /old/<int:old_id>"]), (None, ["GET /old/<int:old_id>"])]
)
def test_the_scanner_sees_a_lost_address_unless_it_leads_on(
    site_app: Flask, status: int | None, lost: list[str]
) -> None:
    old = Route("GET", "/old/<int:old_id>", "old", "Public()")
    if status is not None:
        moved = access(Public())(lambda number: ("", status, {"Location": f"/{number}"}))
        site_app.add_url_rule("/old/<int:number>", "moved", moved)
    assert list_lost(site_app, [old], {}) == lost
    assert list_lost(site_app, [old], {("GET", old.path): "was in no mail"}) == []
