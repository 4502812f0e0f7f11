"""Clients that refuse what a browser would forgive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from matchmaker.app import create_app
from matchmaker.config import Settings
from matchmaker.extensions import db
from matchmaker.services.devices import sign_in_device
from matchmaker.web.identity import TOKEN_KEY

USER_AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"


class StrictClient(FlaskClient):
    """Parses every page as strict HTML5 and keeps the newest one as `page`."""

    page: Element | None = None

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send the request and check the page that comes back."""
        response = super().open(*args, **kwargs)
        if (
            response.mimetype == "text/html"
            and response.data
            and "HX-Request" not in kwargs.get("headers", {})
        ):
            self.page = parse_page(response.get_data(as_text=True))
        return response

    def submit(self, path: str, **fields: str) -> TestResponse:
        """Send a form with the CSRF token of the newest page."""
        return self.post(path, data={"csrf_token": self.csrf_token(), **fields})

    def csrf_token(self) -> str:
        """Return the CSRF token of the newest page; load one when there is none."""
        if self.page is None or self._find_token() is None:
            self.get("/regio/achterhoek")
        token = self._find_token()
        assert token is not None, "the page has no CSRF token"
        return token

    def _find_token(self) -> str | None:
        assert self.page is not None
        tokens = [i.get("value") for i in self.page.iter("input") if i.get("name") == "csrf_token"]
        return tokens[0] if tokens else None

    def text(self) -> str:
        """Return what people read on the newest page, with blanks joined to one."""
        assert self.page is not None
        main = next(element for element in self.page.iter() if element.get("id") == "main")
        return " ".join(" ".join(main.itertext()).split())


def parse_page(text: str) -> Element:
    """Return the page's tree; any mistake that the HTML5 standard names fails the test."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tree: Element = parser.parse(text)
    doubles = [key for key, n in Counter(e.get("id") for e in tree.iter() if e.get("id")).items() if n > 1]
    assert not doubles, f"ids used twice: {doubles}"
    return tree


def sign_in_as(app: Flask, user_id: int | None) -> StrictClient:
    """Return a client that is signed in as this user, or nobody."""
    client = app.test_client()
    assert isinstance(client, StrictClient)
    if user_id is not None:
        with client.session_transaction() as session:
            session.update(open_session(app, user_id))
    return client


def open_session(app: Flask, user_id: int, *, second_step: bool = True) -> dict[str, Any]:
    """Sign a device in as this user; return what its cookie holds."""
    with app.app_context():
        return {TOKEN_KEY: sign_in_device(user_id, USER_AGENT, second_step=second_step), "_fresh": True}


@contextmanager
def open_site_app(settings: Settings) -> Iterator[Flask]:
    """The application under test, outside any context, so that each request has one of its own.

    A request that changes rows outside a use case, or leaves changes behind, fails the test.
    """
    app = create_app(settings)
    app.config["TESTING"] = True
    app.test_client_class = StrictClient

    @app.teardown_request
    def refuse_leftovers(_error: BaseException | None) -> None:
        leftovers = [*db.session.new, *db.session.dirty, *db.session.deleted]
        assert leftovers == [], "a request left uncommitted changes"

    def refuse_stray_flush(session: Any, *_: object) -> None:
        assert session.info.get("writing"), "a request changes rows outside a use case"

    @app.before_request
    def watch() -> None:
        event.listen(db.session(), "before_flush", refuse_stray_flush)

    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
