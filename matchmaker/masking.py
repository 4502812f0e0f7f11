"""No personal data in logs: what could be about somebody is struck out of every line before it is written.

Names cannot be recognised; so messages of the application name rows by id, and the database is kept
from adding values to its errors.
"""

from __future__ import annotations

import logging
import re
from typing import Any

STRUCK_OUT = "█"
_PATTERNS = (
    # What PostgreSQL adds to an error: "Key (email)=(…) already exists", "Failing row contains (…)".
    re.compile(r"(?m)(?<=DETAIL:).*$"),
    re.compile(r"(?<=\[parameters:).*?(?=\]\n|\]$)", re.DOTALL),
    re.compile(r"[\w.+'’-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+"),
    # Whatever follows a question mark in an address, and tokens of links, feeds and cookies.
    re.compile(r"(?<=\?)[^\s\"']+=[^\s\"']*"),
    # Of a token only the look is known: long, and small and large letters and digits in one word.
    re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Z])(?=[\w-]*[a-z])[\w-]{32,}"),
    re.compile(r"(?<=/inloggen/link/)[^\s\"']+|(?<=/account-houden/)[^\s\"']+|(?<=/uitnodiging/)[^\s\"']+"),
    re.compile(r"(?<=/agenda/)[^\s\"'.]+|(?<=/afmelden/)[^\s\"']+"),
    re.compile(r"(?<!\d)(?:\+31|0)[ -]?\d(?:[ -]?\d){8}(?!\d)"),
)


def mask(text: str) -> str:
    """Return the text without addresses, phone numbers, tokens, query strings and values of rows."""
    for pattern in _PATTERNS:
        text = pattern.sub(STRUCK_OUT, text)
    return text


class MaskedRecord(logging.LogRecord):
    """A line of a log that holds nothing of anybody, whoever writes it down."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Mask the traceback at once: formatters keep the text that is there."""
        super().__init__(*args, **kwargs)
        if self.exc_info and self.exc_info[0] is not None:
            self.exc_text = mask(logging.Formatter().formatException(self.exc_info))

    def getMessage(self) -> str:  # noqa: N802 - the name is the library's
        """Return the message with its arguments, masked."""
        return mask(super().getMessage())


def mask_logs() -> None:
    """Let every logger of this process write masked lines, those of servers and libraries too."""
    logging.setLogRecordFactory(MaskedRecord)
