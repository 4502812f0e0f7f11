"""Mails around a place that is held for a group until somebody says yes or no.

Two use cases write them, each in its own transaction. The waiting list offers a place that came free (the
booking becomes `BookingState.OFFERED`): it calls `compose_offer` for each coordinator of the school, and
again with a higher `number` when the term changes. The answer to such an offer, or to a placement that has
to be accepted, makes the booking `CONFIRMED` or `DECLINED`: it calls `compose_offer_answer` for each
coordinator of the school and each contact of the host. A yes is followed by the mails of the visit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from matchmaker.domain.kinds import MessageKind
from matchmaker.models.message import Message
from matchmaker.notifications.composing import Draft, Letterhead, compose_message
from matchmaker.notifications.facts import CleanFacts, Contact, lines
from matchmaker.notifications.questions import AskedVisit


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferFacts(CleanFacts):
    """A place that is held for a group.

    Parameters
    ----------
    number
        How often this booking was offered before; a newer offer takes the place of an older one.
    offered_until
        When the place goes to somebody else; aware.
    path
        Path of the page with both buttons, such as ``/plek/…``; whoever has the link may answer.
    """

    number: int
    offered_until: datetime
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferAnswerFacts(CleanFacts):
    """What a school answered.

    Parameters
    ----------
    number
        How often this booking was answered before.
    accepted
        Whether the booking is confirmed now; else it was declined.
    after_allocation
        True when the answer is about a placement of the allocation, not about a place from the waiting list.
    answered_by
        Who answered, as others may read it; may be empty.
    remark
        What they wrote with it; may be empty.
    """

    number: int
    accepted: bool
    after_allocation: bool
    answered_by: str = ""
    remark: str = lines()


def compose_offer(
    offer: OfferFacts, visit: AskedVisit, recipient: Contact, letterhead: Letterhead
) -> Message:
    """Return the mail that asks a coordinator whether a group takes a place that came free.

    It holds a link that answers, so it stands in no region's mail log; after the term it does not leave.
    """
    draft = Draft(
        kind=MessageKind.PLACE_OFFERED,
        recipient=recipient,
        cause=f"offer:booking:{visit.booking_id}",
        sequence=offer.number,
        organisation_id=visit.school_id,
        useful_until=offer.offered_until,
        facts={"offer": offer, "visit": visit},
    )
    message = compose_message(draft, letterhead)
    message.region_id = None
    return message


def compose_offer_answer(
    answer: OfferAnswerFacts,
    visit: AskedVisit,
    recipient: Contact,
    letterhead: Letterhead,
    host_id: int | None = None,
) -> Message:
    """Return the mail that tells somebody what was answered.

    Parameters
    ----------
    host_id
        The host, when the recipient is one of its contacts; None: one of the school's.
    """
    path = f"/school/{visit.school_id}" if host_id is None else f"/aanbieder/{host_id}"
    draft = Draft(
        kind=MessageKind.OFFER_ANSWERED,
        recipient=recipient,
        cause=f"answer:booking:{visit.booking_id}",
        sequence=answer.number,
        organisation_id=visit.school_id if host_id is None else host_id,
        facts={"answer": answer, "visit": visit, "for_host": host_id is not None, "page": path},
    )
    return compose_message(draft, letterhead)
