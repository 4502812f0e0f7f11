"""The pages about people that only a region has: everybody in it, and everybody who is invited."""

from __future__ import annotations

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from matchmaker.domain.invitations import Invited
from matchmaker.domain.kinds import Role
from matchmaker.queries.boards import list_boards
from matchmaker.queries.organisations import list_region_hosts, list_region_schools
from matchmaker.services.invitations import list_own_roles
from matchmaker.web.identity import get_visitor
from matchmaker.web.labels import label
from matchmaker.web.language import gettext as _
from matchmaker.web.members.forms import RegionInviteForm
from matchmaker.web.members.pages import (
    PagePlace,
    build_region_invitations_page,
    build_region_members_page,
)
from matchmaker.web.members.place import Place
from matchmaker.web.members.views import parse_page, send_invitation

_REGION = "regio"


def list_members(place: Place) -> str:
    """Show everybody who has a role in the region; filters and page stand in the address."""
    page = build_region_members_page(place, request.args, parse_page())
    return render_template("members/region_list.html", page=page, region=place.region)


def list_invitations(place: Place) -> str:
    """Show everybody who was invited and did not answer yet."""
    page = build_region_invitations_page(place, request.args, parse_page())
    return render_template("members/invitation_list.html", page=page, region=place.region)


def show_invite(place: Place) -> str:
    """Ask whom to invite, as what and where."""
    return _invite_page(place, _build_form(place))


def invite_member(place: Place) -> str | Response:
    """Invite somebody anywhere in the region."""
    form = _build_form(place)
    if not form.validate_on_submit():
        return _invite_page(place, form)
    kind, _colon, name = form.where.data.partition(":")
    organisation_id = int(name) if kind == "organisatie" else None
    board = name if kind == "bestuur" else ""
    role, region_id = Role(form.role.data), place.region.id
    invited = Invited(form.email.data, form.name.data, role, region_id, organisation_id, board)
    if not send_invitation(invited, form):
        return _invite_page(place, form)
    return redirect(place.url("list_invitations"))


def _build_form(place: Place) -> RegionInviteForm:
    own = {role.role for role in list_own_roles(get_visitor().id)}
    form = RegionInviteForm()
    form.role.choices = [
        (role.value, label(role)) for role in Role if role != Role.ADMINISTRATOR or Role.ADMINISTRATOR in own
    ]
    schools, hosts = list_region_schools(place.region.id), list_region_hosts(place.region.id)
    form.where.choices = {
        _("Regio"): [(_REGION, place.region.name)],
        _("Scholen"): [(f"organisatie:{s.id}", f"{s.name}, {s.place}") for s in schools],
        _("Aanbieders"): [(f"organisatie:{h.id}", f"{h.name}, {h.place}") for h in hosts],
        _("Schoolbesturen"): [(f"bestuur:{board}", board) for board, _number in list_boards(place.region.id)],
    }
    return form


def _invite_page(place: Place, form: RegionInviteForm) -> str:
    return render_template("members/invite.html", page=PagePlace(place), form=form, region=place.region)
