"""The form with the settings of a region."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, Field, IntegerField, StringField, TelField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from matchmaker.domain.region_settings import (
    MOST_DETOUR,
    MOST_GUARANTEED,
    RETENTION_MONTHS,
    RegionSettings,
)
from matchmaker.models import Region
from matchmaker.notifications.mime import is_usable_address
from matchmaker.web.language import current_language
from matchmaker.web.language import gettext as _

NUMBER = {"inputmode": "numeric", "maxlength": 3}


def _clean(text: str | None) -> str | None:
    return " ".join(text.replace("\x00", "").split()) if text else text


class WholeNumberField(IntegerField):  # type: ignore[misc]
    """A whole number; what is none is told in the language of the page."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the number."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Vul een heel getal in.")) from None


class FactorField(StringField):  # type: ignore[misc]
    """A number with decimals; a comma and a point are both understood."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the number."""
        self.raw: str = valuelist[0].strip() if valuelist else ""
        self.data: float | None = None
        try:
            self.data = float(self.raw.replace(",", "."))
        except ValueError:
            raise ValueError(_("Vul een getal in, zoals 1,3.")) from None

    def _value(self) -> str:
        if self.data is None:
            return getattr(self, "raw", "")
        text = f"{self.data:g}"
        return text.replace(".", ",") if current_language() == "nl" else text


def _guarantee(text: object) -> WholeNumberField:
    between = NumberRange(0, MOST_GUARANTEED, _l("Kies een aantal van 0 tot en met 10."))
    return WholeNumberField(
        text, validators=[InputRequired(_l("Vul een aantal in.")), between], render_kw=NUMBER
    )


class RegionSettingsForm(FlaskForm):  # type: ignore[misc]
    """Everything that organisers decide about their region."""

    name = StringField(
        _l("Naam van de regio"),
        validators=[
            DataRequired(_l("Vul de naam van de regio in.")),
            Length(max=120, message=_l("Gebruik hoogstens 120 tekens.")),
        ],
        filters=[_clean],
        render_kw={"maxlength": 120},
    )
    sender_name = StringField(
        _l("Naam van de afzender"),
        validators=[Length(max=120, message=_l("Gebruik hoogstens 120 tekens."))],
        filters=[_clean],
        render_kw={"maxlength": 120},
    )
    contact_email = EmailField(
        _l("E-mailadres van het regiobureau"),
        filters=[_clean],
        render_kw={"maxlength": 200, "spellcheck": "false"},
    )
    contact_phone = TelField(
        _l("Telefoon van het regiobureau"),
        validators=[Length(max=40, message=_l("Dit nummer is te lang."))],
        filters=[_clean],
        render_kw={"maxlength": 40},
    )
    guarantee_primary = _guarantee(_l("Basisonderwijs"))
    guarantee_secondary = _guarantee(_l("Voortgezet onderwijs"))
    guarantee_special = _guarantee(_l("Speciaal onderwijs"))
    detour_factor = FactorField(
        _l("Omwegfactor"),
        validators=[
            InputRequired(_l("Vul een getal in, zoals 1,3.")),
            NumberRange(1, MOST_DETOUR, _l("Kies een getal van 1 tot en met 3.")),
        ],
        render_kw={"inputmode": "decimal", "maxlength": 6},
    )
    joining_open = BooleanField(_l("Mensen mogen zich aanmelden op de pagina van de regio"))
    retention_months = WholeNumberField(
        _l("Bewaartijd in maanden"),
        validators=[
            InputRequired(_l("Vul een aantal in.")),
            NumberRange(*RETENTION_MONTHS, _l("Kies een aantal van 6 tot en met 60.")),
        ],
        render_kw=NUMBER,
    )

    def validate_contact_email(self, field: Field) -> None:
        """Refuse an address to which no answer could be sent; none at all is allowed."""
        if field.data and not is_usable_address(field.data):
            raise ValidationError(_("Vul een e-mailadres in zoals naam@school.nl."))

    def settings(self) -> RegionSettings:
        """Return what was filled in; only after validation."""
        values: dict[str, Any] = {name: self[name].data for name in RegionSettings.__dataclass_fields__}
        # A text field that was not sent at all is empty.
        texts = ("sender_name", "contact_email", "contact_phone")
        return RegionSettings(**{**values, **{name: values[name] or "" for name in texts}})


def read_settings_of(region: Region) -> RegionSettings:
    """Return the settings as they are saved."""
    return RegionSettings(**{name: getattr(region, name) for name in RegionSettings.__dataclass_fields__})
