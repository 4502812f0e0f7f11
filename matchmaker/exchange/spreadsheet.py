"""xlsx bytes into tables, refusing what is dangerous or is no xlsx before anything is parsed."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence

import python_calamine

from matchmaker.domain.dutch_input import Cell
from matchmaker.exchange.problems import InputError, InputProblem, refuse_file
from matchmaker.exchange.table import MAX_COLUMNS, MAX_ROWS, Table, build_table

MAX_FILE_BYTES = 10 * 2**20
MAX_UNPACKED_BYTES = 60 * 2**20
MAX_RATIO = 100
# A sheet is held whole, blank cells included: one cell far down and one far right cost all between them.
MAX_AREA = 2_000_000
# Small parts of a workbook compress very well; the ratio says something only past this size.
_RATIO_FROM_BYTES = 2**20
_CHUNK = 2**18
_CELL_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')


Grids = Sequence[tuple[str, Sequence[Sequence[Cell]]]]


def read_grids(name: str, data: bytes) -> Grids:
    """Return the title and the cells of every sheet, hidden ones too; formulas count by their stored result.

    It may take much memory and time, and the library below it may crash: on what others made it is called
    in a process of its own, see :mod:`matchmaker.exchange.confined_reading`.

    Raises
    ------
    matchmaker.exchange.problems.InputError
        When the file is too large or unpacks too large, is encrypted, damaged or no xlsx.
    """
    refuse_other_formats(name, data)
    _refuse_bombs(name, data)
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            return [
                (title, book.get_sheet_by_name(title).to_python(skip_empty_area=False))
                for title in _worksheet_names(book)
            ]
    except MemoryError:
        raise
    except Exception as error:  # the reader raises its own and plain errors alike
        raise refuse_file(name, "Dit bestand is beschadigd en kan niet worden gelezen.") from error


def build_tables(name: str, grids: Grids) -> tuple[list[Table], list[InputProblem]]:
    """Return the tables of the sheets that hold anything, and the problems of those that are no table."""
    tables: list[Table] = []
    problems: list[InputProblem] = []
    for title, grid in grids:
        if not any(cell not in ("", None) for line in grid for cell in line):
            continue
        try:
            tables.append(build_table(title, grid))
        except InputError as error:
            problems += error.problems
    if not tables and not problems:
        raise refuse_file(name, "Dit bestand is leeg.")
    return tables, problems


def _worksheet_names(book: python_calamine.CalamineWorkbook) -> list[str]:
    return [
        sheet.name for sheet in book.sheets_metadata if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
    ]


def refuse_other_formats(name: str, data: bytes) -> None:
    """Refuse by its size and first bytes what is no xlsx."""
    if not data:
        raise refuse_file(name, "Dit bestand is leeg.")
    if len(data) > MAX_FILE_BYTES:
        raise refuse_file(name, f"Dit bestand is groter dan {MAX_FILE_BYTES // 2**20} MB.")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise refuse_file(
            name,
            "Dit bestand heeft een wachtwoord of is een oude xls. Bewaar het zonder wachtwoord als xlsx.",
        )
    if not data.startswith(b"PK"):
        raise refuse_file(name, "Dit is geen Excel-bestand. Bewaar het als xlsx.")


def _refuse_bombs(name: str, data: bytes) -> None:
    """Look at the declared sizes first, then at the true ones, never holding more than a chunk."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _check_declared_sizes(name, len(data), members)
            if not any(member.filename == "xl/workbook.xml" for member in members):
                raise refuse_file(name, "Dit is geen Excel-bestand. Bewaar het als xlsx.")
            area = sum(_check_member(name, archive, member) for member in members)
            if area > MAX_AREA:
                raise refuse_file(name, "De gevulde cellen liggen te ver uit elkaar. Verwijder lege rijen.")
    except (InputError, MemoryError):
        raise
    except Exception as error:  # damage shows itself as errors of zip, zlib, struct and others
        raise refuse_file(name, "Dit bestand is beschadigd en kan niet worden gelezen.") from error


def _check_declared_sizes(name: str, size: int, members: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    too_large = unpacked > MAX_UNPACKED_BYTES or len(members) > 2000
    too_dense = unpacked > _RATIO_FROM_BYTES and unpacked > MAX_RATIO * size
    if too_large or too_dense or packed > size:
        raise refuse_file(name, "Dit bestand wordt bij het uitpakken te groot en is daarom niet geopend.")


def _check_member(name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> int:
    """Unpack one member to check its true size and checksum; return the area that its cells span."""
    is_sheet = member.filename.startswith("xl/worksheets/")
    rows = columns = 0
    tail = b""
    for chunk in _chunks(archive, member):
        if is_sheet:
            text = tail + chunk
            found = _largest_reference(name, text)
            rows, columns = max(rows, found[0]), max(columns, found[1])
            tail = text[-32:]
    return rows * columns


def _chunks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _largest_reference(name: str, text: bytes) -> tuple[int, int]:
    """Return the last row and column that a piece of a sheet names, refusing those that are too far."""
    found = set(_CELL_REFERENCE.findall(text))
    rows = max((int(digits) for _, digits in found), default=0)
    columns = max((_column_number(letters) for letters in {letters for letters, _ in found}), default=0)
    # The header and a few blank lines above it may stand on top of the rows.
    if rows > MAX_ROWS + 100:
        raise InputError([InputProblem(name, rows, "", f"Er zijn meer dan {MAX_ROWS} rijen.")])
    if columns > MAX_COLUMNS:
        raise InputError([InputProblem(name, 0, "", f"Er zijn meer dan {MAX_COLUMNS} kolommen.")])
    return rows, columns


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
