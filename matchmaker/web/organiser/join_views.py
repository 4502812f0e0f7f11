"""Pages of organisers: who asks to join, and the decision."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker import jobs
from matchmaker.domain.permissions import Permission
from matchmaker.queries import join_requests
from matchmaker.services.join_requests import approve_join_request, refuse_join_request
from matchmaker.web.access import Organiser, access, current_region
from matchmaker.web.errors import refusal_as_message
from matchmaker.web.identity import get_visitor
from matchmaker.web.language import gettext as _
from matchmaker.web.organiser.join_forms import RefusalForm
from matchmaker.web.organiser.join_pages import build_join_request_page
from matchmaker.web.organiser.views import organiser


@organiser.get("/organisator/<string:slug>/verzoeken")
@access(Organiser("slug", Permission.ADMIT_PEOPLE))
def list_join_requests(slug: str) -> str:  # noqa: ARG001 - the access rule has loaded the region
    """Show who waits for a decision, and what was decided last."""
    region = current_region()
    return render_template(
        "organiser/join_request_list.html",
        region=region,
        waiting=join_requests.list_waiting(region.id),
        decided=join_requests.list_decided(region.id),
    )


@organiser.get("/organisator/<string:slug>/verzoeken/<int:join_request_id>")
@access(Organiser("slug", Permission.ADMIT_PEOPLE))
def show_join_request(slug: str, join_request_id: int) -> str:  # noqa: ARG001
    """Show a request with everything that helps to judge it."""
    return _request_page(join_request_id, RefusalForm(formdata=None))


@organiser.post("/organisator/<string:slug>/verzoeken/<int:join_request_id>/goedkeuren")
@access(Organiser("slug", Permission.ADMIT_PEOPLE, recent=True))
def approve_joining(slug: str, join_request_id: int) -> Response:
    """Invite who asked."""
    host_id = request.form.get("host", 0, type=int) or None
    with refusal_as_message():
        approve_join_request(current_region().id, join_request_id, get_visitor().id, host_id=host_id)
        jobs.kick_delivery()
        flash(_("Goedgekeurd. De uitnodiging gaat nu per mail weg."), "ok")
        return redirect(url_for("organiser.list_join_requests", slug=slug))
    return redirect(url_for("organiser.show_join_request", slug=slug, join_request_id=join_request_id))


@organiser.post("/organisator/<string:slug>/verzoeken/<int:join_request_id>/afwijzen")
@access(Organiser("slug", Permission.ADMIT_PEOPLE))
def refuse_joining(slug: str, join_request_id: int) -> str | Response:
    """Say no, with a reason that is mailed."""
    form, region = RefusalForm(), current_region()
    if not form.validate_on_submit():
        return _request_page(join_request_id, form)
    with refusal_as_message():
        refuse_join_request(region.id, join_request_id, get_visitor().id, form.reason.data)
        jobs.kick_delivery()
        flash(_("Afgewezen. De aanvrager krijgt uw reden per mail."), "ok")
        return redirect(url_for("organiser.list_join_requests", slug=slug))
    return redirect(url_for("organiser.show_join_request", slug=slug, join_request_id=join_request_id))


def _request_page(join_request_id: int, form: RefusalForm) -> str:
    region = current_region()
    page = build_join_request_page(region, join_request_id)
    return render_template("organiser/join_request.html", region=region, page=page, form=form)
