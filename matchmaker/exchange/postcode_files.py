"""Centroids of four-digit postcodes in CSV."""

from __future__ import annotations

import re

from matchmaker.domain.dutch_input import Cell, parse_line, parse_number
from matchmaker.exchange.columns import Column, SheetSpec, at_most, between, read_sheet
from matchmaker.exchange.delimited import read_delimited
from matchmaker.exchange.problems import InputError, refuse_file
from matchmaker.exchange.rows import PostcodeRow


def _parse_postcode4(cell: Cell) -> str:
    text = parse_line(cell)
    if not re.fullmatch(r"[1-9]\d{3}", text, re.ASCII):
        raise ValueError(f"“{text[:20]}” zijn geen vier cijfers van een postcode.")
    return text


POSTCODES = SheetSpec(
    "Postcodes", "Postcodes", PostcodeRow,
    (
        Column("postcode4", "Postcode", "Postcode", _parse_postcode4, "Vier cijfers.", required=True,
               aliases=("pc4", "postcode4")),
        Column("place", "Plaats", "Place", at_most(200), "Woonplaats.", required=True,
               aliases=("woonplaats",)),
        Column("municipality", "Gemeente", "Municipality", at_most(200), "Gemeente.", required=True),
        Column("lat", "Breedtegraad", "Latitude", between(-90, 90, parse_number), "WGS84.", required=True,
               aliases=("lat",)),
        Column("lon", "Lengtegraad", "Longitude", between(-180, 180, parse_number), "WGS84.", required=True,
               aliases=("lon", "lng")),
    ),
    ("postcode4",), "Het midden van elk postcodegebied.",
)  # fmt: skip


def read_postcodes(name: str, data: bytes) -> tuple[PostcodeRow, ...]:
    """Return the centroids of a list.

    Raises
    ------
    matchmaker.exchange.problems.InputError
        With every problem of the file.
    """
    read = read_sheet(read_delimited(name, data), POSTCODES)
    if read.problems:
        raise InputError(read.problems)
    if not read.rows:
        raise refuse_file(name, "Er staan geen postcodes in dit bestand.")
    return read.rows
