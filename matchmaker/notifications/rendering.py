"""Templates of mails: a folder per kind with ``subject.txt``, ``body.txt`` and ``body.html``."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from matchmaker.config import ROOT
from matchmaker.domain.kinds import MessageKind
from matchmaker.notifications import speech, wording

TEMPLATES = ROOT / "templates" / "email"
# Plain text is read in windows of this many columns.
_COLUMNS = 78
# The outbox and the mail log keep subjects of this length; longer ones are cut by phones anyway.
_SUBJECT_LIMIT = 150


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail in words: subject, plain text and HTML."""

    subject: str
    text: str
    html: str


def render_mail(kind: MessageKind, facts: Mapping[str, Any]) -> Rendered:
    """Fill the three templates of a kind with facts; under the text stands how to do without such mails.

    Raises
    ------
    jinja2.UndefinedError
        When a template names a fact that is not there.
    """
    names = (f"{kind.value}/subject.txt", f"{kind.value}/body.txt", f"{kind.value}/body.html", "_stop.txt")
    subject, text, html, stop = (_environment().get_template(name).render(facts) for name in names)
    return Rendered(
        subject=wording.shorten(wording.one_line(subject), _SUBJECT_LIMIT),
        text=re.sub(r"\n{3,}", "\n\n", _wrap(f"{text.strip()}\n\n{stop}".strip())) + "\n",
        html=html.strip() + "\n",
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(enabled_extensions=("html",), default=False),
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(speech.gettext, speech.find_form, newstyle=True)  # type: ignore[attr-defined]
    environment.filters.update(
        day=wording.format_day,
        short_day=wording.format_short_day,
        moment=wording.format_moment,
        stretch=lambda time: wording.format_stretch(time.starts_at, time.ends_at),
        capital=wording.capitalise,
        words=wording.format_words,
        pupils=wording.format_pupils,
    )
    environment.globals.update(times=wording.format_times, language=speech.spoken_language)
    return environment


def _wrap(text: str) -> str:
    """Return text with lines that are not too long; what goes on keeps the place of its first word."""
    return "\n".join(_wrap_line(line) for line in text.split("\n"))


def _wrap_line(line: str) -> str:
    if len(line) <= _COLUMNS:
        return line.rstrip()
    start = re.match(r" *(?:[*-] |\d+\. |[^\s:]+: {2,})?", line)
    indent = " " * (start.end() if start else 0)
    return textwrap.fill(
        line, _COLUMNS, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
