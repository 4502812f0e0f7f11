"""What the public pages show beyond one query."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import url_for

from matchmaker import clock
from matchmaker.domain.kinds import ActivityKind
from matchmaker.domain.levels import PRIMARY_LEVELS, SECONDARY_LEVELS
from matchmaker.models import Activity, Region, Round, Slot
from matchmaker.queries import catalogue, regions, rounds
from matchmaker.queries.catalogue import CatalogueFilters
from matchmaker.queries.slices import Slice
from matchmaker.scope import within
from matchmaker.web.formats import format_levels
from matchmaker.web.labels import label
from matchmaker.web.phase_bar import PhaseStep, build_phase_bar
from matchmaker.web.rounds import choose_current_round

DATES_ON_CARD = 3


@dataclass(frozen=True)
class RegionCard:
    """A region on the start page."""

    region: Region
    activities: int
    hosts: int
    round: Round | None
    next_slots: list[Slot]


@dataclass(frozen=True)
class RegionPage:
    """A region's own page."""

    card: RegionCard
    phases: list[PhaseStep]


@dataclass(frozen=True)
class Offer:
    """An activity in the catalogue with its first free days, each once, and how many follow."""

    activity: Activity
    days: list[date]
    more: int


@dataclass(frozen=True)
class CataloguePage:
    """The catalogue as the visitor asked for it."""

    filters: CatalogueFilters
    offers: list[Offer]
    slice: Slice[Activity]
    levels: list[tuple[str, str]]
    kinds: list[tuple[str, str]]
    region: Region

    def url(self, page: int) -> str:
        """Return the address of another page with the same filters."""
        return catalogue_url(self.region, self.filters, page)

    def activity_url(self, activity: Activity) -> str:
        """Return the address of an activity, which knows the way back to this very page."""
        asked = _asked(self.filters, self.slice.page)
        return url_for("public.show_activity", slug=self.region.slug, activity_id=activity.id, **asked)

    @property
    def is_filtered(self) -> bool:
        """Tell whether anything was asked for."""
        return self.filters != CatalogueFilters()


def catalogue_url(region: Region, filters: CatalogueFilters, page: int) -> str:
    """Return the address of a page of the catalogue with these filters."""
    return url_for("public.list_activities", slug=region.slug, **_asked(filters, page))


def _asked(filters: CatalogueFilters, page: int) -> dict[str, Any]:
    """Return filters and page as they stand in an address; what was not asked for stays away."""
    return {
        "q": filters.text or None,
        "niveau": filters.level or None,
        "soort": filters.kind.value if filters.kind else None,
        "pagina": page if page > 1 else None,
    }


def parse_page(arguments: Mapping[str, str]) -> int:
    """Read the number of the page from an address; what is no number is the first."""
    text = arguments.get("pagina", "")
    return min(max(int(text), 1), 10_000) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else 1


def build_region_card(region: Region, dates: int) -> RegionCard:
    """Build a region's card with its first free dates."""
    activities, hosts = catalogue.count_catalogue(region.id)
    current = choose_current_round(rounds.list_rounds(region.id))
    return RegionCard(region, activities, hosts, current, catalogue.list_next_slots(region.id, dates))


def build_region_cards() -> list[RegionCard]:
    """Build the cards of all regions, each from its own rows."""
    cards = []
    for region in regions.list_regions():
        with within(region.id):
            cards.append(build_region_card(region, DATES_ON_CARD))
    return cards


def build_region_page(region: Region) -> RegionPage:
    """Build a region's own page."""
    card = build_region_card(region, dates=6)
    return RegionPage(card, build_phase_bar(card.round, clock.today()) if card.round else [])


def parse_filters(arguments: Mapping[str, str]) -> CatalogueFilters:
    """Read the filters from an address; what is not known counts as not asked."""
    level, kind = arguments.get("niveau", ""), arguments.get("soort", "")
    filters = CatalogueFilters(text=arguments.get("q", "").replace("\x00", "").strip()[:80])
    if level in PRIMARY_LEVELS + SECONDARY_LEVELS:
        filters = replace(filters, level=level)
    if kind in set(ActivityKind):
        filters = replace(filters, kind=ActivityKind(kind))
    return filters


def build_catalogue_page(region: Region, filters: CatalogueFilters, page: int) -> CataloguePage:
    """Build one page of the catalogue."""
    found = catalogue.list_activities(region.id, filters, page)
    slots = catalogue.list_free_slots([activity.id for activity in found.rows])
    offers = [_build_offer(activity, slots.get(activity.id, [])) for activity in found.rows]
    return CataloguePage(
        filters=filters,
        offers=offers,
        slice=found,
        levels=[(level, format_levels([level])) for level in PRIMARY_LEVELS + SECONDARY_LEVELS],
        kinds=sorted(((kind.value, label(kind)) for kind in ActivityKind), key=lambda kind: kind[1].lower()),
        region=region,
    )


def _build_offer(activity: Activity, slots: list[Slot]) -> Offer:
    days = list(dict.fromkeys(clock.local(slot.starts_at).date() for slot in slots))
    return Offer(activity, days[:DATES_ON_CARD], max(0, len(days) - DATES_ON_CARD))
