"""The form of a run with other settings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.validators import Length

from matchmaker.domain.run_settings import FAIRNESS_BANDS, RUN_SECONDS, TRAVEL_FACTORS, RunSettings
from matchmaker.models import Host
from matchmaker.web.formats import format_number
from matchmaker.web.language import gettext as _
from matchmaker.web.organiser.scenario_words import name_travel


class ScenarioForm(FlaskForm):  # type: ignore[misc]
    """What differs from the round as it stands; every field may stay as it is."""

    name = StringField(
        _l("Naam"),
        validators=[Length(max=80, message=_l("Gebruik hoogstens 80 tekens."))],
        render_kw={"maxlength": 80},
    )
    without_hosts = SelectMultipleField(_l("Zonder deze aanbieders"), coerce=int)
    doubled_host = SelectField(_l("Een aanbieder erbij"))
    travel = SelectField(_l("Hoe ver groepen reizen"))
    fairness_band = SelectField(_l("Hoe precies de wensen eerlijk verdeeld worden"))
    seconds = SelectField(_l("Rekentijd"))

    def offer(self, hosts: Sequence[Host], seconds: int) -> ScenarioForm:
        """Fill in what can be chosen: hosts of the round, and the time limit that is usual."""
        by_id = [(str(host.id), host.name) for host in hosts]
        self.without_hosts.choices = [(host.id, host.name) for host in hosts]
        self.doubled_host.choices = [("", _("niemand")), *by_id]
        self.travel.choices = [
            ("", _("zoals zij opgaven")),
            *((str(factor), name_travel(factor)) for factor in TRAVEL_FACTORS),
        ]
        self.fairness_band.choices = [
            ("", _("zoals in deze ronde")),
            *((str(band), _name_band(band)) for band in FAIRNESS_BANDS),
        ]
        self.seconds.choices = _list_seconds(seconds)
        if self.seconds.data is None:
            self.seconds.data = str(seconds)
        return self

    def settings(self) -> RunSettings:
        """Return what was chosen; only after validation."""
        return RunSettings(
            without_hosts=tuple(sorted(set(self.without_hosts.data or ()))),
            doubled_hosts=(int(self.doubled_host.data),) if self.doubled_host.data else (),
            travel=float(self.travel.data) if self.travel.data else None,
            fairness_band=float(self.fairness_band.data) if self.fairness_band.data else None,
        )


def _name_band(band: float) -> str:
    if not band:
        return _("niets inleveren voor kortere reizen")
    return _("hoogstens %(share)s inleveren voor kortere reizen", share=f"{format_number(100 * band, 1)}%")


def _list_seconds(usual: int) -> list[tuple[str, str]]:
    choices: Iterable[int] = sorted({*RUN_SECONDS, usual})
    return [(str(number), _("hoogstens %(seconds)s seconden", seconds=number)) for number in choices]
