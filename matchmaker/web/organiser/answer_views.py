"""What teachers answered that asks for an organiser."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from matchmaker import clock
from matchmaker.domain.permissions import Permission
from matchmaker.queries import people, questions
from matchmaker.services.questions import settle_worry
from matchmaker.services.visit_facts import CONTACT_ROLES
from matchmaker.web.access import Organiser, access, current_region
from matchmaker.web.identity import get_visitor
from matchmaker.web.language import gettext as _
from matchmaker.web.organiser.views import organiser
from matchmaker.web.question_words import tell_answer

MAY_SETTLE = Organiser("slug", Permission.SETTLE_ANSWERS)


@organiser.get("/organisator/<string:slug>/antwoorden")
@access(MAY_SETTLE)
def list_answers(slug: str) -> str:  # noqa: ARG001 - the access rule has loaded the region
    """Show the visits that teachers say cannot go on or did not take place, and whom to call."""
    region = current_region()
    worries = questions.list_worries(region.id, clock.now())
    sides = {q.booking.group.school_id for q in worries} | {q.booking.slot.activity.host_id for q in worries}
    contacts = people.list_contacts(sorted(sides), CONTACT_ROLES) if sides else {}
    return render_template(
        "organiser/answer_list.html", region=region, worries=worries, contacts=contacts, tell=tell_answer
    )


@organiser.post("/organisator/<string:slug>/antwoorden/<int:question_id>/afgehandeld")
@access(MAY_SETTLE)
def settle_answer(slug: str, question_id: int) -> Response:
    """Take an answer off the list."""
    settle_worry(current_region().id, question_id, get_visitor().id)
    flash(_("Afgehandeld. Bij het bezoek van de school blijft het antwoord staan."), "ok")
    return redirect(url_for("organiser.list_answers", slug=slug))
