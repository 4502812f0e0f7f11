"""Every request and every job says whose rows it is about; who does not is listed here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from matchmaker.extensions import Base, db
from matchmaker.models import Group
from matchmaker.models.columns import OfRegion
from matchmaker.models.ownership import OWNERS
from matchmaker.models.scoping import list_scoped_classes
from matchmaker.scope import ScopeError, exceptions, find_scope, outside, unscoped
from matchmaker.web.access import Public, access
from tests.site import Site, sign_in_as

PACKAGE = Path(__file__).resolve().parents[2] / "matchmaker"
# A new line here is a decision: for this reason the rows of all regions may be found.
REASONS = {
    "the mails of a region's invitations",
    "mails that are waiting",
    "the mail of an invitation",
    "a calendar by its link",
    "where somebody works",
    "a file whose region is unknown",
    "all mail is held back or let go",
    "all that is kept about one person",
    "an invitation by its link",
    "how many mails an address gets",
    "how one person signed in",
    "how the mail of the whole site stands",
    "mail of no region",
    "mail that came in",
    "mail that workers died over",
    "mails that one person got",
    "mails that wait for one person",
    "people of example regions",
    "people who stayed away",
    "rounds in which wishes come in",
    "rounds that wait for answers",
    "runs that are to be published",
    "runs that nobody finishes",
    "the nightly clean-up",
    "the roles of one person",
    "what a person may do",
    "what one person alone answers for",
    "which analysis is next",
    "which appointments somebody has from mails",
    "which board a page is about",
    "which host a page is about",
    "which mail is next",
    "which run is next",
    "which school a page is about",
    "who answers by a link",
}
# Ways around the session's eyes, and the files that have a reason for them.
DETOURS = {
    "__table__",
    "local_table",
    "exec_driver_sql",
    "bulk_save_objects",
    "bulk_insert_mappings",
    "raw_connection",
}
MAY_TAKE_DETOURS = {
    "extensions.py",
    "models/audit.py",
    "models/labelling.py",
    "models/ownership.py",
    "models/scoping.py",
    "queries/organisations.py",
}


def read_sources() -> Iterator[tuple[str, ast.AST]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def list_reasons(tree: ast.AST) -> list[str | None]:
    """Return the reason of every named exception in a source; None where it is no fixed phrase."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    named = [call for call in calls if getattr(call.func, "attr", getattr(call.func, "id", "")) == "unscoped"]
    return [
        call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None for call in named
    ]


def test_every_exception_is_named_and_listed() -> None:
    found = {reason for _, tree in read_sources() for reason in list_reasons(tree)}
    assert found == REASONS


def test_the_search_for_exceptions_finds_what_it_should() -> None:
    tree = ast.parse("with scope.unscoped('a'):\n  pass\n@unscoped('b')\ndef f(): unscoped(reason)\n")
    assert sorted(map(str, list_reasons(tree))) == ["None", "a", "b"]


def test_exceptions_are_counted() -> None:
    before = exceptions["which mail is next"]
    with unscoped("which mail is next"):
        pass
    assert exceptions["which mail is next"] == before + 1


def test_nobody_goes_around_the_session() -> None:
    around = [
        f"{name}: {node.attr}"
        for name, tree in read_sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in DETOURS and name not in MAY_TAKE_DETOURS
    ]
    assert around == []


def test_every_table_with_a_region_is_bounded() -> None:
    forgotten = [
        mapper.class_.__name__
        for mapper in Base.registry.mappers
        if any(key.column.table.name == "region" for key in mapper.local_table.foreign_keys)
        and not issubclass(mapper.class_, OfRegion)
    ]
    assert forgotten == []


def test_every_such_table_says_how_it_hangs_on_a_school_and_a_host() -> None:
    silent = [kind.__name__ for kind in list_scoped_classes() if not set(kind.__mro__) & set(OWNERS)]
    assert silent == [], "write in matchmaker/models/ownership.py what a school and a host may find of these"


def test_a_page_without_a_scope_finds_nothing(site_app: Flask, site: Site) -> None:
    def show() -> str:
        return str(db.session.scalars(select(Group)).all())

    site_app.add_url_rule("/forgotten", "forgotten", access(Public())(show))
    with pytest.raises(ScopeError):
        sign_in_as(site_app, None).get("/forgotten")


def test_a_request_forgets_its_scope_also_when_it_fails(site_app: Flask, site: Site) -> None:
    seen = []

    def fail() -> str:
        seen.append(find_scope())
        raise ZeroDivisionError

    rule = site_app.view_functions["school.show_home"].access_rule
    site_app.add_url_rule("/fail/<int:school_id>", "fail", access(rule)(fail_with(fail)))
    with outside(), pytest.raises(ZeroDivisionError):
        sign_in_as(site_app, site.coordinator).get(f"/fail/{site.own.school_id}")
    with outside():
        assert find_scope() is None
    assert [(now.region_id, now.school_id) for now in seen] == [(site.own.region_id, site.own.school_id)]


def fail_with(view: object) -> object:
    def fail(school_id: int) -> object:
        return view()

    return fail
