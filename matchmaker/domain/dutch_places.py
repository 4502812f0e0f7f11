"""Dutch places: how their names are written, and which school holidays they have."""

from __future__ import annotations

import re
import unicodedata

from matchmaker.domain.kinds import HolidayRegion

_NORTH, _MIDDLE, _SOUTH = HolidayRegion.NORTH, HolidayRegion.MIDDLE, HolidayRegion.SOUTH
_SMALL_WORDS = frozenset(
    ("aan", "bij", "de", "den", "der", "des", "en", "het", "in", "op", "over", "te", "ten", "ter",
     "tot", "van")
)  # fmt: skip

# The ministry's division: by province, with municipalities that follow their neighbours, and places in
# municipalities that are split.
_BY_PROVINCE = {
    **dict.fromkeys(("groningen", "friesland", "fryslan", "drenthe", "overijssel", "flevoland"), _NORTH),
    "noord holland": _NORTH,
    **dict.fromkeys(("utrecht", "zuid holland"), _MIDDLE),
    **dict.fromkeys(("noord brabant", "limburg", "zeeland"), _SOUTH),
}
_BY_MUNICIPALITY = {
    "zeewolde": _MIDDLE, "altena": _MIDDLE, "neder betuwe": _MIDDLE, "de ronde venen": _MIDDLE,
    "eemnes": _NORTH, "hattem": _NORTH,
    **dict.fromkeys((
        "aalten", "apeldoorn", "barneveld", "berkelland", "bronckhorst", "brummen", "buren", "culemborg",
        "doetinchem", "ede", "elburg", "epe", "ermelo", "harderwijk", "heerde", "lochem", "montferland",
        "nijkerk", "nunspeet", "oldebroek", "oost gelre", "oude ijsselstreek", "putten", "scherpenzeel",
        "tiel", "voorst", "wageningen", "west betuwe", "winterswijk", "zutphen",
    ), _MIDDLE),
    **dict.fromkeys((
        "arnhem", "berg en dal", "beuningen", "doesburg", "druten", "duiven", "heumen", "lingewaard",
        "maasdriel", "nijmegen", "overbetuwe", "renkum", "rheden", "rozendaal", "west maas en waal",
        "westervoort", "wijchen", "zaltbommel", "zevenaar",
    ), _SOUTH),
}  # fmt: skip
_BY_PLACE = {
    ("montferland", "didam"): _SOUTH,
    ("montferland", "loil"): _SOUTH,
    ("montferland", "nieuw dijk"): _SOUTH,
    ("neder betuwe", "dodewaard"): _SOUTH,
    ("altena", "dussen"): _SOUTH,
    ("altena", "hank"): _SOUTH,
    ("de ronde venen", "abcoude"): _NORTH,
    ("de ronde venen", "baambrugge"): _NORTH,
}


def fold_place(name: str) -> str:
    """Return a name in the form in which places are compared: no accents, capitals or punctuation."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", plain).split())


def find_holiday_region(place: str, municipality: str = "", province: str = "") -> HolidayRegion | None:
    """Return the holiday region of a place, or None when the names given do not decide it.

    The authorities divide by province and municipality; some municipalities are split, such as
    Montferland, with Didam in the south and the rest in the middle. For municipalities of Gelderland no
    province is needed.
    """
    town, council, land = fold_place(place), fold_place(municipality), fold_place(province)
    council = re.sub(r" (gld|gem)$", "", council)
    if (council, town) in _BY_PLACE:
        return _BY_PLACE[council, town]
    return _BY_MUNICIPALITY.get(council) or _BY_PROVINCE.get(land)


def format_place(name: str) -> str:
    """Return a name written in capitals as people write it; other names as they are.

    ``'S-HEERENBERG`` becomes ``'s-Heerenberg``, ``HENGELO GLD`` ``Hengelo (Gld)``, ``BEEK GEM MONTFERLAND``
    ``Beek``.
    """
    if not name.isupper():
        return name
    name = re.sub(r"\s+GEM\s+.*$", "", re.sub(r"^S (?=[GH])", "'S-", name))
    name, land = (name[:-4], " (Gld)") if name.endswith(" GLD") else (name, "")
    words = [_format_word(word, first=index == 0) for index, word in enumerate(name.lower().split())]
    return " ".join(words) + land


def _format_word(word: str, *, first: bool) -> str:
    return "-".join(
        part if _stays_small(part, first=first and index == 0) else _capitalise(part)
        for index, part in enumerate(word.split("-"))
    )


def _stays_small(part: str, *, first: bool) -> bool:
    """Return whether a part of a name is an article or preposition, as in ``Son en Breugel``."""
    return part.startswith("'") or (part in _SMALL_WORDS and not first)


def _capitalise(part: str) -> str:
    return "IJ" + part[2:] if part.startswith("ij") else part[:1].upper() + part[1:]
