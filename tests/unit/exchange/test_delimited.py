"""CSV in whatever encoding and with whatever delimiter it comes."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.exchange.delimited import read_delimited
from matchmaker.exchange.problems import InputError

LINES = "Code;Naam\r\n99AA00;Coöperatie ’t Nest\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
def test_encoding_delimiter_and_line_end_are_found(encoding: str, delimiter: str, line_end: str) -> None:
    data = LINES.replace(";", delimiter).replace("\r\n", line_end).encode(encoding)
    table = read_delimited("scholen.csv", data)
    assert table.header == ("Code", "Naam")
    assert table.rows == ((2, ("99AA00", "Coöperatie ’t Nest")),)


def test_quoted_delimiters_and_line_breaks_belong_to_the_cell() -> None:
    table = read_delimited("a.csv", b'Code,Naam\n1,"De Eiken, locatie\nZuid"\n')
    assert table.rows[0][1] == ("1", "De Eiken, locatie\nZuid")


def test_blank_lines_are_skipped_and_row_numbers_stay() -> None:
    table = read_delimited("a.csv", b"\nCode;Naam\n;\n1;A\n")
    assert [number for number, _ in table.rows] == [4]


def test_a_first_line_that_names_the_delimiter_is_skipped() -> None:
    table = read_delimited("a.csv", b"sep=,\r\nCode,Naam\r\n1,A\r\n")
    assert (table.header, table.rows) == (("Code", "Naam"), ((3, ("1", "A")),))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "niets in"),
        (b"   \n \n", "niets in"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "geen tekstbestand"),
        (b"PK\x03\x04rest", "werkmap"),
        (b"\xff\xfeC", "geen tekstbestand"),
        (b"a;b\n" + b"1;2\n" * 50_001, "meer dan 50000 rijen"),
        (";".join(f"k{n}" for n in range(201)).encode(), "meer dan 200 kolommen"),
        (b'a,b\n"' + b"x" * 140_000, "aanhalingstekens"),
    ],
)
def test_what_is_no_csv_is_refused_with_a_sentence(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_delimited("a.csv", data)


@settings(deadline=None)
@given(data=st.binary(max_size=200))
def test_any_bytes_give_a_table_or_a_sentence(data: bytes) -> None:
    with contextlib.suppress(InputError):
        read_delimited("a.csv", data)
