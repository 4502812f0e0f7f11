"""The bodies that guards send really succeed for the right person."""

from __future__ import annotations

import pytest

from tests.site.forms import FORMS
from tests.site.ground import TRACES_OF_VISITS, Ground, dump_database, list_rules, method_of


def list_endpoints_that_change(ground: Ground) -> set[str]:
    return {rule.endpoint for rule in list_rules(ground.app) if method_of(rule) == "POST"}


def test_every_address_that_changes_something_has_a_body(ground: Ground) -> None:
    missing = list_endpoints_that_change(ground) - set(FORMS)
    assert not missing, f"add to FORMS in tests/site/forms.py what makes these succeed: {sorted(missing)}"


def test_no_body_is_left_over(ground: Ground) -> None:
    assert set(FORMS) - list_endpoints_that_change(ground) == set(), "take these out of FORMS"


@pytest.mark.parametrize("endpoint", sorted(FORMS))
def test_the_body_succeeds_for_the_right_person(ground: Ground, endpoint: str) -> None:
    form = FORMS[endpoint]
    rule = next(rule for rule in list_rules(ground.app) if rule.endpoint == endpoint)
    stage = ground.stage(endpoint)
    client = ground.visit(stage.user_id if form.signed_in else None)
    if endpoint == "account.use_second_step":
        client = ground.visit_after_first_step(stage.user_id)
    before = dump_database(ground.app, TRACES_OF_VISITS - {"signed_in_device"})
    response = ground.send(rule, stage, client)
    assert endpoint in ground.ran, f"{endpoint} was not reached: {response.status_code} {response.location}"
    assert response.status_code in {200, 302}, response.get_data(as_text=True)
    with client.session_transaction() as session:
        assert [text for tone, text in session.get("_flashes", []) if tone == "stop"] == []
    after = dump_database(ground.app, TRACES_OF_VISITS - {"signed_in_device"})
    assert (after != before) == form.changes_rows
