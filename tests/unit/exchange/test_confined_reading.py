"""A workbook is opened in a process of its own: what harms that process harms nothing else."""

from __future__ import annotations

import io
import logging
import signal
import subprocess
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from matchmaker.domain.dutch_input import Cell
from matchmaker.exchange.confined_reading import ReadingLimits, read_tables
from matchmaker.exchange.problems import InputError
from matchmaker.exchange.spreadsheet_process import decode_grids, encode_grids, main
from tests.unit.exchange.sheets_by_hand import make_workbook

BOOK = make_workbook(
    {"Blad1": [["Code", "Dag", "Tijd", "Aantal"], ["é 7/8", date(2027, 3, 12), time(9, 30), 2]]}
)
REFUSED = "te groot, te ingewikkeld of beschadigd"


def _repeating(cells: int) -> bytes:
    """Return a small workbook in which one long text stands in many cells."""
    rows = "".join(
        f'<row r="{row}">' + f'<c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, cells + 1)
    )
    replaced = {
        "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{rows}</sheetData></worksheet>",
        "xl/sharedStrings.xml": f"<sst><si><t>{'lang ' * 6_000}</t></si></sst>",
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(BOOK)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, replaced.get(name, old.read(name)))
    return buffer.getvalue()


def test_cells_come_out_of_the_child_as_they_went_in() -> None:
    (table,), problems = read_tables("a b.xlsx", BOOK)
    assert problems == []
    assert table.rows == ((2, ("é 7/8", date(2027, 3, 12), time(9, 30), 2.0)),)


def test_every_kind_of_cell_survives_the_way_between_the_processes() -> None:
    moment = datetime(2027, 3, 12, 9)  # noqa: DTZ001 - cells have no time zone
    cells: list[Cell] = [
        "“é”",
        "",
        1,
        1.5,
        True,
        moment.date(),
        moment,
        time(9),
        timedelta(hours=30),
        None,
        "x",
    ]
    assert decode_grids(encode_grids([("Blad “1”", [cells, ["", None], ["a", "", ""]])])) == [
        ("Blad “1”", [cells, [], ["a"]])
    ]


def test_what_the_child_refuses_is_told_in_its_own_words() -> None:
    with pytest.raises(InputError, match="beschadigd en kan niet worden gelezen"):
        read_tables("a.xlsx", BOOK[:-200])


@pytest.mark.parametrize("name", ["--help", "-v.xlsx", "map/é ".ljust(300, "x") + ".xlsx"])
def test_a_name_is_never_taken_for_an_option(name: str) -> None:
    assert read_tables(name, BOOK)[1] == []


def test_a_name_that_no_process_can_be_given_is_refused() -> None:
    with pytest.raises(InputError, match=REFUSED):
        read_tables("a\0.xlsx", BOOK)


def test_a_small_file_that_fills_the_memory_is_refused_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    bomb = _repeating(20_000)
    assert len(bomb) < 200_000
    with caplog.at_level(logging.WARNING), pytest.raises(InputError, match=REFUSED):
        read_tables("bom.xlsx", bomb, ReadingLimits(memory_bytes=200 * 2**20))
    assert "bom.xlsx" in caplog.text


def test_a_small_file_with_a_huge_answer_is_refused() -> None:
    with pytest.raises(InputError, match=REFUSED):
        read_tables("groot.xlsx", _repeating(200), ReadingLimits(output_bytes=2**20))


def test_a_file_that_takes_more_time_than_it_may_is_refused_under_its_name() -> None:
    with pytest.raises(InputError, match=REFUSED) as caught:
        read_tables("a.xlsx", BOOK, ReadingLimits(wall_seconds=0.001))
    assert [problem.sheet for problem in caught.value.problems] == ["a.xlsx"]


def test_a_child_that_crashes_is_one_sentence_and_knew_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    environments = []

    def crash(
        command: list[str], *, env: dict[str, str], **_options: Any
    ) -> subprocess.CompletedProcess[bytes]:
        environments.append(env)
        return subprocess.CompletedProcess(command, -signal.SIGSEGV)

    monkeypatch.setenv("MATCHMAKER_SECRET_KEY", "for tests only")
    monkeypatch.setattr("subprocess.run", crash)
    with pytest.raises(InputError, match=REFUSED):
        read_tables("a.xlsx", BOOK)
    assert environments == [{}]


def test_the_child_works_under_its_limits(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given: dict[int, tuple[int, int]] = {}
    monkeypatch.setattr("resource.setrlimit", lambda kind, pair: given.update({kind: pair}))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(BOOK)))
    main(["--memory-bytes", "1000000", "--cpu-seconds", "7", "--output-bytes", "50", "--", "a.xlsx"])
    assert {pair[0] for pair in given.values()} == {1_000_000, 7, 50, 0}
    assert decode_grids(capsys.readouterr().out)[0][0] == "Blad1"
