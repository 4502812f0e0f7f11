"""The settings of a run in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from matchmaker.domain.run_settings import RunSettings, read_settings
from matchmaker.models import AllocationRun
from matchmaker.queries import organisations
from matchmaker.web.formats import format_number
from matchmaker.web.language import gettext as _
from matchmaker.web.language import ngettext

_MOST_NAMES = 3


def name_run(run: AllocationRun) -> str:
    """Return what people call the run."""
    return run.name or _("Run %(number)s", number=run.number)


def name_travel(factor: float) -> str:
    """Return in words how far groups travel, compared with what they gave up."""
    return {
        0.5: _("half zo ver"),
        0.75: _("een kwart minder ver"),
        1.25: _("een kwart verder"),
        1.5: _("anderhalf keer zo ver"),
        2.0: _("twee keer zo ver"),
    }.get(factor, _("%(factor)s keer zo ver", factor=format_number(factor, 2)))


def name_hosts(region_id: int, runs: Iterable[AllocationRun]) -> dict[int, str]:
    """Return, by id, the names of all hosts that the settings of these runs mention."""
    settings = [read_settings(run.settings) for run in runs]
    mentioned = {host_id for own in settings for host_id in (*own.without_hosts, *own.doubled_hosts)}
    if not mentioned:
        return {}
    return {host.id: host.name for host in organisations.list_hosts(region_id, mentioned)}


def describe_settings(settings: RunSettings, names: Mapping[int, str]) -> list[str]:
    """Return one phrase for everything that differs from the round as it stands."""
    phrases = []
    if settings.without_hosts:
        phrases.append(_("zonder %(hosts)s", hosts=_join(settings.without_hosts, names)))
    if settings.doubled_hosts:
        phrases.append(
            _("met een aanbieder erbij zoals %(hosts)s", hosts=_join(settings.doubled_hosts, names))
        )
    if settings.travel is not None:
        phrases.append(_("groepen reizen %(how)s", how=name_travel(settings.travel)))
    if settings.fairness_band is not None:
        share = f"{format_number(100 * settings.fairness_band, 1)}%"
        phrases.append(_("voor kortere reizen hoogstens %(share)s van de eerlijkheid", share=share))
    return phrases


def _join(host_ids: Sequence[int], names: Mapping[int, str]) -> str:
    shown = [names.get(host_id, "…") for host_id in host_ids[:_MOST_NAMES]]
    more = len(host_ids) - len(shown)
    if more:
        shown.append(ngettext("nog %(num)d andere", "nog %(num)d anderen", more))
    return ", ".join(shown)
