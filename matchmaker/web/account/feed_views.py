"""Calendars to subscribe to: the page on which people make and end their links, and the calendars."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.services import feeds
from matchmaker.web.access import Public, SignedIn, access
from matchmaker.web.account.feed_pages import build_feed_page, describe_link
from matchmaker.web.account.forms import AppointmentForm, FeedForm
from matchmaker.web.account.views import account
from matchmaker.web.downloads import feed_file
from matchmaker.web.errors import refusal_as_message
from matchmaker.web.identity import get_visitor
from matchmaker.web.language import gettext as _


@account.get("/mijn/agenda")
@access(SignedIn())
def show_feeds() -> str:
    """Show which calendars one can subscribe to, and the links that were made."""
    return render_template("account/feeds.html", page=build_feed_page(get_visitor()), made=None)


@account.post("/mijn/agenda")
@access(SignedIn())
def make_feed() -> str | Response:
    """Make a link and show it, this once."""
    form = FeedForm()
    if not form.validate_on_submit():
        return redirect(url_for("account.show_feeds"))
    visitor, organisation_id = get_visitor(), form.organisation.data or None
    token = feeds.make_feed(visitor.id, organisation_id)
    page = build_feed_page(visitor)
    return render_template("account/feeds.html", page=page, made=describe_link(page, organisation_id, token))


@account.post("/mijn/agenda/<int:feed_id>/stoppen")
@access(SignedIn())
def end_feed(feed_id: int) -> Response:
    """End a link."""
    starts_again = feeds.end_feed(get_visitor().id, feed_id)
    flash(_("De link werkt niet meer. Haal de agenda ook weg uit uw eigen agenda."), "ok")
    if starts_again:
        flash(_("Dit was uw laatste link. Mails hebben daarom weer een afspraak voor uw agenda."), "info")
    return redirect(url_for("account.show_feeds"))


@account.post("/mijn/agenda/afspraken-in-mail")
@access(SignedIn())
def choose_appointments() -> Response:
    """Keep whether mails about new visits have an appointment."""
    by_mail = AppointmentForm().by_mail.data == "y"
    with refusal_as_message():
        feeds.choose_appointments(get_visitor().id, by_mail=by_mail)
        flash(
            _("Mails hebben weer een afspraak voor uw agenda.")
            if by_mail
            else _("Mails over nieuwe bezoeken hebben geen afspraak meer."),
            "ok",
        )
    return redirect(url_for("account.show_feeds"))


@account.get("/agenda/<string:feed_key>.ics")
@access(Public())
def read_feed(feed_key: str) -> Response:
    """Give the calendar behind a link, or tell that it has not changed."""
    content, name = feeds.read_feed(feed_key)
    return feed_file(content, name).make_conditional(request)
