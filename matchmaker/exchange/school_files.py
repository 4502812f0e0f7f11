"""School lists in CSV: the authorities' files and our own, recognised by their header."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum

from matchmaker.domain.dutch_input import Cell, is_blank, parse_pupil_count, parse_school_code
from matchmaker.domain.dutch_places import format_place
from matchmaker.domain.kinds import Sector
from matchmaker.exchange.columns import read_sheet
from matchmaker.exchange.delimited import read_delimited
from matchmaker.exchange.problems import InputProblem, refuse_file
from matchmaker.exchange.rows import SchoolRow
from matchmaker.exchange.sheets import SCHOOLS
from matchmaker.exchange.table import Table, fold_header
from matchmaker.exchange.vocabularies import SECTORS


class SchoolFormat(Enum):
    """The kinds of school list we know."""

    DUO_PRIMARY = "DUO, alle schoolvestigingen basisonderwijs"
    GEOCODED = "landelijke lijst met coördinaten"
    GENERIC = "algemene schoollijst"


@dataclass(frozen=True, slots=True)
class SchoolFile:
    """The schools of a file, its format, sentences about what was skipped, and what is wrong with it."""

    format: SchoolFormat
    schools: tuple[SchoolRow, ...]
    notes: tuple[str, ...] = ()
    problems: tuple[InputProblem, ...] = ()


_DUO_COLUMNS = {"vestigingscode", "vestigingsnaam", "plaatsnaam", "gemeentenaam", "vakantieregio"}
_GEOCODED_COLUMNS = {"vestigingscode", "naam", "type", "onderwijsgebied", "lon", "lat"}
_SECONDARY_TYPE = re.compile(r"(vbo|vmbo|mavo|havo|vwo|pro|brugjaar|atheneum|gymnasium)(/.*)?", re.IGNORECASE)


def examine_schools(name: str, data: bytes) -> SchoolFile:
    """Return the schools of a list in one of the known formats, broken rows too, and all that is wrong.

    Raises
    ------
    matchmaker.exchange.problems.InputError
        When the file as a whole cannot be read, or holds no school.
    """
    table = read_delimited(name, data)
    if any(re.fullmatch(r"leerlingen \d{4}", title) for title in table.folded_header):
        raise refuse_file(name, "Dit bestand bevat alleen leerlingaantallen; geef het naast de lijst.")
    found = recognise_format(table)
    table, skipped = _drop_repeated(table) if found is SchoolFormat.GEOCODED else (table, 0)
    read = read_sheet(_with_code_column(table), SCHOOLS)
    if not read.rows and not read.problems:
        raise refuse_file(name, "Er staan geen scholen in dit bestand.")
    notes = [f"{skipped} rijen met een code die al eerder voorkwam, zijn overgeslagen."] if skipped else []
    if found is SchoolFormat.GENERIC and read.unknown_columns:
        notes.append(f"Kolommen die wij niet gebruiken: {', '.join(read.unknown_columns)}.")
    types = _types_by_row(table)
    schools = tuple(_complete(row, found, types.get(row.row, "")) for row in read.rows)
    return SchoolFile(found, schools, tuple(notes), read.problems)


def recognise_format(table: Table) -> SchoolFormat:
    """Return which kind of school list a table is."""
    if table.folded_header >= _DUO_COLUMNS:
        return SchoolFormat.DUO_PRIMARY
    if table.folded_header >= _GEOCODED_COLUMNS:
        return SchoolFormat.GEOCODED
    return SchoolFormat.GENERIC


def _with_code_column(table: Table) -> Table:
    """Take the BRIN for the code when a list has no column for the location."""
    names = next(column.names for column in SCHOOLS.columns if column.key == "code")
    if table.folded_header & names or "brin" not in table.folded_header:
        return table
    return replace(table, header=tuple("Code" if fold_header(t) == "brin" else t for t in table.header))


def _drop_repeated(table: Table) -> tuple[Table, int]:
    """Keep the first row of each code: the national list names some locations once per kind of education."""
    position = [fold_header(title) for title in table.header].index("vestigingscode")
    seen: set[Cell] = set()
    kept = []
    for number, cells in table.rows:
        code = cells[position] if position < len(cells) else None
        if is_blank(code) or code not in seen:
            kept.append((number, cells))
        seen.add(code)
    return replace(table, rows=tuple(kept)), len(table.rows) - len(kept)


def _types_by_row(table: Table) -> dict[int, str]:
    titles = [fold_header(title) for title in table.header]
    position = titles.index("type") if "type" in titles else None
    if position is None:
        return {}
    return {number: str(cells[position]).strip() for number, cells in table.rows if position < len(cells)}


def _complete(row: SchoolRow, found: SchoolFormat, school_type: str) -> SchoolRow:
    """Fill in what the kind of list implies: sector, names in ordinary capitals, unknown pupils."""
    sector = Sector.PRIMARY if found is SchoolFormat.DUO_PRIMARY else row.sector or find_sector(school_type)
    unknown_pupils = found is SchoolFormat.GEOCODED and row.pupils == 0
    return replace(
        row,
        sector=sector,
        pupils=None if unknown_pupils else row.pupils,
        place=format_place(row.place) if row.place else row.place,
        municipality=format_place(row.municipality) if row.municipality else row.municipality,
    )


def find_sector(school_type: str) -> Sector | None:
    """Return the sector that a type of school belongs to, such as ``SBAO`` or ``HAVO/VWO``."""
    if _SECONDARY_TYPE.fullmatch(school_type):
        return Sector.SECONDARY
    return SECTORS.find(school_type)


def examine_pupil_counts(name: str, data: bytes) -> tuple[Mapping[str, int], list[InputProblem]]:
    """Return the newest pupil count of each school code, from the authorities' list of counts by year.

    Beside it stands what is wrong with the list.

    Raises
    ------
    matchmaker.exchange.problems.InputError
        When the file as a whole cannot be read.
    """
    table = read_delimited(name, data)
    titles = [fold_header(title) for title in table.header]
    years = sorted(title for title in titles if re.fullmatch(r"leerlingen \d{4}", title))
    if not years or "vestigingscode" not in titles:
        raise refuse_file(name, "De kolommen VESTIGINGSCODE en LEERLINGEN_<jaar> ontbreken.")
    code_at, count_at = titles.index("vestigingscode"), titles.index(years[-1])
    counts: dict[str, int] = {}
    problems = []
    for number, cells in table.rows:
        if max(code_at, count_at) >= len(cells) or is_blank(cells[count_at]):
            continue
        code = count = None
        try:
            code = parse_school_code(cells[code_at])
        except ValueError as error:
            problems.append(InputProblem(name, number, table.header[code_at], str(error)))
        try:
            count = parse_pupil_count(cells[count_at])
        except ValueError as error:
            problems.append(InputProblem(name, number, table.header[count_at], str(error)))
        if code is not None and count is not None:
            counts[code] = count
    return counts, problems
