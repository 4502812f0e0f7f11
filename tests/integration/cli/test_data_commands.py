"""`flask data …` as a person at a terminal meets it."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from matchmaker.extensions import db
from matchmaker.models import School
from tests.integration.exchange.small_region import workbook_file


def _run(app: Flask, *arguments: str | Path) -> Result:
    return app.test_cli_runner().invoke(args=["data", *(str(argument) for argument in arguments)])


def _write(tmp_path: Path, name: str, data: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


def test_a_list_of_schools_is_taken_in_and_counted(app: Flask, tmp_path: Path) -> None:
    path = _write(tmp_path, "scholen.csv", b"Code;Naam;Sector;Vakantieregio\n99AA00;A;bo;Zuid\n")
    result = _run(app, "import-schools", path, "--region", "oost", "--create-region", "Regio Oost")
    assert result.exit_code == 0
    assert "Regio Oost" in result.stdout
    assert "1 nieuw, 0 gewijzigd, 0 gelijk" in result.stdout
    again = _run(app, "import-schools", path, "--region", "oost")
    assert "Er is niets veranderd" in again.stdout


def test_every_problem_is_shown_and_the_exit_code_is_one(app: Flask, tmp_path: Path) -> None:
    path = _write(
        tmp_path, "scholen.csv", b"Code;Naam;Sector;Vakantieregio\n12;A;bo;Oost\n99AA00;B;bo;Zuid\n"
    )
    result = _run(app, "import-schools", path, "--region", "oost")
    assert result.exit_code == 1
    assert "scholen.csv, rij 2, kolom Code" in result.stderr
    assert "scholen.csv, rij 2, kolom Vakantieregio" in result.stderr
    assert "Er is niets ingelezen; aantal problemen: 2." in result.stderr
    assert db.session.scalars(sa.select(School)).all() == []


def test_a_workbook_goes_in_and_comes_out_again(app: Flask, tmp_path: Path) -> None:
    path = _write(tmp_path, "klein.xlsx", workbook_file().data)
    assert _run(app, "import-workbook", path).exit_code == 0
    out = tmp_path / "uit.xlsx"
    assert _run(app, "export-workbook", "--region", "klein", "--out", out).exit_code == 0
    assert "Er is niets veranderd" in _run(app, "import-workbook", out).stdout


def test_a_csv_given_as_a_workbook_is_refused_without_traceback(app: Flask, tmp_path: Path) -> None:
    result = _run(app, "import-workbook", _write(tmp_path, "a.xlsx", b"Code;Naam\n"))
    assert result.exit_code == 1
    assert "geen Excel-bestand" in result.stderr


def test_the_export_of_an_unknown_region_is_refused(app: Flask, tmp_path: Path) -> None:
    result = _run(app, "export-workbook", "--region", "nergens", "--out", tmp_path / "uit.xlsx")
    assert result.exit_code == 1
    assert "bestaat niet" in result.stderr


def test_the_template_is_written_without_a_database(app: Flask, tmp_path: Path) -> None:
    out = tmp_path / "sjabloon.xlsx"
    assert _run(app, "workbook-template", "--out", out).exit_code == 0
    assert out.read_bytes().startswith(b"PK")


def test_a_folder_that_is_not_there_is_one_sentence(app: Flask, tmp_path: Path) -> None:
    result = _run(app, "workbook-template", "--out", tmp_path / "weg" / "sjabloon.xlsx")
    assert result.exit_code == 1
    assert "No such file" in result.stderr


def test_postcodes_and_hosts_are_taken_in(app: Flask, tmp_path: Path) -> None:
    postcodes = _write(
        tmp_path, "pc4.csv", b"pc4,woonplaats,gemeente,lat,lon\n7081,Gendringen,Oude,51.87,6.38\n"
    )
    assert "1 nieuw" in _run(app, "import-postcodes", postcodes).stdout
    hosts = _write(tmp_path, "aanbieders.csv", b"Code;Naam;Postcode\nB1;Lasbedrijf;7081 AB\n")
    assert "1 van de postcode" in _run(app, "import-hosts", hosts, "--region", "oost").stdout
