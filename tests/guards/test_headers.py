"""What every answer says to the browser, to the letter."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from tests.conftest import make_settings
from tests.site import Site, open_site_app, sign_in_as

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "object-src 'none'"
)
STANDING = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": POLICY,
}
VARYING = {"Content-Length", "Set-Cookie"}


def headers_of(app: Flask, user: int | None, path: str) -> dict[str, str]:
    response = sign_in_as(app, user).get(path)
    return {name: value for name, value in response.headers.items() if name not in VARYING}


def test_a_public_page_has_exactly_these_headers(site_app: Flask, site: Site) -> None:
    assert headers_of(site_app, None, "/") == {
        **STANDING,
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "private, no-cache",
        "Vary": "Cookie",
    }


def test_a_signed_in_page_is_never_stored(site_app: Flask, site: Site) -> None:
    assert headers_of(site_app, site.coordinator, f"/school/{site.own.school_id}") == {
        **STANDING,
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "no-store",
        "Vary": "Cookie",
    }


def test_errors_have_the_same_headers(site_app: Flask, site: Site) -> None:
    assert headers_of(site_app, None, "/nergens")["Content-Security-Policy"] == POLICY


def test_the_page_of_a_mail_runs_and_loads_nothing(site_app: Flask, site: Site) -> None:
    path = f"/organisator/{site.own.slug}/berichten/{site.own.message_id}/opmaak"
    assert headers_of(site_app, site.organiser, path)["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
        "frame-ancestors 'self'; base-uri 'none'; sandbox"
    )


def test_a_site_on_https_asks_for_https_for_ever(tmp_path: Path, sqlite_url: str) -> None:
    settings = make_settings(tmp_path / "instance", sqlite_url, base_url="https://techniek.example")
    with open_site_app(settings) as app:
        response = app.test_client().get("/inloggen", base_url="https://techniek.example")
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert "Secure; HttpOnly; Path=/; SameSite=Lax" in cookie


def test_static_files_with_a_version_may_be_kept_for_a_year(site_app: Flask) -> None:
    with site_app.test_request_context():
        path = site_app.url_for("static", filename="css/site.css")
    assert "?v=" in path
    response = sign_in_as(site_app, None).get(path)
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    response.close()


def test_a_secret_in_the_address_goes_nowhere(site_app: Flask, site: Site) -> None:
    paths = ["/inloggen/link/unknown", f"/vraag/{site.own.question_token}", f"/vraag/{'x' * 43}"]
    for path in paths:
        assert headers_of(site_app, None, path) == {
            **STANDING,
            "Content-Type": "text/html; charset=utf-8",
            "Referrer-Policy": "strict-origin",
            "X-Robots-Tag": "noindex, nofollow",
            "Cache-Control": "no-store",
            "Vary": "Cookie",
        }, path
