"""Find an organisation of a region by what people type of it."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, select

from matchmaker.extensions import db
from matchmaker.models import Host, Organisation, School

LEAST_LETTERS = 2
MOST_FOUND = 10


def search_organisations(region_id: int, kind: type[School | Host], text: str) -> list[Organisation]:
    """Return up to ten active schools or hosts, by name; none for a text of less than two characters.

    Every word must stand in the name, the place, the postcode or the code (of schools: BRIN and location).
    """
    if len(text.strip()) < LEAST_LETTERS:
        return []
    statement = (
        select(kind)
        .where(kind.region_id == region_id, kind.active, *(_holds(kind, word) for word in _words_of(text)))
        .order_by(kind.name, kind.place, kind.id)
        .limit(MOST_FOUND)
    )
    return list(db.session.scalars(statement))


def find_organisation(region_id: int, organisation_id: int) -> School | Host | None:
    """Return the active school or host of the region with this id, or None."""
    found = db.session.get(Organisation, organisation_id)
    if not isinstance(found, School | Host) or found.region_id != region_id or not found.active:
        return None
    return found


def _words_of(text: str) -> list[str]:
    """Return the words; of a postcode with a blank in it the letters belong to the digits."""
    words: list[str] = []
    for word in text.split():
        if len(word) == 2 and word.isalpha() and words and words[-1].isdigit() and len(words[-1]) == 4:
            words[-1] += word
        else:
            words.append(word)
    return words


def _holds(kind: type[School | Host], word: str) -> ColumnElement[bool]:
    return (
        kind.name.icontains(word, autoescape=True)
        | kind.place.icontains(word, autoescape=True)
        | func.replace(kind.postcode, " ", "").icontains(word, autoescape=True)
        | kind.code.icontains(word, autoescape=True)
    )
