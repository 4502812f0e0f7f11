"""Forms with which schools and hosts call visits off, and hosts move and withdraw slots."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, HiddenField, StringField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Length, ValidationError

from matchmaker import clock
from matchmaker.models import Slot
from matchmaker.services.slot_clashes import SlotTarget

MOST_REASON = 500


def clean(text: str | None) -> str:
    """Return what somebody typed without what no text holds."""
    return (text or "").replace("\x00", "").strip()


class ReasonForm(FlaskForm):  # type: ignore[misc]
    """Why; everybody who is told reads it."""

    reason = TextAreaField(
        _l("Reden"),
        validators=[Length(max=MOST_REASON, message=_l("Gebruik hoogstens 500 tekens."))],
        filters=[clean],
        render_kw={"rows": 3, "maxlength": MOST_REASON},
    )


class CancelForm(ReasonForm):
    """Call a visit off, or withdraw a slot."""


class MoveForm(ReasonForm):
    """Where a slot is to go, and what the person has seen of that."""

    day = DateField(_l("Dag"), validators=[InputRequired(_l("Vul een dag in."))])
    begins = TimeField(_l("Van"), validators=[InputRequired(_l("Vul in hoe laat het begint."))])
    ends = TimeField(_l("Tot"), validators=[InputRequired(_l("Vul in hoe laat het eindigt."))])
    address = StringField(
        _l("Andere plek"),
        validators=[Length(max=200, message=_l("Dit adres is te lang."))],
        filters=[clean],
        render_kw={"maxlength": 200},
    )
    despite_clashes = BooleanField(_l("Ik heb dit met hen besproken"))
    version = HiddenField(validators=[InputRequired()])

    def validate_begins(self, field: Any) -> None:
        """Refuse an hour that the clock skips, and one that is over."""
        if self._find_moment(field.data) is not None and self._find_moment(field.data) <= clock.now():
            raise ValidationError(_l("Kies een tijd die nog komt."))

    def validate_ends(self, field: Any) -> None:
        """Refuse an end that is not after the beginning."""
        self._find_moment(field.data)
        if None not in {field.data, self.begins.data} and field.data <= self.begins.data:
            raise ValidationError(_l("Het einde ligt niet na het begin."))

    def validate_version(self, field: Any) -> None:
        """Refuse what no page of ours holds."""
        if not str(field.data).isdecimal():
            raise ValidationError(_l("Open deze pagina opnieuw."))

    def target(self) -> SlotTarget:
        """Return where the slot is to go; only after validating."""
        return SlotTarget(
            clock.from_local(datetime.combine(self.day.data, self.begins.data)),
            clock.from_local(datetime.combine(self.day.data, self.ends.data)),
            self.address.data,
        )

    def _find_moment(self, hour: time | None) -> Any:
        """Return the moment of an hour on the day that was typed; None where either is missing."""
        if hour is None or self.day.data is None:
            return None
        try:
            return clock.from_local(datetime.combine(self.day.data, hour))
        except ValueError:
            raise ValidationError(_l("Deze tijd bestaat niet: dan gaat de klok vooruit.")) from None


def values_of(slot: Slot) -> dict[str, date | time | str]:
    """Return what the form shows of a slot when it is opened."""
    starts, ends = clock.local(slot.starts_at), clock.local(slot.ends_at)
    return {
        "day": starts.date(),
        "begins": starts.time(),
        "ends": ends.time(),
        "address": slot.address,
        "version": str(slot.version),
    }
