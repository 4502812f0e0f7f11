"""Coming aboard: the page behind the link of an invitation."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from matchmaker import scope
from matchmaker.config import Settings
from matchmaker.domain.errors import InvitationError
from matchmaker.domain.tokens import hash_token
from matchmaker.models import Invitation
from matchmaker.queries import invitations, people
from matchmaker.services.invitations import accept_invitation as accept
from matchmaker.services.throttling import counted_guess
from matchmaker.web.access import Public, access
from matchmaker.web.account.forms import NameForm
from matchmaker.web.account.limits import find_caller
from matchmaker.web.account.views import account, enter
from matchmaker.web.identity import find_visitor, hold, home_of
from matchmaker.web.language import gettext as _


@account.get("/uitnodiging/<string:token>")
@access(Public())
def show_invitation(token: str) -> str | Response | tuple[str, int]:
    """Show what the invitation is for: mail scanners open links, so opening uses nothing."""
    invitation = _find_usable(token)
    if invitation is None:
        return _find_way_on(token) or _show_unusable()
    return _invitation_page(token, invitation, NameForm(name=invitation.name))


@account.post("/uitnodiging/<string:token>")
@access(Public())
def accept_invitation(token: str) -> str | Response | tuple[str, int]:
    """Take the role and come in, on this device."""
    form, visitor = NameForm(), find_visitor()
    invitation = _find_usable(token)
    if invitation is not None and not _is_known(invitation) and not form.validate_on_submit():
        return _invitation_page(token, invitation, form)
    try:
        with counted_guess(find_caller()):
            user_id = accept(token, form.name.data or "")
    except InvitationError:
        return _find_way_on(token) or _show_unusable()
    links = "link_account" in request.form
    home = url_for("account.show_profile", _anchor="accounts") if links else _find_home(token, user_id)
    session["after_sign_in"] = home
    response = redirect(home) if visitor is not None and visitor.id == user_id else enter(user_id)
    # After entering, which begins an empty session.
    flash(_("Welkom! U doet mee."), "ok")
    return response


def _find_usable(token: str) -> Invitation | None:
    with scope.unscoped("an invitation by its link"):
        return invitations.find_usable_invitation(hash_token(token))


def _find_way_on(token: str) -> Response | None:
    """Lead somebody home who accepted this invitation and is signed in."""
    visitor = find_visitor()
    home = _find_home(token, visitor.id) if visitor is not None else ""
    return redirect(home) if home else None


def _find_home(token: str, user_id: int) -> str:
    """Return where work starts in the role that this person accepted; empty when there is none."""
    with scope.unscoped("an invitation by its link"):
        invitation = invitations.find_accepted_invitation(hash_token(token), user_id)
        membership = people.find_membership(user_id, invitation.where) if invitation is not None else None
        return home_of(hold(membership)).url if membership is not None else ""


def _is_known(invitation: Invitation) -> bool:
    return people.find_active_user_by_email(invitation.email) is not None


def _show_unusable() -> tuple[str, int]:
    return render_template("account/invitation_unusable.html"), 404


def _invitation_page(token: str, invitation: Invitation, form: NameForm) -> str:
    visitor = find_visitor()
    settings: Settings = current_app.config["SETTINGS"]
    return render_template(
        "account/invitation.html",
        providers=settings.providers,
        token=token,
        invitation=invitation,
        form=form,
        known=people.find_active_user_by_email(invitation.email),
        stranger=visitor if visitor is not None and visitor.email != invitation.email else None,
    )
