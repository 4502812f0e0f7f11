"""Forms of signing in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    EmailField,
    Field,
    IntegerField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import (
    DataRequired,
    Email,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    Regexp,
    ValidationError,
)

from matchmaker.domain.muting import MailFamily
from matchmaker.web.language import LANGUAGES
from matchmaker.web.paths import LARGEST_ID


class EmailForm(FlaskForm):  # type: ignore[misc]
    """The address that gets the link."""

    email = EmailField(
        _l("E-mailadres"),
        validators=[
            InputRequired(_l("Vul uw e-mailadres in.")),
            Length(max=200, message=_l("Dit e-mailadres is te lang.")),
            Email(_l("Vul een e-mailadres in zoals naam@school.nl.")),
        ],
        filters=[lambda text: text.strip() if text else text],
        render_kw={"autocomplete": "email", "spellcheck": "false", "maxlength": 200},
    )


class CodeForm(FlaskForm):  # type: ignore[misc]
    """The code from the mail."""

    code = StringField(
        _l("Code van 6 cijfers"),
        validators=[
            InputRequired(_l("Vul de code uit de mail in.")),
            Regexp(r"\s*\d{3}\s?\d{3}\s*\Z", message=_l("De code heeft 6 cijfers.")),
        ],
        render_kw={
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            "spellcheck": "false",
            "maxlength": 9,
        },
    )


class PasswordForm(EmailForm):
    """Address and password."""

    password = PasswordField(
        _l("Wachtwoord"),
        validators=[
            InputRequired(_l("Vul uw wachtwoord in.")),
            Length(max=256, message=_l("Gebruik hoogstens 256 tekens.")),
        ],
        render_kw={"autocomplete": "current-password", "maxlength": 256},
    )


class NewPasswordForm(FlaskForm):  # type: ignore[misc]
    """A new password; pasting is welcome, so it is asked for once."""

    password = PasswordField(
        _l("Nieuw wachtwoord"),
        validators=[
            InputRequired(_l("Vul een wachtwoord in.")),
            Length(max=256, message=_l("Gebruik hoogstens 256 tekens.")),
        ],
        render_kw={"autocomplete": "new-password", "maxlength": 256},
    )


class SecondStepForm(FlaskForm):  # type: ignore[misc]
    """The code of the app, or a recovery code."""

    code = StringField(
        _l("Code uit de app, of een herstelcode"),
        validators=[
            InputRequired(_l("Vul de code uit de app in.")),
            Length(max=40, message=_l("Deze code is te lang.")),
        ],
        render_kw={"autocomplete": "one-time-code", "spellcheck": "false", "maxlength": 40},
    )


class AppCodeForm(FlaskForm):  # type: ignore[misc]
    """The first code of an app that was just set up."""

    code = StringField(
        _l("Code uit de app"),
        validators=[
            InputRequired(_l("Vul de code uit de app in.")),
            Length(max=40, message=_l("Deze code is te lang.")),
        ],
        render_kw={
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            "spellcheck": "false",
            "maxlength": 9,
        },
    )


class NameForm(FlaskForm):  # type: ignore[misc]
    """What to call somebody."""

    name = StringField(
        _l("Uw naam"),
        validators=[
            DataRequired(_l("Vul uw naam in.")),
            Length(max=120, message=_l("Deze naam is te lang.")),
        ],
        filters=[lambda text: text.strip() if text else text],
        render_kw={"autocomplete": "name", "maxlength": 120},
    )


class EraseForm(FlaskForm):  # type: ignore[misc]
    """A word that nobody types by accident."""

    word = StringField(
        _l("Typ het woord VERWIJDEREN"),
        validators=[InputRequired(_l("Typ VERWIJDEREN om door te gaan."))],
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": 20},
    )

    def validate_word(self, field: Field) -> None:
        """Take the word in any language of the site, in capitals or not."""
        if field.data.strip().lower() not in {"verwijderen", "delete"}:
            raise ValidationError(_l("Typ VERWIJDEREN om door te gaan."))


class PreferencesForm(FlaskForm):  # type: ignore[misc]
    """The language of pages and mails, and which mails are wanted."""

    language = SelectField(
        _l("Taal van pagina’s en mails"), choices=[SelectChoice(*each) for each in LANGUAGES.items()]
    )
    wanted = SelectMultipleField(choices=[SelectChoice(family.value, family.value) for family in MailFamily])


class DetailsForm(NameForm):
    """What others see of a person."""

    phone = StringField(
        _l("Telefoonnummer"),
        validators=[Length(max=40, message=_l("Dit nummer is te lang."))],
        filters=[lambda text: text.strip() if text else ""],
        render_kw={"autocomplete": "tel", "inputmode": "tel", "maxlength": 40},
    )


class FeedForm(FlaskForm):  # type: ignore[misc]
    """Which organisation's calendar; empty for everything of the person."""

    organisation = IntegerField(validators=[Optional(), NumberRange(1, LARGEST_ID)])


class AppointmentForm(FlaskForm):  # type: ignore[misc]
    """Whether mails about new visits have an appointment."""

    by_mail = StringField()
