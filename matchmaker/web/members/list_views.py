"""Invite hundreds from one file: choose it, see what it would do, send."""

from __future__ import annotations

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template
from werkzeug.wrappers import Response

from matchmaker import jobs
from matchmaker.exchange.invitation_files import write_template
from matchmaker.exchange.problems import InputError
from matchmaker.services import invitation_lists
from matchmaker.web.downloads import delimited_file
from matchmaker.web.identity import get_visitor
from matchmaker.web.language import gettext as _
from matchmaker.web.language import ngettext
from matchmaker.web.members.forms import ListForm
from matchmaker.web.members.pages import PagePlace, build_list_page
from matchmaker.web.members.place import Place


def show_upload(place: Place) -> str:
    """Ask for the file."""
    return _upload_page(place, ListForm(), None)


def read_list(place: Place) -> str | Response:
    """Read the file and keep it; nothing is sent yet."""
    form = ListForm()
    if not form.validate_on_submit():
        return _upload_page(place, form, None)
    file = form.file.data
    try:
        list_id = invitation_lists.read_list(place.region.id, file.filename, file.read(), get_visitor().id)
    except InputError as error:
        return _upload_page(place, form, error)
    return redirect(place.url("show_list", list_id=list_id))


def show_list(place: Place, list_id: int) -> str:
    """Show what sending the list would do, and what is wrong with it."""
    page = build_list_page(place, invitation_lists.get_list(place.region.id, list_id))
    return render_template("members/list_preview.html", page=page, region=place.region)


def send_list(place: Place, list_id: int) -> Response:
    """Send the invitations of the list."""
    sent = invitation_lists.send_list(place.region.id, list_id, get_visitor().id)
    jobs.kick_delivery()
    flash(ngettext("%(num)d uitnodiging is onderweg.", "%(num)d uitnodigingen zijn onderweg.", sent), "ok")
    return redirect(place.url("list_invitations"))


def download_list_example(place: Place) -> FlaskResponse:  # noqa: ARG001 - the same for every region
    """Give an example of a list."""
    return delimited_file(write_template(), _("uitnodigingen"))


def _upload_page(place: Place, form: ListForm, error: InputError | None) -> str:
    problems = [] if error is None else list(error.problems)
    return render_template(
        "members/list_upload.html", page=PagePlace(place), form=form, problems=problems, region=place.region
    )
