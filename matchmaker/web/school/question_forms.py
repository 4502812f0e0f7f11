"""The form that asks a teacher."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, StringField
from wtforms.validators import Email, InputRequired, Length, ValidationError

from matchmaker.notifications.mime import is_usable_address
from matchmaker.services.questions import Asked


def _strip(text: str | None) -> str | None:
    return text.strip() if text else text


class AskForm(FlaskForm):  # type: ignore[misc]
    """Who gets the question: an adult of the school."""

    name = StringField(
        _l("Naam of functie"),
        validators=[
            InputRequired(_l("Vul in wie u het vraagt.")),
            Length(max=200, message=_l("Deze naam is te lang.")),
        ],
        filters=[_strip],
        render_kw={"autocomplete": "off", "maxlength": 200},
    )
    email = EmailField(
        _l("E-mailadres van het werk"),
        validators=[
            InputRequired(_l("Vul een e-mailadres in.")),
            Length(max=200, message=_l("Dit e-mailadres is te lang.")),
            Email(_l("Vul een e-mailadres in zoals naam@school.nl.")),
        ],
        filters=[_strip],
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": 200},
    )

    def validate_email(self, field: EmailField) -> None:
        """Refuse an address that no mail of ours can go to."""
        if not is_usable_address(field.data.lower()):
            raise ValidationError(_l("Vul een e-mailadres in zoals naam@school.nl."))

    def asked(self) -> Asked:
        """Return who is asked."""
        return Asked(self.name.data, self.email.data)
