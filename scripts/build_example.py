"""Write examples/achterhoek-liemers.xlsx: the same bytes every time, until the words or rules change.

All organisations are fictional and at real places; contacts are roles at reserved domains.
"""

from __future__ import annotations

import math
import random
import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from matchmaker.domain.distance import great_circle_km
from matchmaker.domain.dutch_places import find_holiday_region
from matchmaker.domain.kinds import ActivityKind, ClosedDayReason, Sector, TravelMode
from matchmaker.domain.levels import format_levels, parse_levels
from matchmaker.domain.phases import Phase
from matchmaker.exchange import rows
from matchmaker.exchange.vocabularies import ACTIVITY_KINDS, HOST_KINDS
from matchmaker.exchange.workbook_writer import write_workbook
from matchmaker.services.example_calendar import list_example_weeks
from matchmaker.services.school_holidays import list_public_holidays
from scripts.example_content import ACTIVITIES, HOSTS, PLACES, PRIMARY, SECONDARY, SPECIAL, ExampleActivity

OUT = Path(__file__).resolve().parent.parent / "examples" / "achterhoek-liemers.xlsx"
ANCHOR = date(2026, 9, 7)
FIRST, SECOND = "Eerste ronde", "Tweede ronde"
# Weeks of the two rounds, counted from the first week of visits.
WEEKS = {FIRST: range(7), SECOND: range(7, 16)}
ALL_WEEKS = list_example_weeks(ANCHOR)
MORNINGS = (time(9, 0), time(9, 30), time(10, 0))
AFTERNOONS = (time(12, 45), time(13, 0), time(13, 15))
TRAVEL = (TravelMode.BICYCLE, TravelMode.PARENTS_CARS, TravelMode.BUS)
SEED = 12
DICE = random.Random()  # noqa: S311 - a toss that everybody can repeat is what is wanted


def main() -> None:
    """Write the workbook and print what it holds."""
    workbook = build()
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_bytes(write_workbook(workbook))
    for name in ("schools", "groups", "hosts", "activities", "slots", "wishes", "rounds", "closed_days"):
        sys.stdout.write(f"{name}: {len(getattr(workbook, name))}\n")


def build() -> rows.RegionWorkbook:
    """Return the whole example region, the same each time."""
    DICE.seed(SEED)
    schools = build_schools()
    groups = build_groups({school.name: school for school in schools})
    hosts = tuple(build_hosts())
    slots = tuple(build_slots([school.code for school in schools]))
    return rows.RegionWorkbook(
        settings=build_settings(),
        rounds=tuple(build_rounds()),
        closed_days=tuple(build_closed_days(schools)),
        schools=schools,
        groups=groups,
        hosts=hosts,
        activities=tuple(build_activity(activity) for activity in ACTIVITIES),
        slots=slots,
        wishes=tuple(build_wishes(schools, groups, hosts)),
    )


def build_settings() -> rows.SettingsRow:
    """Return the region itself."""
    return rows.SettingsRow(
        name="Achterhoek en De Liemers (voorbeeld)",
        slug="achterhoek-liemers",
        sender_name="Techniekpact Achterhoek en De Liemers (voorbeeld)",
        contact_email="vragen@techniekpact-achterhoek-liemers.example",
        contact_phone="0314 000 000",
        organiser_name="Programmabureau",
        organiser_email="organisator@techniekpact-achterhoek-liemers.example",
        guarantee_primary=2,
        guarantee_secondary=2,
        guarantee_special=2,
        detour_factor=1.3,
        school_year="2026-2027",
        school_year_starts_on=date(2026, 8, 1),
        school_year_ends_on=date(2027, 7, 31),
        example_anchor=ANCHOR,
    )


def build_rounds() -> Iterator[rows.RoundRow]:
    """Give the round that is published and the round that waits for its allocation."""
    days = {FIRST: (-84, -56, -21, -3), SECOND: (-42, -28, -4, 10)}
    for name, phase in ((FIRST, Phase.PUBLISHED), (SECOND, Phase.ALLOCATING)):
        offering, wishing, until, result = (ANCHOR + timedelta(days=n) for n in days[name])
        weeks = WEEKS[name]
        yield rows.RoundRow(
            row=0,
            name=name,
            school_year="2026-2027",
            phase=phase,
            offering_on=offering,
            wishing_on=wishing,
            wishing_until=until,
            result_on=result,
            visits_from=ALL_WEEKS[weeks[0]],
            visits_until=ALL_WEEKS[weeks[-1]] + timedelta(days=4),
            min_gap_minutes=30,
            fairness_band=0.001,
            lottery_seed=f"loting {name.lower()}",
            reserved_until=until if name == SECOND else None,
        )


def build_schools() -> tuple[rows.SchoolRow, ...]:
    """Return all schools, spread around the middle of their town."""
    listed = [(name, place, Sector.PRIMARY, "basisschool") for name, place, _ in PRIMARY]
    listed += [(name, place, Sector.SECONDARY, kind) for name, place, kind, _ in SECONDARY]
    listed += [(name, place, Sector.SPECIAL, kind) for name, place, kind, _ in SPECIAL]
    return tuple(build_school(number, *school) for number, school in enumerate(listed))


def build_school(number: int, name: str, place: str, sector: Sector, school_type: str) -> rows.SchoolRow:
    """Return a school with a BRIN that is not given out: those of today end well before 99."""
    municipality, lat, lon, postcode = PLACES[place]
    lat, lon = spread(lat, lon)
    return rows.SchoolRow(
        row=0,
        code=f"99{chr(65 + number // 26)}{chr(65 + number % 26)}00",
        name=name,
        sector=sector,
        school_type=school_type,
        street=f"{DICE.choice(STREETS)} {DICE.randint(1, 60)}",
        postcode=f"{postcode} {chr(65 + DICE.randrange(8))}{chr(65 + DICE.randrange(8))}",
        place=place,
        municipality=municipality,
        lat=lat,
        lon=lon,
        holiday_region=find_holiday_region(place, municipality, "Gelderland"),
        board=DICE.choice(BOARDS[sector]) if sector is not Sector.PRIMARY else find_board(municipality),
        pupils=DICE.randint(*PUPILS_OF_SCHOOL[sector]),
        travel_mode=DICE.choice(TRAVEL),
        contact_name=f"W&T-coördinator {short(name)}"
        if sector is not Sector.SECONDARY
        else f"Coördinator techniek {short(name)}",
        contact_email=f"techniek@{domain(name)}",
        active=True,
    )


STREETS = (
    "Schoolstraat",
    "Dorpsstraat",
    "Kerkweg",
    "Molenweg",
    "Lindelaan",
    "Esweg",
    "Beekpad",
    "Kloosterlaan",
)
BOARDS = {
    Sector.SECONDARY: ("Stichting Voortgezet Onderwijs Oost", "Stichting Vakonderwijs Grensland"),
    Sector.SPECIAL: ("Stichting Passend Leren Oost",),
}


PUPILS_OF_SCHOOL = {Sector.PRIMARY: (95, 310), Sector.SECONDARY: (340, 1100), Sector.SPECIAL: (60, 140)}


def find_board(municipality: str) -> str:
    """Return the board of a primary school: one for each part of the region."""
    if municipality in {"Zevenaar", "Duiven", "Westervoort", "Doesburg", "Montferland"}:
        return "Stichting Liemers Leren"
    if municipality in {"Winterswijk", "Aalten", "Oost Gelre", "Berkelland"}:
        return "Stichting Onderwijs Slinge en Berkel"
    return "Stichting De Es"


def spread(lat: float, lon: float, km: float = 1.2) -> tuple[float, float]:
    """Return a point near another one."""
    angle, distance = DICE.uniform(0, 2 * math.pi), DICE.uniform(0.1, km)
    lat += distance * math.cos(angle) / 111.2
    lon += distance * math.sin(angle) / (111.2 * math.cos(math.radians(lat)))
    return round(lat, 5), round(lon, 5)


def short(name: str) -> str:
    """Return a school's name without the word for what it is."""
    return re.sub(r"^(Basisschool|Kindcentrum|Montessorischool|Daltonschool) ", "", name)


def domain(name: str) -> str:
    """Return a reserved domain for an organisation."""
    plain = unicodedata.normalize("NFKD", short(name)).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") + ".example"


# Pupils of a class of secondary school, and of one for practical training.
PUPILS = {False: (21, 28), True: (12, 17)}


def build_groups(schools: dict[str, rows.SchoolRow]) -> tuple[rows.GroupRow, ...]:
    """Return the groups of all schools."""
    groups: list[rows.GroupRow] = []
    for name, _, classes in PRIMARY:
        # Pupils of one year; small villages have small schools, and so combined classes.
        groups += [
            group(schools[name].code, title, re.sub(r"[A-Z]", "", title), DICE.randint(18, 29))
            for title in classes.split()
        ]
    for name, _, _, classes in SECONDARY:
        groups += [
            group(
                schools[name].code,
                title,
                f"klas {title[0]}",
                DICE.randint(12, 17) if "P" in title else DICE.randint(21, 28),
            )
            for title in classes.split()
        ]
    for name, _, _, special in SPECIAL:
        groups += [group(schools[name].code, title, levels, pupils) for title, levels, pupils in special]
    return tuple(groups)


def group(school: str, name: str, levels: str, pupils: int) -> rows.GroupRow:
    """Return one group; its levels as the sheet writes them."""
    return rows.GroupRow(
        row=0,
        school=school,
        name=name,
        school_year="2026-2027",
        levels=format_levels(parse_levels(levels)),
        pupils=pupils,
    )


def build_hosts() -> Iterator[rows.HostRow]:
    """Give all hosts."""
    for host in HOSTS:
        municipality, lat, lon, postcode = PLACES[host.place]
        lat, lon = spread(lat, lon, 2.0)
        yield rows.HostRow(
            row=0,
            code=host.code,
            name=host.name,
            kind=HOST_KINDS.parse(host.kind),
            branches=tuple(host.branches.split("; ")),
            street=f"{DICE.choice(WORK_STREETS)} {DICE.randint(1, 90)}",
            postcode=f"{postcode} {chr(74 + DICE.randrange(8))}{chr(65 + DICE.randrange(8))}",
            place=host.place,
            municipality=municipality,
            lat=lat,
            lon=lon,
            max_slots_per_day=host.per_day,
            website=f"https://www.{domain(host.name)}",
            contact_name=f"Contactpersoon onderwijs {host.name}"[:200],
            contact_email=f"onderwijs@{domain(host.name)}",
            active=True,
        )


WORK_STREETS = (
    "Industrieweg",
    "Ambachtstraat",
    "Energieweg",
    "Nijverheidsweg",
    "Havenstraat",
    "Edisonstraat",
)


def build_activity(activity: ExampleActivity) -> rows.ActivityRow:
    """Return an activity as the sheet has it."""
    return rows.ActivityRow(
        row=0,
        code=activity.code,
        host=activity.host,
        kind=ACTIVITY_KINDS.parse(activity.kind),
        title=activity.title,
        description=activity.description,
        practical=activity.practical,
        levels=parse_levels(activity.levels),
        min_pupils=activity.pupils[0],
        max_pupils=activity.pupils[1],
        duration_minutes=activity.minutes,
        mobile=activity.range_km is not None,
        range_km=activity.range_km,
    )


def build_slots(school_codes: list[str]) -> Iterator[rows.SlotRow]:
    """Give the slots of both rounds: numbered in the order of their dates."""
    drafts = [slot for round_name in (FIRST, SECOND) for slot in draft_slots(round_name)]
    drafts.sort(key=lambda slot: (slot.date, slot.start or time(), slot.activity))
    reserved = {"A13": tuple(school_codes[-6:]), "A16": tuple(school_codes[11:12])}
    for number, slot in enumerate(drafts, start=1):
        kept = reserved.get(slot.activity) if slot.round == SECOND else None
        yield replace(
            slot, code=f"TV{number:03}", reserved_groups=1 if kept else None, reserved_schools=kept or None
        )


def draft_slots(round_name: str) -> Iterator[rows.SlotRow]:
    """Give the slots of a round: hosts do no more on one day than they said."""
    busy: dict[tuple[str, date], int] = {}
    limits = {host.code: host.per_day for host in HOSTS}
    fair_day = ALL_WEEKS[WEEKS[round_name][3]] + timedelta(days=3)
    for activity in ACTIVITIES:
        count = activity.slots[0 if round_name == FIRST else 1]
        for turn in range(count):
            if activity.kind == "techniekdag":
                yield carousel_slot(round_name, activity, fair_day, turn)
                continue
            day = choose_day(round_name, activity.host, busy, limits[activity.host])
            start = choose_start(activity, day, busy[activity.host, day])
            yield slot(round_name, activity, day, start)


def choose_day(round_name: str, host: str, busy: dict[tuple[str, date], int], limit: int) -> date:
    """Return a day on which the host has room, and count it."""
    off = {holiday.first_day for holiday in list_public_holidays(ALL_WEEKS[0], ALL_WEEKS[-1])}
    while True:
        day = ALL_WEEKS[DICE.choice(WEEKS[round_name])] + timedelta(days=DICE.randrange(5))
        if day not in off and busy.get((host, day), 0) < min(limit, 2):
            busy[host, day] = busy.get((host, day), 0) + 1
            return day


def choose_start(activity: ExampleActivity, day: date, turn: int) -> time:
    """Return when it begins: long ones and Wednesdays in the morning, the second of a day after lunch."""
    afternoon_fits = activity.minutes <= 105 and day.weekday() != 2
    if turn > 1 and afternoon_fits:
        return AFTERNOONS[1]
    if turn > 1:
        return time(11, 15)
    if activity.minutes > 105 or not afternoon_fits:
        return MORNINGS[0]
    return (
        DICE.choice(MORNINGS[:2] if turn else MORNINGS)
        if DICE.random() < 0.7 or turn
        else DICE.choice(AFTERNOONS)
    )


def slot(round_name: str, activity: ExampleActivity, day: date, start: time) -> rows.SlotRow:
    """Return one slot."""
    end = datetime.combine(day, start) + timedelta(minutes=activity.minutes)
    return rows.SlotRow(
        row=0,
        activity=activity.code,
        round=round_name,
        date=day,
        start=start,
        end=end.time(),
        groups=activity.groups,
        pupils=activity.groups * activity.pupils[1] if activity.groups > 1 else activity.pupils[1],
        min_groups=activity.min_groups or None,
        series=f"{activity.code} {round_name.lower()}",
    )


def carousel_slot(round_name: str, activity: ExampleActivity, day: date, turn: int) -> rows.SlotRow:
    """Return a stop of the Techniekdag: three times a morning, all stops at once."""
    start = (time(9, 0), time(10, 15), time(11, 30))[turn]
    return replace(slot(round_name, activity, day, start), multi_stop_day="Techniekdag")


def build_closed_days(schools: tuple[rows.SchoolRow, ...]) -> Iterator[rows.ClosedDayRow]:
    """Give a study day to every fourth school."""
    for number, school in enumerate(schools[::4]):
        day = ALL_WEEKS[2 + number % 12] + timedelta(days=number % 5)
        yield rows.ClosedDayRow(
            row=0,
            first_day=day,
            last_day=day,
            organisation=school.code,
            reason=ClosedDayReason.STUDY_DAY,
            name="Studiedag team",
        )


def build_wishes(
    schools: tuple[rows.SchoolRow, ...], groups: tuple[rows.GroupRow, ...], hosts: tuple[rows.HostRow, ...]
) -> Iterator[rows.WishRow]:
    """Give the wishes: a few groups of most schools in the first round, nearly all in the second."""
    by_code = {school.code: school for school in schools}
    places = {host.code: (host.lat or 0.0, host.lon or 0.0) for host in hosts}
    first = set(choose_first_round(schools, groups))
    for round_name in (FIRST, SECOND):
        for number, one in enumerate(groups):
            if round_name == FIRST and number not in first:
                continue
            if round_name == SECOND and DICE.random() < 0.06:
                continue
            yield build_wish(round_name, one, by_code[one.school], places)


def choose_first_round(
    schools: tuple[rows.SchoolRow, ...], groups: tuple[rows.GroupRow, ...]
) -> Iterator[int]:
    """Give the groups that take part in the first round: one or two of three schools in four."""
    for school in schools:
        numbers = [number for number, one in enumerate(groups) if one.school == school.code]
        if DICE.random() < 0.75:
            yield from DICE.sample(numbers, min(len(numbers), DICE.choice((1, 1, 1, 2))))


def build_wish(
    round_name: str, one: rows.GroupRow, school: rows.SchoolRow, places: dict[str, tuple[float, float]]
) -> rows.WishRow:
    """Return what a group asks: near activities for its levels, sometimes a kind, sometimes anything."""
    levels = set(parse_levels(one.levels or "", school.sector or Sector.PRIMARY))
    max_km = choose_max_km(school)
    fitting = [
        activity
        for activity in ACTIVITIES
        if within_reach(activity, school, places, max_km)
        and levels <= set(parse_levels(activity.levels))
        and activity.pupils[0] <= (one.pupils or 0) <= activity.pupils[1]
        and activity.slots[0 if round_name == FIRST else 1]
    ]
    wishes = [activity.code for activity in choose_near(fitting, school, places)]
    if DICE.random() < 0.25 and wishes:
        wishes[-1] = ACTIVITY_KINDS.write(DICE.choice(fitting_kinds(fitting)))
    carousel = any(code in {"A18", "A19", "A20", "A21"} for code in wishes[:2])
    return rows.WishRow(
        row=0,
        school=one.school,
        group=one.name,
        round=round_name,
        wanted=2 if carousel or DICE.random() < 0.12 else 1,
        open_to_other=DICE.random() < 0.4,
        max_km=max_km,
        blocked=choose_blocked(round_name),
        submitted=True,
        wishes=tuple((str(rank), text) for rank, text in enumerate(dict.fromkeys(wishes), start=1)),
    )


def within_reach(
    activity: ExampleActivity,
    school: rows.SchoolRow,
    places: dict[str, tuple[float, float]],
    max_km: float | None,
) -> bool:
    """Return whether a teacher thinks that it is near enough; now and then they are wrong."""
    km = great_circle_km(school.lat or 0.0, school.lon or 0.0, *places[activity.host]) * 1.3
    return km <= (activity.range_km or max_km or 45.0) + DICE.choice((0, 0, 0, 0, 0, 0, 3))


def choose_near(
    fitting: list[ExampleActivity], school: rows.SchoolRow, places: dict[str, tuple[float, float]]
) -> list[ExampleActivity]:
    """Return three to six activities: near ones and known ones, which have more slots, come first."""
    lat, lon = school.lat or 0.0, school.lon or 0.0

    def appeal(activity: ExampleActivity) -> float:
        km = 6.0 if activity.range_km else great_circle_km(lat, lon, *places[activity.host])
        favourite = 1.4 if activity.code in {"A14", "A16", "A28"} else 1.0
        favourite *= 0.7 + 0.25 * activity.groups * sum(activity.slots) / 3
        return math.pow(DICE.random(), (km + 3.0) / (10.0 * favourite))

    ranked = sorted(((appeal(activity), activity.code, activity) for activity in fitting), reverse=True)
    return [activity for _, _, activity in ranked[: DICE.choice((3, 4, 4, 5, 5, 6))]]


def fitting_kinds(fitting: list[ExampleActivity]) -> list[ActivityKind]:
    """Return the kinds of activities that a group could do, in a stable order."""
    return sorted({ACTIVITY_KINDS.parse(activity.kind) for activity in fitting})


def choose_max_km(school: rows.SchoolRow) -> float | None:
    """Return how far a group wants to travel: on foot and by bicycle not far."""
    if school.sector is Sector.SECONDARY:
        return DICE.choice((20.0, 25.0, 30.0, None))
    if school.travel_mode is TravelMode.BICYCLE:
        return DICE.choice((8.0, 10.0, 12.0))
    return DICE.choice((12.0, 15.0, 20.0, 25.0, None))


def choose_blocked(round_name: str) -> tuple[rows.BlockedWall, ...] | None:
    """Return the times at which a group cannot come: a test week, a gym morning, or none."""
    toss = DICE.random()
    monday = ALL_WEEKS[DICE.choice(WEEKS[round_name])]
    if toss < 0.15:
        return (rows.BlockedWall(at(monday, time()), at(monday + timedelta(days=5), time()), "toetsweek"),)
    if toss < 0.35:
        day = monday + timedelta(days=DICE.randrange(5))
        return (rows.BlockedWall(at(day, time(8, 30)), at(day, time(12, 0)), "gym en zwemmen"),)
    return None


def at(day: date, clock_time: time) -> datetime:
    """Return a wall-clock time on a day."""
    return datetime.combine(day, clock_time)


if __name__ == "__main__":
    main()
