"""What is dangerous, damaged or no workbook is refused before it is opened."""

from __future__ import annotations

import contextlib
import io
import zipfile

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.exchange.problems import InputError
from matchmaker.exchange.spreadsheet import build_tables, read_grids
from matchmaker.exchange.table import Table
from tests.unit.exchange.sheets_by_hand import make_workbook

BOOK = make_workbook({"Blad1": [["Code", "Naam"], ["A", "B"]]})


def _read(data: bytes) -> list[Table]:
    """Read in this process: what is tried here a hundred times is the reader, not its confinement."""
    tables, problems = build_tables("a.xlsx", read_grids("a.xlsx", data))
    assert not problems
    return tables


def _zip(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def _with_member(name: str, data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(BOOK)) as archive:
        members = {member: archive.read(member) for member in archive.namelist()}
    return _zip(members | {name: data})


def test_sheets_come_with_the_row_numbers_that_people_see() -> None:
    book = make_workbook({"Blad1": [[None], ["Code", "Naam"], [None, None], ["A", 12]], "Leeg": []})
    (table,) = _read(book)
    assert (table.name, table.header) == ("Blad1", ("Code", "Naam"))
    assert table.rows == ((4, ("A", 12.0)),)


def test_formulas_count_by_their_result() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Blad1")
        sheet.write(0, 0, "Aantal")
        sheet.write_formula(1, 0, "=6*7", None, 42)
    assert _read(buffer.getvalue())[0].rows == ((2, (42.0,)),)


def test_a_bomb_is_refused_by_its_declared_size() -> None:
    bomb = _with_member("xl/media/zeros.bin", b"\0" * (61 * 2**20))
    assert len(bomb) < 2**20
    with pytest.raises(InputError, match="te groot"):
        _read(bomb)


def test_a_file_that_unpacks_a_hundred_times_is_refused() -> None:
    with pytest.raises(InputError, match="te groot"):
        _read(_with_member("xl/media/zeros.bin", b"\0" * (5 * 2**20)))


def test_a_member_that_lies_about_its_size_is_refused() -> None:
    honest = _with_member("xl/media/zeros.bin", b"\0" * 4_000_000)
    lying = honest.replace((4_000_000).to_bytes(4, "little"), (4_000).to_bytes(4, "little"))
    assert lying != honest
    with pytest.raises(InputError, match="beschadigd"):
        _read(lying)


def test_overlapping_members_are_refused() -> None:
    data = bytearray(_zip({"xl/workbook.xml": b"x" * 3000, "b": b"y"}))
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 20 : entry + 24] = (2**20).to_bytes(4, "little")
    with pytest.raises(InputError, match=r"te groot|beschadigd"):
        _read(bytes(data))


@pytest.mark.parametrize(("reference", "message"), [("A1048576", "50000 rijen"), ("XFD1", "200 kolommen")])
def test_a_far_away_cell_is_refused(reference: str, message: str) -> None:
    sheet = f'<worksheet><sheetData><row r="1"><c r="{reference}"><v>1</v></c></row></sheetData></worksheet>'
    with pytest.raises(InputError, match=message):
        _read(_with_member("xl/worksheets/sheet1.xml", sheet.encode()))


def test_two_cells_that_span_too_much_are_refused() -> None:
    cells = '<row r="1"><c r="GR1"><v>1</v></c></row><row r="50000"><c r="A50000"><v>1</v></c></row>'
    sheet = f"<worksheet><sheetData>{cells}</sheetData></worksheet>".encode()
    with pytest.raises(InputError, match="te ver uit elkaar"):
        _read(_with_member("xl/worksheets/sheet1.xml", sheet))


def test_entities_in_the_xml_are_not_expanded() -> None:
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
        '<!ENTITY c SYSTEM "file:///etc/passwd">]><worksheet><sheetData><row r="1">'
        '<c r="A1" t="inlineStr"><is><t>&b;&c;</t></is></c></row></sheetData></worksheet>'
    )
    with contextlib.suppress(InputError):
        (table,) = _read(_with_member("xl/worksheets/sheet1.xml", bomb.encode()))
        assert "root:" not in table.header[0]
        assert "aaaa" not in table.header[0]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "leeg"),
        (b"\x89PNG\r\n", "geen Excel-bestand"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "wachtwoord"),
        (b"PK\x03\x04", "beschadigd"),
        (BOOK[:-200], "beschadigd"),
        (b"PK" + b"\0" * (11 * 2**20), "groter dan 10 MB"),
        (_zip({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "geen Excel-bestand"),
        (_zip({"xl/workbook.xml": b"<x"}), "beschadigd"),
        (make_workbook({"Blad1": []}), "leeg"),
    ],
)
def test_what_is_no_workbook_is_refused_with_a_sentence(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        _read(data)


@settings(deadline=None)
@given(position=st.integers(0, len(BOOK) - 1), byte=st.integers(0, 255))
def test_a_damaged_workbook_gives_tables_or_a_sentence(position: int, byte: int) -> None:
    damaged = bytearray(BOOK)
    damaged[position] = byte
    with contextlib.suppress(InputError):
        _read(bytes(damaged))
