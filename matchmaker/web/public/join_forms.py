"""Forms of asking to join."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, Field, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Email, Length

from matchmaker.domain.kinds import HostKind, Role
from matchmaker.notifications.mime import is_usable_address
from matchmaker.web.formats import capitalise
from matchmaker.web.labels import label


def _clean(text: str | None) -> str | None:
    return text.replace("\x00", "").strip() if text else text


class JoinForm(FlaskForm):  # type: ignore[misc]
    """Who wants to join."""

    name = StringField(
        _l("Uw naam"),
        validators=[
            DataRequired(_l("Vul uw naam in.")),
            Length(max=80, message=_l("Gebruik hoogstens 80 tekens.")),
        ],
        filters=[_clean],
        render_kw={"autocomplete": "name", "maxlength": 80},
    )
    email = EmailField(
        _l("E-mailadres van uw werk"),
        validators=[
            DataRequired(_l("Vul uw e-mailadres in.")),
            Length(max=200, message=_l("Dit e-mailadres is te lang.")),
            Email(_l("Vul een e-mailadres in zoals naam@school.nl.")),
        ],
        filters=[_clean],
        render_kw={"autocomplete": "email", "spellcheck": "false", "maxlength": 200},
    )
    remark = TextAreaField(
        _l("Opmerking (mag leeg blijven)"),
        validators=[Length(max=500, message=_l("Gebruik hoogstens 500 tekens."))],
        filters=[_clean],
        render_kw={"rows": 3, "maxlength": 500},
    )

    def validate_email(self, field: Field) -> None:
        """Refuse what looks like an address but cannot be written in a mail."""
        if not field.errors and not is_usable_address(field.data.lower()):
            raise ValidationError(str(_l("Vul een e-mailadres in zoals naam@school.nl.")))


class SchoolJoinForm(JoinForm):
    """Who wants to join at a school, and as what."""

    role = SelectField(_l("Uw rol"), validators=[DataRequired(_l("Kies uw rol."))])

    def offer_roles(self) -> SchoolJoinForm:
        """Fill in the roles in the language of the page."""
        self.role.choices = [
            (role.value, capitalise(label(role))) for role in (Role.COORDINATOR, Role.TEACHER)
        ]
        return self


class NewHostJoinForm(JoinForm):
    """Who wants to join with a host that is not in the list."""

    host_name = StringField(
        _l("Naam van uw bedrijf of organisatie"),
        validators=[
            DataRequired(_l("Vul de naam van uw bedrijf of organisatie in.")),
            Length(max=120, message=_l("Gebruik hoogstens 120 tekens.")),
        ],
        filters=[_clean],
        render_kw={"autocomplete": "organization", "maxlength": 120},
    )
    host_place = StringField(
        _l("Plaats"),
        validators=[
            DataRequired(_l("Vul de plaats in.")),
            Length(max=80, message=_l("Gebruik hoogstens 80 tekens.")),
        ],
        filters=[_clean],
        render_kw={"autocomplete": "address-level2", "maxlength": 80},
    )
    host_kind = SelectField(_l("Soort aanbieder"))

    def offer_kinds(self) -> NewHostJoinForm:
        """Fill in the kinds of host in the language of the page."""
        self.host_kind.choices = [(kind.value, label(kind)) for kind in HostKind]
        return self
