"""Asking to join: find one's school or company, say who one is, and read what happens next."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker import jobs
from matchmaker.domain.errors import NotFoundError
from matchmaker.domain.join_requests import JoinAsk
from matchmaker.domain.kinds import HostKind, Role
from matchmaker.models import Host, Region, School
from matchmaker.queries.organisation_search import LEAST_LETTERS, find_organisation, search_organisations
from matchmaker.services.join_requests import ask_to_join
from matchmaker.services.throttling import count_join_request
from matchmaker.web.access import PublicRegion, access, current_region
from matchmaker.web.account.limits import find_caller
from matchmaker.web.identity import find_visitor
from matchmaker.web.language import current_language
from matchmaker.web.public.join_forms import JoinForm, NewHostJoinForm, SchoolJoinForm
from matchmaker.web.public.views import public

F = TypeVar("F", bound=JoinForm)


@public.get("/regio/<string:slug>/aanmelden")
@access(PublicRegion())
def show_joining(slug: str) -> str:  # noqa: ARG001 - the access rule has loaded the region
    """Ask whether somebody comes from a school or a host."""
    return render_template("public/join.html", region=current_region())


@public.get("/regio/<string:slug>/aanmelden/school")
@access(PublicRegion())
def search_school(slug: str) -> str:  # noqa: ARG001
    """Look up one's school in the region's list."""
    return _search_page(School)


@public.get("/regio/<string:slug>/aanmelden/aanbieder")
@access(PublicRegion())
def search_host(slug: str) -> str:  # noqa: ARG001
    """Look up one's company in the region's list."""
    return _search_page(Host)


@public.get("/regio/<string:slug>/aanmelden/<int:organisation_id>")
@access(PublicRegion())
def show_join_form(slug: str, organisation_id: int) -> str:  # noqa: ARG001
    """Ask who somebody is who wants to join at this place."""
    region = _get_open_region()
    place = _get_place(region, organisation_id)
    return _form_page(region, place, _form_for(place))


@public.post("/regio/<string:slug>/aanmelden/<int:organisation_id>")
@access(PublicRegion())
def send_join_request(slug: str, organisation_id: int) -> str | Response:
    """Keep the request; the answer is the same whoever asks."""
    region = _get_open_region()
    place = _get_place(region, organisation_id)
    form = _form_for(place)
    if not form.validate_on_submit():
        return _form_page(region, place, form)
    role = Role(form.role.data) if isinstance(form, SchoolJoinForm) else Role.HOST_CONTACT
    return _send(replace(_describe(region, form), role=role, organisation_id=organisation_id), slug)


@public.get("/regio/<string:slug>/aanmelden/nieuwe-aanbieder")
@access(PublicRegion())
def show_new_host_form(slug: str) -> str:  # noqa: ARG001
    """Ask about a host that is not in the list."""
    return _form_page(_get_open_region(), None, _filled(NewHostJoinForm(formdata=None)).offer_kinds())


@public.post("/regio/<string:slug>/aanmelden/nieuwe-aanbieder")
@access(PublicRegion())
def send_new_host_request(slug: str) -> str | Response:
    """Keep the request of a host that is not in the list."""
    region = _get_open_region()
    form = NewHostJoinForm().offer_kinds()
    if not form.validate_on_submit():
        return _form_page(region, None, form)
    ask = replace(
        _describe(region, form),
        host_name=form.host_name.data,
        host_place=form.host_place.data,
        host_kind=HostKind(form.host_kind.data),
    )
    return _send(ask, slug)


@public.get("/regio/<string:slug>/aanmelden/ontvangen")
@access(PublicRegion())
def show_join_receipt(slug: str) -> str:  # noqa: ARG001
    """Say what happens next."""
    return render_template("public/join_received.html", region=current_region())


def _search_page(kind: type[School | Host]) -> str:
    region = _get_open_region()
    text = request.args.get("q", "").replace("\x00", "").strip()[:80]
    return render_template(
        "public/join_search.html",
        region=region,
        is_school=kind is School,
        text=text,
        found=search_organisations(region.id, kind, text),
        is_asked=len(text) >= LEAST_LETTERS,
    )


def _send(ask: JoinAsk, slug: str) -> Response:
    count_join_request(find_caller(ask.email))
    ask_to_join(ask)
    jobs.kick_delivery()
    return redirect(url_for("public.show_join_receipt", slug=slug))


def _get_open_region() -> Region:
    region = current_region()
    if not region.joining_open:
        raise NotFoundError
    return region


def _get_place(region: Region, organisation_id: int) -> School | Host:
    place = find_organisation(region.id, organisation_id)
    if place is None:
        raise NotFoundError
    return place


def _form_for(place: School | Host) -> JoinForm:
    if isinstance(place, School):
        return _filled(SchoolJoinForm()).offer_roles()
    return _filled(JoinForm())


def _filled(form: F) -> F:
    """Spare somebody who is signed in typing what we know of them."""
    visitor = find_visitor()
    if visitor is not None and request.method == "GET":
        form.name.data, form.email.data = visitor.name, visitor.email
    return form


def _describe(region: Region, form: JoinForm) -> JoinAsk:
    """Return who asks; as what and where is for the caller to say."""
    return JoinAsk(
        region_id=region.id,
        name=form.name.data,
        email=form.email.data,
        role=Role.HOST_CONTACT,
        remark=form.remark.data or "",
        language=current_language(),
    )


def _form_page(region: Region, place: School | Host | None, form: JoinForm) -> str:
    return render_template("public/join_form.html", region=region, place=place, form=form)
