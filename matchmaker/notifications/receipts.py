"""The mail that tells a school which wishes are in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from matchmaker.domain.kinds import ActivityKind, MessageKind
from matchmaker.models.message import Message
from matchmaker.notifications.composing import Draft, Letterhead, compose_message
from matchmaker.notifications.facts import CleanFacts, Contact, GroupFacts, RoundFacts
from matchmaker.notifications.speech import gettext as _
from matchmaker.notifications.speech import speaking


@dataclass(frozen=True, slots=True, kw_only=True)
class WishFacts(CleanFacts):
    """A wish for an activity of a host, or for any activity of a kind."""

    activity: str = ""
    host: str = ""
    kind: ActivityKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockedFacts(CleanFacts):
    """A time at which the group cannot come; `reason` may be empty."""

    starts_at: datetime
    ends_at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupWishes(CleanFacts):
    """What a group asks.

    Parameters
    ----------
    wanted
        How many activities it looks for, from 1.
    open_to_other
        Whether it takes something else that fits.
    max_km
        The farthest it goes, one way in kilometres; None: as far as it takes.
    wishes
        By rank, the first one first.
    """

    group: GroupFacts
    wanted: int
    open_to_other: bool
    max_km: float | None
    wishes: tuple[WishFacts, ...]
    blocked: tuple[BlockedFacts, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptFacts(CleanFacts):
    """All wishes of a school in a round, as they are now.

    Parameters
    ----------
    sequence
        How many receipts there were before; a newer one takes the place of one that has not left.
    groups
        Those with submitted wishes, by level and name; none: what there was is withdrawn.
    without
        Those that asked for nothing yet.
    path
        Of the school's page.
    last_day, result_on
        Last day for changes, and the day of the result; None where it has passed.
    """

    round: RoundFacts
    school_id: int
    school: str
    sequence: int
    groups: tuple[GroupWishes, ...]
    without: tuple[GroupFacts, ...]
    path: str
    last_day: date | None
    result_on: date | None


def receipt_cause(round_id: int, school_id: int) -> str:
    """Return the cause of all receipts of a school in a round."""
    return f"wishes:round:{round_id}:school:{school_id}"


def compose_receipt(receipt: ReceiptFacts, recipient: Contact, letterhead: Letterhead) -> Message:
    """Return the receipt for one person of the school."""
    with speaking(recipient.language):
        lines = [_describe(line) for line in receipt.groups]
    draft = Draft(
        kind=MessageKind.WISHES_RECEIVED,
        recipient=recipient,
        cause=receipt_cause(receipt.round.id, receipt.school_id),
        sequence=receipt.sequence,
        organisation_id=receipt.school_id,
        facts={"receipt": receipt, "lines": lines},
    )
    return compose_message(draft, letterhead)


def _describe(line: GroupWishes) -> Mapping[str, Any]:
    """Return a group with its wishes in words; templates have no other way to a kind's name."""
    return {"own": line, "wishes": [_name_wish(wish) for wish in line.wishes]}


def _name_wish(wish: WishFacts) -> str:
    if wish.kind is None:
        return ", ".join(part for part in (wish.activity, wish.host) if part)
    return {
        ActivityKind.COMPANY_VISIT: _("een bedrijfsbezoek"),
        ActivityKind.TECHNIEKLOKAAL: _("een technieklokaal"),
        ActivityKind.SCIENCE_CENTRE: _("een wetenschapscentrum"),
        ActivityKind.TECHNIEKDAG: _("een Techniekdag"),
        ActivityKind.MOBILE_LESSON: _("een les op school"),
        ActivityKind.WORKSHOP: _("een workshop"),
        ActivityKind.COMPETITION: _("een wedstrijd"),
    }[wish.kind]
