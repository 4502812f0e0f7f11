"""The rows of the sheets as frozen values; None means that the file says nothing about it.

A row in which something is wrong is kept as well, so that what else is wrong with it, and with the rows that
refer to it, can be told in the same pass. It is looked into, never taken in: its broken cells are None,
whatever their type says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from matchmaker.domain.kinds import (
    ActivityKind,
    ApprovalState,
    ClosedDayReason,
    HolidayRegion,
    HostKind,
    Sector,
    SlotState,
    TravelMode,
)
from matchmaker.domain.phases import Phase
from matchmaker.exchange.problems import InputProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """What all rows have.

    `row` is the number as the spreadsheet shows it; `broken` holds the Dutch titles of the columns in which
    something is wrong that has been told already.
    """

    row: int
    broken: frozenset[str] = frozenset()

    def is_sound_in(self, *titles: str) -> bool:
        """Return whether nothing is wrong in any of these columns."""
        return self.broken.isdisjoint(titles)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRow(SheetRow):
    """What schools and hosts have in common."""

    code: str
    name: str
    street: str | None = None
    house_number: str | None = None
    postcode: str | None = None
    place: str | None = None
    municipality: str | None = None
    website: str | None = None
    lat: float | None = None
    lon: float | None = None
    contact_name: str | None = None
    contact_email: str | None = None
    contact_phone: str | None = None
    active: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolRow(OrganisationRow):
    """A school location."""

    sector: Sector | None = None
    school_type: str | None = None
    province: str | None = None
    holiday_region: HolidayRegion | None = None
    board: str | None = None
    pupils: int | None = None
    travel_mode: TravelMode | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HostRow(OrganisationRow):
    """A host."""

    kind: HostKind | None = None
    branches: tuple[str, ...] | None = None
    max_slots_per_day: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow(SheetRow):
    """A class. `levels` is the text: what a bare number means depends on the school's sector."""

    school: str
    name: str
    school_year: str | None = None
    levels: str | None = None
    pupils: int | None = None


@dataclass(frozen=True, slots=True)
class BlockedWall:
    """A time at which a group cannot come, in wall-clock time, end not included."""

    start: datetime
    end: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WishRow(SheetRow):
    """What a group asks in a round. `wishes` holds (header, activity code or kind)."""

    school: str
    group: str
    round: str | None = None
    wanted: int | None = None
    open_to_other: bool | None = None
    max_km: float | None = None
    blocked: tuple[BlockedWall, ...] | None = None
    submitted: bool | None = None
    wishes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityRow(SheetRow):
    """What a host offers."""

    code: str
    host: str
    kind: ActivityKind
    title: str
    levels: tuple[str, ...]
    description: str | None = None
    practical: str | None = None
    min_pupils: int | None = None
    max_pupils: int | None = None
    duration_minutes: int | None = None
    address: str | None = None
    lat: float | None = None
    lon: float | None = None
    mobile: bool | None = None
    range_km: float | None = None
    approval: ApprovalState | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotRow(SheetRow):
    """A dated occasion of an activity; times are wall-clock times."""

    activity: str
    date: date
    code: str | None = None
    round: str | None = None
    start: time | None = None
    end: time | None = None
    time_range: tuple[time, time] | None = None
    groups: int | None = None
    pupils: int | None = None
    min_groups: int | None = None
    series: str | None = None
    multi_stop_day: str | None = None
    reserved_groups: int | None = None
    reserved_schools: tuple[str, ...] | None = None
    state: SlotState | None = None

    def times(self) -> tuple[time, time] | None:
        """Return begin and end, or None when the row does not give both."""
        start, end = self.time_range or (self.start, self.end)
        return None if start is None or end is None else (start, end)

    def wall_times(self) -> tuple[datetime, datetime] | None:
        """Return begin and end with their day, or None when the row does not give all three."""
        times = self.times()
        if times is None or not self.is_sound_in("Datum"):
            return None
        return datetime.combine(self.date, times[0]), datetime.combine(self.date, times[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundRow(SheetRow):
    """An allocation round."""

    name: str
    school_year: str | None = None
    phase: Phase | None = None
    offering_on: date
    wishing_on: date
    wishing_until: date
    result_on: date
    visits_from: date
    visits_until: date
    min_gap_minutes: int | None = None
    fairness_band: float | None = None
    lottery_seed: str | None = None
    reserved_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedDayRow(SheetRow):
    """Days off: of the region, of a holiday region, or of one organisation by its code."""

    first_day: date
    last_day: date | None = None
    half_day: str | None = None
    holiday_region: HolidayRegion | None = None
    organisation: str | None = None
    reason: ClosedDayReason | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsRow:
    """The region itself.

    `broken` holds the Dutch names of the settings in which something is wrong that has been told already,
    `places` the row of each setting that is there, by its field.
    """

    broken: frozenset[str] = frozenset()
    places: Mapping[str, int] = field(default_factory=dict, compare=False)
    name: str | None = None
    slug: str | None = None
    sender_name: str | None = None
    contact_email: str | None = None
    contact_phone: str | None = None
    organiser_name: str | None = None
    organiser_email: str | None = None
    guarantee_primary: int | None = None
    guarantee_secondary: int | None = None
    guarantee_special: int | None = None
    detour_factor: float | None = None
    school_year: str | None = None
    school_year_starts_on: date | None = None
    school_year_ends_on: date | None = None
    example_anchor: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionWorkbook:
    """Everything a region workbook says. A sheet that is absent is an empty tuple.

    `notes` are sentences about what was skipped. `problems` holds what was wrong already on reading: then
    the rows serve to find the other problems only. `titles` maps our name of a sheet to its title in the
    file, in the order of the file, for telling problems; `unreadable` names the sheets (ours) of which it is
    unknown which rows they hold, so that nothing that refers to them can be called wrong.
    """

    settings: SettingsRow | None = None
    rounds: tuple[RoundRow, ...] = ()
    closed_days: tuple[ClosedDayRow, ...] = ()
    schools: tuple[SchoolRow, ...] = ()
    groups: tuple[GroupRow, ...] = ()
    hosts: tuple[HostRow, ...] = ()
    activities: tuple[ActivityRow, ...] = ()
    slots: tuple[SlotRow, ...] = ()
    wishes: tuple[WishRow, ...] = ()
    notes: tuple[str, ...] = ()
    problems: tuple[InputProblem, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict, compare=False)
    unreadable: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class PostcodeRow(SheetRow):
    """The centroid of a four-digit postcode, in WGS84 degrees."""

    postcode4: str
    place: str
    municipality: str
    lat: float
    lon: float
