"""Write docs/data.md: what each file and sheet holds, from the declarations that the readers follow."""

# ruff: noqa: E501 - prose in a table cannot be broken

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from matchmaker.exchange.columns import Column
from matchmaker.exchange.postcode_files import POSTCODES
from matchmaker.exchange.sheets import SETTINGS, SETTINGS_SHEET, SHEETS

OUT = Path(__file__).resolve().parent.parent / "docs" / "data.md"

INTRODUCTION = """\
# Getting data in and out

Written by `python -m scripts.build_data_guide` from the same declarations that read and write the files.

## Commands

| command | takes in or gives out |
|---|---|
| `flask data import-schools FILE --region SLUG` | a list of schools; `--create-region NAME` names a region that is new, `--pupils FILE` adds DUO's pupil counts |
| `flask data import-hosts FILE --region SLUG` | a CSV list of hosts |
| `flask data import-postcodes FILE` | the middle of each four-digit postcode, for all regions; do this first for good coordinates |
| `flask data import-workbook FILE` | a whole region in one workbook (xlsx) |
| `flask data export-workbook --region SLUG --out FILE` | the same workbook, filled |
| `flask data workbook-template --out FILE` | the same workbook, empty, with explanations and drop-downs |
| `flask data load-example` | the example region, with dates around today |

## Rules for every file

* All or nothing. When anything is wrong, every problem is listed with sheet, row and column, in one pass over cells, references and repeated rows; nothing is changed, and the exit code is 1. What refers to a row that is itself wrong is not listed for that.
* What the file says wins; where a cell is blank, what is there stays. A file cannot empty a field.
* Rows that the file does not name are left alone, and counted. Nothing is ever removed.
* The same file again changes nothing, and says so.
* Dutch input is normal: `12-3-2027`, `do 12 maart 2027`, `13.30 uur`, `9.00–11.00`, `1,5`, `7/8`, `groep 7`, `klas 2`, `ja`/`nee`; real dates and times of a spreadsheet as well. The day comes before the month.
* Column names may be Dutch or English, in any order, in capitals or not. Columns that are not known are skipped and named.
* CSV: UTF-8, UTF-16 or Windows-1252; `;`, `,`, tab or `|`. At most 50,000 rows and 200 columns; a workbook at most 10 MB, and 60 MB unpacked. A workbook is opened in a process of its own with 768 MB of memory and 20 seconds of processor time; one that needs more is refused with a sentence.
* No data of pupils, only numbers of them.

Places. Coordinates come from the file, else from the postcode, else from the name of the place, if that is within 60 km of the middle of the region's other places or in the province that the file names; the import says how many came from where. The holiday region comes from the file, else from town and municipality (for towns outside Gelderland the province is needed too); another one in the workbook replaces it at any time.

People. A contact becomes a user with a role: coordinator of the school, contact of the host, organiser of the region. Somebody who is known already keeps name and phone. Roles are never taken away by a file.

Holidays. School holidays and public holidays of the school years of a region are filled in by themselves, once for each year, for an organiser to edit. Only further days off go in a file.

Once groups are placed in a slot, a file cannot move it, and once a round is published, a file cannot change its wishes: people have been told. The phase of a round that exists is not changed by a file either.

## Lists of schools

Recognised by the header:

| list | made by | remarks |
|---|---|---|
| *Alle schoolvestigingen basisonderwijs* | DUO | `;`, Windows-1252, one space for an empty field; has the holiday region, no coordinates; every school is a primary school |
| *Historisch aantal leerlingen* | DUO | for `--pupils`; the newest year counts; `<5` is read as 4 |
| the national list with coordinates | EduGIS, from DUO and BAG | a location that is named more than once counts once; 0 pupils is unknown |
| any other CSV | you | the columns of the sheet Schools below; a sector such as `BO`, `VO`, `SBO`, or a type from which it follows |

"""


def build() -> str:
    """Return the guide."""
    return INTRODUCTION + "\n".join(_sections()) + "\n"


def _sections() -> Iterator[str]:
    yield "## Postcodes\n\nA CSV with one row for each four-digit postcode.\n"
    yield _table(POSTCODES.columns)
    yield (
        "## The region workbook\n\nSheets have an English or a Dutch name; any may be left out. The explanations are"
        " those of the template.\n"
    )
    for spec in SHEETS:
        yield f"### {spec.name} ({spec.dutch})\n\n{spec.explanation}\n"
        yield _table(spec.columns)
    yield f"### {SETTINGS_SHEET[0]} ({SETTINGS_SHEET[1]})\n\nOne setting in a row: name, value.\n"
    yield _table(SETTINGS)


def _table(columns: Iterable[Column]) -> str:
    lines = ["| column | in English | required | what to fill in |", "|---|---|---|---|"]
    for column in columns:
        number = " 1 …" if column.repeats else ""
        choices = f" Keuze uit: {', '.join(column.choices)}." if column.choices else ""
        required = "yes" if column.required else ""
        text = (column.explanation + choices).replace("|", "\\|")
        lines.append(f"| {column.dutch}{number} | {column.english}{number} | {required} | {text} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    OUT.write_text(build(), encoding="utf-8")
