"""Headers of every answer of every address to everybody, to the letter; cookies; and no way off the site."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, session

from matchmaker.config import ROOT
from matchmaker.web.access import Public, access
from matchmaker.web.account.views import enter
from tests.conftest import make_settings
from tests.guards.test_headers import POLICY, STANDING
from tests.site import Site, build_site, open_site_app, sign_in_as
from tests.site.forms import FORMS
from tests.site.ground import Ground, list_rules, method_of, path_of

OWN = {"headers": {"Referer": "https://techniek.example/"}}
MAIL_PAGE = "organiser.show_message_html"
# The same for everybody, so caches may keep it for a while.
PUBLIC_FEED = "public.read_agenda"
# What may come along, by the kind of answer.
MORE = {
    "Content-Type", "Content-Length", "Location", "Content-Disposition", "Retry-After", "Set-Cookie",
    "Allow", "HX-Redirect",
}  # fmt: skip
STATIC_MORE = {
    "Content-Type",
    "Content-Length",
    "ETag",
    "Last-Modified",
    "Date",
    "Content-Disposition",
    "Accept-Ranges",
}


# Behind an address that is a secret.
SECRET = {
    "Referrer-Policy": "strict-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}


def expected_headers(*, signed_in: bool, endpoint: str = "", secret: bool = False) -> dict[str, str]:
    return {
        **STANDING,
        "Content-Security-Policy": "the mail's own" if endpoint == MAIL_PAGE else POLICY,
        "Cache-Control": "no-store" if signed_in else "private, no-cache",
        "Vary": "Cookie",
        **(SECRET if secret else {}),
    }


def list_wrong(response: Any, expected: dict[str, str]) -> list[str]:
    """Return the headers that differ, are missing or are too many."""
    found = {name: value for name, value in response.headers.items() if name not in MORE}
    if expected["Content-Security-Policy"] == "the mail's own" and response.status_code == 200:
        found["Content-Security-Policy"] = found["Content-Security-Policy"].replace(
            MAIL_POLICY, "the mail's own"
        )
    elif expected["Content-Security-Policy"] == "the mail's own":
        expected = {**expected, "Content-Security-Policy": POLICY}
    return [
        f"{name}: {found.get(name)!r} instead of {expected.get(name)!r}"
        for name in sorted(found.keys() | expected.keys())
        if found.get(name) != expected.get(name)
    ]


MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    "frame-ancestors 'self'; base-uri 'none'; sandbox"
)


def test_every_answer_has_exactly_these_headers(site_app: Flask, site: Site) -> None:
    missing = {name: 987_654 if isinstance(v, int) else "x" for name, v in site.own.arguments().items()}
    wrong = []
    marks = {"Date", "ETag"}
    for user in (None, site.organiser, site.coordinator):
        client = sign_in_as(site_app, user)
        for rule in list_rules(site_app):
            for arguments in (site.own.arguments(), missing):
                path = path_of(site_app, rule, arguments)
                get = client.get if method_of(rule) == "GET" else client.post
                expected = expected_headers(
                    signed_in=user is not None,
                    endpoint=rule.endpoint,
                    secret=any(name.endswith("token") for name in rule.arguments),
                )
                answer = get(path)
                if rule.endpoint == PUBLIC_FEED and answer.status_code == 200:
                    assert marks <= set(answer.headers.keys())
                    if user is None:
                        expected["Cache-Control"] = "public, max-age=900"
                    for mark in marks:
                        del answer.headers[mark]
                wrong += [f"{user} {path} {each}" for each in list_wrong(answer, expected)]
    assert wrong == [], "\n".join(wrong)


def test_errors_of_every_kind_have_the_same_headers(site_app: Flask, site: Site) -> None:
    site_app.config["PROPAGATE_EXCEPTIONS"] = False
    site_app.add_url_rule("/fails", "fails", access(Public())(lambda: 1 / 0))
    client = sign_in_as(site_app, None)
    answers = {
        404: client.get("/nergens"),
        405: client.get("/taal"),
        413: client.post("/taal", data=b"a" * (13 * 2**20), content_type="application/x-www-form-urlencoded"),
        400: client.post("/taal"),
        308: client.get("/regio//achterhoek"),
        500: client.get("/fails"),
    }
    for status, response in answers.items():
        assert response.status_code == status
        assert list_wrong(response, expected_headers(signed_in=False)) == [], status
    foreign = client.get("/", headers={"Host": "evil.example"})
    assert foreign.status_code == 400
    assert list_wrong(foreign, expected_headers(signed_in=False)) == []


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/static/css/site.css", "no-cache"),
        ("/static/css/site.css?v=1", "public, max-age=31536000, immutable"),
        ("/static/css/nothing.css?v=1", None),
        ("/static/../matchmaker/app.py", None),
    ],
)
def test_static_files_have_exactly_these_headers(site_app: Flask, path: str, kept: str | None) -> None:
    with site_app.test_client().get(path) as response:
        status = response.status_code
        found = {name: value for name, value in response.headers.items() if name not in STATIC_MORE}
    assert status == (200 if kept else 404)
    kept = kept or found.get("Cache-Control", "")
    expected = {**STANDING, "Content-Security-Policy": POLICY, "Vary": "Cookie"}
    assert found == ({**expected, "Cache-Control": kept} if kept else expected)


def test_the_guard_sees_a_header_too_many_or_too_few(site_app: Flask, site: Site) -> None:
    response = sign_in_as(site_app, None).get("/")
    response.headers["Server-Timing"] = "db;dur=3"
    del response.headers["Permissions-Policy"]
    wrong = list_wrong(response, expected_headers(signed_in=False))
    assert [line.partition(":")[0] for line in wrong] == ["Permissions-Policy", "Server-Timing"]


@pytest.fixture
def secure_ground(tmp_path: Path, sqlite_url: str) -> Iterator[Ground]:
    """The site as it stands on the internet."""
    settings = make_settings(tmp_path / "instance", sqlite_url, base_url="https://techniek.example")
    with open_site_app(settings) as app:
        app.config.update(SERVER_NAME="techniek.example", PREFERRED_URL_SCHEME="https")
        with app.app_context():
            site = build_site()
        yield Ground(app, site, Path(sqlite_url.removeprefix("sqlite:///")))


def test_every_cookie_is_of_this_host_alone_and_out_of_reach_of_scripts(secure_ground: Ground) -> None:
    ground, cookies = secure_ground, []
    for rule in list_rules(ground.app):
        if method_of(rule) == "POST":
            stage = ground.stage(rule.endpoint)
            client = ground.visit(stage.user_id if FORMS[rule.endpoint].signed_in else None)
            response = ground.send(rule, stage, client, **OWN)
            assert ground.ran == [rule.endpoint], f"{rule.endpoint}: {response.status_code}"
            ground.restore()
        else:
            response = ground.visit(None).get(path_of(ground.app, rule, ground.site.own.arguments()), **OWN)
        cookies += response.headers.getlist("Set-Cookie")
    assert {cookie.partition("=")[0] for cookie in cookies} == {"__Host-session", "__Host-known"}
    for cookie in cookies:
        parts = {part.strip() for part in cookie.split(";")[1:]}
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= parts, cookie
        assert not any(part.startswith("Domain") for part in parts), cookie


PAYLOADS = [
    *("//evil.example", "///evil.example", "////evil.example", "//evil.example/%2f..", "//evil.example@x"),
    *("/\\evil.example", "\\/evil.example", "\\\\evil.example", "/\\/evil.example", "/\\\\evil.example"),
    *("https://evil.example", "http://evil.example", "HTTPS://evil.example", "https:evil.example"),
    *("https:/evil.example", "https:///evil.example", "http:\\\\evil.example", "https:\\/\\/evil.example"),
    *("javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "\x01javascript:alert(1)"),
    *("data:text/html,<script>alert(1)</script>", "vbscript:x", "file:///etc/passwd"),
    *("blob:x", "about:blank"),
    *("mailto:a@evil.example", "ftp://evil.example", "ws://evil.example", "view-source:x", "tel:1"),
    *("/\t/evil.example", "/\n/evil.example", "/\r/evil.example", "/\x00/evil.example", "\t//evil.example"),
    *(" //evil.example", "\u00a0//evil.example", "\u3000//evil.example", "/ /evil.example", "\n/x"),
    *("evil.example", ".evil.example", "@evil.example", "?next=//evil.example", "#//evil.example"),
    *("/a\r\nSet-Cookie: x=y", "/a\nLocation: https://evil.example", "/%0d%0a\r\nX: y", "/a\x0b", "/a\x7f\\"),
    *("\u2044\u2044evil.example", "\uff0f\uff0fevil.example", "\u2215\u2215evil.example", "/\u2028\\x"),
    *("//[::1]", "//127.0.0.1", "//2130706433", "//0x7f000001", "//localhost:81", "//evil%E3%80%82example"),
    *("/" + "a" * 600, "//" + "a" * 600, "", "\\", "/\\", "//"),
]  # fmt: skip


def is_off_site(location: str) -> bool:
    """Tell whether a browser would leave the site, or run something, for this location."""
    return not location.startswith("/") or location[1:2] in {"/", "\\"} or "\\" in location


@pytest.mark.parametrize("field", ["next", "return", "after_sign_in", "terug", "url"])
def test_no_form_leads_off_the_site(ground: Ground, field: str) -> None:
    assert len(PAYLOADS) >= 60
    (rule,) = (rule for rule in list_rules(ground.app) if rule.endpoint == "public.choose_language")
    stage, client = ground.stage(rule.endpoint), ground.visit(ground.site.coordinator)
    token = ground.give_token(client)
    for payload in PAYLOADS:
        data = {"csrf_token": token, "language": "nl", field: payload}
        response = client.post(rule.rule, data=data, query_string={field: payload})
        assert response.status_code == 302
        assert not is_off_site(response.location), payload
    assert stage.user_id


def test_signing_in_leads_only_to_a_page_of_the_site(ground: Ground) -> None:
    """Whatever got into the cookie as the page that was wanted."""
    for payload in [*PAYLOADS, "/school/1"]:
        with ground.app.test_request_context("/inloggen"):
            session["after_sign_in"] = payload
            location = str(enter(ground.site.coordinator).location)
        assert not is_off_site(location), payload
        assert location in {"/mijn", payload}
    assert location == "/school/1"


def list_targets(source: str) -> list[str]:
    """Return what the redirects of a module lead to, other than `url_for` and `safe_path`."""
    odd = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "redirect":
            odd += [ast.unparse(node) for target in node.args[:1] if not _is_safe(target)]
    return odd


def _is_safe(target: ast.expr) -> bool:
    if isinstance(target, ast.BoolOp):
        return all(_is_safe(value) for value in target.values)
    if isinstance(target, ast.IfExp):
        return _is_safe(target.body) and _is_safe(target.orelse)
    if isinstance(target, ast.Call) and isinstance(target.func, ast.Name):
        return target.func.id in {"url_for", "safe_path"}
    return False


LOOKED_AT = {
    "redirect(target or find_last_home(visitor) or url_for('account.list_homes'))": "safe_path, then url_for",
    "redirect(homes[0].url)": "made by url_for",
    "redirect(_profile())": "made by url_for",
    "redirect(_profile() if links else url_for('account.show_sign_in'))": "made by url_for",
    "redirect(home)": "made by url_for, of an invitation",
    "redirect(place.url('list_members'))": "made by url_for",
    "redirect(place.url('list_invitations'))": "made by url_for",
    "redirect(place.url('show_list', list_id=list_id))": "made by url_for",
    "redirect(_list_of_invitations(place))": "made by url_for",
    "redirect(LogPlace(region, MessageFilters(), 1).list_url())": "made by url_for",
    "redirect(LogPlace(region, MessageFilters(state=MessageState.QUEUED), 1).list_url())": "made by url_for",
    "redirect(message_pages.parse_place(region, request.args).message_url(message_id))": "made by url_for",
    "redirect(place.url('list_members') if _still_manages(place) else '/mijn')": "made by url_for, or fixed",
}
"""Redirects to a name: somebody looked where it comes from."""


def test_every_redirect_leads_through_what_makes_it_safe() -> None:
    found = {
        target
        for path in (ROOT / "matchmaker" / "web").rglob("*.py")
        for target in list_targets(path.read_text(encoding="utf-8"))
    }
    assert found - set(LOOKED_AT) == set(), "lead through url_for or safe_path, or add it to LOOKED_AT"


def test_a_redirect_to_what_a_visitor_sends_is_seen() -> None:
    assert list_targets("redirect(request.args['next'])")
    assert list_targets("redirect(safe_path(x) or request.form['next'])")
    assert not list_targets("redirect(safe_path(x) or url_for('a.b'))")
