"""The language of a page: what the visitor chose, else what the operator set."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

import flask_babel
from flask import current_app, has_request_context, session

LANGUAGES = {"nl": "Nederlands", "en": "English"}


def select_language() -> str:
    """Return the language for this visitor; also for an error page, so without a look in the database."""
    chosen = session.get("language") if has_request_context() else None
    return chosen if chosen in LANGUAGES else str(current_app.config["BABEL_DEFAULT_LOCALE"])


def choose_language(language: str) -> None:
    """Write the rest of this page, and the pages that follow, in a language of `LANGUAGES`."""
    session["language"] = language
    flask_babel.refresh()


def language_of_mail(language: str) -> AbstractContextManager[None]:
    """Let a page that a mail led to speak as the mail did, unless the visitor chose a language."""
    chosen = session.get("language") in LANGUAGES or language not in LANGUAGES
    return nullcontext() if chosen else flask_babel.force_locale(language)


def current_language() -> str:
    """Return the language in which this page is written."""
    return str(flask_babel.get_locale() or "nl")


def gettext(text: str, **facts: Any) -> str:
    """Return the text in the language of the page; typed, unlike what it calls."""
    return str(flask_babel.gettext(text, **facts))


def ngettext(one: str, many: str, number: int, **facts: Any) -> str:
    """Return the text for one or for many in the language of the page."""
    return str(flask_babel.ngettext(one, many, number, **facts))
