"""What `flask mail …` says in words: ages, problems and findings."""

from __future__ import annotations

from datetime import datetime, timedelta

from matchmaker.domain.mail_check import DnsRecord
from matchmaker.domain.mail_problems import classify_answer
from matchmaker.notifications.mail_problem_words import PROBLEMS
from matchmaker.notifications.speech import gettext, speaking

LANGUAGE = "en"
_UNITS = ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute"))
# Of one piece of text in a DNS record (RFC 1035 section 3.3).
_LONGEST_PIECE = 255


def explain_answer(answer: str) -> str:
    """Return what an answer of a mail server means, in English."""
    with speaking(LANGUAGE):
        return gettext(PROBLEMS[classify_answer(answer)][0])


def format_age(since: datetime, now: datetime) -> str:
    """Return how long ago a moment was: ``12 seconds ago``, ``3 minutes ago``."""
    age = max(now - since, timedelta(0))
    for unit, name in _UNITS:
        if age >= 2 * unit:
            return f"{age // unit} {name}s ago"
    return f"{age // timedelta(seconds=1)} seconds ago"


def format_record(record: DnsRecord) -> str:
    """Return a line of a zone file, long texts in pieces."""
    value = record.value
    pieces = [value[start : start + _LONGEST_PIECE] for start in range(0, len(value), _LONGEST_PIECE)]
    return f"{record.name}. IN {record.kind} " + " ".join(f'"{piece}"' for piece in pieces)
