"""The sheets of the region workbook, column by column: the one place that says what they hold.

The reader, the writer, the template with its explanations and the guide in docs/data.md follow this list.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from matchmaker.domain.dutch_input import (
    parse_boolean,
    parse_code,
    parse_date,
    parse_email,
    parse_number,
    parse_paragraphs,
    parse_postcode,
    parse_pupil_count,
    parse_school_code,
    parse_time,
    parse_time_range,
    parse_whole,
)
from matchmaker.exchange import rows
from matchmaker.exchange.cells import (
    parse_activity_or_kind,
    parse_blocked,
    parse_half_day,
    parse_level_cell,
    parse_level_text,
    parse_list,
    parse_reference,
    parse_school_codes,
    write_blocked,
    write_half_day,
    write_levels,
    write_list,
)
from matchmaker.exchange.columns import CellStyle, Column, SheetSpec, at_most, between
from matchmaker.exchange.vocabularies import (
    ACTIVITY_KINDS,
    APPROVALS,
    CLOSED_DAY_REASONS,
    HOLIDAY_REGIONS,
    HOST_KINDS,
    PHASES,
    SECTORS,
    SLOT_STATES,
    TRAVEL_MODES,
)

NUMBER, DATE, TIME, LONG = CellStyle.NUMBER, CellStyle.DATE, CellStyle.TIME, CellStyle.LONG_TEXT
YES_NO = ("ja", "nee")
_text, _name, _long = at_most(200), at_most(80), at_most(5000, parse_paragraphs)


def _write_boolean(value: bool | None) -> str | None:
    return None if value is None else ("ja" if value else "nee")


def _check_coordinates(row: rows.OrganisationRow | rows.ActivityRow) -> list[tuple[str, str]]:
    if row.is_sound_in("Breedtegraad", "Lengtegraad") and (row.lat is None) != (row.lon is None):
        return [("Breedtegraad", "Vul breedtegraad én lengtegraad in, of geen van beide.")]
    return []


_ADDRESS = (
    Column("street", "Straat", "Street", _text, "Straat en huisnummer.", aliases=("straatnaam", "adres"),
           width=24),
    Column("house_number", "Huisnummer", "House number", _name, "Alleen als het niet bij de straat staat.",
           aliases=("huisnummer toevoeging",), width=11),
    Column("postcode", "Postcode", "Postcode", parse_postcode, "Bijvoorbeeld 7121 KZ.", width=10),
    Column("place", "Plaats", "Place", _text, "Woonplaats.", aliases=("plaatsnaam", "woonplaats"), width=18),
    Column("municipality", "Gemeente", "Municipality", _text, "Gemeente.", aliases=("gemeentenaam",),
           width=18),
)  # fmt: skip
_COORDINATES = (
    Column("lat", "Breedtegraad", "Latitude", between(-90, 90, parse_number, "De breedtegraad"),
           "WGS84, bijvoorbeeld 51,96. Leeg: wij zoeken de plaats bij de postcode.",
           aliases=("lat", "breedte"), style=NUMBER, width=12),
    Column("lon", "Lengtegraad", "Longitude", between(-180, 180, parse_number, "De lengtegraad"),
           "WGS84, bijvoorbeeld 6,29.", aliases=("lon", "lng", "lengte"), style=NUMBER, width=12),
)  # fmt: skip
_CONTACT = (
    Column("website", "Website", "Website", _text, "Adres van de website.", aliases=("internetadres",),
           width=22),
    Column("contact_name", "Contactpersoon", "Contact name", _text,
           "Naam of rol van wie de mails krijgt, bijvoorbeeld W&T-coördinator.", aliases=("contact",),
           width=26),
    Column("contact_email", "E-mail contactpersoon", "Contact e-mail", parse_email,
           "Hiermee logt de contactpersoon in. Geen privéadres.",
           aliases=("e mail", "email", "contact email"), width=34),
    Column("contact_phone", "Telefoon contactpersoon", "Contact phone", _name, "Mag leeg blijven.",
           aliases=("telefoon", "telefoonnummer"), width=16),
    Column("active", "Actief", "Active", parse_boolean, "Nee: doet niet meer mee. Leeg: ja.", choices=YES_NO,
           write=_write_boolean, width=8),
)  # fmt: skip

SCHOOLS = SheetSpec(
    "Schools", "Scholen", rows.SchoolRow,
    (
        Column("code", "Code", "Code", parse_school_code,
               "BRIN en vestiging, bijvoorbeeld 00AB00. Een school zonder BRIN krijgt een eigen code.",
               required=True, aliases=("schoolcode", "vestigingscode", "brin en vestiging"), width=10),
        Column("name", "Naam", "Name", _text, "Naam van de schoollocatie.", required=True,
               aliases=("school", "schoolnaam", "vestigingsnaam"), width=32),
        Column("sector", "Sector", "Sector", SECTORS.parse, "Basis-, voortgezet of speciaal onderwijs.",
               aliases=("onderwijssoort",), choices=SECTORS.labels, write=SECTORS.write, width=20),
        Column("school_type", "Schooltype", "School type", _text, "Bijvoorbeeld basisschool of vmbo.",
               aliases=("type", "soort"), width=14),
        *_ADDRESS,
        Column("province", "Provincie", "Province", _text,
               "Alleen nodig om de vakantieregio te vinden; wordt niet bewaard.", width=12),
        *_COORDINATES,
        Column("holiday_region", "Vakantieregio", "Holiday region", HOLIDAY_REGIONS.parse,
               "Leeg: wij leiden hem af van plaats en gemeente.", choices=HOLIDAY_REGIONS.labels,
               write=HOLIDAY_REGIONS.write, width=12),
        Column("board", "Bestuur", "Board", _text, "Schoolbestuur.", aliases=("bevoegd gezag",), width=18),
        Column("pupils", "Leerlingen", "Pupils", parse_pupil_count, "Aantal leerlingen van de locatie.",
               aliases=("aantal leerlingen",), style=NUMBER, width=10),
        Column("travel_mode", "Vervoer", "Travel mode", TRAVEL_MODES.parse, "Hoe groepen meestal reizen.",
               choices=TRAVEL_MODES.labels, write=TRAVEL_MODES.write, width=16),
        *_CONTACT,
    ),
    ("code",), "Elke schoollocatie op één rij.", _check_coordinates,
)  # fmt: skip

HOSTS = SheetSpec(
    "Hosts", "Aanbieders", rows.HostRow,
    (
        Column("code", "Code", "Code", parse_code, "Een korte eigen code, bijvoorbeeld B01.", required=True,
               aliases=("aanbiedercode",), width=10),
        Column("name", "Naam", "Name", _text, "Naam van de aanbieder.", required=True,
               aliases=("bedrijf", "bedrijfsnaam", "aanbieder"), width=32),
        Column("kind", "Soort", "Kind", HOST_KINDS.parse, "Wat voor aanbieder het is. Leeg: bedrijf.",
               choices=HOST_KINDS.labels, write=HOST_KINDS.write, width=18),
        Column("branches", "Branches", "Branches", lambda cell: parse_list(cell, at_most(80)),
               "Branches, gescheiden door een puntkomma.", aliases=("branche", "sector"), write=write_list,
               width=24),
        *_ADDRESS,
        *_COORDINATES,
        Column("max_slots_per_day", "Tijdvakken per dag", "Slots per day", between(1, 100, parse_whole),
               "Hoeveel tijdvakken er op één dag hoogstens doorgaan. Leeg: geen grens.", style=NUMBER,
               width=11),
        *_CONTACT,
    ),
    ("code",), "Elke aanbieder op één rij: bedrijf, technieklokaal, science center, mobiel lab …",
    _check_coordinates,
)  # fmt: skip

GROUPS = SheetSpec(
    "Groups", "Groepen", rows.GroupRow,
    (
        Column("school", "School", "School", parse_school_code, "Code van de school.", required=True,
               refers_to="Schools",
               aliases=("schoolcode", "code school"), width=10),
        Column("name", "Groep", "Group", _name, "Naam van de groep of klas, bijvoorbeeld 7/8 of 2B.",
               required=True,
               aliases=("naam", "klas", "groepsnaam"), width=12),
        Column("levels", "Niveaus", "Levels", parse_level_text,
               "7/8 voor een combinatiegroep, groep 7, klas 2.", aliases=("niveau", "leerjaar",
               "leerjaren"), width=12),
        Column("pupils", "Leerlingen", "Pupils", between(1, 500, parse_whole, "Het aantal leerlingen"),
               "Aantal leerlingen.", aliases=("aantal leerlingen",), style=NUMBER, width=10),
        Column("school_year", "Schooljaar", "School year", _name, "Leeg: het schooljaar van de instellingen.",
               width=12),
    ),
    ("school", "name", "school_year"), "Elke groep of klas op één rij. Noteer nooit namen van leerlingen.",
)  # fmt: skip

WISHES = SheetSpec(
    "Wishes", "Wensen", rows.WishRow,
    (
        Column("school", "School", "School", parse_school_code, "Code van de school.", required=True,
               refers_to="Schools",
               aliases=("schoolcode",), width=10),
        Column("group", "Groep", "Group", _name, "Naam van de groep, zoals op het blad Groepen.",
               required=True,
               aliases=("klas",), width=12),
        Column("round", "Ronde", "Round", _text, "Leeg mag als er één ronde is.",
               refers_to="Rounds", width=24),
        Column("wanted", "Aantal gewenst", "Wanted", between(1, 20, parse_whole, "Het aantal gewenst"),
               "Hoeveel activiteiten de groep hoogstens wil. Leeg: 1.", style=NUMBER, width=10),
        Column("open_to_other", "Ook iets anders", "Open to other", parse_boolean,
               "Ja: de groep mag ook een andere passende activiteit krijgen.", choices=YES_NO,
               write=_write_boolean, width=10),
        Column("max_km", "Hoogstens km", "Max km", between(0, 500, parse_number, "De afstand"),
               "Hoe ver de groep hoogstens wil reizen (enkele reis). Leeg: geen grens.", style=NUMBER,
               width=10),
        Column("blocked", "Kan niet op", "Blocked times", parse_blocked,
               "12-3-2027; 15-3-2027 9.00-12.00; 20-3-2027 t/m 24-3-2027 (studiedagen)", write=write_blocked,
               aliases=("geblokkeerd", "niet op"), width=32),
        Column("submitted", "Ingediend", "Submitted", parse_boolean,
               "Nee: nog een concept, doet niet mee. Leeg: ja.", choices=YES_NO, write=_write_boolean,
               width=9),
        Column("wishes", "Wens", "Wish", parse_activity_or_kind,
               "Code van een activiteit of een soort (bijvoorbeeld bedrijfsbezoek), liefste eerst.",
               repeats=8,
               width=16),
    ),
    ("school", "group", "round"), "Wat een groep in een ronde vraagt: de liefste wens eerst.",
)  # fmt: skip


def _check_activity(row: rows.ActivityRow) -> list[tuple[str, str]]:
    problems = _check_coordinates(row)
    if row.min_pupils is not None and row.max_pupils is not None and row.min_pupils > row.max_pupils:
        problems.append(("Minimaal leerlingen", "Het minimum is groter dan het maximum."))
    return problems


ACTIVITIES = SheetSpec(
    "Activities", "Activiteiten", rows.ActivityRow,
    (
        Column("code", "Code", "Code", parse_code, "Een korte eigen code, bijvoorbeeld A01.", required=True,
               width=10),
        Column("host", "Aanbieder", "Host", parse_reference, "Code van de aanbieder.", required=True,
               refers_to="Hosts",
               width=10),
        Column("kind", "Soort", "Kind", ACTIVITY_KINDS.parse, "Wat voor activiteit het is.", required=True,
               choices=ACTIVITY_KINDS.labels, write=ACTIVITY_KINDS.write, width=16),
        Column("title", "Titel", "Title", _text, "Wat scholen als eerste lezen.", required=True, width=36),
        Column("description", "Beschrijving", "Description", _long, "Wat leerlingen doen en zien.",
               aliases=("omschrijving",), style=LONG, width=60),
        Column("practical", "Praktisch", "Practical", _long, "Waar melden, wat meenemen, wie begeleidt.",
               style=LONG, width=50),
        Column("levels", "Niveaus", "Levels", parse_level_cell,
               "5 t/m 8, groep 7/8, klas 1/2. Een los getal is een groep van de basisschool.", required=True,
               aliases=("niveau",), write=write_levels, width=16),
        Column("min_pupils", "Minimaal leerlingen", "Min pupils", between(1, 500, parse_whole), "Per groep.",
               style=NUMBER, width=10),
        Column("max_pupils", "Maximaal leerlingen", "Max pupils", between(1, 500, parse_whole), "Per groep.",
               style=NUMBER, width=10),
        Column("duration_minutes", "Duur (minuten)", "Duration", between(5, 1440, parse_whole, "De duur"),
               "Hoe lang de activiteit duurt.", aliases=("duur", "duration minutes"), style=NUMBER, width=10),
        Column("address", "Adres", "Address", _text, "Alleen als het niet bij de aanbieder zelf is.",
               width=28),
        *_COORDINATES,
        Column("mobile", "Komt naar school", "Mobile", parse_boolean, "Ja: de aanbieder komt naar de school.",
               aliases=("mobiel",), choices=YES_NO, write=_write_boolean, width=10),
        Column("range_km", "Bereik km", "Range km", between(0, 500, parse_number, "Het bereik"),
               "Hoe ver de aanbieder naar scholen komt. Leeg: overal.", style=NUMBER, width=10),
        Column("approval", "Goedkeuring", "Approval", APPROVALS.parse, "Leeg: goedgekeurd.",
               choices=APPROVALS.labels, write=APPROVALS.write, width=12),
    ),
    ("code",), "Wat aanbieders te bieden hebben; de data staan op het blad Tijdvakken.", _check_activity,
)  # fmt: skip


def _check_slot(row: rows.SlotRow) -> list[tuple[str, str]]:
    times = row.times()
    problems = []
    if times is None and row.is_sound_in("Begin", "Einde", "Tijd"):
        problems.append(("Begin", "Vul begin en einde in, of een tijd zoals 9.00–11.00."))
    if times is not None and times[0] >= times[1]:
        problems.append(("Einde", "De eindtijd moet na de begintijd liggen."))
    groups = (row.groups or 1) if row.is_sound_in("Groepen") else None
    if groups is not None and (row.min_groups or 0) > groups:
        problems.append(("Minimaal groepen", "Het minimum is groter dan het aantal groepen."))
    if groups is not None and (row.reserved_groups or 0) > groups:
        problems.append(("Gereserveerd", "Er zijn meer plaatsen gereserveerd dan er zijn."))
    if not row.is_sound_in("Gereserveerd voor"):
        return problems
    if row.reserved_groups and not row.reserved_schools:
        problems.append(("Gereserveerd voor", "Noem de scholen waarvoor plaatsen gereserveerd zijn."))
    return problems


SLOTS = SheetSpec(
    "Slots", "Tijdvakken", rows.SlotRow,
    (
        Column("code", "Code", "Code", parse_code, "Eigen code. Leeg: activiteit, datum en begintijd.",
               width=22),
        Column("round", "Ronde", "Round", _text, "Leeg mag als er één ronde is.",
               refers_to="Rounds", width=24),
        Column("activity", "Activiteit", "Activity", parse_reference, "Code van de activiteit.",
               refers_to="Activities",
               required=True,
               aliases=("activiteitcode",), width=10),
        Column("date", "Datum", "Date", parse_date, "Bijvoorbeeld 12-3-2027.", required=True, style=DATE,
               width=12),
        Column("start", "Begin", "Start", parse_time, "Bijvoorbeeld 13.30.", aliases=("begintijd", "van"),
               style=TIME, width=8),
        Column("end", "Einde", "End", parse_time, "Bijvoorbeeld 15.00.", aliases=("eindtijd", "tot"),
               style=TIME, width=8),
        Column("time_range", "Tijd", "Time", parse_time_range, "In plaats van begin en einde: 9.00–11.00.",
               aliases=("tijden",), write=lambda _value: None, width=12),
        Column("groups", "Groepen", "Groups", between(1, 1000, parse_whole),
               "Plaats voor zoveel groepen. Leeg: 1.",
               aliases=("aantal groepen",), style=NUMBER, width=9),
        Column("pupils", "Leerlingen", "Pupils", between(1, 20_000, parse_whole),
               "Plaats voor zoveel leerlingen samen. Leeg: geen grens.", style=NUMBER, width=10),
        Column("min_groups", "Minimaal groepen", "Min groups", between(0, 1000, parse_whole),
               "Gaat alleen door met zoveel groepen.", style=NUMBER, width=10),
        Column("series", "Reeks", "Series", _name, "Zelfde naam voor tijdvakken die bij elkaar horen.",
               width=14),
        Column("multi_stop_day", "Rondgang", "Multi-stop day", _name,
               "Zelfde naam: een groep mag op die dag meer dan één onderdeel doen.", width=14),
        Column("reserved_groups", "Gereserveerd", "Reserved groups", between(0, 1000, parse_whole),
               "Zoveel groepen zijn vrijgehouden voor de scholen hiernaast.", style=NUMBER, width=10),
        Column("reserved_schools", "Gereserveerd voor", "Reserved for", parse_school_codes,
               "Codes van scholen, gescheiden door een puntkomma.", write=write_list, width=24),
        Column("state", "Status", "State", SLOT_STATES.parse, "Leeg: open.", choices=SLOT_STATES.labels,
               write=SLOT_STATES.write, width=11),
    ),
    ("code",), "Elk tijdvak met datum, tijd en aantal plaatsen.", _check_slot,
)  # fmt: skip


def _check_round(row: rows.RoundRow) -> list[tuple[str, str]]:
    dates: list[tuple[str, date | None]] = [
        ("Aanbod vanaf", row.offering_on), ("Wensen vanaf", row.wishing_on), ("Wensen tot en met",
        row.wishing_until),
        ("Uitslag op", row.result_on), ("Bezoeken vanaf", row.visits_from), ("Bezoeken tot en met",
        row.visits_until),
    ]  # fmt: skip
    known = [(title, day) for title, day in dates if day is not None]
    return [
        (title, f"Deze datum ligt voor “{before}”.")
        for (before, earlier), (title, later) in pairwise(known)
        if later < earlier
    ]


ROUNDS = SheetSpec(
    "Rounds", "Rondes", rows.RoundRow,
    (
        Column("name", "Naam", "Name", _text, "Naam van de ronde.", required=True, aliases=("ronde",
               "round"), width=28),
        Column("school_year", "Schooljaar", "School year", _name,
               "Leeg: het schooljaar van de instellingen.", width=12),
        Column("phase", "Fase", "Phase", PHASES.parse,
               "Telt alleen voor een nieuwe ronde. Leeg: voorbereiden.", choices=PHASES.labels,
               write=PHASES.write,
               width=18),
        Column("offering_on", "Aanbod vanaf", "Offering from", parse_date, "Aanbieders melden tijdvakken.",
               required=True, style=DATE, width=12),
        Column("wishing_on", "Wensen vanaf", "Wishes from", parse_date, "Scholen geven wensen op.",
               required=True,
               style=DATE, width=12),
        Column("wishing_until", "Wensen tot en met", "Wishes until", parse_date, "Laatste dag voor wensen.",
               required=True, style=DATE, width=12),
        Column("result_on", "Uitslag op", "Result on", parse_date, "Scholen horen wat zij kregen.",
               required=True,
               style=DATE, width=12),
        Column("visits_from", "Bezoeken vanaf", "Visits from", parse_date, "Eerste dag van de activiteiten.",
               required=True, style=DATE, width=12),
        Column("visits_until", "Bezoeken tot en met", "Visits until", parse_date,
               "Laatste dag van de activiteiten.",
               required=True, style=DATE, width=12),
        Column("min_gap_minutes", "Tussentijd (minuten)", "Min gap", between(0, 600, parse_whole,
               "De tussentijd"),
               "Tijd die een groep tussen twee tijdvakken op een dag nodig heeft. Leeg: 30.",
               aliases=("tussentijd",), style=NUMBER, width=10),
        Column("fairness_band", "Eerlijkheidsband", "Fairness band", between(0, 0.05, parse_number,
               "De band"),
               "Hoeveel eerlijkheid mag wijken voor wensen en kilometers: 0 tot 0,05. Leeg: 0,001.",
               style=NUMBER,
               width=10),
        Column("lottery_seed", "Lotingstekst", "Lottery seed", _name,
               "Hieruit volgt het lotnummer van elke school. Leeg: de naam van de ronde.", width=20),
        Column("reserved_until", "Gereserveerd tot", "Reserved until", parse_date,
               "Vanaf deze dag zijn vrijgehouden plaatsen voor iedereen.", style=DATE, width=12),
    ),
    ("name", "school_year"), "De rondes waarin plaatsen worden verdeeld.", _check_round,
)  # fmt: skip


def _check_closed_day(row: rows.ClosedDayRow) -> list[tuple[str, str]]:
    problems = []
    is_dated = row.is_sound_in("Eerste dag", "Laatste dag")
    if is_dated and row.last_day is not None and row.last_day < row.first_day:
        problems.append(("Laatste dag", "De laatste dag ligt voor de eerste."))
    if row.organisation is not None and row.holiday_region is not None:
        problems.append(("Organisatie", "Kies een organisatie of een vakantieregio, niet beide."))
    return problems


CLOSED_DAYS = SheetSpec(
    "Closed days", "Vrije dagen", rows.ClosedDayRow,
    (
        Column("first_day", "Eerste dag", "First day", parse_date, "Eerste vrije dag.", required=True,
               aliases=("datum", "van"), style=DATE, width=12),
        Column("last_day", "Laatste dag", "Last day", parse_date, "Leeg: één dag.", aliases=("tot en met",),
               style=DATE, width=12),
        Column("half_day", "Dagdeel", "Half day", parse_half_day, "Leeg: de hele dag.",
               choices=("ochtend", "middag"), write=write_half_day, width=10),
        Column("holiday_region", "Vakantieregio", "Holiday region", HOLIDAY_REGIONS.parse,
               "Alleen voor scholen in deze vakantieregio.", choices=HOLIDAY_REGIONS.labels,
               write=HOLIDAY_REGIONS.write, width=12),
        Column("organisation", "Organisatie", "Organisation", parse_reference,
               "Code van één school of aanbieder. Leeg: voor iedereen.", aliases=("school", "aanbieder"),
               width=12),
        Column("reason", "Reden", "Reason", CLOSED_DAY_REASONS.parse, "Leeg: gesloten.",
               choices=CLOSED_DAY_REASONS.labels, write=CLOSED_DAY_REASONS.write, width=14),
        Column("name", "Omschrijving", "Name", _text, "Bijvoorbeeld studiedag team.", aliases=("naam",),
               width=28),
    ),
    (), "Extra vrije dagen. Schoolvakanties en feestdagen vullen wij zelf in.", _check_closed_day,
)  # fmt: skip

SETTINGS = (
    Column("name", "Naam van de regio", "Region name", _text, "Zoals scholen de regio kennen.", width=30),
    Column("slug", "Webnaam", "Slug", _name, "Kort, in kleine letters, voor in het webadres."),
    Column("sender_name", "Afzender van mails", "Sender name", _text, "Naam boven de mails."),
    Column("contact_email", "E-mail voor vragen", "Contact e-mail", parse_email, "Staat in elke mail.",
           aliases=("contact email",)),
    Column("contact_phone", "Telefoon voor vragen", "Contact phone", _name, "Mag leeg blijven."),
    Column("organiser_name", "Organisator", "Organiser name", _text, "Naam of rol van wie de rondes leidt."),
    Column("organiser_email", "E-mail organisator", "Organiser e-mail", parse_email,
           "Hiermee logt de organisator in.", aliases=("organiser email",)),
    Column("guarantee_primary", "Garantie basisonderwijs", "Guarantee primary", between(0, 20, parse_whole),
           "Deelnames per school per schooljaar. Leeg: 2.", style=NUMBER),
    Column("guarantee_secondary", "Garantie voortgezet onderwijs", "Guarantee secondary",
           between(0, 20, parse_whole), "Leeg: 2.", style=NUMBER),
    Column("guarantee_special", "Garantie speciaal onderwijs", "Guarantee special", between(0, 20,
           parse_whole),
           "Leeg: 2.", style=NUMBER),
    Column("detour_factor", "Omwegfactor", "Detour factor", between(1, 3, parse_number, "De omwegfactor"),
           "Wegkilometers per kilometer hemelsbreed. Leeg: 1,3.", style=NUMBER),
    Column("school_year", "Schooljaar", "School year", _name, "Bijvoorbeeld 2026-2027."),
    Column("school_year_starts_on", "Begin schooljaar", "School year starts", parse_date, "Leeg: 1 augustus.",
           style=DATE),
    Column("school_year_ends_on", "Einde schooljaar", "School year ends", parse_date, "Leeg: 31 juli.",
           style=DATE),
    Column("example_anchor", "IJkdatum van het voorbeeld", "Example anchor date", parse_date,
           "Alleen voor de voorbeeldregio: de dag die in dit bestand vandaag is.", style=DATE),
)  # fmt: skip

SETTINGS_SHEET = ("Settings", "Instellingen")

# In the order in which they stand in a workbook.
SHEETS = (SCHOOLS, GROUPS, WISHES, HOSTS, ACTIVITIES, SLOTS, ROUNDS, CLOSED_DAYS)
