"""Dates, times, numbers and levels as people write them, in the language of the page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent
from flask import Flask
from markupsafe import Markup

from matchmaker import clock
from matchmaker.domain.levels import PRIMARY_LEVELS, SECONDARY_LEVELS, format_level
from matchmaker.web.labels import label
from matchmaker.web.language import current_language
from matchmaker.web.language import gettext as _


def register_formats(app: Flask) -> None:
    """Make the formats known to the templates as filters."""
    app.jinja_env.filters.update(
        day=format_day,
        day_short=format_day_short,
        day_full=format_day_full,
        weekday_short=lambda moment: _format(moment, "EEE"),
        day_number=lambda moment: _as_date(moment).day,
        month_short=lambda moment: _format(moment, "MMM"),
        iso=lambda moment: _as_date(moment).isoformat(),
        times=format_times,
        moment=format_moment,
        number=format_number,
        km=format_km,
        percent=format_share,
        levels=format_levels,
        group=format_group,
        label=label,
        sentence=capitalise,
    )


def _as_date(moment: date | datetime) -> date:
    return clock.local(moment).date() if isinstance(moment, datetime) else moment


def _format(moment: date | datetime, pattern: str) -> str:
    return format_date(_as_date(moment), pattern, locale=current_language()).replace(".", "")


def format_day(moment: date | datetime) -> str:
    """Return ``dinsdag 12 januari``."""
    return _format(moment, "EEEE d MMMM")


def format_day_short(moment: date | datetime) -> str:
    """Return ``di 12 jan``."""
    return _format(moment, "EEE d MMM")


def format_day_full(moment: date | datetime) -> str:
    """Return ``dinsdag 12 januari 2027``."""
    return _format(moment, "EEEE d MMMM y")


def format_clock(moment: datetime) -> str:
    """Return ``9.00`` in Dutch and ``9:00`` in English."""
    return format_wall_clock(clock.local(moment))


def format_wall_clock(wall: datetime) -> str:
    """Return a local time of day in the same way."""
    return f"{wall.hour}{'.' if current_language() == 'nl' else ':'}{wall.minute:02}"


def format_times(slot: Any) -> str:
    """Return ``9.00–11.00`` for something that starts and ends."""
    return f"{format_clock(slot.starts_at)}–{format_clock(slot.ends_at)}"


def format_moment(moment: datetime) -> str:
    """Return ``di 12 jan, 9.05``."""
    return f"{format_day_short(moment)}, {format_clock(moment)}"


def format_number(value: float, digits: int = 0) -> str:
    """Return ``7.518`` in Dutch and ``7,518`` in English."""
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(value, pattern, locale=current_language())


def format_km(value: float | None) -> str:
    """Return a distance: ``8,1 km`` below ten, whole kilometres above."""
    if value is None:
        return ""
    number = format_number(value, 1 if 0 < value < 9.95 else 0)
    return Markup("{}&nbsp;km").format(number)  # a number stays with its unit


def format_share(value: float) -> str:
    """Return ``78%``."""
    return format_percent(value, "#,##0%", locale=current_language())


def format_levels(levels: Sequence[str]) -> str:
    """Return ``groep 5–7``, ``groep 3 en 6`` or ``klas 1``; other labels stay as they are."""
    primary = [int(level[2:]) for level in levels if level in PRIMARY_LEVELS]
    secondary = [int(level[2:]) for level in levels if level in SECONDARY_LEVELS]
    others = [format_level(level) for level in levels if level not in PRIMARY_LEVELS + SECONDARY_LEVELS]
    parts = []
    if primary:
        parts.append(_("groep %(years)s", years=_format_years(sorted(primary))))
    if secondary:
        parts.append(_("klas %(years)s", years=_format_years(sorted(secondary))))
    return ", ".join(parts + others)


def _format_years(years: list[int]) -> str:
    if len(years) > 2 and all(after - before == 1 for before, after in pairwise(years)):
        return f"{years[0]}–{years[-1]}"
    if len(years) == 1:
        return str(years[0])
    return _("%(first)s en %(last)s", first=", ".join(map(str, years[:-1])), last=years[-1])


def format_group(group: Any) -> str:
    """Return a group's name with the word that belongs to it: ``groep 7/8``, ``klas 1HV2``."""
    name: str = group.name
    if name.lower().startswith(("groep", "klas", "unit", "year", "class")):
        return name
    if group.levels and group.levels[0] in SECONDARY_LEVELS:
        return _("klas %(years)s", years=name)
    return _("groep %(years)s", years=name)


def capitalise(text: object) -> str:
    """Return the text with its first letter as a capital, the rest untouched."""
    words = str(text)
    return words[:1].upper() + words[1:]
