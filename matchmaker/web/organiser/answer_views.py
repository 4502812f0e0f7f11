"""What teachers and calendars answered that asks for an organiser."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from matchmaker import clock
from matchmaker.domain.permissions import Permission
from matchmaker.queries import calendar_answers, people, questions
from matchmaker.services.calendar_answers import settle_answer as settle_calendar
from matchmaker.services.questions import settle_worry
from matchmaker.services.visit_facts import CONTACT_ROLES
from matchmaker.web.access import Organiser, access, current_region
from matchmaker.web.calendar_words import CalendarWorry, tell_reply
from matchmaker.web.identity import get_visitor
from matchmaker.web.language import gettext as _
from matchmaker.web.organiser.views import organiser
from matchmaker.web.question_words import tell_answer

MAY_SETTLE = Organiser("slug", Permission.SETTLE_ANSWERS)


@organiser.get("/organisator/<string:slug>/antwoorden")
@access(MAY_SETTLE)
def list_answers(slug: str) -> str:  # noqa: ARG001 - the access rule has loaded the region
    """Show what teachers and calendars say cannot go on or did not take place, and whom to call."""
    region = current_region()
    worries = questions.list_worries(region.id, clock.now())
    replies = calendar_answers.list_worries(region.id, clock.now())
    calendars = [CalendarWorry(reply, tell_reply(reply)) for reply in replies]
    sides = {q.booking.group.school_id for q in worries} | {q.booking.slot.activity.host_id for q in worries}
    sides |= {organisation.id for worry in calendars for organisation in worry.organisations}
    return render_template(
        "organiser/answer_list.html",
        region=region,
        worries=worries,
        calendars=calendars,
        contacts=people.list_contacts(sorted(sides), CONTACT_ROLES) if sides else {},
        tell=tell_answer,
    )


@organiser.post("/organisator/<string:slug>/antwoorden/<int:question_id>/afgehandeld")
@access(MAY_SETTLE)
def settle_answer(slug: str, question_id: int) -> Response:
    """Take an answer off the list."""
    settle_worry(current_region().id, question_id, get_visitor().id)
    flash(_("Afgehandeld. Bij het bezoek van de school blijft het antwoord staan."), "ok")
    return redirect(url_for("organiser.list_answers", slug=slug))


@organiser.post("/organisator/<string:slug>/antwoorden/agenda/<int:reply_id>/afgehandeld")
@access(MAY_SETTLE)
def settle_calendar_answer(slug: str, reply_id: int) -> Response:
    """Take the answer of a calendar off the list and off the visit."""
    settle_calendar(current_region().id, reply_id, get_visitor().id)
    flash(_("Afgehandeld. Het antwoord staat niet meer bij het bezoek."), "ok")
    return redirect(url_for("organiser.list_answers", slug=slug))
