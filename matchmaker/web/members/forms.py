"""Forms about who works where."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import EmailField, SelectField, StringField
from wtforms.validators import Email, InputRequired, Length, Optional, ValidationError

from matchmaker.domain.kinds import Role
from matchmaker.web.account.forms import EmailForm
from matchmaker.web.labels import label
from matchmaker.web.language import gettext as _

SOMEBODY_ELSE = 0
_NAME_TOO_LONG = _l("Deze naam is te lang.")


class InviteForm(EmailForm):
    """Whom to invite, and as what."""

    name = StringField(
        _l("Naam"),
        validators=[Length(max=120, message=_NAME_TOO_LONG)],
        filters=[lambda text: text.strip() if text else ""],
        render_kw={"autocomplete": "off", "maxlength": 120},
    )
    role = SelectField(_l("Rol"), validators=[InputRequired(_l("Kies een rol."))])

    @classmethod
    def for_roles(cls, roles: list[Role]) -> InviteForm:
        """Return the form with these roles to choose from."""
        form: InviteForm = cls()
        form.email.render_kw = {**form.email.render_kw, "autocomplete": "off"}
        form.role.choices = [(role.value, label(role)) for role in roles]
        return form


class RegionInviteForm(InviteForm):
    """Whom to invite, as what, and where in the region."""

    where = SelectField(_l("Waar"), validators=[InputRequired(_l("Kies waar."))])


class ListForm(FlaskForm):  # type: ignore[misc]
    """A file with people to invite."""

    file = FileField(_l("Bestand"), validators=[FileRequired(_l("Kies een bestand."))])


class HandOverForm(EmailForm):
    """To whom a role goes: a colleague, or somebody with another address."""

    colleague = SelectField(_l("Aan wie draagt u over?"), coerce=int)
    email = EmailField(
        _l("E-mailadres"),
        validators=[
            Optional(),
            Length(max=200, message=_l("Dit e-mailadres is te lang.")),
            Email(_l("Vul een e-mailadres in zoals naam@school.nl.")),
        ],
        filters=[lambda text: text.strip() if text else text],
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": 200},
    )
    name = StringField(
        _l("Naam"),
        validators=[Length(max=120, message=_NAME_TOO_LONG)],
        filters=[lambda text: text.strip() if text else ""],
        render_kw={"autocomplete": "off", "maxlength": 120},
    )

    def validate_colleague(self, field: SelectField) -> None:
        """Ask for an address when no colleague is chosen."""
        if field.data == SOMEBODY_ELSE and not self.email.data:
            raise ValidationError(_("Kies een collega, of vul een e-mailadres in."))
