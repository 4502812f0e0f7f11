"""Invitations that were mailed, and lists of people to invite."""

from __future__ import annotations

from datetime import timedelta

import factory

from matchmaker import clock
from matchmaker.domain.kinds import Role
from matchmaker.domain.tokens import hash_token
from matchmaker.models import Invitation, InvitationList
from tests.factories.base import RowFactory
from tests.factories.organisations import SchoolFactory
from tests.factories.regions import the_region


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


class InvitationListFactory(RowFactory):
    """A list with one new person and one mistake, not sent yet."""

    class Meta:
        model = InvitationList

    region = factory.LazyFunction(the_region)
    file_name = "uitnodigingen.csv"
    entries = factory.LazyFunction(
        lambda: [
            {"email": "lid@lijst.example", "name": "Meelezer", "role": "viewer", "organisation_id": None}
        ]
    )
    problems = factory.LazyFunction(lambda: [["uitnodigingen.csv", 3, "Code", "Geen school met deze code."]])
