"""The audit log as organisers, schools and hosts read it."""

from __future__ import annotations

import ast
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from matchmaker import clock, trace
from matchmaker.config import ROOT
from matchmaker.extensions import db
from matchmaker.models import AuditEntry, School, User
from matchmaker.queries import audit_log
from matchmaker.services import audit
from matchmaker.services.transaction import write_transaction
from matchmaker.web.audit_words import ACTS
from tests.site import Site, StrictClient, sign_in_as
from tests.site.fixtures import CountQueries

HOSTILE = "<script>alert(1)</script>'\"&"


@contextmanager
def acting(user_id: int | None, acting_as: str, **where: Any) -> Iterator[None]:
    token = trace.begin(trace.VISITOR)
    if user_id is not None:
        trace.refine(acting_as, user_id, **where)
    yield
    trace.end(token)


def record(site_app: Flask, user_id: int, action: str = "change_phase", **more: Any) -> None:
    """Record an act of an organiser in the first region, or wherever `more` says."""
    where = {name: more.pop(name) for name in ("region_id", "organisation_id", "on_behalf") if name in more}
    acting_as = more.pop("acting_as", "organiser")
    with site_app.app_context(), acting(user_id, acting_as, **where), write_transaction():
        audit.record(
            action,
            more.pop("object_type", "round"),
            more.pop("object_id", None),
            before=more.pop("before", None),
            after=more.pop("after", {"phase": "wishing"}),
        )


def log_path(site: Site) -> str:
    return f"/organisator/{site.own.slug}/logboek"


def test_an_act_is_told_in_a_sentence_with_a_link(organiser: StrictClient, site: Site) -> None:
    path = f"/organisator/{site.own.slug}/ronde/{site.own.round_id}"
    organiser.get(path)
    organiser.submit(f"{path}/fase", fase="wishing")
    page = organiser.get(log_path(site)).get_data(as_text=True)
    assert "Organiser achterhoek bracht de ronde Voorjaar in de fase ‘wensen’" in organiser.text()
    assert f'href="{path}"' in page
    assert "Fase controle van de uitslag wensen" in organiser.text()


def test_only_the_own_region_is_shown_and_no_ones_account(
    site_app: Flask, organiser: StrictClient, site: Site
) -> None:
    record(site_app, site.organiser, region_id=site.other.region_id, after={"phase": "closed"})
    record(site_app, site.coordinator, "set_password", acting_as=trace.SELF)
    organiser.get(log_path(site))
    assert "Niets gevonden" in organiser.text()


@pytest.mark.parametrize("who", ["viewer", "coordinator", "host_contact", "newcomer"])
def test_who_does_not_manage_the_region_does_not_read_its_log(site_app: Flask, site: Site, who: str) -> None:
    client = sign_in_as(site_app, getattr(site, who))
    assert client.get(log_path(site)).status_code == 404
    assert client.get(f"{log_path(site)}.xlsx").status_code == 404


def test_the_filters_in_the_address_each_leave_something_out(
    site_app: Flask, organiser: StrictClient, site: Site
) -> None:
    region = {"region_id": site.own.region_id}
    with time_machine.travel(datetime(2026, 3, 1, 22, 59, tzinfo=UTC), tick=False):
        record(site_app, site.organiser, **region)
    with time_machine.travel(datetime(2026, 3, 1, 23, 1, tzinfo=UTC), tick=False):
        school = {"organisation_id": site.own.school_id, "on_behalf": True}
        record(site_app, site.viewer, "start_run", after=None, **school, **region)
    with site_app.app_context():
        ids = list(db.session.scalars(sa.select(AuditEntry.request_id).order_by(AuditEntry.id)))[-2:]
    first, second = {"de fase"}, {"startte"}
    wanted = {
        "": first | second,
        # Midnight is that of the region.
        "van=2026-03-02": second,
        "tot=2026-03-01": first,
        "van=2026-03-01&tot=2026-03-02": first | second,
        f"wie={site.organiser}": first,
        f"organisatie={site.own.school_id}": second,
        "wat=start_run": second,
        "namens=ja": second,
        f"kenmerk={ids[0][:12]}": first,
        "van=gisteren&wie=x&pagina=y": first | second,
    }
    for address, shown in wanted.items():
        organiser.get(f"{log_path(site)}?{address}")
        text = organiser.text()
        assert {word for word in first | second if f" {word}" in text.partition("regel")[2]} == shown, address


def test_names_and_values_are_shown_and_never_run(
    site_app: Flask, organiser: StrictClient, site: Site
) -> None:
    with site_app.app_context():
        db.session.get_one(User, site.viewer).name = HOSTILE
        db.session.get_one(School, site.own.school_id).name = HOSTILE
        db.session.commit()
    record(
        site_app,
        site.viewer,
        HOSTILE,
        region_id=site.own.region_id,
        organisation_id=site.own.school_id,
        on_behalf=True,
        object_type=HOSTILE,
        before={HOSTILE: HOSTILE},
        after={HOSTILE: [HOSTILE, {HOSTILE: HOSTILE}]},
    )
    page = organiser.get(log_path(site)).get_data(as_text=True)
    assert "<script>alert" not in page
    assert organiser.text().count("alert(1)") >= 8
    coordinator = sign_in_as(site_app, site.coordinator)
    for path in ("", "/logboek"):
        page = coordinator.get(f"/school/{site.own.school_id}{path}").get_data(as_text=True)
        assert "<script>alert" not in page
        assert "alert(1)" in coordinator.text()


def read_export(answer: Any) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    return list(book["Logboek"].iter_rows(values_only=True))


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t=", "'="])
def test_the_export_holds_what_the_filters_leave_and_no_formula(
    site_app: Flask, organiser: StrictClient, site: Site, begin: str
) -> None:
    with site_app.app_context():
        db.session.get_one(User, site.viewer).name = f"{begin}1+1"
        db.session.commit()
    record(site_app, site.viewer, region_id=site.own.region_id)
    record(site_app, site.organiser, region_id=site.own.region_id)
    answer = organiser.get(f"{log_path(site)}.xlsx?wie={site.viewer}")
    header, row = read_export(answer)
    assert header[:3] == ("Wanneer", "Wie", "Rol")
    assert row[1] == f"{begin}1+1"
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert {cell.data_type for line in sheet.iter_rows(min_row=2) for cell in line} <= {"s", "d", "n"}


def test_the_export_asks_to_prove_again_who_one_is(site_app: Flask, site: Site) -> None:
    with time_machine.travel(clock.now() - timedelta(minutes=20), tick=False):
        client = sign_in_as(site_app, site.organiser)
    assert client.get(f"{log_path(site)}.xlsx").location == "/mijn/bevestigen"


def test_the_school_reads_what_the_region_did_in_its_place(
    site_app: Flask, coordinator: StrictClient, site: Site
) -> None:
    home = f"/school/{site.own.school_id}"
    coordinator.get(home)
    assert "Namens u gedaan" not in coordinator.text()
    own = {"region_id": site.own.region_id, "organisation_id": site.own.school_id}
    record(site_app, site.organiser, on_behalf=True, **own)
    record(site_app, site.coordinator, "start_run", acting_as="coordinator", **own)
    record(site_app, site.organiser, "publish_run", acting_as="job:publish_runs", **own)
    coordinator.get(home)
    assert "Namens u gedaan" in coordinator.text()
    assert "Het regiobureau bracht" in coordinator.text()
    assert "startte" not in coordinator.text(), "the panel is about others"
    coordinator.get(f"{home}/logboek")
    text = coordinator.text()
    assert "3 regels" in text
    assert "Coordinator achterhoek startte" in text
    assert "Het regiobureau publiceerde" in text, "a task that an organiser asked for names nobody"
    assert "rganiser achterhoek" not in text


def test_a_host_reads_the_same_on_its_own_pages(
    site_app: Flask, host_contact: StrictClient, site: Site
) -> None:
    own = {"region_id": site.own.region_id, "organisation_id": site.own.host_id}
    record(site_app, site.organiser, on_behalf=True, **own)
    host_contact.get(f"/aanbieder/{site.own.host_id}")
    assert "Namens u gedaan" in host_contact.text()
    host_contact.get(f"/aanbieder/{site.own.host_id}/logboek")
    assert "Het regiobureau bracht" in host_contact.text()


def test_what_was_done_long_ago_is_on_the_page_of_the_log_only(
    site_app: Flask, coordinator: StrictClient, site: Site
) -> None:
    with time_machine.travel(clock.now() - timedelta(days=90), tick=False):
        own = {"region_id": site.own.region_id, "organisation_id": site.own.school_id}
        record(site_app, site.organiser, on_behalf=True, **own)
    coordinator.get(f"/school/{site.own.school_id}")
    assert "Namens u gedaan" not in coordinator.text()
    coordinator.get(f"/school/{site.own.school_id}/logboek")
    assert "1 regel" in coordinator.text()


def test_an_organiser_is_told_to_act_for_the_school(organiser: StrictClient, site: Site) -> None:
    page = organiser.get(f"/school/{site.own.school_id}").get_data(as_text=True)
    assert "U werkt namens De Eiken." in page
    assert "De school ziet wat u verandert." in page


def test_the_log_asks_the_database_as_often_for_many_entries_as_for_one(
    site_app: Flask, organiser: StrictClient, site: Site, count_queries: CountQueries
) -> None:
    one = {"region_id": site.own.region_id, "object_id": site.own.round_id}
    record(site_app, site.organiser, **one)
    organiser.get(log_path(site))
    with count_queries() as few:
        organiser.get(log_path(site))
    for _ in range(10):
        record(site_app, site.organiser, **one)
        record(site_app, site.viewer, "start_run", object_type="allocation_run", **{**one, "object_id": 1})
    with count_queries() as many:
        organiser.get(log_path(site))
    assert len(many) <= len(few) + 1, "one more for the names of runs"


def test_a_long_log_is_paged_and_keeps_its_filters(
    site_app: Flask, organiser: StrictClient, site: Site
) -> None:
    for _ in range(audit_log.SIZE + 1):
        record(site_app, site.organiser, region_id=site.own.region_id)
    page = organiser.get(f"{log_path(site)}?wie={site.organiser}").get_data(as_text=True)
    assert "Pagina 1 van 2" in organiser.text()
    assert f"pagina=2&amp;wie={site.organiser}" in page
    organiser.get(f"{log_path(site)}?wie={site.organiser}&pagina=2")
    assert "Pagina 2 van 2" in organiser.text()


def list_recorded_acts() -> set[str]:
    """Return every act that a service names as it records it."""
    return {
        literal.value
        for path in Path(ROOT, "matchmaker", "services").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func) in {"audit.record", "_record"} and call.args
        for literal in ast.walk(call.args[0])
        if isinstance(literal, ast.Constant) and isinstance(literal.value, str)
    }


def test_every_act_that_a_service_records_has_a_sentence() -> None:
    recorded = list_recorded_acts()
    assert len(recorded) > 15
    missing = {act for act in recorded if act not in ACTS and not act.endswith("_")}
    assert not missing, f"give these a name and a sentence in web/audit_words.py: {sorted(missing)}"
