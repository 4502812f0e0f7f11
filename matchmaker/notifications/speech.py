"""In which language a mail speaks: texts come from the catalogues of the site, Dutch is their source."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import NullTranslations

from babel.support import Translations

from matchmaker.config import ROOT

CATALOGUES = ROOT / "matchmaker" / "translations"
SOURCE = "nl"

_spoken: ContextVar[str] = ContextVar("spoken", default=SOURCE)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Let texts, days and numbers within be in this language; Dutch where there is no catalogue of it."""
    token = _spoken.set(language if has_words(language) else SOURCE)
    try:
        yield
    finally:
        _spoken.reset(token)


def spoken_language() -> str:
    """Return the language of the mail that is being written, such as ``nl``."""
    return _spoken.get()


def has_words(language: str) -> bool:
    """Tell whether mails can be written in a language."""
    return language == SOURCE or isinstance(_catalogue(language), Translations)


def N_(text: str) -> str:  # noqa: N802 - gettext's own word for "translated where it is shown"
    """Mark a text for the catalogues; whoever shows it translates it."""
    return text


def gettext(text: str, **facts: object) -> str:
    """Return a text in the language of the mail, its facts filled in."""
    found = _catalogue(_spoken.get()).gettext(text)
    return found % facts if facts else found


def ngettext(one: str, many: str, number: int, **facts: object) -> str:
    """Return the text for one or for many in the language of the mail; `num` is the number itself."""
    return find_form(one, many, number) % ({"num": number} | facts)


def find_form(one: str, many: str, number: int) -> str:
    """Return the text for one or for many in the language of the mail, for who fills in the facts."""
    return _catalogue(_spoken.get()).ngettext(one, many, number)


@cache
def _catalogue(language: str) -> NullTranslations:
    # A language is a word from outside; only names of folders that exist lead anywhere.
    known = {folder.name for folder in CATALOGUES.iterdir() if folder.is_dir()}
    return Translations.load(CATALOGUES, [language]) if language in known else NullTranslations()
