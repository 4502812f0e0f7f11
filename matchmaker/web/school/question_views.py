"""A school asks the teacher of a visit whether it goes on, or how it was."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from matchmaker import jobs
from matchmaker.domain.permissions import Permission
from matchmaker.services import questions
from matchmaker.web.access import SchoolMember, access, current_school
from matchmaker.web.errors import refusal_as_message
from matchmaker.web.identity import get_visitor
from matchmaker.web.language import gettext as _
from matchmaker.web.school.question_forms import AskForm
from matchmaker.web.school.question_pages import build_ask_page
from matchmaker.web.school.views import school

MAY_ASK = SchoolMember("school_id", Permission.ASK_TEACHERS)


@school.get("/school/<int:school_id>/bezoek/<int:booking_id>/vraag")
@access(MAY_ASK)
def show_question(school_id: int, booking_id: int) -> str:  # noqa: ARG001 - the access rule has loaded the school
    """Show who was asked about a visit, and ask."""
    return _ask_page(booking_id, AskForm())


@school.post("/school/<int:school_id>/bezoek/<int:booking_id>/vraag")
@access(MAY_ASK)
def ask_teacher(school_id: int, booking_id: int) -> str | Response:
    """Mail the question."""
    form = AskForm()
    if not form.validate_on_submit():
        return _ask_page(booking_id, form)
    with refusal_as_message():
        questions.ask_teacher(school_id, booking_id, form.asked(), get_visitor().id)
        jobs.kick_delivery()
        flash(_("De vraag is onderweg naar %(email)s.", email=form.email.data), "ok")
    return redirect(url_for("school.show_question", school_id=school_id, booking_id=booking_id))


@school.post("/school/<int:school_id>/bezoek/<int:booking_id>/vraag/<int:question_id>/intrekken")
@access(MAY_ASK)
def withdraw_question(school_id: int, booking_id: int, question_id: int) -> Response:
    """Void the link of a question."""
    questions.withdraw_question(school_id, booking_id, question_id, get_visitor().id)
    flash(_("De vraag is ingetrokken. De link in de mail werkt niet meer."), "ok")
    return redirect(url_for("school.show_question", school_id=school_id, booking_id=booking_id))


def _ask_page(booking_id: int, form: AskForm) -> str:
    page = build_ask_page(current_school(), booking_id)
    return render_template("school/question.html", page=page, region=page.school.region, form=form)
