"""What the page about whether mail arrives shows beyond one query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from matchmaker import clock
from matchmaker.domain.mail_check import DnsRecord, check_setup, list_records
from matchmaker.domain.mail_findings import CheckLine, Grade
from matchmaker.domain.runs import MessageState
from matchmaker.models import Message, Region
from matchmaker.notifications.mail_check_words import name_grade, name_topic, word_line
from matchmaker.notifications.mail_setup import read_mail_setup
from matchmaker.notifications.speech import speaking
from matchmaker.queries.trials import find_last_trial
from matchmaker.services.letterheads import letterhead_of
from matchmaker.web.banners import Banner
from matchmaker.web.identity import get_visitor
from matchmaker.web.language import current_language
from matchmaker.web.language import gettext as _
from matchmaker.web.organiser.message_words import MessageStanding, describe_message, find_hold

# For so long the page tells what became of a trial mail.
SHOWN_FOR = timedelta(hours=1)
_TONES = {Grade.GOOD: "ok", Grade.LOOK: "info", Grade.WEAK: "wait", Grade.BROKEN: "stop"}


@dataclass(frozen=True)
class FindingLine:
    """A finding in words, with the record to publish when there is one."""

    title: str
    advice: str
    grade: str
    tone: str
    record: DnsRecord | None


@dataclass(frozen=True)
class TopicLines:
    """The findings about one topic."""

    title: str
    lines: list[FindingLine]


@dataclass(frozen=True)
class Trial:
    """The newest trial mail of who looks, and what became of it."""

    message: Message
    standing: MessageStanding

    @property
    def is_open(self) -> bool:
        """Tell whether its state will change by itself."""
        return self.message.state in {MessageState.QUEUED, MessageState.LEASED}


@dataclass(frozen=True)
class MailCheckPage:
    """Whether mail of a region arrives, as far as the site itself can tell."""

    banner: Banner
    topics: list[TopicLines]
    trial: Trial | None
    address: str
    has_server: bool


def build_mail_check(region: Region) -> MailCheckPage:
    """Judge the settings, and look what became of the last trial mail."""
    setup = read_mail_setup(letterhead_of(region))
    lines, records = check_setup(setup), {record.finding: record for record in list_records(setup)}
    with speaking(current_language()):
        topics = [
            TopicLines(name_topic(topic), [_word(line, records.get(line.finding)) for line in found])
            for topic, found in groupby(lines, key=lambda line: line.topic)
        ]
    return MailCheckPage(_judge(lines), topics, _find_trial(region), get_visitor().email, bool(setup.server))


def _word(line: CheckLine, record: DnsRecord | None) -> FindingLine:
    title, advice = word_line(line)
    return FindingLine(title, advice, name_grade(line.grade), _TONES[line.grade], record)


def _judge(lines: Sequence[CheckLine]) -> Banner:
    grades = {line.grade for line in lines}
    if Grade.BROKEN in grades:
        return Banner(_("Zo komen mails niet goed aan"), _("Los eerst op wat niet klopt."), "stop")
    if Grade.WEAK in grades:
        return Banner(_("Mails gaan weg, maar het kan beter"), _("Lees wat er kan verbeteren."), "sun")
    return Banner(
        _("De instellingen zijn in orde"), _("Kijk nog na wat alleen buiten de site te zien is."), "ok"
    )


def _find_trial(region: Region) -> Trial | None:
    message = find_last_trial(region.id, get_visitor().id, clock.now() - SHOWN_FOR)
    return Trial(message, describe_message(message, find_hold(region))) if message else None
