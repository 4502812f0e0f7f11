"""How a message stands, for people: what happened, what happens next, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from matchmaker import clock
from matchmaker.domain.incoming import IncomingKind
from matchmaker.domain.mail_trouble import MailTrouble
from matchmaker.domain.runs import MessageState
from matchmaker.models import Message, Region
from matchmaker.models.message import URGENT_LANE
from matchmaker.queries.sending import Sending, get_sending
from matchmaker.web.formats import format_moment
from matchmaker.web.language import gettext as _
from matchmaker.web.mail_words import ProblemWords, explain_answer


@dataclass(frozen=True)
class MessageStanding:
    """One message as a line of the log and as the head of its page.

    Parameters
    ----------
    words, tone
        The state in a few words, and its colour.
    note
        What happens next, or when it happened; may be empty.
    problem
        Why it did not leave or arrive yet; None when nothing is wrong.
    """

    words: str
    tone: str
    note: str = ""
    problem: ProblemWords | None = None


@dataclass(frozen=True)
class Hold:
    """What may keep messages from leaving now."""

    now: datetime
    site: Sending
    region_paused_at: datetime | None

    def is_paused_for(self, message: Message) -> bool:
        """Tell whether somebody decided that this message waits."""
        paused = self.site.paused_at is not None or self.region_paused_at is not None
        return paused and message.lane != URGENT_LANE

    @property
    def is_refused(self) -> bool:
        """Tell whether the mail server takes nothing at the moment."""
        return self.site.held_until is not None and self.site.held_until > self.now


def find_hold(region: Region) -> Hold:
    """Return what may keep messages of a region from leaving now."""
    return Hold(clock.now(), get_sending(), region.mail_paused_at)


def describe_message(message: Message, hold: Hold) -> MessageStanding:
    """Say how a message stands."""
    if message.state == MessageState.QUEUED:
        return _describe_queued(message, hold)
    if message.state == MessageState.LEASED:
        return MessageStanding(_("wordt verzonden"), "wait")
    if message.state == MessageState.FAILED:
        return MessageStanding(_("niet aangekomen"), "stop", "", explain_answer(message.last_error))
    if message.state == MessageState.SUPERSEDED:
        return MessageStanding(
            _("niet meer nodig"), "", _("Niet verzonden: intussen was er nieuws, of het was te laat.")
        )
    if message.state == MessageState.UNWANTED:
        return MessageStanding(_("niet verzonden"), "", _("De ontvanger wil deze mails niet."))
    return _describe_sent(message)


def _describe_queued(message: Message, hold: Hold) -> MessageStanding:
    problem = explain_answer(message.last_error) if message.last_error else None
    if hold.is_paused_for(message):
        return MessageStanding(_("wacht"), "wait", _("Het verzenden staat op pauze."), problem)
    if hold.is_refused and hold.site.held_until is not None:
        return _retry(hold.site.held_until, explain_answer(hold.site.problem))
    if problem is not None:
        return _retry(message.next_attempt_at, problem)
    if message.next_attempt_at > hold.now:
        note = _("Gaat weg op %(moment)s.", moment=format_moment(message.next_attempt_at))
        return MessageStanding(_("staat klaar"), "wait", note)
    return MessageStanding(_("staat klaar"), "wait", _("Gaat binnen een paar minuten weg."))


def _retry(moment: datetime, problem: ProblemWords) -> MessageStanding:
    note = _("Volgende poging: %(moment)s.", moment=format_moment(moment))
    return MessageStanding(_("wordt opnieuw geprobeerd"), "wait", note, problem)


def _describe_sent(message: Message) -> MessageStanding:
    """A mail that left may have come back; else the address may remember that others did."""
    user, sent_at = message.user, message.sent_at or message.created_at
    returned = _describe_returned(message, sent_at)
    if returned is not None:
        return returned
    since = user.mail_trouble_at if user and user.mail_trouble is MailTrouble.BOUNCED else None
    if since is not None and since >= sent_at:
        return MessageStanding(_("verzonden"), "stop", _("Maar mails naar dit adres komen terug."))
    return MessageStanding(_("verzonden"), "ok", format_moment(sent_at))


def _describe_returned(message: Message, sent_at: datetime) -> MessageStanding | None:
    """Say what came back after it was sent last, if anything did."""
    if message.returned_as is None or message.returned_at is None or message.returned_at < sent_at:
        return None
    moment = format_moment(message.returned_at)
    if message.returned_as is IncomingKind.BOUNCE:
        return MessageStanding(_("kwam terug"), "stop", moment, explain_answer(message.last_error))
    if message.returned_as is IncomingKind.COMPLAINT:
        return MessageStanding(_("niet gewenst"), "stop", _("De ontvanger wil onze mails niet."))
    return MessageStanding(
        _("verzonden"), "wait", _("Vertraagd: de mailserver van de ontvanger probeert het nog.")
    )
