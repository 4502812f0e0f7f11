"""The list of somebody's places: grouped by kind, the ones used last first, searchable when it is long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matchmaker.domain.kinds import BOARD_ROLES, HOST_ROLES, SCHOOL_ROLES
from matchmaker.web.homes import order_by_use
from matchmaker.web.identity import Home
from matchmaker.web.language import gettext as _

SEARCHABLE_FROM = 8


@dataclass(frozen=True)
class HomeGroup:
    """Places of one kind."""

    title: str
    homes: list[Home]


@dataclass(frozen=True)
class HomeListPage:
    """The list as it was asked for."""

    groups: list[HomeGroup]
    text: str
    current: str
    is_searchable: bool


def build_home_list(homes: Sequence[Home], recent: Sequence[str], text: str, current: str) -> HomeListPage:
    """Build the list; a group comes as early as the place in it that was used last.

    Parameters
    ----------
    text
        Every word of it must stand in the name, the town or the region; any text.
    current
        Address of the place from which the visitor comes; any text.
    """
    words = text.casefold().split() if len(homes) >= SEARCHABLE_FROM else []
    groups: dict[str, list[Home]] = {}
    for home in order_by_use(homes, recent):
        if all(word in f"{home.name} {home.place} {home.region}".casefold() for word in words):
            groups.setdefault(_title_of(home), []).append(home)
    return HomeListPage(
        groups=[HomeGroup(title, found) for title, found in groups.items()],
        text=text.strip()[:80],
        current=current,
        is_searchable=len(homes) >= SEARCHABLE_FROM,
    )


def _title_of(home: Home) -> str:
    if home.role in SCHOOL_ROLES:
        return _("Scholen")
    if home.role in HOST_ROLES:
        return _("Aanbieders")
    return _("Schoolbesturen") if home.role in BOARD_ROLES else _("Regio’s")
