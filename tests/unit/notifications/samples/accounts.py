"""The mails around accounts: signing in, being invited, leaving."""

from __future__ import annotations

from datetime import timedelta

from matchmaker.domain.kinds import Role
from matchmaker.notifications.composing import Letterhead
from matchmaker.notifications.departures import compose_contact_left, compose_inactive_notice
from matchmaker.notifications.facts import (
    Contact,
    DepartureFacts,
    InactiveFacts,
    InvitationFacts,
    SignInFacts,
)
from matchmaker.notifications.invitation import compose_invitation
from matchmaker.notifications.sign_in import compose_sign_in
from tests.unit.notifications.publication_facts import EIKEN, MOMENT, REGION, SETTINGS
from tests.unit.notifications.sampling import Sample, sample

COORDINATOR = EIKEN.contacts[0]
SIGN_IN = SignInFacts(token_id=1, contact=COORDINATOR, path="/inloggen/link/Ab3dEf6hIj", code="012345")
LEFT = DepartureFacts(
    organisation_id=7, organisation="De Eiken", left_user_id=9, path="/organisator/achterhoek"
)
NOTICE = InactiveFacts(months=24, goes_at=MOMENT + timedelta(days=30), path="/account-houden/Ab3dEf6hIj")
PLACES = {
    Role.HOST_CONTACT: "Metaalwerken IJsselstroom",
    Role.COORDINATOR: "De Eiken",
    Role.TEACHER: "De Eiken",
    Role.BOARD: "Stichting Achterhoek PO",
}


def samples() -> dict[str, Sample]:
    """Return the mails to sign in and about accounts that go, and an invitation to each role."""
    letterhead = Letterhead(SETTINGS, REGION, MOMENT)
    return {
        "sign_in": sample(compose_sign_in, SIGN_IN, SETTINGS, MOMENT),
        "contact_left": sample(compose_contact_left, LEFT, COORDINATOR, letterhead),
        "inactive_notice": sample(compose_inactive_notice, NOTICE, COORDINATOR, letterhead),
    } | {f"invitation-{role.value}": _invite(role) for role in Role}


def _invite(role: Role) -> Sample:
    """Return an invitation; the region itself invites the coordinator."""
    colleague = Contact(name="W&T-coördinator", email="wt@de-eiken.example")
    facts = InvitationFacts(
        invitation_id=1,
        contact=Contact(name="Leerkracht groep 7", email="groep7@de-eiken.example"),
        inviter=None if role is Role.COORDINATOR else colleague,
        role=role,
        place=PLACES.get(role, REGION.name),
        path="/uitnodiging/Ab3dEf6hIj",
        valid_until=MOMENT + timedelta(days=14),
    )
    return sample(compose_invitation, facts, REGION, SETTINGS, MOMENT)
