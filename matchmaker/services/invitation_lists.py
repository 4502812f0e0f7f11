"""Invite hundreds from one file: read it and show what would happen, then send.

Between the two steps the list stands in the database, so that what is sent is what was shown. Whoever has
the role already or was invited already is left alone, so the same file sends nothing twice.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import func, select

from matchmaker import clock, scope
from matchmaker.config import Settings
from matchmaker.domain.errors import AlreadyMemberError, NotFoundError, RoleNotAllowedError, TransitionError
from matchmaker.domain.invitations import Invited, may_invite
from matchmaker.domain.kinds import HOST_ROLES, SCHOOL_ROLES, MessageKind, Role
from matchmaker.domain.runs import MessageState
from matchmaker.exchange.invitation_files import InvitationFile, InvitationRow, examine_invitations
from matchmaker.exchange.problems import InputProblem
from matchmaker.extensions import db
from matchmaker.models import Host, Invitation, InvitationList, Message, Organisation, School
from matchmaker.queries import invitations
from matchmaker.queries.members import list_role_keys
from matchmaker.services import audit
from matchmaker.services.invitations import add_invitation, list_own_roles
from matchmaker.services.letterheads import find_first_departure
from matchmaker.services.transaction import write_transaction

NEW, MEMBER, INVITED = "new", "member", "invited"


@dataclass(frozen=True, slots=True)
class ListFigures:
    """How many people of a list are new, have the role already, and were invited already."""

    new: int
    members: int
    invited: int


def read_list(region_id: int, name: str, data: bytes, actor_id: int) -> int:
    """Read a file of people and keep it for a look before anything is sent; return the id of the list.

    Raises
    ------
    matchmaker.exchange.problems.InputError
        When the file as a whole cannot be read.
    """
    file = examine_invitations(name, data)
    with scope.within(region_id), write_transaction() as session:
        entries, problems = _build_entries(region_id, file, actor_id)
        row = InvitationList(
            region_id=region_id,
            created_by_id=actor_id,
            file_name=name[:200],
            entries=entries,
            problems=[[p.sheet, p.row, p.column, p.message] for p in sorted((*file.problems, *problems))],
        )
        session.add(row)
        session.flush()
        audit.record(
            "read_invitation_list",
            "invitation_list",
            row.id,
            region_id=region_id,
            actor_id=actor_id,
            after={"people": len(entries), "problems": len(row.problems)},
        )
        return row.id


def describe_list(row: InvitationList) -> ListFigures:
    """Return what sending the list now would do."""
    states = Counter(_find_states(row.region_id, row.entries))
    return ListFigures(states[NEW], states[MEMBER], states[INVITED])


def send_list(region_id: int, list_id: int, actor_id: int) -> int:
    """Invite everybody of the list who is new, in one transaction; return how many.

    The mails leave one after another, so many a minute as the setting says; mail to sign in overtakes them.

    Raises
    ------
    NotFoundError
        When the region has no such list.
    TransitionError
        When it was sent already.
    RoleNotAllowedError
        When this person may not invite to one of its roles any more.
    """
    with scope.within(region_id), write_transaction() as session:
        row = get_list(region_id, list_id, lock=True)
        if row.sent_at is not None:
            raise TransitionError("invitation_list", "sent", "sent")
        row.sent = _invite_new(row, actor_id)
        row.sent_at, row.entries, row.problems = clock.now(), [], []
        session.flush()
        audit.record(
            "send_invitation_list",
            "invitation_list",
            row.id,
            region_id=region_id,
            actor_id=actor_id,
            after={"sent": row.sent},
        )
        return row.sent


def get_list(region_id: int, list_id: int, *, lock: bool = False) -> InvitationList:
    """Return a list of the region.

    Raises
    ------
    NotFoundError
        When there is none.
    """
    statement = select(InvitationList).where(
        InvitationList.id == list_id, InvitationList.region_id == region_id
    )
    if lock:
        statement = statement.with_for_update()
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def _build_entries(
    region_id: int, file: InvitationFile, actor_id: int
) -> tuple[list[dict[str, Any]], list[InputProblem]]:
    """Return who can be invited as the file says, and what is wrong with the others."""
    own = list_own_roles(actor_id)
    places = {place.code.casefold(): place for place in _list_places(region_id)}
    entries, problems = [], []
    for row in file.rows:
        if row.broken or row.email is None or row.role is None:
            continue
        place = places.get(row.code.casefold()) if row.code else None
        finding = _find_fault(row, place)
        invited = Invited(row.email, row.name or "", row.role, region_id, place.id if place else None)
        if finding is None and not may_invite(own, invited):
            finding = ("Rol", "Voor deze rol kunt u niemand uitnodigen.")
        if finding is not None:
            problems.append(InputProblem(file.name, row.row, *finding))
            continue
        entries.append(
            {
                "email": invited.email,
                "name": invited.name,
                "role": invited.role.value,
                "organisation_id": invited.organisation_id,
            }
        )
    return entries, problems


def _find_fault(row: InvitationRow, place: Organisation | None) -> tuple[str, str] | None:
    """Return the column and the sentence that say what is wrong with where somebody is invited."""
    if row.code and place is None:
        return "Code", f"In deze regio is geen school of aanbieder met code {row.code}."
    if row.role in SCHOOL_ROLES and not isinstance(place, School):
        return "Code", "Bij deze rol hoort de code van een school."
    if row.role in HOST_ROLES and not isinstance(place, Host):
        return "Code", "Bij deze rol hoort de code van een aanbieder."
    if row.role not in SCHOOL_ROLES | HOST_ROLES and place is not None:
        return "Code", "Deze rol is voor de hele regio. Laat de code leeg."
    return None


def _list_places(region_id: int) -> list[Organisation]:
    statement = select(Organisation).where(Organisation.region_id == region_id, Organisation.active)
    return list(db.session.scalars(statement))


def _find_states(region_id: int, entries: list[dict[str, Any]]) -> list[str]:
    """Return for each entry whether the person is new, a member or invited."""
    having = list_role_keys(region_id)
    statement = select(Invitation.email, Invitation.role, Invitation.organisation_id).where(
        Invitation.region_id == region_id, invitations.is_open(), Invitation.expires_at > clock.now()
    )
    waiting = {(email, role, where) for email, role, where in db.session.execute(statement)}
    keys = [(entry["email"], Role(entry["role"]), entry["organisation_id"]) for entry in entries]
    return [MEMBER if key in having else INVITED if key in waiting else NEW for key in keys]


def _invite_new(row: InvitationList, actor_id: int) -> int:
    """Invite the new ones in the order of their places, so that two lists never wait for each other."""
    own = list_own_roles(actor_id)
    states = _find_states(row.region_id, row.entries)
    new = [entry for entry, state in zip(row.entries, states, strict=True) if state == NEW]
    new.sort(key=lambda entry: (entry["organisation_id"] or 0, entry["email"], entry["role"]))
    settings: Settings = current_app.config["SETTINGS"]
    pause = timedelta(minutes=1) / settings.invitations_per_minute
    send_at = _find_first_moment()
    sent = 0
    for entry in new:
        invited = Invited(
            entry["email"], entry["name"], Role(entry["role"]), row.region_id, entry["organisation_id"]
        )
        if not may_invite(own, invited):
            raise RoleNotAllowedError
        try:
            add_invitation(invited, actor_id, send_at=send_at + sent * pause)
        except AlreadyMemberError:
            continue
        sent += 1
    return sent


def _find_first_moment() -> datetime:
    """Return when the first mail may leave: by day, and after the last invitation that is waiting."""
    statement = select(func.max(Message.next_attempt_at)).where(
        Message.kind == MessageKind.INVITATION, Message.state == MessageState.QUEUED
    )
    with scope.unscoped("mails that are waiting"):
        last = db.session.scalars(statement).one_or_none()
    return find_first_departure(max(clock.now(), last) if last is not None else clock.now())
