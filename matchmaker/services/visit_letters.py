"""Keep letters about visits up with what they tell: write what is missing, replace what is no longer true.

Each sort of letter says who should have one by now, with which visits. What somebody has, or could not
get, is not written again. What waits in the outbox and tells of other visits than it should is replaced.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update

from matchmaker import clock, scope
from matchmaker.domain.kinds import MessageKind
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import Message, Region, ToldVisit, User
from matchmaker.notifications.facts import Contact
from matchmaker.notifications.visit_letters import Envelope
from matchmaker.queries import regions
from matchmaker.queries.visit_letters import (
    Appointment,
    LetterRow,
    Told,
    VisitRow,
    find_last_sequences,
    list_letters,
)
from matchmaker.services.letterheads import contact_of
from matchmaker.services.transaction import write_transaction
from matchmaker.services.unrecorded import DUE_LETTERS

# How long ago somebody may have been told of a visit that still gets letters.
MEMORY = timedelta(days=60)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Planned:
    """A letter that somebody should have by now.

    Parameters
    ----------
    visits
        What it tells of, earliest first; at least one.
    useful_until
        From then on it must not leave.
    may_leave
        Whether this is an hour to write it; what waits in the outbox already is left there.
    """

    user: User
    visits: tuple[VisitRow, ...]
    useful_until: datetime
    may_leave: bool = True

    @property
    def told(self) -> frozenset[Told]:
        """The visits as the letter tells of them."""
        return frozenset(visit.told for visit in self.visits)


@dataclass(frozen=True, slots=True)
class Addressed:
    """A planned letter with all that is to be known about its recipient and its place in the outbox."""

    planned: Planned
    contact: Contact
    envelope: Envelope


@dataclass(frozen=True, slots=True)
class LetterSort:
    """A sort of letter.

    Parameters
    ----------
    plan
        From a region's id, the present moment and the letters that people have to what they should have,
        at most one for each person.
    compose
        Writes these letters, in the same order; called within the transaction that stores them.
    """

    kind: MessageKind
    plan: Callable[[int, datetime, Sequence[LetterRow]], list[Planned]]
    compose: Callable[[Sequence[Addressed], Region, datetime], list[Message]]


@dataclass(frozen=True, slots=True)
class _Difference:
    """What is to be written, and the ids of waiting letters that must not leave."""

    missing: list[Planned]
    outdated: list[int]


def keep_letters(sort: LetterSort, now: datetime) -> int:
    """Bring the letters of one sort up to date in all regions; return how many were written.

    A region in which that fails is logged and tried again the next time.
    """
    return sum(_try_region(sort, region.id, now) for region in regions.list_regions())


def _try_region(sort: LetterSort, region_id: int, now: datetime) -> int:
    try:
        with scope.within(region_id):
            return _keep_region(sort, region_id, now)
    except Exception:  # noqa: BLE001 - the letters of one region must not keep those of others
        db.session.rollback()
        _log.exception("letters of sort %s were not written in region %s", sort.kind.value, region_id)
        return 0


def _keep_region(sort: LetterSort, region_id: int, now: datetime) -> int:
    found = _compare(sort, region_id, now)
    if not (found.missing or found.outdated):
        db.session.rollback()
        return 0
    with write_transaction(DUE_LETTERS):
        regions.lock_region(region_id)
        # Another worker may have written them meanwhile.
        found = _compare(sort, region_id, now)
        _supersede(found.outdated)
        _write(sort, found.missing, db.session.get_one(Region, region_id), now)
    return len(found.missing)


def _compare(sort: LetterSort, region_id: int, now: datetime) -> _Difference:
    letters = list_letters(region_id, sort.kind, now - MEMORY)
    waiting = [letter for letter in letters if letter.state is MessageState.QUEUED]
    planned = sort.plan(region_id, now, [letter for letter in letters if letter not in waiting])
    wanted = {plan.user.email: plan.told for plan in planned}
    right = [letter for letter in waiting if wanted.get(letter.recipient) == letter.visits]
    served = {letter.recipient for letter in right}
    return _Difference(
        [plan for plan in planned if plan.may_leave and plan.user.email not in served],
        [letter.message_id for letter in waiting if letter not in right],
    )


def _supersede(message_ids: list[int]) -> None:
    """Drop letters that are still here; one that a worker has in hand by now is left to the outbox."""
    db.session.execute(
        update(Message)
        .where(Message.id.in_(message_ids), Message.state == MessageState.QUEUED)
        .values(state=MessageState.SUPERSEDED)
    )


def _write(sort: LetterSort, planned: Sequence[Planned], region: Region, now: datetime) -> None:
    cause = f"{sort.kind.value}:region:{region.id}:{clock.local(now).date().isoformat()}"
    last = find_last_sequences(cause, sort.kind)
    addressed = [
        Addressed(
            plan,
            contact_of(plan.user),
            Envelope(
                cause=cause,
                sequence=last.get(plan.user.email, -1) + 1,
                useful_until=plan.useful_until,
            ),
        )
        for plan in planned
    ]
    messages = sort.compose(addressed, region, now)
    db.session.add_all(messages)
    db.session.flush()
    for plan, message in zip(planned, messages, strict=True):
        db.session.add_all(_note(message, visit) for visit in plan.visits)


def _note(message: Message, visit: VisitRow) -> ToldVisit:
    return ToldVisit(
        region_id=message.region_id,
        message_id=message.id,
        booking_id=visit.booking_id,
        slot_id=visit.slot_id,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        address=visit.address,
    )


def group_by_person(
    visits: Iterable[VisitRow], people_of: Callable[[VisitRow], Iterable[User]]
) -> dict[User, list[VisitRow]]:
    """Return the visits of each person, in their order; people in the order of their ids."""
    found: dict[User, list[VisitRow]] = defaultdict(list)
    for visit in visits:
        for user in people_of(visit):
            found[user].append(visit)
    return dict(sorted(found.items(), key=lambda pair: pair[0].id))


def told_to(email: str, letters: Iterable[LetterRow]) -> frozenset[Appointment]:
    """Return the visits, at the times that they had then, of which a person was told in these letters."""
    own = (letter for letter in letters if letter.recipient == email)
    return frozenset(told.appointment for letter in own for told in letter.visits)
