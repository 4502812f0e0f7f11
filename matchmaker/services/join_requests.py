"""Ask to join and decide on it. Asking grants nothing; approving sends an invitation to the address.

The answer to who asks is the same whoever they are: neither an address nor a person is looked up.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from flask import current_app
from sqlalchemy import delete, select

from matchmaker import clock, scope
from matchmaker.config import Settings
from matchmaker.domain.errors import JoiningClosedError, JoinRequestDecidedError, NotFoundError
from matchmaker.domain.invitations import Invited
from matchmaker.domain.join_requests import MOST_WAITING, JoinAsk, JoinState
from matchmaker.domain.kinds import HOST_ROLES, SCHOOL_ROLES, MessageKind, Role
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import Host, JoinRequest, Message, Region, School
from matchmaker.notifications.composing import Letterhead
from matchmaker.notifications.facts import Contact
from matchmaker.notifications.joining import (
    JoinFacts,
    compose_join_asked,
    compose_join_received,
    compose_join_refused,
)
from matchmaker.notifications.mime import is_usable_address
from matchmaker.queries import join_requests, people
from matchmaker.queries.organisation_search import find_organisation
from matchmaker.queries.regions import lock_region
from matchmaker.services import audit
from matchmaker.services.invitations import add_invitation
from matchmaker.services.letterheads import contact_of
from matchmaker.services.new_hosts import add_host
from matchmaker.services.region_facts import describe_region
from matchmaker.services.transaction import write_transaction

# When organisers read what came in after the first request of a day.
_MORNING = time(8, 0)


def ask_to_join(ask: JoinAsk) -> None:
    """Keep a request, mail a receipt and tell the organisers.

    What this address asked before and still waits is not kept twice, and beyond five waiting requests of
    one address nothing more is kept. The caller must not tell which of these happened.

    Raises
    ------
    JoiningClosedError
        When the region takes no requests now.
    NotFoundError
        When the region has no such school or host, or the role does not exist there.
    ValueError
        When no mail can be addressed to the person.
    """
    with scope.within(ask.region_id), write_transaction() as session:
        # Others who ask in this region wait, so that two requests at one moment see each other.
        lock_region(ask.region_id)
        region = session.get_one(Region, ask.region_id)
        if not region.joining_open:
            raise JoiningClosedError
        _check_place(ask)
        if join_requests.has_same_waiting(ask):
            return
        if join_requests.count_waiting(ask.region_id, ask.email) >= MOST_WAITING:
            return
        row = _add_row(ask)
        session.add(compose_join_received(_describe(row), describe_region(region), _settings(), clock.now()))
        _tell_organisers(region)
        _record("ask_to_join", row, None)


def approve_join_request(
    region_id: int, join_request_id: int, actor_id: int, *, host_id: int | None = None
) -> None:
    """Invite who asked, to the role that was asked; a host that is not in the list becomes one.

    Parameters
    ----------
    host_id
        The host that was meant after all, instead of a new one.

    Raises
    ------
    NotFoundError
        When the region has no such request or host.
    JoinRequestDecidedError
        When somebody decided already.
    AlreadyMemberError
        When the person has the role already.
    """
    with scope.within(region_id), write_transaction():
        row = _lock_waiting(region_id, join_request_id)
        if row.organisation_id is None:
            row.organisation_id = _choose_host(row, host_id, actor_id)
        _decide(row, JoinState.APPROVED, actor_id)
        invited = Invited(
            row.email, row.name, row.role, region_id, row.organisation_id, language=row.language
        )
        add_invitation(invited, actor_id)
        _record("approve_join_request", row, actor_id)


def refuse_join_request(region_id: int, join_request_id: int, actor_id: int, reason: str) -> None:
    """Say no to who asked, and mail the reason.

    Raises
    ------
    NotFoundError
        When the region has no such request.
    JoinRequestDecidedError
        When somebody decided already.
    """
    with scope.within(region_id), write_transaction() as session:
        row = _lock_waiting(region_id, join_request_id)
        row.reason = reason
        _decide(row, JoinState.REFUSED, actor_id)
        region = session.get_one(Region, region_id)
        session.add(compose_join_refused(_describe(row), describe_region(region), _settings(), clock.now()))
        _record("refuse_join_request", row, actor_id)


def _check_place(ask: JoinAsk) -> None:
    """Make sure that the role exists at the place that was chosen."""
    if ask.organisation_id is None:
        roles = HOST_ROLES
    else:
        place = find_organisation(ask.region_id, ask.organisation_id)
        roles = SCHOOL_ROLES if isinstance(place, School) else HOST_ROLES
        roles = roles if place is not None else frozenset()
    if ask.role not in roles:
        raise NotFoundError


def _add_row(ask: JoinAsk) -> JoinRequest:
    row = JoinRequest(
        region_id=ask.region_id,
        organisation_id=ask.organisation_id,
        host_name=ask.host_name,
        host_place=ask.host_place,
        host_kind=ask.host_kind,
        name=ask.name,
        email=ask.email,
        language=ask.language,
        role=ask.role,
        remark=ask.remark,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _lock_waiting(region_id: int, join_request_id: int) -> JoinRequest:
    row = join_requests.get_join_request(region_id, join_request_id, lock=True)
    if row.state is not JoinState.WAITING:
        raise JoinRequestDecidedError
    return row


def _choose_host(row: JoinRequest, host_id: int | None, actor_id: int) -> int:
    if host_id is None:
        return add_host(row.region_id, row.host_name, row.host_place, row.host_kind, actor_id).id
    place = find_organisation(row.region_id, host_id)
    if not isinstance(place, Host):
        raise NotFoundError
    return place.id


def _decide(row: JoinRequest, state: JoinState, actor_id: int) -> None:
    row.state, row.decided_at, row.decided_by_id = state, clock.now(), actor_id
    db.session.flush()
    if join_requests.count_waiting(row.region_id) == 0:
        _call_off_mails(row.region_id)


def _tell_organisers(region: Region) -> None:
    """Mail each organiser at most once a day: now, or tomorrow morning when there was a mail today."""
    today, now = clock.today(), clock.now()
    tomorrow = today + timedelta(days=1)
    morning = clock.from_local(datetime.combine(tomorrow, _MORNING))
    letterhead = Letterhead(_settings(), describe_region(region), now)
    path = f"/organisator/{region.slug}/verzoeken"
    for user in people.list_people_of_region(region.id, frozenset({Role.ORGANISER})):
        for day, not_before in ((today, now), (tomorrow, morning)):
            cause = f"join_requests:{region.id}:{day.isoformat()}"
            if not is_usable_address(user.email) or _is_mailed(cause, user.email):
                continue
            contact = contact_of(user)
            db.session.add(compose_join_asked(contact, path, cause, letterhead, not_before))
            break


def _is_mailed(cause: str, recipient: str) -> bool:
    statement = select(Message.id).where(
        Message.cause == cause, Message.recipient == recipient, Message.kind == MessageKind.JOIN_ASKED
    )
    return db.session.scalars(statement.limit(1)).first() is not None


def _call_off_mails(region_id: int) -> None:
    """Take back the mails of tomorrow: nothing waits any more."""
    db.session.execute(
        delete(Message).where(
            Message.region_id == region_id,
            Message.kind == MessageKind.JOIN_ASKED,
            Message.state == MessageState.QUEUED,
            Message.next_attempt_at > clock.now(),
            Message.attempts == 0,
        )
    )


def _describe(row: JoinRequest) -> JoinFacts:
    return JoinFacts(
        id=row.id,
        contact=Contact(name=row.name, email=row.email, language=row.language),
        place=row.organisation.name if row.organisation else "",
        reason=row.reason,
    )


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _record(action: str, row: JoinRequest, actor_id: int | None) -> None:
    audit.record(
        action,
        "join_request",
        row.id,
        region_id=row.region_id,
        organisation_id=row.organisation_id,
        actor_id=actor_id,
        after={"state": row.state.value, "role": row.role.value},
    )
