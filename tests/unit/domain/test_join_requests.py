"""What an address says about who asks: a hint for an organiser, never a right."""

from __future__ import annotations

import pytest

from matchmaker.domain.join_requests import AddressHint, JoinAsk, read_address
from matchmaker.domain.kinds import Role

SITE = "https://www.de-eiken.example/over-ons"


@pytest.mark.parametrize(
    ("email", "website", "hint"),
    [
        ("wt@de-eiken.example", SITE, AddressHint.WEBSITE),
        ("wt@DE-EIKEN.example", "de-eiken.example", AddressHint.WEBSITE),
        ("wt@mail.de-eiken.example", SITE, AddressHint.WEBSITE),
        ("wt@bestuur.example", "de-eiken.bestuur.example", AddressHint.WEBSITE),
        # A domain that only ends alike is somebody else's.
        ("wt@niet-de-eiken.example", SITE, AddressHint.UNKNOWN),
        # The end of all addresses of a country is nobody's.
        ("wt@example", SITE, AddressHint.UNKNOWN),
        ("wt@de-eiken.example", "", AddressHint.UNKNOWN),
        ("wt@de-eiken.example", "http://[kapot", AddressHint.UNKNOWN),
        ("wt@gmail.com", "https://gmail.com", AddressHint.PRIVATE),
        ("wt@scholengroep.example", SITE, AddressHint.COLLEAGUES),
    ],
)
def test_the_domain_is_held_against_website_and_colleagues(
    email: str, website: str, hint: AddressHint
) -> None:
    assert read_address(email, website, ["directie@scholengroep.example"]) is hint


def test_a_private_address_says_nothing_even_when_colleagues_have_one_too() -> None:
    assert read_address("iemand@gmail.com", "", ["directie@gmail.com"]) is AddressHint.PRIVATE


def test_what_is_asked_is_written_in_one_way() -> None:
    ask = JoinAsk(1, "  W&T   coördinator ", " WT@School.example ", Role.HOST_CONTACT, host_name=" De  Smid ")
    assert (ask.name, ask.email, ask.host_name) == ("W&T coördinator", "wt@school.example", "De Smid")
