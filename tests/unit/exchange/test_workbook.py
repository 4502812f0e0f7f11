"""The region workbook: what people type is understood, what we write is read back."""

from __future__ import annotations

import io
import unicodedata
from dataclasses import replace
from datetime import date, time
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.config import ROOT
from matchmaker.domain.kinds import ActivityKind, HolidayRegion, Sector
from matchmaker.exchange import rows
from matchmaker.exchange.problems import InputError
from matchmaker.exchange.sheets import SCHOOLS, SHEETS
from matchmaker.exchange.spreadsheet import build_tables, read_grids
from matchmaker.exchange.workbook_reader import interpret_tables, read_workbook
from matchmaker.exchange.workbook_writer import write_template, write_workbook
from tests.unit.exchange.sheets_by_hand import make_workbook


def _interpret(data: bytes) -> rows.RegionWorkbook:
    """Read a workbook in this process."""
    workbook = interpret_tables("regio.xlsx", *build_tables("regio.xlsx", read_grids("regio.xlsx", data)))
    if workbook.problems:
        raise InputError(workbook.problems)
    return workbook


def _read(sheets: dict[str, Any]) -> rows.RegionWorkbook:
    return _interpret(make_workbook(sheets))


def _problems(sheets: dict[str, Any]) -> list[str]:
    with pytest.raises(InputError) as caught:
        _read(sheets)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("title", "header"),
    [
        ("Scholen", ["CODE", "naam", "Sector", "Plaats", "Vakantieregio"]),
        ("schools", ["Code*", "Name", "SECTOR", "place", "holiday region"]),
    ],
)
def test_sheets_and_columns_have_dutch_and_english_names(title: str, header: list[str]) -> None:
    workbook = _read({title: [header, ["99aa", "De Wilgenkamp", "Basisonderwijs", "Ulft", "midden"]]})
    (school,) = workbook.schools
    assert (school.code, school.sector, school.holiday_region) == (
        "99AA00",
        Sector.PRIMARY,
        HolidayRegion.MIDDLE,
    )


@pytest.mark.parametrize(
    ("day", "start", "end"),
    [
        ("12-3-2027", "9.00 uur", "11.00"),
        (date(2027, 3, 12), time(9), time(11)),
        ("vr 12 maart 2027", 9, "11u00"),
    ],
)
def test_a_slot_may_have_real_or_written_dates_and_times(day: Any, start: Any, end: Any) -> None:
    workbook = _read({"Tijdvakken": [["Activiteit", "Datum", "Begin", "Einde"], ["A1", day, start, end]]})
    (slot,) = workbook.slots
    assert (slot.date, slot.start, slot.end) == (date(2027, 3, 12), time(9), time(11))


def test_a_slot_may_have_its_time_in_one_cell() -> None:
    workbook = _read({"Slots": [["Activiteit", "Datum", "Tijd"], ["A1 | Lassen", "12-3-2027", "9.00–11.00"]]})
    times = workbook.slots[0].wall_times()
    assert times is not None
    assert [moment.hour for moment in times] == [9, 11]
    assert workbook.slots[0].activity == "A1"


def test_wishes_are_found_in_numbered_columns_in_their_order() -> None:
    header = ["School", "Groep", "Wens 1", "Wens 2", "Wens 3"]
    workbook = _read({"Wensen": [header, ["99AA00", "7/8", "A1", None, "bedrijfsbezoek"]]})
    assert [text for _, text in workbook.wishes[0].wishes] == ["A1", "bedrijfsbezoek"]


def test_settings_stand_one_in_a_row() -> None:
    grid = [["Instelling", "Waarde"], ["Naam van de regio", "Oost"], ["Omwegfactor", "1,4"], ["slug", "oost"]]
    settings = _read({"Instellingen": grid}).settings
    assert settings is not None
    assert (settings.name, settings.slug, settings.detour_factor) == ("Oost", "oost", 1.4)


def test_every_problem_of_every_sheet_is_listed_with_its_cell() -> None:
    problems = _problems(
        {
            "Scholen": [["Code", "Naam"], [12, "A"]],
            "Groepen": [["School", "Groep", "Leerlingen"], ["99AA00", "7", "veel"]],
            "Slots": [["Activiteit", "Datum", "Begin", "Einde"], ["A1", "31-2-2027", "11.00", "9.00"]],
            "Settings": [["Instelling", "Waarde"], ["Kleur", "blauw"], ["Garantie basisonderwijs", "twee"]],
            "Rondes": [["Naam"], ["Voorjaar"]],
        }
    )
    text = "\n".join(problems)
    assert "Scholen, rij 2, kolom Code" in text
    assert "Groepen, rij 2, kolom Leerlingen: “veel” is geen heel getal." in text
    assert "Slots, rij 2, kolom Datum" in text
    assert "Settings, rij 2, kolom Waarde" in text
    assert "Settings, rij 3, kolom Waarde" in text
    assert "Rondes, kolom Aanbod vanaf: Deze kolom ontbreekt." in text


@pytest.mark.parametrize(
    ("sheet", "header", "line", "message"),
    [
        ("Slots", ["Activiteit", "Datum", "Tijd", "Groepen", "Minimaal groepen"], ["A", "1-2-2027", "9-10",
         2, 3], "minimum"),
        ("Slots", ["Activiteit", "Datum", "Tijd", "Gereserveerd"], ["A", "1-2-2027", "9-10", 1],
         "Noem de scholen"),
        ("Slots", ["Activiteit", "Datum"], ["A", "1-2-2027"], "begin en einde"),
        ("Activities", ["Code", "Aanbieder", "Soort", "Titel", "Niveaus", "Minimaal leerlingen",
         "Maximaal leerlingen"],
         ["A", "H", "workshop", "T", "7", 20, 10], "groter dan het maximum"),
        ("Schools", ["Code", "Naam", "Breedtegraad"], ["99AA00", "A", "51,9"], "én lengtegraad"),
        ("Closed days", ["Eerste dag", "Laatste dag"], ["2-2-2027", "1-2-2027"], "ligt voor de eerste"),
        ("Groups", ["School", "Groep", "Leerlingen"], ["99AA00", "7", 0], "tussen 1 en 500"),
        ("Schools", ["Code", "Naam", "Sector"], ["99AA00", "A", "zwemles"], "Kies uit: basisonderwijs"),
        ("Schools", ["Code", "Naam"], ["99AA00", "A" * 201], "te lang"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_refused(
    sheet: str, header: list[str], line: list[Any], message: str
) -> None:
    assert message in "\n".join(_problems({sheet: [header, line]}))


def test_unknown_sheets_and_columns_are_named_not_refused() -> None:
    workbook = _read(
        {"Scholen": [["Code", "Naam", "Kleur"], ["99AA00", "A", "rood"]], "Lunch": [["a"], ["b"]]}
    )
    assert any("Kleur" in note for note in workbook.notes)
    assert any("Lunch" in note for note in workbook.notes)


def test_the_same_sheet_twice_is_refused() -> None:
    grid = [["Code", "Naam"], ["99AA00", "A"]]
    assert "twee keer" in "\n".join(_problems({"Scholen": grid, "Schools": grid}))


@pytest.mark.parametrize(
    "sheets",
    [{"Lunch": [["a"], ["b"]]}, {"Scholen": [["Code", "Naam"]]}, {"Settings": [["Instelling", "Waarde"]]}],
)
def test_a_workbook_that_says_nothing_is_refused(sheets: dict[str, Any]) -> None:
    assert "geen gevuld blad" in "\n".join(_problems(sheets))


def test_the_template_has_every_sheet_with_explanation_and_choices() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_template()))
    assert book.sheetnames == ["Uitleg", *(spec.name for spec in SHEETS), "Settings"]
    schools = book["Schools"]
    assert schools["A1"].value == "Code*"
    assert schools.freeze_panes == "C2"
    assert schools.column_dimensions["A"].width >= 10
    choices = {str(rule.formula1) for rule in schools.data_validations.dataValidation}
    assert '"Noord,Midden,Zuid"' in choices
    codes = {str(rule.formula1) for rule in book["Slots"].data_validations.dataValidation}
    assert "'Activities'!$A$2:$A$2001" in codes
    explained = {cell.value for row in book["Uitleg"].iter_rows() for cell in row}
    assert {column.explanation.split(".")[0] for column in SCHOOLS.columns} <= {
        str(text).split(".")[0] for text in explained
    }


def test_codes_and_postcodes_are_text_in_the_template() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_template()))
    for column in ("A", "G"):
        assert book["Schools"].column_dimensions[column].number_format == "@"


def test_no_cell_of_an_export_is_a_formula() -> None:
    evil = ("=1+1", "+31 6", "-2+3", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0", "http://x.example")
    schools = tuple(
        rows.SchoolRow(row=0, code=f"99A{chr(65 + n)}00", name=text, board=text, lat=-1.5, lon=-2.5)
        for n, text in enumerate(evil)
    )
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(rows.RegionWorkbook(schools=schools))))
    cells = [cell for row in book["Schools"].iter_rows(min_row=2) for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert {cell.value for cell in cells if cell.data_type == "n"} == {-1.5, -2.5}
    assert not any(cell.hyperlink for cell in cells)


def test_equal_rows_give_equal_bytes() -> None:
    assert write_template() == write_template()


def _normal(workbook: rows.RegionWorkbook) -> rows.RegionWorkbook:
    """Forget row numbers and the headers of wishes, which are of the file and not of the region."""
    parts = {}
    for name in ("schools", "groups", "hosts", "activities", "slots", "wishes", "rounds", "closed_days"):
        found = tuple(replace(row, row=0) for row in getattr(workbook, name))
        if name == "wishes":
            found = tuple(replace(r, wishes=tuple(("", text) for _, text in r.wishes)) for r in found)
        parts[name] = found
    return replace(workbook, **parts)


def test_the_example_workbook_is_read_back_as_written() -> None:
    path = ROOT / "examples" / "achterhoek-liemers.xlsx"
    workbook = read_workbook(path.name, path.read_bytes())
    assert not workbook.notes
    again = read_workbook("again.xlsx", write_workbook(workbook))
    assert _normal(again) == _normal(workbook)


TEXTS = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co", "Zl", "Zp")),
    min_size=1,
    max_size=30,
)
NAMES = TEXTS.map(lambda text: " ".join(text.split())).filter(lambda text: text and not text.startswith("#"))


@settings(deadline=None)
@given(
    title=NAMES,
    description=st.none() | NAMES,
    levels=st.sets(st.sampled_from(["po5", "po6", "po7", "po8", "vo1"]), min_size=1),
    kind=st.sampled_from(ActivityKind),
    pupils=st.none() | st.integers(1, 30),
    mobile=st.none() | st.booleans(),
    range_km=st.none() | st.floats(0, 99).map(lambda km: round(km, 3)),
)
def test_any_activity_is_read_back_as_written(title: str, levels: set[str], **values: Any) -> None:
    values["min_pupils"] = values.pop("pupils")
    row = rows.ActivityRow(row=2, code="A1", host="H1", title=title, levels=tuple(sorted(levels)), **values)
    (found,) = _interpret(write_workbook(rows.RegionWorkbook(activities=(row,)))).activities
    normal = {
        name: unicodedata.normalize("NFC", getattr(row, name) or "") or None
        for name in ("title", "description")
    }
    assert found == replace(row, **normal)
