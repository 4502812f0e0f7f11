"""The forms with which somebody answers a single question."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, InputRequired, Length, ValidationError

from matchmaker.domain.questions import ANSWERS, MOST_REMARK_CHARACTERS, Answer, QuestionPurpose
from matchmaker.services.answers import OpenQuestion, Reply
from matchmaker.web.question_words import ANSWER_WORDS, RATING_WORDS

_REMARK_RULES = [
    Length(
        max=MOST_REMARK_CHARACTERS,
        message=_l("Houd het kort: hoogstens %(max)s tekens.", max=MOST_REMARK_CHARACTERS),
    )
]


def _clean(text: str | None) -> str:
    return (text or "").replace("\x00", "").replace("\r\n", "\n").strip()


class VisitForm(FlaskForm):  # type: ignore[misc]
    """Whether the visit goes on: each button is an answer."""

    answer = StringField(
        _l("Uw antwoord"),
        validators=[
            AnyOf([a.value for a in ANSWERS[QuestionPurpose.VISIT]], _l("Kies een van de antwoorden."))
        ],
    )
    remark = TextAreaField(
        _l("Waarom niet?"),
        validators=_REMARK_RULES,
        filters=[_clean],
        render_kw={"rows": 3, "maxlength": MOST_REMARK_CHARACTERS},
    )

    def reply(self) -> Reply:
        """Return the answer; a reason belongs to "we cannot come" alone."""
        answer = Answer(self.answer.data)
        return Reply(answer, remark=self.remark.data if answer == Answer.CANNOT_COME else "")


class FeedbackForm(FlaskForm):  # type: ignore[misc]
    """Whether the visit took place, how it was, and one remark."""

    answer = RadioField(
        _l("Ging het bezoek door?"),
        choices=[SelectChoice(a.value, ANSWER_WORDS[a]) for a in ANSWERS[QuestionPurpose.FEEDBACK]],
        validators=[InputRequired(_l("Kies of het bezoek doorging."))],
    )
    rating = RadioField(
        _l("Hoe was het?"),
        choices=[SelectChoice(str(number), words) for number, words in RATING_WORDS.items()],
        validate_choice=False,
    )
    remark = TextAreaField(
        _l("Wilt u nog iets kwijt?"),
        validators=_REMARK_RULES,
        filters=[_clean],
        render_kw={"rows": 3, "maxlength": MOST_REMARK_CHARACTERS},
    )

    def validate_rating(self, field: RadioField) -> None:
        """Ask how it was, of those who went."""
        known = field.data in {choice.value for choice in field.choices}
        if self.answer.data == Answer.TOOK_PLACE.value and not known:
            raise ValidationError(_l("Kies hoe het was."))

    def reply(self) -> Reply:
        """Return the answer."""
        answer = Answer(self.answer.data)
        rating = int(self.rating.data) if answer == Answer.TOOK_PLACE else None
        return Reply(answer, rating, self.remark.data)


def open_form(question: OpenQuestion, chosen: str) -> VisitForm | FeedbackForm:
    """Return the form of a question, filled with what was answered before or chosen in the mail.

    Parameters
    ----------
    chosen
        ``ja`` or ``nee`` from the link; anything else chooses nothing. It is only preselected.
    """
    first, second = ANSWERS[question.purpose]
    reply = question.reply
    preselected = {"ja": first, "nee": second}.get(chosen) or (reply.answer if reply else None)
    facts: dict[str, Any] = {
        "answer": preselected.value if preselected else None,
        "remark": reply.remark if reply else "",
    }
    if question.purpose == QuestionPurpose.VISIT:
        return VisitForm(data=facts)
    return FeedbackForm(data={**facts, "rating": str(reply.rating) if reply and reply.rating else None})
