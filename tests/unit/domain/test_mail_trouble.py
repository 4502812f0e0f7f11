"""Trouble with an address stops what one can do without, and only worse trouble takes its place."""

from __future__ import annotations

import pytest

from matchmaker.domain.mail_trouble import MailTrouble, ends_with_delivery, is_worse, takes_mail


@pytest.mark.parametrize("trouble", [None, *MailTrouble])
def test_essential_mail_is_always_tried(trouble: MailTrouble | None) -> None:
    assert takes_mail(trouble, essential=True)


@pytest.mark.parametrize("trouble", MailTrouble)
def test_optional_mail_does_not_go_to_an_address_in_trouble(trouble: MailTrouble) -> None:
    assert not takes_mail(trouble, essential=False)


def test_optional_mail_goes_to_an_address_without_trouble() -> None:
    assert takes_mail(None, essential=False)


def test_the_worst_is_remembered() -> None:
    worst_last = [None, MailTrouble.REFUSED, MailTrouble.BOUNCED, MailTrouble.COMPLAINED]
    worse = [(new, known) for new in MailTrouble for known in worst_last if is_worse(new, known)]
    assert worse == [(new, known) for new in worst_last[1:] for known in worst_last[: worst_last.index(new)]]


def test_only_a_refusal_ends_when_a_server_takes_mail_again() -> None:
    assert [trouble for trouble in (None, *MailTrouble) if ends_with_delivery(trouble)] == [
        MailTrouble.REFUSED
    ]
