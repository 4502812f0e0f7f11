"""What a mail server meant: from its answer to a problem that people can do something about.

Answers begin with a code of three digits (RFC 5321 section 4.2) and mostly an enhanced one such as
``5.1.1`` (RFC 3463), which says more; what follows is free text. The enhanced code counts first, then
words that the large providers use, then the plain code.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class MailProblem(StrEnum):
    """Why a mail did not leave or arrive."""

    # About the address.
    UNKNOWN_ADDRESS = "unknown_address"
    UNKNOWN_DOMAIN = "unknown_domain"
    MAILBOX_FULL = "mailbox_full"
    TOO_BIG = "too_big"
    # About how the other side sees us.
    HELD_BACK = "held_back"
    TOO_FAST = "too_fast"
    LATER = "later"
    # About our own way out.
    LOGIN_REFUSED = "login_refused"
    SENDER_REFUSED = "sender_refused"
    NOT_SECURE = "not_secure"
    UNREACHABLE = "unreachable"
    INTERRUPTED = "interrupted"
    OTHER = "other"


# Nobody but the operator can do something about these, and they hold for every mail.
OF_THE_SITE = frozenset(
    {
        MailProblem.LOGIN_REFUSED,
        MailProblem.SENDER_REFUSED,
        MailProblem.NOT_SECURE,
        MailProblem.UNREACHABLE,
    }
)

# What matters stands at the beginning.
_READ = 500
_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
_PLAIN = re.compile(r"(?<![\d.])([245]\d\d)(?![\d.]*\d)")

_BY_DETAIL: Mapping[str, MailProblem] = MappingProxyType(
    {
        "1.0": MailProblem.UNKNOWN_ADDRESS,
        "1.1": MailProblem.UNKNOWN_ADDRESS,
        "1.2": MailProblem.UNKNOWN_DOMAIN,
        "1.3": MailProblem.UNKNOWN_ADDRESS,
        "1.6": MailProblem.UNKNOWN_ADDRESS,
        "1.7": MailProblem.SENDER_REFUSED,
        "1.8": MailProblem.SENDER_REFUSED,
        "1.10": MailProblem.UNKNOWN_ADDRESS,
        "2.1": MailProblem.UNKNOWN_ADDRESS,
        "2.2": MailProblem.MAILBOX_FULL,
        "2.3": MailProblem.TOO_BIG,
        "3.4": MailProblem.TOO_BIG,
        "4.1": MailProblem.UNREACHABLE,
        "4.4": MailProblem.UNKNOWN_DOMAIN,
        "4.5": MailProblem.TOO_FAST,
        "7.3": MailProblem.NOT_SECURE,
        "7.8": MailProblem.LOGIN_REFUSED,
        "7.9": MailProblem.LOGIN_REFUSED,
        "7.11": MailProblem.NOT_SECURE,
        "7.28": MailProblem.TOO_FAST,
    }
)
# Words as servers use them; the first pattern that fits counts.
_BY_WORDS: tuple[tuple[MailProblem, str], ...] = (
    (MailProblem.LATER, r"gr[ea]y ?list|postgrey|try again later|please retry"),
    (MailProblem.TOO_FAST, r"too (many|fast|much)|rate.?limit|limit exceeded|throttl|concurren"),
    (MailProblem.MAILBOX_FULL, r"quota|mailbox (is )?full|insufficient (system )?storage"),
    (MailProblem.TOO_BIG, r"too (big|large)|size limit|(exceeds|maximum).{0,40}size"),
    (MailProblem.NOT_SECURE, r"certificate|starttls|ssl|tls"),
    (MailProblem.LOGIN_REFUSED, r"authentic|credentials|login|password"),
    (MailProblem.HELD_BACK, r"spam|block|black ?list|reputation|dmarc|spf|dkim|policy|relay"),
    (MailProblem.UNKNOWN_DOMAIN, r"(host|domain).{0,80}(not found|does not exist)|no (such domain|mx)"),
    (MailProblem.UNKNOWN_ADDRESS, r"(unknown|no such|invalid) (user|mailbox|recipient|address)"),
    (MailProblem.UNKNOWN_ADDRESS, r"(user|mailbox|recipient|address|account).{0,80}(unknown|not found)"),
    (MailProblem.UNKNOWN_ADDRESS, r"(user|mailbox|account).{0,80}(not exist|unavailable|disabled|inactive)"),
    (MailProblem.UNKNOWN_ADDRESS, r"(adres|gebruiker|mailbox).{0,80}(onbekend|bestaat niet)"),
    (MailProblem.UNREACHABLE, r"refused|timed? ?out|unreachable|no route|no address associated"),
    (MailProblem.UNREACHABLE, r"name or service|name resolution|getaddrinfo|nodename"),
    (MailProblem.INTERRUPTED, r"connection|disconnect|reset by peer|broken pipe|unexpectedly closed"),
)
_BY_CODE: Mapping[str, MailProblem] = MappingProxyType(
    {
        "421": MailProblem.LATER,
        "432": MailProblem.TOO_FAST,
        "450": MailProblem.LATER,
        "451": MailProblem.LATER,
        "452": MailProblem.LATER,
        "530": MailProblem.LOGIN_REFUSED,
        "534": MailProblem.LOGIN_REFUSED,
        "535": MailProblem.LOGIN_REFUSED,
        "538": MailProblem.NOT_SECURE,
        "550": MailProblem.UNKNOWN_ADDRESS,
        "551": MailProblem.UNKNOWN_ADDRESS,
        "552": MailProblem.MAILBOX_FULL,
        "553": MailProblem.UNKNOWN_ADDRESS,
        "554": MailProblem.HELD_BACK,
    }
)


def classify_answer(answer: str) -> MailProblem:
    """Return the problem that an answer of a mail server, or of the way to it, tells about.

    Parameters
    ----------
    answer
        One line as the outbox keeps it, with or without codes, in any language; `OTHER` when nothing
        in it is known.
    """
    answer = answer[:_READ]
    return _by_detail(answer) or _by_words(answer) or _by_code(answer) or MailProblem.OTHER


def _by_detail(answer: str) -> MailProblem | None:
    found = _ENHANCED.search(answer)
    if found is None:
        return None
    kind, subject, detail = found.groups()
    if known := _BY_DETAIL.get(f"{subject}.{detail}"):
        return known
    if subject == "7":
        # Policy: for good it is about us, for now it mostly is the pace.
        return MailProblem.HELD_BACK if kind == "5" else MailProblem.LATER
    return None


def _by_words(answer: str) -> MailProblem | None:
    lower = answer.lower()
    return next((problem for problem, words in _BY_WORDS if re.search(words, lower)), None)


def _by_code(answer: str) -> MailProblem | None:
    found, detail = _PLAIN.search(answer), _ENHANCED.search(answer)
    problem = _BY_CODE.get(found.group(1)) if found else None
    if problem is MailProblem.UNKNOWN_ADDRESS and detail and detail.group(2) not in {"1", "2"}:
        # The server says itself that it is not about the address.
        return None
    return problem
