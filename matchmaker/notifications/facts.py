"""What mails are made of: plain facts, loaded by the caller, cleaned once at the door.

Every text is cleaned when facts are made (`wording.one_line`, or `wording.many_lines` where line
ends have a meaning), so no name of anybody can begin a header, a calendar property or a template.
Facts refer to each other by id, so that one query per table fills them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import Enum
from typing import Any

from matchmaker.domain.kinds import Role
from matchmaker.notifications.refusals import explain_nothing
from matchmaker.notifications.speech import gettext
from matchmaker.notifications.wording import format_group, format_levels, many_lines, one_line


def lines() -> Any:
    """Return a text field in which line ends have a meaning."""
    return field(default="", metadata={"lines": True})


class CleanFacts:
    """Cleans every text of a dataclass that inherits it."""

    __slots__ = ()

    def __post_init__(self) -> None:
        """Replace each text by its clean form; the instance is frozen for everybody else."""
        for item in fields(self):  # type: ignore[arg-type]
            value = getattr(self, item.name)
            # A word of a fixed vocabulary is a text too, and stays what it is.
            if isinstance(value, str) and not isinstance(value, Enum):
                clean = many_lines if item.metadata.get("lines") else one_line
                object.__setattr__(self, item.name, clean(value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact(CleanFacts):
    """A person of an organisation: somebody to write to, and somebody to call.

    Parameters
    ----------
    wants_calendar
        False when new appointments reach the person by a calendar that they subscribe to.
    invited
        Causes whose appointment went by mail nevertheless, before that was chosen: mail keeps it right.
    """

    name: str
    email: str
    phone: str = ""
    user_id: int | None = None
    mutes: tuple[str, ...] = ()
    language: str = "nl"
    wants_calendar: bool = True
    invited: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionFacts(CleanFacts):
    """The regional programme in whose name the mail goes."""

    id: int
    name: str
    sender_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundFacts(CleanFacts):
    """The round whose result is told."""

    id: int
    name: str
    school_year: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationFacts(CleanFacts):
    """A school location or a host. All `contacts` get the mail and are shown to the other side."""

    id: int
    name: str
    street: str = ""
    postcode: str = ""
    place: str = ""
    contacts: tuple[Contact, ...] = ()

    @property
    def address(self) -> str:
        """Street, postcode and place in one line; empty when none is known."""
        town = " ".join(part for part in (self.postcode, self.place) if part)
        return ", ".join(part for part in (self.street, town) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolFacts(OrganisationFacts):
    """A school location.

    Parameters
    ----------
    guarantee
        Participations that the school must have in the school year, 0 or more.
    participations
        Participations that it has, those of this publication included.
    """

    guarantee: int
    participations: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HostFacts(OrganisationFacts):
    """A host of activities."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFacts(CleanFacts):
    """A group that took part in the round, whether or not it got something.

    Parameters
    ----------
    reason_code
        Why it got nothing, in the words of the engine; empty when there is nothing to tell.
    """

    id: int
    school_id: int
    name: str
    levels: tuple[str, ...]
    pupils: int
    reason_code: str = ""

    @property
    def reason(self) -> str:
        """One sentence on why it got nothing, in the language of the mail."""
        sentence = explain_nothing(self.reason_code)
        return gettext(sentence) if sentence else ""

    @property
    def title(self) -> str:
        """The group as people say it: ``groep 7/8``."""
        return format_group(self.name, self.levels)

    @property
    def level_words(self) -> str:
        """The levels as people say them: ``groep 7/8``."""
        return format_levels(self.levels)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotFacts(CleanFacts):
    """A dated occasion with what schools must know of its activity.

    Parameters
    ----------
    address
        Where the activity is, when not at the host's own address.
    mobile
        True when the host comes to the school.
    practical
        What to bring, where to report; line ends are kept.
    """

    id: int
    host_id: int
    activity: str
    starts_at: datetime
    ends_at: datetime
    calendar_uid: str
    calendar_sequence: int = 0
    address: str = ""
    mobile: bool = False
    capacity_groups: int = 1
    capacity_pupils: int | None = None
    min_groups: int = 0
    practical: str = lines()


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingFacts(CleanFacts):
    """A group in a slot.

    Parameters
    ----------
    rank
        Which wish came true, from 1; None when the group was open to something else.
    km
        Distance one way, in kilometres; None when nobody travels or it is not known.
    """

    group_id: int
    slot_id: int
    calendar_uid: str
    calendar_sequence: int = 0
    rank: int | None = None
    km: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInFacts(CleanFacts):
    """A way in for one person.

    Parameters
    ----------
    token_id
        Row of the sign-in token; makes the message unique.
    path
        Path of the link, such as ``/inloggen/link/…``; the site's address is put before it.
    code
        Six digits.
    minutes
        How long link and code are valid.
    """

    token_id: int
    contact: Contact
    path: str
    code: str
    minutes: int = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationFacts(CleanFacts):
    """An invitation to a role.

    Parameters
    ----------
    invitation_id
        Row of the invitation; makes the message unique.
    inviter
        Who invites; None when the region itself does.
    place
        Name of the school, host or region.
    path
        Path of the link, such as ``/uitnodiging/…``; the site's address is put before it.
    valid_until
        Last moment at which it can be accepted.
    """

    invitation_id: int
    contact: Contact
    inviter: Contact | None
    role: Role
    place: str
    path: str
    valid_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartureFacts(CleanFacts):
    """An organisation whose last contact is gone, and the path of the region's page."""

    organisation_id: int
    organisation: str
    left_user_id: int
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InactiveFacts(CleanFacts):
    """An account that goes because nobody has used it.

    Parameters
    ----------
    months
        How long nobody has used it.
    goes_at
        The moment from which on it may go; aware.
    path
        Path of the page with the button that keeps it.
    """

    months: int
    goes_at: datetime
    path: str
