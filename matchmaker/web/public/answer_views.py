"""A teacher without an account answers a single question: one page, by a link that opens nothing else."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.services.answers import OpenQuestion, answer_question, read_question
from matchmaker.services.throttling import limited_link
from matchmaker.web.access import Public, access
from matchmaker.web.account.limits import find_caller
from matchmaker.web.errors import refusal_as_message
from matchmaker.web.public.answer_forms import FeedbackForm, VisitForm, open_form
from matchmaker.web.public.views import public
from matchmaker.web.question_words import RATING_WORDS


@public.get("/vraag/<string:question_token>")
@access(Public())
def show_question(question_token: str) -> str:
    """Show the question, or what was answered: scanners open links, so opening answers nothing."""
    question = _read(question_token)
    return _page(question_token, question, open_form(question, request.args.get("antwoord", "")))


@public.post("/vraag/<string:question_token>")
@access(Public())
def answer(question_token: str) -> str | Response:
    """Write the answer down."""
    question = _read(question_token)
    form = open_form(question, "")
    if not form.validate_on_submit():
        return _page(question_token, question, form)
    with refusal_as_message():
        answer_question(question_token, form.reply())
    return redirect(url_for("public.show_question", question_token=question_token))


def _read(token: str) -> OpenQuestion:
    with limited_link(find_caller()):
        return read_question(token)


def _page(token: str, question: OpenQuestion, form: VisitForm | FeedbackForm) -> str:
    return render_template(
        "public/question.html",
        question=question,
        region=question.region,
        form=form,
        token=token,
        ratings=RATING_WORDS,
    )
