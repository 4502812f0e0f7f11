"""Every kind of mail belongs to one family, and only what nobody has to act on can be muted."""

from __future__ import annotations

import pytest

from matchmaker.domain.kinds import MessageKind, Role
from matchmaker.domain.muting import FAMILY_OF, MailFamily, is_wanted, list_families, list_kinds

EVERYTHING = [family.value for family in MailFamily]
ESSENTIAL = {MailFamily.ACCOUNT, MailFamily.VISITS, MailFamily.QUESTIONS, MailFamily.PEOPLE}


def test_every_kind_belongs_to_exactly_one_family() -> None:
    assert set(FAMILY_OF) == set(MessageKind)
    assert sorted(kind for family in MailFamily for kind in list_kinds(family)) == sorted(MessageKind)


@pytest.mark.parametrize("kind", MessageKind)
def test_essential_mail_comes_whatever_is_muted_and_other_mail_does_not(kind: MessageKind) -> None:
    assert is_wanted(kind, [])
    assert is_wanted(kind, EVERYTHING) is (FAMILY_OF[kind] in ESSENTIAL)


def test_mail_to_sign_in_and_about_visits_cannot_be_muted() -> None:
    for kind in (MessageKind.SIGN_IN, MessageKind.VISIT_SCHOOL, MessageKind.VISIT_HOST):
        assert FAMILY_OF[kind].is_essential


def test_muting_one_family_leaves_the_others() -> None:
    assert is_wanted(MessageKind.RESULT_HOST, [MailFamily.DIGEST.value, "unheard of"])
    assert not is_wanted(MessageKind.RESULT_HOST, [MailFamily.OVERVIEWS.value])


def test_people_choose_among_the_mails_that_they_can_get() -> None:
    assert MailFamily.OVERVIEWS in list_families([Role.COORDINATOR])
    assert MailFamily.OVERVIEWS not in list_families([Role.ORGANISER])
    assert MailFamily.PEOPLE in list_families([Role.COORDINATOR, Role.ORGANISER])
    assert list_families([]) == (MailFamily.ACCOUNT,)
