"""Who may see which page: every endpoint carries exactly one access rule, checked before it runs.

The rule also says whose rows the rest of the request may find.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from flask import Flask, current_app, flash, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.errors import NotFoundError
from matchmaker.domain.permissions import Permission, may, roles_with
from matchmaker.models import Host, Membership, Region, School
from matchmaker.queries import organisations, people, regions
from matchmaker.scope import outside, settle, unscoped
from matchmaker.web.identity import TOKEN_KEY, Visitor, find_visitor
from matchmaker.web.language import gettext as _

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

F = TypeVar("F", bound=Callable[..., Any])
MANAGING_ROLES = roles_with(Permission.MANAGE_ROUNDS)


class AccessRule(Protocol):
    """Decides whether a visitor may enter; raises `NotFoundError` when not, as if nothing were there."""

    @property
    def open_to_all(self) -> bool:
        """Tell whether people enter without signing in."""

    @property
    def after_first_step(self) -> bool:
        """Tell whether people enter whose second step of signing in is still to come."""

    @property
    def recent(self) -> bool:
        """Tell whether people must have proved just now who they are."""

    def admit(self, visitor: Visitor | None, arguments: Mapping[str, Any]) -> None:
        """Let the visitor in, or raise; may keep what it loaded in `g`."""


@dataclass(frozen=True)
class Public:
    """Everybody."""

    open_to_all: bool = True
    recent: bool = False
    after_first_step: bool = False

    def admit(self, visitor: Visitor | None, arguments: Mapping[str, Any]) -> None:
        """Let everybody in."""


@dataclass(frozen=True)
class PublicRegion(Public):
    """Everybody, on pages about the region in the path."""

    parameter: str = "slug"

    def admit(self, visitor: Visitor | None, arguments: Mapping[str, Any]) -> None:  # noqa: ARG002
        """Let everybody in and keep the region in `g.region`."""
        region = regions.find_region(arguments[self.parameter])
        if region is None:
            raise NotFoundError
        g.region = region
        settle(region.id)


@dataclass(frozen=True)
class SignedIn:
    """Everybody who signed in."""

    open_to_all: bool = False
    recent: bool = False
    after_first_step: bool = False

    def admit(self, visitor: Visitor | None, arguments: Mapping[str, Any]) -> None:
        """Let every signed-in visitor in."""


@dataclass(frozen=True)
class SchoolMember:
    """Members of the school in the path, and the organisers of its region."""

    parameter: str
    permission: Permission = Permission.SEE_SCHOOL
    open_to_all: bool = False
    recent: bool = False
    after_first_step: bool = False

    def admit(self, visitor: Visitor | None, arguments: Mapping[str, Any]) -> None:
        """Let members of this school in and keep the school in `g.school`."""
        with unscoped("which school a page is about"):
            school = organisations.find_school(arguments[self.parameter])
        if visitor is None or school is None or not _may_enter(visitor, school, self.permission):
            raise NotFoundError
        g.school = school
        settle(school.region_id, school_id=school.id)


@dataclass(frozen=True)
class HostMember:
    """Contacts of the host in the path, and the organisers of its region."""

    parameter: str
    permission: Permission = Permission.SEE_HOST
    open_to_all: bool = False
    recent: bool = False
    after_first_step: bool = False

    def admit(self, visitor: Visitor | None, arguments: Mapping[str, Any]) -> None:
        """Let contacts of this host in and keep the host in `g.host`."""
        with unscoped("which host a page is about"):
            host = organisations.find_host(arguments[self.parameter])
        if visitor is None or host is None or not _may_enter(visitor, host, self.permission):
            raise NotFoundError
        g.host = host
        settle(host.region_id, host_id=host.id)


@dataclass(frozen=True)
class BoardMember:
    """The one whose role at a school board is in the path, and the organisers of its region."""

    parameter: str
    permission: Permission = Permission.SEE_BOARD
    open_to_all: bool = False
    recent: bool = False
    after_first_step: bool = False

    def admit(self, visitor: Visitor | None, arguments: Mapping[str, Any]) -> None:
        """Let this person in and keep the role in `g.board_membership`."""
        with unscoped("which board a page is about"):
            membership = people.find_board_membership(arguments[self.parameter])
        if visitor is None or membership is None:
            raise NotFoundError
        is_own = any(
            own.id == membership.id and may(own.role, self.permission) for own in visitor.memberships
        )
        if not is_own and not visitor.may(self.permission, membership.region_id):
            raise NotFoundError
        g.board_membership = membership
        settle(membership.region_id)


@dataclass(frozen=True)
class Organiser:
    """Organisers of the region in the path."""

    parameter: str
    permission: Permission = Permission.MANAGE_ROUNDS
    open_to_all: bool = False
    recent: bool = False
    after_first_step: bool = False

    def admit(self, visitor: Visitor | None, arguments: Mapping[str, Any]) -> None:
        """Let people with the permission in the region in and keep the region in `g.region`."""
        region = regions.find_region(arguments[self.parameter])
        if visitor is None or region is None or not visitor.may(self.permission, region.id):
            raise NotFoundError
        g.region = region
        settle(region.id)


@dataclass(frozen=True)
class RegionReader(Organiser):
    """Organisers of the region in the path and those who only read, such as board members."""

    permission: Permission = Permission.SEE_REGION


def _may_enter(visitor: Visitor, organisation: School | Host, permission: Permission) -> bool:
    return visitor.may(permission, organisation.region_id, organisation)


def access(rule: AccessRule) -> Callable[[F], F]:
    """Mark a view with the one rule that guards it."""

    def mark(view: F) -> F:
        view.access_rule = rule  # type: ignore[attr-defined]
        return view

    return mark


def rule_of(endpoint: str) -> AccessRule | None:
    """Return the rule of an endpoint, or None when nobody gave it one."""
    if endpoint == "static":
        return Public()
    rule: AccessRule | None = getattr(current_app.view_functions[endpoint], "access_rule", None)
    return rule


def check_access() -> Response | None:
    """Run before every view: no rule, no entrance."""
    if request.endpoint is None:
        return None
    rule = rule_of(request.endpoint)
    if rule is None:
        raise NotFoundError
    if rule.open_to_all:
        rule.admit(None, request.view_args or {})
        return None
    visitor = find_visitor()
    if visitor is None:
        return _ask_to_sign_in()
    if visitor.lacks_second_step() and not rule.after_first_step:
        return _ask_second_step()
    rule.admit(visitor, request.view_args or {})
    if rule.recent and not visitor.is_recent():
        return _ask_to_confirm()
    return None


def _ask_to_sign_in() -> Response:
    if request.method == "GET":
        session["after_sign_in"] = request.full_path.rstrip("?")
    if session.pop(TOKEN_KEY, None) is not None:
        flash(_("U bent uitgelogd. Log opnieuw in om verder te gaan."), "info")
    return redirect(url_for("account.show_sign_in"))


def _ask_second_step() -> Response:
    if request.method == "GET":
        session["after_sign_in"] = request.full_path.rstrip("?")
    return redirect(url_for("account.show_second_step"))


def _ask_to_confirm() -> Response:
    """Ask for a code again, then lead back to the page, or to where a form or file was asked for."""
    is_page = request.method == "GET" and "." not in request.path
    session["after_sign_in"] = request.full_path.rstrip("?") if is_page else _referring_path()
    return redirect(url_for("account.confirm"))


def _referring_path() -> str:
    """Return the path of our own page that led here, else nothing; `safe_path` looks at it again."""
    referrer = request.referrer or ""
    return "/" + referrer.removeprefix(request.host_url) if referrer.startswith(request.host_url) else ""


def begin_without_scope(app: Flask) -> None:
    """Let every request start without a scope and forget the one it got, also when it fails."""
    answer = app.wsgi_app

    def answer_alone(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with outside():
            return answer(environ, start_response)

    app.wsgi_app = answer_alone  # type: ignore[method-assign]


def current_region() -> Region:
    """Return the region that the rule of this endpoint let the visitor into."""
    region: Region = g.region
    return region


def current_school() -> School:
    """Return the school that the rule of this endpoint let the visitor into."""
    school: School = g.school
    return school


def current_host() -> Host:
    """Return the host that the rule of this endpoint let the visitor into."""
    host: Host = g.host
    return host


def current_board_membership() -> Membership:
    """Return the role at a school board that the rule of this endpoint let the visitor see."""
    membership: Membership = g.board_membership
    return membership
