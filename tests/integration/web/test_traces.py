"""Every request has an id, and what is done in it is written down with who did it as what."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask, Response

from matchmaker import trace
from matchmaker.domain.errors import RunActiveError
from matchmaker.extensions import db
from matchmaker.models import AuditEntry
from matchmaker.services import audit
from matchmaker.services.transaction import write_transaction
from matchmaker.web.access import HostMember, Public, SchoolMember, access
from tests.site import Site, StrictClient, sign_in_as


def last_entry(app: Flask) -> AuditEntry:
    with app.app_context():
        return db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).all()[0]


def add_act(app: Flask, path: str, rule: object) -> None:
    """Give the site one more page, of the school or host in its path, on which something is done."""

    @access(rule)  # type: ignore[arg-type]
    def act(**_ids: int) -> Response:
        with write_transaction():
            audit.record("change_phase", "round", 1)
        return Response("done", mimetype="text/plain")

    app.add_url_rule(path, f"act{len(app.view_functions)}", act)


def test_an_organiser_acts_for_the_region(site_app: Flask, organiser: StrictClient, site: Site) -> None:
    path = f"/organisator/{site.own.slug}/ronde/{site.own.round_id}"
    organiser.get(path)
    organiser.submit(f"{path}/fase", fase="wishing")
    entry = last_entry(site_app)
    assert (entry.action, entry.actor_id, entry.acting_as) == ("change_phase", site.organiser, "organiser")
    assert (entry.region_id, entry.organisation_id, entry.on_behalf) == (site.own.region_id, None, False)
    assert re.fullmatch("[0-9a-f]{32}", entry.request_id)


@pytest.mark.parametrize(
    ("who", "role", "on_behalf"),
    [("coordinator", "coordinator", False), ("organiser", "organiser", True)],
)
def test_what_is_done_on_a_school_page_is_done_for_the_school(
    site_app: Flask, site: Site, who: str, role: str, on_behalf: bool
) -> None:
    add_act(site_app, "/school/<int:school_id>/act", SchoolMember("school_id"))
    client = sign_in_as(site_app, getattr(site, who))
    assert client.get(f"/school/{site.own.school_id}/act").status_code == 200
    entry = last_entry(site_app)
    assert (entry.acting_as, entry.actor_id, entry.on_behalf) == (role, getattr(site, who), on_behalf)
    assert (entry.region_id, entry.organisation_id) == (site.own.region_id, site.own.school_id)


def test_an_organiser_acts_on_behalf_of_a_host_too(site_app: Flask, site: Site) -> None:
    add_act(site_app, "/aanbieder/<int:host_id>/act", HostMember("host_id"))
    sign_in_as(site_app, site.organiser).get(f"/aanbieder/{site.own.host_id}/act")
    entry = last_entry(site_app)
    assert (entry.organisation_id, entry.on_behalf) == (site.own.host_id, True)


def test_who_has_no_role_in_a_region_still_sees_its_public_pages(site_app: Flask, site: Site) -> None:
    assert sign_in_as(site_app, site.newcomer).get(f"/regio/{site.other.slug}").status_code == 200


def test_ones_own_account_belongs_to_no_region(
    site_app: Flask, coordinator: StrictClient, site: Site
) -> None:
    coordinator.submit("/mijn/apparaten/uitloggen")
    entry = last_entry(site_app)
    assert (entry.action, entry.actor_id, entry.acting_as) == (
        "sign_out_everywhere",
        site.coordinator,
        trace.SELF,
    )
    assert entry.region_id is None


def test_every_request_has_an_id_of_its_own_and_nothing_of_it_stays(site_app: Flask, site: Site) -> None:
    add_act(site_app, "/act", Public())
    ids = set()
    for _ in range(3):
        sign_in_as(site_app, None).get("/act")
        ids.add(last_entry(site_app).request_id)
    assert len(ids) == 3
    assert trace.current().request_id == ""


def test_an_error_page_shows_the_id_that_the_log_knows(
    site_app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    site_app.config["PROPAGATE_EXCEPTIONS"] = False
    site_app.add_url_rule("/broken", "broken", access(Public())(lambda: 1 / 0))
    client = sign_in_as(site_app, None)
    assert client.get("/broken").status_code == 500
    found = re.search("[0-9a-f]{32}", client.text())
    assert found is not None
    assert f"request {found[0]} ended in 500" in caplog.messages


def test_a_refusal_shows_the_id_and_a_missing_page_does_not(site_app: Flask) -> None:
    def refuse() -> str:
        raise RunActiveError

    site_app.add_url_rule("/refused", "refused", access(Public())(refuse))
    client = sign_in_as(site_app, None)
    assert client.get("/refused").status_code == 409
    assert re.search("[0-9a-f]{32}", client.text())
    assert client.get("/nergens").status_code == 404
    assert not re.search("[0-9a-f]{32}", client.text())
