"""How a mail says that one can do without such mails: to people in its foot, to mail programs in its head."""

from __future__ import annotations

from dataclasses import dataclass

from matchmaker.domain.muting import MailFamily
from matchmaker.notifications.speech import gettext as _


@dataclass(frozen=True, slots=True)
class Stop:
    """The page on which one does without a family of mails, and the words that lead there."""

    url: str
    words: str


def describe_stop(family: MailFamily, url: str) -> Stop:
    """Return the link that ends mails of a family, in the language of the mail.

    Raises
    ------
    KeyError
        When everybody gets mails of this family.
    """
    words = {
        MailFamily.OVERVIEWS: _("Geen overzichten van een uitslag meer ontvangen"),
        MailFamily.ROUNDS: _("Geen nieuws over rondes meer ontvangen"),
        MailFamily.REMINDERS: _("Geen herinneringen meer ontvangen"),
        MailFamily.THANKS: _("Geen bedankjes meer ontvangen"),
        MailFamily.DIGEST: _("Geen weekoverzicht meer ontvangen"),
    }
    return Stop(url, words[family])


def list_stop_headers(stop: Stop) -> tuple[tuple[str, str], ...]:
    """Return the headers for a button of the mail program itself (RFC 2369, RFC 8058 section 3.1).

    One click needs an encrypted address; without one the program opens the page instead.
    """
    header = ("List-Unsubscribe", f"<{stop.url}>")
    if not stop.url.startswith("https:"):
        return (header,)
    return (header, ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
