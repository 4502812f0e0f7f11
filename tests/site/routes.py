"""The list of all addresses that ever were, with whom each lets in: `tests/guards/routes.txt`.

    python -m tests.site.routes

adds what is new and rewrites what changed, so that every change of access shows in the review. A line
whose address is gone stays: links in mails live long. Guards compare the site with this list.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, fields
from pathlib import Path

from flask import Flask
from werkzeug.routing import Rule

from matchmaker.app import create_app
from matchmaker.config import load_settings
from matchmaker.domain.permissions import Permission
from matchmaker.web.access import rule_of
from tests.site.ground import list_rules, method_of

LIST = Path(__file__).resolve().parent.parent / "guards" / "routes.txt"
HEADER = "# Every address that ever was: method, path, endpoint, whom it lets in. See tests/site/routes.py.\n"


@dataclass(frozen=True)
class Access:
    """Whom an address lets in, as the list says it."""

    kind: str
    permission: Permission | None = None
    recent: bool = False
    after_first_step: bool = False

    @classmethod
    def parse(cls, text: str) -> Access:
        """Read what `describe_access` writes."""
        kind, _, rest = text.rstrip(")").partition("(")
        words = {word.strip() for word in rest.split(",") if word.strip()}
        flags = {"recent", "after_first_step"}
        permissions = [Permission(word) for word in words - flags]
        assert len(permissions) <= 1, f"two permissions: {text}"
        return cls(kind, next(iter(permissions), None), "recent" in words, "after_first_step" in words)


@dataclass(frozen=True)
class Route:
    """One line of the list."""

    method: str
    path: str
    endpoint: str
    access: str

    def __str__(self) -> str:
        """Return the line."""
        return f"{self.method} {self.path} {self.endpoint} {self.access}"


def describe_access(app: Flask, endpoint: str) -> str:
    """Return the rule of an endpoint as words: its kind, its permission and what else it asks."""
    with app.app_context():
        rule = rule_of(endpoint)
    assert rule is not None, f"{endpoint} has no access rule: mark the view with @access(…)"
    permission = getattr(rule, "permission", None)
    asks = [permission.value] if permission else []
    asks += [
        each.name
        for each in fields(rule)  # type: ignore[arg-type]
        if each.name in {"recent", "after_first_step"} and getattr(rule, each.name)
    ]
    return f"{type(rule).__name__}({', '.join(asks)})"


def describe_route(app: Flask, rule: Rule) -> Route:
    """Return the line of a rule."""
    return Route(method_of(rule), rule.rule, rule.endpoint, describe_access(app, rule.endpoint))


def read_list() -> list[Route]:
    """Return the lines of the list."""
    lines = LIST.read_text(encoding="utf-8").splitlines() if LIST.exists() else []
    return [Route(*line.split(" ", 3)) for line in lines if line and not line.startswith("#")]


def update_list(app: Flask) -> None:
    """Write the list anew: what is there as it is now, and what was there before."""
    now = {(r.method, r.path): r for r in (describe_route(app, rule) for rule in list_rules(app))}
    routes = {(r.method, r.path): r for r in read_list()} | now
    lines = [f"{route}\n" for _, route in sorted(routes.items(), key=lambda item: (item[0][1], item[0][0]))]
    LIST.write_text(HEADER + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        update_list(create_app(load_settings({}, Path(folder))))
