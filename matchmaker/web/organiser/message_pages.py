"""What the pages about mails show beyond one query."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from matchmaker import clock
from matchmaker.domain.kinds import MessageKind
from matchmaker.domain.mail_problems import MailProblem, classify_answer
from matchmaker.domain.permissions import Permission
from matchmaker.domain.runs import MESSAGE_CHOICES, MessageState
from matchmaker.models import Message, Region, School
from matchmaker.queries import mail_log
from matchmaker.queries.mail_log import MOST_COUNTED, MessageFilters, OpenMail
from matchmaker.queries.slices import Slice
from matchmaker.web.identity import get_visitor
from matchmaker.web.labels import label
from matchmaker.web.language import gettext as _
from matchmaker.web.mail_words import word_problem
from matchmaker.web.organiser.mail_reading import ReadMail, read_mail
from matchmaker.web.organiser.message_words import MessageStanding, describe_message, find_hold


@dataclass(frozen=True)
class LogPlace:
    """Where somebody is in the mail log: what was asked for, and which page of it."""

    region: Region
    filters: MessageFilters
    page: int

    def arguments(self, page: int | None = None) -> dict[str, Any]:
        """Return what an address needs to lead back here, or to another page."""
        number = page or self.page
        return {
            "slug": self.region.slug,
            "q": self.filters.text or None,
            "stand": self.filters.state.value if self.filters.state else None,
            "soort": self.filters.kind.value if self.filters.kind else None,
            "pagina": number if number > 1 else None,
        }

    def list_url(self, page: int | None = None) -> str:
        """Return the address of the list."""
        return url_for("organiser.list_messages", **self.arguments(page))

    def message_url(self, message_id: int) -> str:
        """Return the address of a message that leads back here."""
        return url_for("organiser.show_message", message_id=message_id, **self.arguments())

    @property
    def is_filtered(self) -> bool:
        """Tell whether anything was asked for."""
        return self.filters != MessageFilters()


@dataclass(frozen=True)
class Shortcut:
    """A link to the mails in one state."""

    text: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class FailureGroup:
    """Failed mails that met the same problem and can be sent again."""

    problem: MailProblem
    title: str
    advice: str
    number: int


@dataclass(frozen=True)
class MessageListPage:
    """The mail log as the organiser asked for it."""

    place: LogPlace
    slice: Slice[Message]
    standings: dict[int, MessageStanding]
    shortcuts: list[Shortcut]
    failures: list[FailureGroup]
    states: list[tuple[str, str]]
    kinds: list[tuple[str, str]]
    may_manage: bool

    @property
    def filters(self) -> MessageFilters:
        """What was asked for."""
        return self.place.filters


@dataclass(frozen=True)
class MessagePage:
    """One message with everything around it."""

    place: LogPlace
    message: Message
    standing: MessageStanding
    mail: ReadMail
    may_manage: bool

    @property
    def can_be_sent_again(self) -> bool:
        """Tell whether a person may let it leave once more."""
        again = MessageState.QUEUED in MESSAGE_CHOICES[self.message.state]
        return self.may_manage and again and bool(self.message.body)

    @property
    def organisation_url(self) -> str:
        """Where the work of the organisation that the message is about starts; empty without one."""
        organisation = self.message.organisation
        if organisation is None:
            return ""
        if isinstance(organisation, School):
            return url_for("school.show_home", school_id=organisation.id)
        return url_for("host.show_home", host_id=organisation.id)

    @property
    def person_url(self) -> str:
        """The person among the people of the region; empty when the address is nobody's."""
        region = self.place.region
        if self.message.user is None or not get_visitor().may(Permission.MANAGE_MEMBERS, region.id):
            return ""
        return url_for("organiser.list_members", slug=region.slug, q=self.message.user.email)


def parse_place(region: Region, arguments: Mapping[str, str]) -> LogPlace:
    """Read filters and page from an address; what is not known counts as not asked."""
    state, kind = arguments.get("stand", ""), arguments.get("soort", "")
    number = arguments.get("pagina", "1")
    filters = MessageFilters(
        text=arguments.get("q", "").replace("\x00", "").strip()[:80],
        state=MessageState(state) if state in set(MessageState) else None,
        kind=MessageKind(kind) if kind in set(MessageKind) else None,
    )
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    return LogPlace(region, filters, max(page, 1))


def build_message_list(place: LogPlace) -> MessageListPage:
    """Build one page of the mail log."""
    region = place.region
    found = mail_log.list_messages(region.id, place.filters, place.page)
    hold = find_hold(region)
    may_manage = get_visitor().may(Permission.MANAGE_MAILS, region.id)
    is_about_failures = place.filters.state is MessageState.FAILED and may_manage
    return MessageListPage(
        place=LogPlace(region, place.filters, found.page),
        slice=found,
        standings={message.id: describe_message(message, hold) for message in found.rows},
        shortcuts=_list_shortcuts(place, mail_log.count_open_mail(region.id, clock.now())),
        failures=_group_failures(region.id) if is_about_failures else [],
        states=_options([state for state in MessageState if state != MessageState.LEASED]),
        kinds=_options([kind for kind in MessageKind if kind != MessageKind.SIGN_IN]),
        may_manage=may_manage,
    )


def build_message_page(place: LogPlace, message_id: int) -> MessagePage:
    """Build the page of one message."""
    message = mail_log.get_message(place.region.id, message_id)
    return MessagePage(
        place=place,
        message=message,
        standing=describe_message(message, find_hold(place.region)),
        mail=read_mail(message.body),
        may_manage=get_visitor().may(Permission.MANAGE_MAILS, place.region.id),
    )


def format_count(number: int) -> str:
    """Return a number of mails; what was not counted to the end says so."""
    return f"{number}+" if number >= MOST_COUNTED else str(number)


def _list_shortcuts(place: LogPlace, open_mail: OpenMail) -> list[Shortcut]:
    counted = (
        (MessageState.FAILED, _("Niet aangekomen"), open_mail.failed),
        (MessageState.QUEUED, _("Wacht"), open_mail.waiting),
    )
    shortcuts = [
        Shortcut(
            f"{words} ({format_count(number)})",
            LogPlace(place.region, MessageFilters(state=state), 1).list_url(),
            place.filters == MessageFilters(state=state),
        )
        for state, words, number in counted
    ]
    everything = LogPlace(place.region, MessageFilters(), 1)
    addresses = url_for("organiser.list_addresses", slug=place.region.slug)
    in_trouble = Shortcut(f"{_('Adressen met problemen')} ({open_mail.people_in_trouble})", addresses, False)
    return [Shortcut(_("Alles"), everything.list_url(), not place.is_filtered), *shortcuts, in_trouble]


def _group_failures(region_id: int) -> list[FailureGroup]:
    """Return the problems of failed mails that can be sent again, those of most mails first."""
    failed = mail_log.list_sendable_again(region_id, clock.now())
    numbers = Counter(classify_answer(mail.last_error) for mail in failed)
    return [
        FailureGroup(problem, *word_problem(problem), number) for problem, number in numbers.most_common()
    ]


def _options(members: Sequence[Any]) -> list[tuple[str, str]]:
    return [(member.value, label(member)) for member in members]
