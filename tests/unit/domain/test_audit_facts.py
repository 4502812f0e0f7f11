"""Nothing in the audit log names a person."""

from __future__ import annotations

import pytest

from matchmaker.domain.audit_facts import MASK, PERSONAL_FACTS, mask_personal


@pytest.mark.parametrize("name", sorted(PERSONAL_FACTS))
def test_a_personal_fact_is_masked_whatever_it_is_about(name: str) -> None:
    assert mask_personal({name: "Jan", "phase": "wishing"}) == {name: MASK, "phase": "wishing"}


def test_the_name_of_a_person_is_masked_and_that_of_a_round_is_not() -> None:
    assert mask_personal({"name": "W&T-coördinator"}, {"name"}) == {"name": MASK}
    assert mask_personal({"name": "Najaar"}) == {"name": "Najaar"}


def test_what_lies_deeper_is_masked_too() -> None:
    facts = {"people": [{"email": "a@school.example"}, {"role": "teacher"}], "more": {"phone": "06"}}
    masked = {"people": [{"email": MASK}, {"role": "teacher"}], "more": {"phone": MASK}}
    assert mask_personal(facts) == masked


def test_an_address_is_masked_under_any_name() -> None:
    assert mask_personal({"note": "ask juf@school.example soon"}) == {"note": f"ask {MASK} soon"}


def test_that_a_personal_fact_was_empty_may_be_seen() -> None:
    assert mask_personal({"phone": "", "email": None}) == {"phone": "", "email": None}


def test_no_facts_stay_none() -> None:
    assert mask_personal(None) is None
