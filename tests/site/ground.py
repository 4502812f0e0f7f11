"""A built site that can be put back to how it was, as often as a guard likes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from werkzeug.routing import Rule

from matchmaker.extensions import db
from matchmaker.models import User
from matchmaker.services.devices import sign_in_device
from matchmaker.web.identity import TOKEN_KEY
from tests.site.clients import USER_AGENT, StrictClient, sign_in_as
from tests.site.forms import FORMS, Stage
from tests.site.rows import Neighbour, Site

# Changed by visiting alone: when a device was used last, and how often somebody tried.
TRACES_OF_VISITS = frozenset({"signed_in_device", "attempt_count"})


def list_rules(app: Flask) -> list[Rule]:
    """Return every rule of the site but that of static files, in an order that stays."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
    return sorted(rules, key=lambda rule: (rule.rule, method_of(rule)))


def method_of(rule: Rule) -> str:
    """Return the one method of a rule."""
    return "POST" if "POST" in (rule.methods or set()) else "GET"


def path_of(app: Flask, rule: Rule, arguments: dict[str, Any]) -> str:
    """Return the path of a rule with these arguments, of which there may be more than it takes."""
    missing = rule.arguments - arguments.keys()
    assert not missing, f"{rule.rule}: give {sorted(missing)} a value in Neighbour.arguments()"
    with app.test_request_context():
        return app.url_for(rule.endpoint, **{name: arguments[name] for name in rule.arguments})


def dump_database(app: Flask, leave_out: frozenset[str] = frozenset()) -> dict[str, list[Any]]:
    """Return every row of every table."""
    with app.app_context(), db.engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(sa.select(table))]
            for table in db.metadata.sorted_tables
            if table.name not in leave_out
        }


# What any program may send, and why that is harmless.
OPEN_TO_PROGRAMS = {
    "public.stop_mails": "mail programs press it without a page of ours; it takes the secret in its address"
}


@dataclass
class Ground:
    """The application on a database in a file, and that file as it was."""

    app: Flask
    site: Site
    path: Path
    picture: bytes = b""
    ran: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Take the picture, note from now on which views run, and let a fault be an answer."""
        self.app.config["PROPAGATE_EXCEPTIONS"] = False
        self.keep()
        for endpoint, view in self.app.view_functions.items():
            self.app.view_functions[endpoint] = self._noting(endpoint, view)

    def keep(self) -> None:
        """Let the site be put back to how it is now."""
        with self.app.app_context():
            db.session.remove()
            with db.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            db.engine.dispose()
        self.picture = self.path.read_bytes()

    def restore(self) -> None:
        """Put every row back."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        for ending in ("-wal", "-shm"):
            self.path.with_name(self.path.name + ending).unlink(missing_ok=True)
        self.path.write_bytes(self.picture)

    def stage(self, endpoint: str, place: Neighbour | None = None) -> Stage:
        """Make the rows that the form of an endpoint needs, by default at the own place."""
        form = FORMS[endpoint]
        place = place or self.site.own
        stage = Stage(self.app, self.site, place, form.person(self.site, endpoint))
        with self.app.app_context():
            if place != self.site.own:
                stage.user_id = self._neighbour_of(stage)
            form.prepare(stage)
        return stage

    def _neighbour_of(self, stage: Stage) -> int:
        """Return who has the same role at the other place."""
        email = stage.email().replace(f"@{self.site.own.slug}.", f"@{self.site.other.slug}.")
        return db.session.scalars(sa.select(User.id).where(User.email == email)).one()

    def visit(self, user_id: int | None, session: dict[str, Any] | None = None) -> StrictClient:
        """Return a client that is signed in as this user, or nobody, with more in its cookie."""
        client = sign_in_as(self.app, user_id)
        if session:
            with client.session_transaction() as cookie:
                cookie.update(session)
        return client

    def visit_after_first_step(self, user_id: int) -> StrictClient:
        """Return a client of somebody whose second step is still to come."""
        with self.app.app_context():
            token = sign_in_device(user_id, USER_AGENT)
        return self.visit(None, {TOKEN_KEY: token, "_fresh": True})

    def send(
        self,
        rule: Rule,
        stage: Stage,
        client: StrictClient,
        arguments: dict[str, Any] | None = None,
        **more: Any,
    ) -> Any:
        """Send the form of a rule with all that it needs, to other arguments when they are given."""
        form = FORMS[rule.endpoint]
        with self.app.app_context():
            fields, extra = form.fields(stage), form.session(stage)
            arguments = arguments or {**stage.place.arguments(), **form.arguments(stage)}
        token = self.give_token(client, extra)
        path = path_of(self.app, rule, arguments)
        self.ran.clear()
        return client.post(path, data={"csrf_token": token, **fields}, **more)

    def give_token(self, client: StrictClient, extra: dict[str, Any] | None = None) -> str:
        """Return a CSRF token as a page that the client loaded would hold it; put more in its cookie."""
        with client.session_transaction() as cookie:
            cookie.update(extra or {})
            secret = cookie.setdefault("csrf_token", "0" * 40)
        key = self.app.config["SECRET_KEY"]
        return str(URLSafeTimedSerializer(key, salt="wtf-csrf-token").dumps(secret))

    def _noting(self, endpoint: str, view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def noted(*args: Any, **kwargs: Any) -> Any:
            self.ran.append(endpoint)
            return view(*args, **kwargs)

        return noted
