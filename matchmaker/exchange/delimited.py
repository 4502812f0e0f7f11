"""CSV bytes into a table; encoding and delimiter are found by looking."""

from __future__ import annotations

import codecs
import csv
import io
import re

from matchmaker.exchange.problems import refuse_file
from matchmaker.exchange.table import Table, build_table

MAX_FILE_BYTES = 20 * 2**20
_DELIMITERS = (";", ",", "\t", "|")


def read_delimited(name: str, data: bytes) -> Table:
    """Return the table of a CSV file in UTF-8, UTF-16 or Windows-1252, with `;`, `,`, tab or `|`.

    Raises
    ------
    matchmaker.exchange.problems.InputError
        When it is too large, empty, no text, or quoted wrongly.
    """
    if len(data) > MAX_FILE_BYTES:
        raise refuse_file(name, f"Dit bestand is groter dan {MAX_FILE_BYTES // 2**20} MB.")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise refuse_file(name, "Dit is een werkmap en geen CSV-bestand. Importeer het als werkmap.")
    # Some programs write the delimiter in a first line of its own.
    text = re.sub(r"\Asep=.(?=[\r\n])", "", _decode(name, data))
    try:
        # StringIO with newline="" leaves every kind of line end to the csv module.
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=_sniff_delimiter(text)))
    except csv.Error as error:
        raise refuse_file(
            name, "Dit bestand is geen goede CSV: er klopt iets niet met de aanhalingstekens."
        ) from error
    return build_table(name, lines)


def _decode(name: str, data: bytes) -> str:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            encodings = [encoding]
            break
    else:
        encodings = ["utf-8", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(c < " " and c not in "\t\r\n" for c in set(text)):
            return text
    raise refuse_file(name, "Dit is geen tekstbestand. Bewaar het als CSV in UTF-8.")


def _sniff_delimiter(text: str) -> str:
    """Return the delimiter that the header holds most, outside quotation marks."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    outside = "".join(header.split('"')[::2])
    return max(_DELIMITERS, key=outside.count)
