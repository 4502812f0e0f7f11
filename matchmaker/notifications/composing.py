"""From facts to a row of the outbox: one mail to one person, as exact bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from matchmaker.config import Settings
from matchmaker.domain.kinds import MessageKind
from matchmaker.domain.mute_tokens import make_mute_token
from matchmaker.domain.muting import FAMILY_OF, is_wanted
from matchmaker.domain.quiet_hours import find_departure, is_pressing
from matchmaker.domain.reply_addresses import add_token, make_reply_token
from matchmaker.domain.runs import MessageState
from matchmaker.models.message import BULK_LANE, URGENT_LANE, Message
from matchmaker.notifications.calendar import Mailbox
from matchmaker.notifications.facts import Contact, RegionFacts
from matchmaker.notifications.mime import CalendarPart, Mail, build_mime, is_usable_address
from matchmaker.notifications.rendering import render_mail
from matchmaker.notifications.speech import gettext, speaking
from matchmaker.notifications.stopping import Stop, describe_stop, list_stop_headers

_LOCAL_PART = "boekingen"
_SYSTEM_NAME = "Techniekprogramma"


def system_address(settings: Settings) -> str:
    """Return the address that all mails come from; answers go to the region's contact instead."""
    return f"{_LOCAL_PART}@{settings.mail_domain}"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes and when: the same for all mails of one use case.

    Parameters
    ----------
    region
        In whose name; None for mail of the system itself, such as signing in.
    moment
        Date of the mails and stamp of their calendar parts; aware.
    """

    settings: Settings
    region: RegionFacts | None
    moment: datetime

    @property
    def sender(self) -> Mailbox:
        """The system's own address, in the region's name."""
        return Mailbox(name=self.name, email=system_address(self.settings))

    @property
    def name(self) -> str:
        """The name people know the programme by."""
        return (self.region.sender_name or self.region.name) if self.region else _SYSTEM_NAME

    @property
    def reply_to(self) -> Mailbox | None:
        """The region's contact, where answers are read; None when the region gave none."""
        if self.region is None or not is_usable_address(self.region.contact_email):
            return None
        return Mailbox(name=self.name, email=self.region.contact_email)

    def link(self, path: str) -> str:
        """Return the address of a page; the only source of links in mails."""
        return f"{self.settings.base_url}{path}"

    def departure_of(self, moment: datetime) -> datetime:
        """Return when mail may leave that was to leave at a moment and that nobody waits for."""
        return find_departure(moment) if self.settings.keeps_quiet_hours else moment

    def organiser_of(self, organisation: str, calendar_uid: str, attendee: Contact) -> Mailbox:
        """Return the organiser of one person's appointment: never the recipient, always the sending address.

        Where replies are read it has a token behind a plus sign, by which an answer proves whose it is.
        The domain stays that of the sender, which mail programs compare (RFC 6047 section 3).

        Parameters
        ----------
        organisation
            In whose name beside the region's; empty: the region's alone.
        """
        email = self.sender.email
        if self.settings.read_replies:
            email = add_token(email, make_reply_token(self.settings.secret_key, calendar_uid, attendee.email))
        if not organisation:
            return Mailbox(name=self.name, email=email)
        with speaking(attendee.language):
            name = gettext("%(region)s namens %(organisation)s", region=self.name, organisation=organisation)
        return Mailbox(name=name, email=email)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One mail before it is written.

    Parameters
    ----------
    cause
        What made it; with recipient, kind and sequence it is unique in the outbox.
    sequence
        Rises with each change of the cause; an older one is never sent after a newer one.
    starts_at
        When what it tells of begins; shortly before that the mail leaves at any hour. Aware.
    useful_until
        From this moment on the mail is dropped instead of sent; aware. None: it is useful whenever it comes.
    facts
        What the templates of the kind name.
    reply_to
        Who reads answers to this mail; None: the region's contact.
    """

    kind: MessageKind
    recipient: Contact
    cause: str
    sequence: int = 0
    organisation_id: int | None = None
    lane: int = BULK_LANE
    calendar: CalendarPart | None = None
    starts_at: datetime | None = None
    useful_until: datetime | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    reply_to: Mailbox | None = None


def compose_message(draft: Draft, letterhead: Letterhead) -> Message:
    """Write a mail in the recipient's language and return its row, not yet added to a session.

    The one place that asks whether the recipient wants such mails: what is not wanted is a row all the
    same, so that nobody writes it a second time, but it never leaves. What nobody waits for, leaves by
    day; at once leaves what is in the urgent lane and what tells of something that is near. An
    appointment goes along for who wants it so, and for who has it from a mail already.

    Raises
    ------
    ValueError
        When the recipient's address cannot be used; `is_usable_address` tells before.
    """
    draft = _leave_calendar_out(draft)
    with speaking(draft.recipient.language):
        stop = _stop(draft, letterhead)
        rendered = render_mail(draft.kind, _shared_facts(draft, letterhead, stop) | dict(draft.facts))
    mail = Mail(
        sender=letterhead.sender,
        recipient=Mailbox(name=draft.recipient.name, email=draft.recipient.email),
        reply_to=draft.reply_to or letterhead.reply_to,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        date=letterhead.moment,
        message_id="",
        calendar=draft.calendar,
        headers=list_stop_headers(stop) if stop else (),
    )
    return _row(draft, letterhead, replace(mail, message_id=_message_id(draft, mail)))


def _row(draft: Draft, letterhead: Letterhead, mail: Mail) -> Message:
    return Message(
        region_id=letterhead.region.id if letterhead.region else None,
        organisation_id=draft.organisation_id,
        user_id=draft.recipient.user_id,
        recipient=draft.recipient.email,
        kind=draft.kind,
        cause=draft.cause,
        sequence=draft.sequence,
        subject=mail.subject,
        message_id=mail.message_id,
        body=build_mime(mail),
        with_calendar=mail.calendar is not None,
        lane=draft.lane,
        useful_until=draft.useful_until,
        state=MessageState.QUEUED if _is_wanted(draft) else MessageState.UNWANTED,
        next_attempt_at=_departure(draft, letterhead),
    )


def _leave_calendar_out(draft: Draft) -> Draft:
    """Return the mail without its appointment when the person subscribes to a calendar that has it."""
    person = draft.recipient
    return draft if person.wants_calendar or draft.cause in person.invited else replace(draft, calendar=None)


def _is_wanted(draft: Draft) -> bool:
    return is_wanted(draft.kind, draft.recipient.mutes)


def _departure(draft: Draft, letterhead: Letterhead) -> datetime:
    moment = letterhead.moment
    if draft.lane == URGENT_LANE or (draft.starts_at is not None and is_pressing(draft.starts_at, moment)):
        return moment
    return letterhead.departure_of(moment)


def _stop(draft: Draft, letterhead: Letterhead) -> Stop | None:
    """Return how the recipient can do without such mails; None for what everybody gets."""
    person, family = draft.recipient, FAMILY_OF[draft.kind]
    if family.is_essential or person.user_id is None:
        return None
    token = make_mute_token(letterhead.settings.secret_key, person.user_id, family, person.email)
    return describe_stop(family, letterhead.link(f"/afmelden/{token}"))


def _shared_facts(draft: Draft, letterhead: Letterhead, stop: Stop | None) -> dict[str, Any]:
    return {
        "recipient": draft.recipient,
        "region": letterhead.region,
        "sender_name": letterhead.name,
        "answerable": letterhead.reply_to is not None,
        "link": letterhead.link,
        "stop": stop,
        "with_calendar": draft.calendar is not None,
    }


def _message_id(draft: Draft, mail: Mail) -> str:
    """Return an id that follows from the whole content: one id never stands for two different mails."""
    content = repr((draft.cause, draft.sequence, mail))
    digest = hashlib.sha256(content.encode()).hexdigest()[:32]
    _, _, domain = mail.sender.email.rpartition("@")
    return f"<{draft.kind.value.replace('_', '-')}.{digest}@{domain}>"
