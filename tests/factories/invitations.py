"""Invitations that were mailed."""

from __future__ import annotations

from datetime import timedelta

import factory

from matchmaker import clock
from matchmaker.domain.kinds import Role
from matchmaker.domain.tokens import hash_token
from matchmaker.models import Invitation
from tests.factories.base import RowFactory
from tests.factories.organisations import SchoolFactory


class InvitationFactory(RowFactory):
    """An open invitation to be a teacher; ``token`` is what its link holds."""

    class Meta:
        model = Invitation
        exclude = ("token",)

    token = factory.Sequence(lambda n: f"token-{n}")
    email = factory.Sequence(lambda n: f"leerkracht{n}@school.example")
    name = "Leerkracht groep 7"
    role = Role.TEACHER
    organisation = factory.SubFactory(SchoolFactory)
    region = factory.LazyAttribute(lambda row: row.organisation.region)
    token_hash = factory.LazyAttribute(lambda row: hash_token(row.token))
    expires_at = factory.LazyFunction(lambda: clock.now() + timedelta(days=14))
