"""The mails of one visit from beginning to end, as the services write them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from matchmaker import clock
from matchmaker.domain.kinds import Role
from matchmaker.extensions import db
from matchmaker.models import Message, School
from matchmaker.services.cancelling import cancel_booking
from matchmaker.services.invitations import accept_invitation
from matchmaker.services.moving import move_slot
from matchmaker.services.slot_clashes import SlotTarget
from tests.factories import InvitationFactory
from tests.integration.services.coming_visits import HOST, Coming, mails_to, make_coming

TODAY = datetime(2027, 1, 4, 8, tzinfo=UTC)
SCHOOL_SIDE, HOST_SIDE = "nieuw@de-eiken.example", "nieuw@metaal.example"
SIDES = (SCHOOL_SIDE, HOST_SIDE)
SPRING = (datetime(2027, 3, 26, 9), datetime(2027, 3, 29, 9))  # noqa: DTZ001 - wall clock
AUTUMN = (datetime(2027, 10, 29, 13, 30), datetime(2027, 11, 1, 13, 30))  # noqa: DTZ001 - wall clock


@dataclass(frozen=True)
class Step:
    """One mail of the life of an appointment, and what must stand in a calendar after it."""

    body: bytes
    starts_at: datetime | None


def live(walls: Iterable[datetime]) -> dict[str, list[Step]]:
    """Let two people get a visit, move it to each of these times, call it off; return who got which mails."""
    coming = make_coming()
    _join(coming)
    starts: list[datetime | None] = [coming.slot.starts_at]
    for wall in walls:
        starts.append(clock.from_local(wall))
        target = SlotTarget(clock.from_local(wall), clock.from_local(wall + timedelta(hours=2)))
        move_slot(
            coming.region_id,
            coming.host_id,
            coming.slot_id,
            target,
            coming.people[HOST],
            version=coming.slot.version,
        )
    cancel_booking(coming.region_id, coming.host_id, coming.bookings[0], coming.people[HOST], "Lekkage.")
    cancel_booking(coming.region_id, coming.host_id, coming.bookings[1], coming.people[HOST], "Lekkage.")
    return {side: list(_steps(mails_to(side), starts)) for side in SIDES}


def _steps(messages: list[Message], starts: list[datetime | None]) -> Iterable[Step]:
    visits = [message for message in messages if message.kind.value.startswith("visit_")]
    # The host hears of the first group that is called off as of a change.
    stays = len(visits) - len(starts) - 1
    moments = [*starts, *(starts[-1:] * stays), None]
    return (Step(message.body, at) for message, at in zip(visits, moments, strict=True))


def _join(coming: Coming) -> None:
    school, host = db.session.get_one(School, coming.schools[0]), coming.slot.activity.host
    for email, role, organisation in (
        (SCHOOL_SIDE, Role.COORDINATOR, school),
        (HOST_SIDE, Role.HOST_CONTACT, host),
    ):
        InvitationFactory(email=email, role=role, organisation=organisation, token=email)
        db.session.commit()
        accept_invitation(email, "Nieuw")


def delayed(steps: list[Step]) -> list[Step]:
    """The same mails as a slow server may bring them: the last but one comes after the last."""
    *first, late, last = steps
    return [*first, last, replace(late, starts_at=None)]
