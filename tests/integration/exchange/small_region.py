"""A small region as rows: everything that a workbook can hold, once or twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from matchmaker.domain.kinds import (
    ActivityKind,
    ClosedDayReason,
    HolidayRegion,
    HostKind,
    Sector,
    TravelMode,
)
from matchmaker.domain.phases import Phase
from matchmaker.exchange import rows
from matchmaker.exchange.workbook_writer import write_workbook
from matchmaker.services.imports import InputFile

SETTINGS = rows.SettingsRow(
    name="Kleine regio",
    slug="klein",
    sender_name="Techniek in Klein",
    contact_email="vragen@klein.example",
    contact_phone="0314 000 000",
    organiser_name="Programmabureau",
    organiser_email="organisator@klein.example",
    guarantee_primary=2,
    guarantee_secondary=1,
    guarantee_special=0,
    detour_factor=1.25,
    school_year="2026-2027",
    school_year_starts_on=date(2026, 8, 1),
    school_year_ends_on=date(2027, 7, 31),
)
ROUNDS = tuple(
    rows.RoundRow(
        row=number + 2,
        name=name,
        school_year="2026-2027",
        phase=phase,
        offering_on=date(2026, 8, 10),
        wishing_on=date(2026, 8, 20),
        wishing_until=date(2026, 9, 1),
        result_on=date(2026, 9, 5),
        visits_from=start,
        visits_until=end,
        min_gap_minutes=20,
        fairness_band=0.002,
        lottery_seed=f"loting {name}",
        reserved_until=date(2026, 9, 2),
    )
    for number, (name, phase, start, end) in enumerate(
        (
            ("Najaar", Phase.WISHING, date(2026, 9, 14), date(2026, 12, 18)),
            ("Voorjaar", Phase.OFFERING, date(2027, 1, 4), date(2027, 6, 30)),
        )
    )
)
SCHOOLS = (
    rows.SchoolRow(
        row=2,
        code="99AA00",
        name="Basisschool De Wilgenkamp",
        sector=Sector.PRIMARY,
        school_type="basisschool",
        street="Dorpsstraat 1",
        postcode="7081 AB",
        place="Gendringen",
        municipality="Oude IJsselstreek",
        lat=51.873,
        lon=6.377,
        holiday_region=HolidayRegion.MIDDLE,
        board="Stichting De Es",
        pupils=180,
        travel_mode=TravelMode.BICYCLE,
        website="https://www.wilgenkamp.example",
        contact_name="W&T-coördinator De Wilgenkamp",
        contact_email="techniek@wilgenkamp.example",
        contact_phone="0315 000 000",
        active=True,
    ),
    rows.SchoolRow(
        row=3,
        code="99AB01",
        name="Lyceum De Waard",
        sector=Sector.SECONDARY,
        place="Didam",
        municipality="Montferland",
        holiday_region=HolidayRegion.SOUTH,
        contact_name="Coördinator techniek De Waard",
        contact_email="techniek@waard.example",
        active=False,
    ),
)
GROUPS = (
    rows.GroupRow(row=2, school="99AA00", name="7/8", school_year="2026-2027", levels="groep 7/8", pupils=25),
    rows.GroupRow(row=3, school="99AB01", name="2B", school_year="2026-2027", levels="klas 2", pupils=28),
)
HOSTS = (
    rows.HostRow(
        row=2,
        code="B01",
        name="Lasbedrijf De Roodgloed",
        kind=HostKind.COMPANY,
        branches=("metaal", "bouw"),
        place="Ulft",
        municipality="Oude IJsselstreek",
        lat=51.89,
        lon=6.379,
        max_slots_per_day=2,
        contact_name="Contactpersoon onderwijs",
        contact_email="onderwijs@roodgloed.example",
        active=True,
    ),
)
ACTIVITIES = (
    rows.ActivityRow(
        row=2,
        code="A1",
        host="B01",
        kind=ActivityKind.COMPANY_VISIT,
        title="Lassen: lijm van vuur",
        description="Achter lasgordijnen.\nZelf proberen op de simulator.",
        practical="Dichte schoenen.",
        levels=("po7", "po8", "vo2"),
        min_pupils=8,
        max_pupils=30,
        duration_minutes=105,
        address="Havenweg 2, Terborg",
        lat=51.92,
        lon=6.36,
        mobile=False,
        approval=None,
    ),
    rows.ActivityRow(
        row=3,
        code="A2",
        host="B01",
        kind=ActivityKind.MOBILE_LESSON,
        title="De werkplaats op wielen",
        levels=("po7", "po8"),
        mobile=True,
        range_km=12.5,
    ),
)
SLOTS = (
    rows.SlotRow(
        row=2,
        code="T1",
        round="Najaar",
        activity="A1",
        date=date(2026, 10, 6),
        start=time(9),
        end=time(10, 45),
        groups=2,
        pupils=50,
        min_groups=1,
        series="dinsdagen",
        multi_stop_day="open dag",
        reserved_groups=1,
        reserved_schools=("99AA00",),
    ),
    rows.SlotRow(
        row=3,
        code="T2",
        round="Voorjaar",
        activity="A2",
        date=date(2027, 4, 6),
        start=time(13, 15),
        end=time(15),
        groups=1,
    ),
)
WISHES = (
    rows.WishRow(
        row=2,
        school="99AA00",
        group="7/8",
        round="Najaar",
        wanted=2,
        open_to_other=True,
        max_km=12.5,
        blocked=(
            rows.BlockedWall(datetime(2026, 10, 7, 9), datetime(2026, 10, 7, 12), "gym"),  # noqa: DTZ001
            rows.BlockedWall(datetime(2026, 10, 12), datetime(2026, 10, 15), "toetsweek"),  # noqa: DTZ001
        ),
        submitted=True,
        wishes=(("Wens 1", "A1"), ("Wens 2", "bedrijfsbezoek")),
    ),
    rows.WishRow(
        row=3, school="99AB01", group="2B", round="Najaar", submitted=False, wishes=(("Wens 1", "A1"),)
    ),
)
CLOSED_DAYS = (
    rows.ClosedDayRow(
        row=2,
        first_day=date(2026, 11, 5),
        last_day=date(2026, 11, 5),
        half_day="afternoon",
        organisation="99AA00",
        reason=ClosedDayReason.STUDY_DAY,
        name="Studiemiddag",
    ),
    rows.ClosedDayRow(
        row=3,
        first_day=date(2027, 2, 12),
        last_day=date(2027, 2, 16),
        holiday_region=HolidayRegion.SOUTH,
        reason=ClosedDayReason.CLOSED,
        name="Carnaval",
    ),
)
WORKBOOK = rows.RegionWorkbook(
    settings=SETTINGS,
    rounds=ROUNDS,
    closed_days=CLOSED_DAYS,
    schools=SCHOOLS,
    groups=GROUPS,
    hosts=HOSTS,
    activities=ACTIVITIES,
    slots=SLOTS,
    wishes=WISHES,
)


def workbook_file(**changes: Any) -> InputFile:
    """Return the small region as a file, with some of its sheets replaced."""
    return InputFile("klein.xlsx", write_workbook(replace(WORKBOOK, **changes)))
