"""What people type in Dutch sheets and forms, turned into values.

Every parser takes a cell (text, number, date, time or nothing) and gives a value, or raises `ValueError`
with one Dutch sentence for the person who filled in the cell. A blank cell is for the caller: ask
:func:`is_blank` first.
"""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

Cell: TypeAlias = str | int | float | bool | date | datetime | time | timedelta | None

_MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_WEEKDAY = re.compile(r"^(ma|di|wo|do|vr|za|zo)[a-z]*\.?,?\s+", re.IGNORECASE)
_NUMERIC_DATE = re.compile(r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})$")
_ISO_DATE = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?$")
_WORDED_DATE = re.compile(r"^(\d{1,2})\s+([a-z]{3,9})\.?\s+(\d{4})$", re.IGNORECASE)
_CLOCK = re.compile(r"^(\d{1,2})(?:\s*[.:uh]\s*(\d{2})(?:[:.]\d{2})?)?\s*(?:uur|u|h)?\.?$", re.IGNORECASE)
_DASH = re.compile(r"\s*(?:[-–—]|\bt/m\b|\btot(?: en met)?\b)\s*", re.IGNORECASE)
_SHEET_ERRORS = (
    "#N/A",
    "#NB",
    "#REF!",
    "#VERW!",
    "#VALUE!",
    "#WAARDE!",
    "#DIV/0!",
    "#DEEL/0!",
    "#NAME?",
    "#NAAM?",
    "#NUM!",
    "#GETAL!",
    "#NULL!",
    "#LEEG!",
)
_YES = frozenset({"ja", "j", "x", "waar", "true", "yes", "y", "1", "1.0"})
_NO = frozenset({"nee", "n", "onwaar", "false", "no", "0", "0.0", "-"})
_EXCEL_EPOCH = date(1899, 12, 30)


def is_blank(cell: Cell) -> bool:
    """Return whether a cell holds nothing: None, or text of white space only."""
    return cell is None or (isinstance(cell, str) and not cell.strip("\ufeff\u200b \t\r\n\xa0"))


def parse_line(cell: Cell) -> str:
    """Return a cell as one line of text; a whole number loses its decimals, a date is written out.

    Raises
    ------
    ValueError
        For an error value of a spreadsheet, or characters that are no text.
    """
    return " ".join(parse_paragraphs(cell).split())


def parse_paragraphs(cell: Cell) -> str:
    """Return a cell as text, keeping its line breaks; otherwise as :func:`parse_line`."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, bool):
        return "ja" if cell else "nee"
    if isinstance(cell, datetime | date) and not (isinstance(cell, datetime) and cell.time() != time()):
        return f"{cell:%d-%m-%Y}"
    text = unicodedata.normalize("NFC", "" if cell is None else str(cell))
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ").strip("\ufeff\u200b \t\n")
    if text.upper().startswith(_SHEET_ERRORS):
        raise ValueError(f"De formule in deze cel geeft een fout ({text[:20]}).")
    if any(unicodedata.category(c) in {"Cc", "Cs", "Cn"} and c not in "\n\t" for c in text):
        raise ValueError("Deze cel bevat tekens die geen tekst zijn.")
    return text


def parse_number(cell: Cell) -> float:
    """Return a decimal number; ``1,5``, ``1.5``, ``1.234,5`` and ``15 km`` are understood.

    Raises
    ------
    ValueError
        When it is not a finite number.
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if math.isfinite(cell):
            return float(cell)
        raise ValueError("Dit is geen getal.")
    text = parse_line(cell).lower().removesuffix("km").strip().replace("−", "-")
    if re.fullmatch(r"-?\d{1,3}(\.\d{3})+,\d+", text):
        text = text.replace(".", "")
    if not re.fullmatch(r"-?\d{1,12}([.,]\d{1,15})?", text, re.ASCII):
        raise ValueError(f"“{_short(text)}” is geen getal. Schrijf bijvoorbeeld 1,5.")
    return float(text.replace(",", "."))


def parse_whole(cell: Cell) -> int:
    """Return a whole number; ``1.200`` is twelve hundred, ``24,0`` is 24.

    Raises
    ------
    ValueError
        When it is not a whole number between minus and plus one billion.
    """
    if isinstance(cell, str) and re.fullmatch(r"\s*\d{1,3}(\.\d{3})+\s*", cell):
        cell = cell.replace(".", "")
    try:
        number = parse_number(cell)
    except ValueError:
        raise ValueError(f"“{_short(_shown(cell))}” is geen heel getal.") from None
    if not number.is_integer() or abs(number) > 1e9:
        raise ValueError(f"“{_short(_shown(cell))}” is geen heel getal.")
    return int(number)


def parse_pupil_count(cell: Cell) -> int:
    """Return a number of pupils; the authorities mask one to four pupils as ``<5``, read here as 4."""
    if isinstance(cell, str) and re.fullmatch(r"\s*<\s*5\s*", cell):
        return 4
    count = parse_whole(cell)
    if not 0 <= count <= 20_000:
        raise ValueError("Het aantal leerlingen moet tussen 0 en 20.000 liggen.")
    return count


def parse_boolean(cell: Cell) -> bool:
    """Return whether a cell says yes: ``ja``, ``x``, ``waar``, ``1`` or ``nee``, ``onwaar``, ``0``."""
    word = str(cell).strip().lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValueError(f"“{_short(word)}” is niet duidelijk. Schrijf ja of nee.")


def parse_date(cell: Cell) -> date:
    """Return a date between 2000 and 2099.

    Understood are real dates, Excel's day numbers, ``12-3-2026``, ``12/3/26``, ``2026-03-12`` and
    ``do 12 maart 2026``. The day always comes before the month.

    Raises
    ------
    ValueError
        When it is not a date, or outside these years.
    """
    found = _find_date(cell)
    if found is None:
        raise ValueError(f"“{_short(_shown(cell))}” is geen datum. Schrijf bijvoorbeeld 12-3-2027.")
    if not 2000 <= found.year <= 2099:
        raise ValueError(f"Het jaar {found.year} kan niet kloppen.")
    return found


def _find_date(cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        serial = cell if math.isfinite(cell) and cell == int(cell) else 0
        return _EXCEL_EPOCH + timedelta(days=int(serial)) if 36_526 <= serial <= 73_050 else None
    return _find_written_date(_WEEKDAY.sub("", parse_line(cell))) if isinstance(cell, str) else None


def _find_written_date(text: str) -> date | None:
    if match := _ISO_DATE.match(text):
        year, month, day = (int(part) for part in match.groups())
    elif match := _NUMERIC_DATE.match(text):
        day, month, year = (int(part) for part in match.groups())
        year += 2000 if year < 100 else 0
    elif match := _WORDED_DATE.match(text):
        day, month, year = int(match[1]), _month_number(match[2]), int(match[3])
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month_number(word: str) -> int:
    start = word.lower()[:3].replace("maa", "mrt").replace("oct", "okt").replace("may", "mei")
    return _MONTHS.index(start) + 1 if start in _MONTHS else 0


def parse_time(cell: Cell) -> time:
    """Return a time of day to the minute: ``13.30 uur``, ``13:30``, ``9u15``, ``9``, or a real Excel time.

    A number from 1 up to 24 is read as people mean it, ``13.3`` being 13.30.

    Raises
    ------
    ValueError
        When it is not a time of day.
    """
    found = _find_time(cell)
    if found is None:
        raise ValueError(f"“{_short(_shown(cell))}” is geen tijd. Schrijf bijvoorbeeld 13.30.")
    return found


def _find_time(cell: Cell) -> time | None:
    if isinstance(cell, datetime):
        return cell.time().replace(second=0, microsecond=0, tzinfo=None)
    if isinstance(cell, time):
        return cell.replace(second=0, microsecond=0, tzinfo=None)
    if isinstance(cell, timedelta):
        return _time_of_minutes(round(cell.total_seconds() / 60))
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _find_time_in_number(float(cell))
    return _find_written_time(parse_line(cell)) if isinstance(cell, str) else None


def _find_time_in_number(number: float) -> time | None:
    if not 0 <= number < 24:
        return None
    if 0 < number < 1:
        return _time_of_minutes(round(number * 1440))
    hours = int(number)
    minutes = round((number - hours) * 100)
    return time(hours, minutes) if minutes < 60 else None


def _find_written_time(text: str) -> time | None:
    match = _CLOCK.match(re.sub(r"^(\d{2})(\d{2})$", r"\1:\2", text, flags=re.ASCII))
    if match is None or not match[0].isascii():
        return None
    hours, minutes = int(match[1]), int(match[2] or 0)
    return time(hours, minutes) if hours < 24 and minutes < 60 else None


def _time_of_minutes(minutes: int) -> time | None:
    return time(minutes // 60, minutes % 60) if 0 <= minutes < 1440 else None


def parse_time_range(cell: Cell) -> tuple[time, time]:
    """Return begin and end of ``9.00–11.00``, ``9.00 - 11.00 uur`` or ``van 9 tot 11 uur``.

    Raises
    ------
    ValueError
        When there are not two times, or the end is not after the begin.
    """
    text = re.sub(r"^van\s+", "", parse_line(cell), flags=re.IGNORECASE)
    parts = _DASH.split(text)
    if len(parts) != 2:
        raise ValueError(f"“{_short(text)}” zijn geen twee tijden. Schrijf bijvoorbeeld 9.00–11.00.")
    start, end = parse_time(parts[0]), parse_time(parts[1])
    if end <= start:
        raise ValueError("De eindtijd moet na de begintijd liggen.")
    return start, end


def parse_postcode(cell: Cell) -> str:
    """Return a Dutch postcode as ``7121 KZ``, or the five digits of a German one."""
    text = parse_line(cell).upper().replace(" ", "")
    if re.fullmatch(r"[1-9]\d{3}[A-Z]{2}", text, re.ASCII):
        return f"{text[:4]} {text[4:]}"
    if re.fullmatch(r"\d{5}", text, re.ASCII):
        return text
    raise ValueError(f"“{_short(text)}” is geen postcode. Schrijf bijvoorbeeld 7121 KZ.")


def parse_school_code(cell: Cell) -> str:
    """Return a school's code: BRIN and location code such as ``00AB01``.

    A BRIN alone means its first location, ``00``. A code of one's own, for a school without BRIN, holds
    letters, digits, points and dashes and at least one letter.

    Raises
    ------
    ValueError
        For anything else, and for a code that a spreadsheet has turned into a number.
    """
    if not isinstance(cell, str):
        raise ValueError(  # noqa: TRY004 - a person's mistake, not a programmer's
            "Deze code is een getal of datum geworden. Maak de kolom op als tekst."
        )
    text = parse_line(cell).upper().replace(" ", "")
    if re.fullmatch(r"\d{2}[A-Z]{2}", text, re.ASCII):
        return text + "00"
    if re.fullmatch(r"(?=.*[A-Z])[A-Z0-9][A-Z0-9.-]{2,19}", text, re.ASCII):
        return text
    raise ValueError(f"“{_short(text)}” is geen schoolcode. Schrijf BRIN en vestiging, bijvoorbeeld 00AB00.")


def parse_code(cell: Cell) -> str:
    """Return the code of a host, activity or slot: letters, digits, points, dashes, at most 40."""
    text = parse_line(cell)
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,39}", text, re.ASCII):
        raise ValueError(f"“{_short(text)}” is geen code. Gebruik letters, cijfers, punten en streepjes.")
    return text


def parse_email(cell: Cell) -> str:
    """Return an e-mail address in lower case."""
    text = parse_line(cell).lower().removeprefix("mailto:")
    if len(text) > 200 or not re.fullmatch(
        r"[a-z0-9._%+'-]+@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+",
        text,
        re.ASCII,
    ):
        raise ValueError(f"“{_short(text)}” is geen e-mailadres.")
    return text


def _shown(cell: Cell) -> str:
    return str(cell).strip() if cell is not None else ""


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
