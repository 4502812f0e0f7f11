"""Pass on what people write to the system's own address, where nobody reads: nothing may get lost.

Only what is from somebody known, or answers a mail of ours, is passed on; the address stands in every
mail, and whoever collects addresses finds it.
"""

from __future__ import annotations

from datetime import datetime

from flask import current_app

from matchmaker.domain.calendar_answers import WORRYING
from matchmaker.domain.incoming import (
    MOST_PASSED_ON,
    MOST_PASSED_ON_IN_REGION,
    PASSED_ON_WITHIN,
    IncomingOutcome,
)
from matchmaker.domain.kinds import Role
from matchmaker.extensions import db
from matchmaker.models import Region
from matchmaker.notifications.composing import system_address
from matchmaker.notifications.facts import Contact
from matchmaker.notifications.incoming import IncomingMail
from matchmaker.notifications.mime import is_usable_address
from matchmaker.notifications.passing_on import WordsFacts, compose_passed_on
from matchmaker.queries import incoming, people
from matchmaker.services.letterheads import contact_of, find_language, letterhead_of
from matchmaker.services.throttling import mark_subject
from matchmaker.services.verdicts import Verdict

_MARK = 20


def pass_on(mail: IncomingMail, digest: str, now: datetime) -> Verdict:
    """Hand on a person's words to the region's contact, inside the caller's transaction."""
    if not (is_usable_address(mail.sender) and mail.sender.isprintable()):
        return Verdict(IncomingOutcome.REFUSED, "no_sender")
    if _is_own(mail.sender):
        return Verdict(IncomingOutcome.REFUSED, "own_mail")
    region = _find_region(mail)
    if region is None:
        return Verdict(IncomingOutcome.REFUSED, "stranger")
    cause = f"words:{mark_subject(f'passed on:{mail.sender}')[:_MARK]}:"
    if _is_too_many(cause, region, now):
        return Verdict(IncomingOutcome.REFUSED, "too_many")
    readers = _list_readers(region)
    if not readers:
        return Verdict(IncomingOutcome.REFUSED, "nobody_reads")
    words = WordsFacts(
        sender=_name_of(mail.sender),
        email=mail.sender,
        subject=mail.subject,
        words=mail.words or (mail.reply.comment if mail.reply else ""),
        answer=mail.reply.answer if mail.reply else None,
    )
    for reader in readers:
        message = compose_passed_on(words, reader, cause + digest[:_MARK], letterhead_of(region, now))
        db.session.add(message)
    return Verdict(IncomingOutcome.HANDLED, "passed_on")


def pass_on_untraced(mail: IncomingMail, digest: str, now: datetime) -> Verdict | None:
    """Hand on a calendar's refusal that came without a token, such as from a file that was downloaded.

    None when there is nothing that people should see.
    """
    if mail.reply is None or (mail.reply.answer not in WORRYING and not mail.reply.comment):
        return None
    return pass_on(mail, digest, now)


def _is_own(sender: str) -> bool:
    """Tell whether a mail says that it is from this system, whatever token is in the address."""
    local, _, domain = system_address(current_app.config["SETTINGS"]).partition("@")
    own, _, at = sender.partition("@")
    return own.partition("+")[0] == local and at == domain


def _find_region(mail: IncomingMail) -> Region | None:
    """Return whose programme it is about: that of the mail it answers, else that of the sender."""
    about = [name for name in mail.about if name.isascii() and name.isprintable()]
    answered = incoming.find_own_mail(about)
    if answered is not None and answered.region_id is not None:
        return db.session.get(Region, answered.region_id)
    user_id = people.find_user_id(mail.sender)
    roles = people.list_memberships(user_id) if user_id is not None else []
    return roles[0].region if roles else None


def _is_too_many(cause: str, region: Region, now: datetime) -> bool:
    since = now - PASSED_ON_WITHIN
    of_region = incoming.count_passed_on("words:", since, region_id=region.id)
    return incoming.count_passed_on(cause, since) >= MOST_PASSED_ON or of_region >= MOST_PASSED_ON_IN_REGION


def _list_readers(region: Region) -> list[Contact]:
    """Return the region's contact, or its organisers when it has none; never this system itself."""
    email = region.contact_email.strip().lower()
    if is_usable_address(email) and not _is_own(email):
        name = region.sender_name or region.name
        return [Contact(name=name, email=email, language=find_language(email))]
    organisers = people.list_people_of_region(region.id, frozenset({Role.ORGANISER}))
    return [
        contact_of(user) for user in organisers if is_usable_address(user.email) and not _is_own(user.email)
    ]


def _name_of(sender: str) -> str:
    user = people.find_active_user_by_email(sender)
    return user.name if user else ""
