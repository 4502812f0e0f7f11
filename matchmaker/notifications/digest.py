"""The overview that organisers get of what came in, what waits and what comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from matchmaker.domain.kinds import MessageKind
from matchmaker.models.message import Message
from matchmaker.notifications.composing import Draft, Letterhead, compose_message
from matchmaker.notifications.facts import CleanFacts, Contact
from matchmaker.notifications.speech import gettext as _
from matchmaker.notifications.speech import ngettext, speaking


class Milestone(StrEnum):
    """The dates of a round."""

    OFFERING_OPENS = "offering_opens"
    WISHING_OPENS = "wishing_opens"
    WISHING_ENDS = "wishing_ends"
    RESULT = "result"
    FIRST_VISITS = "first_visits"


class Waiting(StrEnum):
    """What waits for an organiser."""

    JOIN_REQUESTS = "join_requests"
    WORRIES = "worries"
    FAILED_MAILS = "failed_mails"
    ADDRESSES = "addresses"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundState(CleanFacts):
    """A round that waits for answers.

    Parameters
    ----------
    wishing
        True when schools hand in wishes; False when hosts offer dates.
    asked, answered
        Schools or hosts that are asked, and those of them that answered.
    fresh
        Wish lists or slots that came in since the overview before.
    last_day
        Last day to answer; None when it has passed.
    path
        Of the round's page.
    """

    name: str
    wishing: bool
    asked: int
    answered: int
    fresh: int
    last_day: date | None
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingLine(CleanFacts):
    """How much of something waits, with the path of the page where it is dealt with; `number` from 1."""

    what: Waiting
    number: int
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingDate(CleanFacts):
    """A date of a round that lies near."""

    milestone: Milestone
    day: date
    round: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestFacts(CleanFacts):
    """The state of a region on one morning.

    Parameters
    ----------
    since
        Day of the overview before, from which on `fresh` counts.
    path
        Of the region's home.
    """

    region_id: int
    day: date
    since: date
    rounds: tuple[RoundState, ...]
    waiting: tuple[WaitingLine, ...]
    dates: tuple[ComingDate, ...]
    path: str

    @property
    def has_news(self) -> bool:
        """Tell whether there is anything to tell."""
        return bool(self.rounds or self.waiting or self.dates)


def digest_cause(region_id: int, day: date) -> str:
    """Return the cause of the overview of a morning: each organiser gets one."""
    return f"digest:region:{region_id}:{day.isoformat()}"


def compose_digest(digest: DigestFacts, recipient: Contact, letterhead: Letterhead) -> Message:
    """Return the overview for one organiser."""
    with speaking(recipient.language):
        words = {
            "waiting": [(_tell_waiting(line), line.path) for line in digest.waiting],
            "dates": [(coming.day, _name_date(coming)) for coming in digest.dates],
        }
    draft = Draft(
        kind=MessageKind.DIGEST,
        recipient=recipient,
        cause=digest_cause(digest.region_id, digest.day),
        facts={"digest": digest, **words},
    )
    return compose_message(draft, letterhead)


def _tell_waiting(line: WaitingLine) -> str:
    number = line.number
    return {
        Waiting.JOIN_REQUESTS: ngettext(
            "%(num)d verzoek om mee te doen wacht op u",
            "%(num)d verzoeken om mee te doen wachten op u",
            number,
        ),
        Waiting.WORRIES: ngettext(
            "%(num)d melding dat een bezoek niet doorgaat",
            "%(num)d meldingen dat een bezoek niet doorgaat",
            number,
        ),
        Waiting.FAILED_MAILS: ngettext(
            "%(num)d mail is niet aangekomen", "%(num)d mails zijn niet aangekomen", number
        ),
        Waiting.ADDRESSES: ngettext(
            "%(num)d persoon is met mail niet te bereiken",
            "%(num)d personen zijn met mail niet te bereiken",
            number,
        ),
    }[line.what]


def _name_date(coming: ComingDate) -> str:
    return {
        Milestone.OFFERING_OPENS: _("aanbieders kunnen data opgeven (%(round)s)", round=coming.round),
        Milestone.WISHING_OPENS: _("scholen kunnen wensen doorgeven (%(round)s)", round=coming.round),
        Milestone.WISHING_ENDS: _("laatste dag voor wensen (%(round)s)", round=coming.round),
        Milestone.RESULT: _("uitslag (%(round)s)", round=coming.round),
        Milestone.FIRST_VISITS: _("eerste bezoeken (%(round)s)", round=coming.round),
    }[coming.milestone]
