"""Sign in with an account elsewhere, link it, and take the link away.

The way back is a GET, as the standard has it. It changes nothing but this browser's session: a button on
the page after it signs in or links.
"""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.config import Settings
from matchmaker.domain.errors import NotFoundError, OutsideSignInError, UnknownIdentityError
from matchmaker.providers import Provider
from matchmaker.queries.outside_identities import find_linked_user
from matchmaker.services import openid, outside_identities
from matchmaker.services.throttling import count_departure
from matchmaker.web.access import Public, SignedIn, access
from matchmaker.web.account import outside_session
from matchmaker.web.account.limits import find_caller
from matchmaker.web.account.views import account, enter
from matchmaker.web.errors import refusal_as_message, sentence_for
from matchmaker.web.identity import get_visitor
from matchmaker.web.language import gettext as _


@account.post("/inloggen/met")
@access(Public())
def leave_to_sign_in() -> str | Response:
    """Lead to the chosen provider, to sign in here with the account there."""
    return _leave(links=False)


@account.post("/mijn/accounts/nieuw")
@access(SignedIn(recent=True))
def leave_to_link() -> str | Response:
    """Lead to the chosen provider, to link the account there."""
    return _leave(links=True)


@account.get("/inloggen/met/<string:provider_key>/terug")
@access(Public())
def come_back(provider_key: str) -> Response:
    """Find out who comes back from the provider; then a page asks what to do with it."""
    provider, links = _get_provider(provider_key), outside_session.is_linking()
    departure = outside_session.find_departure()
    try:
        identity = openid.come_back(provider, departure, request.args, _way_back(provider))
    except OutsideSignInError as error:
        return _give_up(error, links=links)
    finally:
        outside_session.forget_departure()
    outside_session.keep_arrival(identity, provider.key, links=links)
    return redirect(url_for("account.show_link_offer" if links else "account.show_arrival"))


@account.get("/inloggen/verder")
@access(Public())
def show_arrival() -> str | Response:
    """Offer to go on as the person who is linked, or say how to link."""
    arrival = outside_session.find_arrival(links=False)
    if arrival is None:
        return redirect(url_for("account.show_sign_in"))
    identity, key = arrival
    user = find_linked_user(identity.issuer, identity.subject)
    page = "arrival" if user else "arrival_unknown"
    return render_template(f"account/{page}.html", user=user, identity=identity, provider=_get_provider(key))


@account.post("/inloggen/verder")
@access(Public())
def use_arrival() -> Response:
    """Sign in as the person who is linked."""
    arrival = outside_session.find_arrival(links=False)
    if arrival is None:
        return redirect(url_for("account.show_sign_in"))
    try:
        user_id = outside_identities.use_identity(arrival[0])
    except UnknownIdentityError:
        return redirect(url_for("account.show_arrival"))
    return enter(user_id)


@account.get("/mijn/accounts/koppelen")
@access(SignedIn(recent=True))
def show_link_offer() -> str | Response:
    """Show whose account elsewhere is about to be linked."""
    arrival = outside_session.find_arrival(links=True)
    if arrival is None:
        return redirect(_profile())
    identity, key = arrival
    return render_template("account/link_offer.html", identity=identity, provider=_get_provider(key))


@account.post("/mijn/accounts/koppelen")
@access(SignedIn(recent=True))
def link_identity() -> Response:
    """Link the account elsewhere to the account here."""
    arrival = outside_session.find_arrival(links=True)
    outside_session.forget_arrival()
    if arrival is None:
        flash(_("Deze poging is verlopen of al gebruikt. Begin opnieuw."), "stop")
        return redirect(_profile())
    with refusal_as_message():
        visitor = get_visitor()
        outside_identities.link_identity(visitor.id, arrival[0], device_id=visitor.device.id)
        name = _get_provider(arrival[1]).name
        flash(_("Gekoppeld. U kunt voortaan inloggen met %(name)s.", name=name), "ok")
    return redirect(_profile())


@account.post("/mijn/accounts/<int:identity_id>/ontkoppelen")
@access(SignedIn(recent=True))
def unlink_identity(identity_id: int) -> Response:
    """Take a link away."""
    visitor = get_visitor()
    outside_identities.unlink_identity(visitor.id, identity_id, keep_device_id=visitor.device.id)
    flash(_("Ontkoppeld. Op andere apparaten bent u uitgelogd."), "ok")
    return redirect(_profile())


def _leave(*, links: bool) -> str | Response:
    """Show a page that leads on by itself.

    A form that is answered by a way to another site would need that site in ``form-action``, and with it
    every site that the provider leads to in turn.
    """
    provider = _get_provider(request.form.get("provider", ""))
    count_departure(find_caller())
    try:
        address, departure = openid.leave_for(provider, _way_back(provider))
    except OutsideSignInError as error:
        return _give_up(error, links=links)
    outside_session.keep_departure(departure, links=links)
    return render_template("account/departure.html", address=address, provider=provider)


def _give_up(error: OutsideSignInError, *, links: bool) -> Response:
    """Say what went wrong where the person can go on: with a mail, or on their profile."""
    flash(sentence_for(error), "stop")
    return redirect(_profile() if links else url_for("account.show_sign_in"))


def _way_back(provider: Provider) -> str:
    """Return where the provider sends people back to; never by a name that the request says."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings.base_url + url_for("account.come_back", provider_key=provider.key)


def _get_provider(key: str) -> Provider:
    settings: Settings = current_app.config["SETTINGS"]
    provider = settings.find_provider(key)
    if provider is None:
        raise NotFoundError
    return provider


def _profile() -> str:
    return url_for("account.show_profile", _anchor="accounts")
