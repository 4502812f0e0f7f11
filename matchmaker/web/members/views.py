"""Show, invite, end and hand over: the views behind the pages about people of all places."""

from __future__ import annotations

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from matchmaker import jobs
from matchmaker.domain import errors
from matchmaker.domain.invitations import Invited
from matchmaker.domain.kinds import Role
from matchmaker.domain.permissions import Permission, may
from matchmaker.models import User
from matchmaker.queries import members
from matchmaker.queries.people import list_memberships
from matchmaker.services import invitations
from matchmaker.services import members as leaving
from matchmaker.services.members import Successor
from matchmaker.web.errors import sentence_for
from matchmaker.web.identity import get_visitor
from matchmaker.web.language import gettext as _
from matchmaker.web.members.forms import SOMEBODY_ELSE, HandOverForm, InviteForm
from matchmaker.web.members.pages import LeavingPage, build_members_page
from matchmaker.web.members.place import Place


def list_members(place: Place) -> str:
    """Show who works here, who is invited, and the form to invite one more."""
    return _members_page(place, InviteForm.for_roles(place.list_invitable_roles(get_visitor().id)))


def invite_member(place: Place) -> str | Response:
    """Invite somebody to this school or host."""
    form = InviteForm.for_roles(place.list_invitable_roles(get_visitor().id))
    if not form.validate_on_submit():
        return _members_page(place, form)
    role, region_id = Role(form.role.data), place.region.id
    invited = Invited(form.email.data, form.name.data, role, region_id, place.organisation_id)
    if not send_invitation(invited, form):
        return _members_page(place, form)
    return redirect(place.url("list_members"))


def send_invitation(invited: Invited, form: InviteForm) -> bool:
    """Invite, and say so at the top of the next page; a refusal stands at the field of the address."""
    try:
        invitations.invite(invited, get_visitor().id)
    except errors.RoleNotAllowedError as error:
        form.role.errors = [sentence_for(error)]
        return False
    except errors.DomainError as error:
        form.email.errors = [sentence_for(error)]
        return False
    jobs.kick_delivery()
    flash(_("De uitnodiging aan %(email)s is onderweg.", email=invited.email), "ok")
    return True


def invite_again(place: Place, invitation_id: int) -> Response:
    """Send a new link to somebody who did not answer yet."""
    try:
        invitations.invite_again(place.region.id, place.organisation_id, invitation_id, get_visitor().id)
    except errors.NotFoundError:
        raise
    except errors.DomainError as error:
        flash(sentence_for(error), "stop")
    else:
        jobs.kick_delivery()
        flash(_("Er is een nieuwe uitnodiging onderweg. De oude werkt niet meer."), "ok")
    return redirect(_list_of_invitations(place))


def revoke_invitation(place: Place, invitation_id: int) -> Response:
    """Withdraw an invitation."""
    invitations.revoke_invitation(place.region.id, place.organisation_id, invitation_id, get_visitor().id)
    flash(_("De uitnodiging is ingetrokken."), "ok")
    return redirect(_list_of_invitations(place))


def show_leaving(place: Place, membership_id: int) -> str:
    """Ask to confirm that somebody leaves, and offer to hand the role over first."""
    return _leaving_page(place, membership_id, None)


def end_role(place: Place, membership_id: int) -> Response:
    """End a role; who ends the last one of their own goes home."""
    visitor = get_visitor()
    name = members.get_member(place.region.id, membership_id, place.organisation_id).user.name
    leaving.end_role(place.region.id, membership_id, visitor.id, organisation_id=place.organisation_id)
    flash(_("De rol van %(name)s is beëindigd.", name=name), "ok")
    return redirect(place.url("list_members") if _still_manages(place) else "/mijn")


def hand_over_role(place: Place, membership_id: int) -> str | Response:
    """Hand a role over, to a colleague at once or to somebody new by invitation."""
    row = members.get_member(place.region.id, membership_id, place.organisation_id)
    form = _hand_over_form(members.list_colleagues(row))
    if not form.validate_on_submit():
        return _leaving_page(place, membership_id, form)
    try:
        _hand_over(place, membership_id, form)
    except (errors.AlreadyMemberError, errors.UnusableAddressError) as error:
        form.email.errors = [sentence_for(error)]
        return _leaving_page(place, membership_id, form)
    return redirect(place.url("list_members") if _still_manages(place) else "/mijn")


def _hand_over(place: Place, membership_id: int, form: HandOverForm) -> None:
    region_id, visitor, organisation_id = place.region.id, get_visitor(), place.organisation_id
    if form.colleague.data != SOMEBODY_ELSE:
        leaving.hand_over_to_colleague(
            region_id, membership_id, form.colleague.data, visitor.id, organisation_id=organisation_id
        )
        flash(_("De rol is overgedragen."), "ok")
        return
    successor = Successor(form.email.data, form.name.data)
    leaving.hand_over_by_invitation(
        region_id, membership_id, successor, visitor.id, organisation_id=organisation_id
    )
    jobs.kick_delivery()
    flash(_("De uitnodiging is onderweg. De rol gaat over zodra die is aangenomen."), "ok")


def parse_page() -> int:
    """Return the number of the page that the address asks for."""
    return min(max(request.args.get("pagina", 1, type=int), 1), 10_000)


def _members_page(place: Place, form: InviteForm) -> str:
    page = build_members_page(place, form)
    return render_template("members/list.html", page=page, region=place.region)


def _leaving_page(place: Place, membership_id: int, form: HandOverForm | None) -> str:
    row = members.get_member(place.region.id, membership_id, place.organisation_id)
    page = LeavingPage(
        place,
        row,
        is_own=row.user_id == get_visitor().id,
        is_last=may(row.role, Permission.MANAGE_MEMBERS) and members.count_others_in_charge(row) == 0,
        form=form or _hand_over_form(members.list_colleagues(row)),
    )
    return render_template("members/leaving.html", page=page, region=place.region)


def _hand_over_form(colleagues: list[User]) -> HandOverForm:
    form = HandOverForm()
    others = [(user.id, f"{user.name} ({user.email})") for user in colleagues]
    form.colleague.choices = [*others, (SOMEBODY_ELSE, _("iemand anders, per mail"))]
    return form


def _list_of_invitations(place: Place) -> str:
    return place.url("list_members" if place.organisation else "list_invitations")


def _still_manages(place: Place) -> bool:
    """Tell whether the visitor may see these pages after what they just did."""
    own = list_memberships(get_visitor().id)
    return any(
        may(m.role, Permission.MANAGE_MEMBERS)
        and m.region_id == place.region.id
        and m.organisation_id in {None, place.organisation_id}
        for m in own
    )
