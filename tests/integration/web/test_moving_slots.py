"""Moving and withdrawing a slot on the page of its host: looked at first, done once."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import Flask

from matchmaker import clock, scope
from matchmaker.domain.kinds import ClosedDayReason, SlotState
from matchmaker.extensions import db
from matchmaker.models import Booking, ClosedDay, Message, Slot
from tests.factories import BookingFactory, SlotFactory
from tests.site import Site, StrictClient

NEW_DAY = timedelta(days=40)


def path(site: Site, what: str = "verzetten") -> str:
    return f"/aanbieder/{site.own.host_id}/tijdvak/{site.own.slot_id}/{what}"


def home(site: Site) -> str:
    return f"/aanbieder/{site.own.host_id}"


def slot_of(app: Flask, site: Site) -> Slot:
    with app.app_context(), scope.unscoped("what a test looks at"):
        return db.session.get_one(Slot, site.own.slot_id)


def count_mails(app: Flask) -> int:
    with app.app_context(), scope.unscoped("what a test looks at"):
        return db.session.scalars(sa.select(sa.func.count(Message.id))).one()


def new_start() -> datetime:
    day = clock.today() + NEW_DAY
    return clock.from_local(datetime(day.year, day.month, day.day, 9, 30))  # noqa: DTZ001 - local


def typed(app: Flask, site: Site, **more: str) -> dict[str, str]:
    values = {
        "day": (clock.today() + NEW_DAY).isoformat(),
        "begins": "09:30",
        "ends": "11:30",
        "address": "",
        "reason": "",
        "version": str(slot_of(app, site).version),
    }
    return values | more


def test_a_host_looks_first_and_moves_then(site_app: Flask, site: Site, host_contact: StrictClient) -> None:
    assert path(site) in host_contact.get(home(site)).text
    assert 'name="begins"' in host_contact.get(path(site)).text
    look = host_contact.submit(path(site), **typed(site_app, site, step="look")).text
    assert "De Eiken" in look.partition('id="preview"')[2]
    assert slot_of(site_app, site).calendar_sequence == 0
    done = host_contact.submit(path(site), **typed(site_app, site, step="move", reason="Verbouwing"))
    assert done.location == home(site)
    assert "Het tijdvak is verzet." in host_contact.get(home(site)).text
    assert slot_of(site_app, site).starts_at == new_start()


def test_a_second_press_does_no_harm(site_app: Flask, site: Site, host_contact: StrictClient) -> None:
    host_contact.get(path(site))
    values = typed(site_app, site, step="move")
    host_contact.submit(path(site), **values)
    before = count_mails(site_app)
    answer = host_contact.submit(path(site), **values)
    assert "staat al op deze tijd" in host_contact.get(answer.location).text
    assert count_mails(site_app) == before


def test_who_comes_second_sees_what_changed_and_loses_nothing(
    site_app: Flask, site: Site, host_contact: StrictClient
) -> None:
    host_contact.get(path(site))
    old = typed(site_app, site)
    host_contact.submit(path(site), **old | {"begins": "08:00", "step": "move"})
    answer = host_contact.submit(path(site), **old | {"reason": "Verbouwing", "step": "move"})
    assert answer.status_code == 409
    assert "Iemand anders heeft dit intussen veranderd." in answer.text
    assert "Verbouwing" in answer.text
    assert "8.00–11.30" in answer.text
    current = typed(site_app, site)["version"]
    assert f'value="{current}"' in answer.text


def test_who_cannot_come_is_told_and_has_to_be_waved_through(
    site_app: Flask, site: Site, host_contact: StrictClient
) -> None:
    day = clock.today() + NEW_DAY
    with site_app.app_context(), scope.unscoped("what a test makes"):
        db.session.add(
            ClosedDay(
                region_id=site.own.region_id,
                organisation_id=site.own.school_id,
                first_day=day,
                last_day=day,
                reason=ClosedDayReason.STUDY_DAY,
                name="Geheim van de school",
                source="form",
            )
        )
        db.session.commit()
    host_contact.get(path(site))
    look = host_contact.submit(path(site), **typed(site_app, site, step="look")).text
    assert "Groep 7/8 van De Eiken kan dan niet of is vrij." in look
    assert "Geheim" not in look
    refused = host_contact.submit(path(site), **typed(site_app, site, step="move"))
    assert refused.status_code == 409
    assert slot_of(site_app, site).calendar_sequence == 0
    host_contact.submit(path(site), **typed(site_app, site, step="move", despite_clashes="y"))
    assert slot_of(site_app, site).starts_at == new_start()


def test_a_group_that_is_elsewhere_stops_the_move(
    site_app: Flask, site: Site, host_contact: StrictClient
) -> None:
    with site_app.app_context(), scope.unscoped("what a test makes"):
        own = db.session.get_one(Booking, site.own.booking_id)
        other = SlotFactory(starts_at=new_start(), ends_at=new_start() + timedelta(hours=1))
        BookingFactory(group=own.group, slot=other)
        db.session.commit()
    host_contact.get(path(site))
    look = host_contact.submit(path(site), **typed(site_app, site, step="look")).text
    assert "is dan al ergens anders" in look
    assert 'value="move"' not in look
    values = typed(site_app, site, step="move", despite_clashes="y")
    assert host_contact.submit(path(site), **values).status_code == 409
    assert slot_of(site_app, site).calendar_sequence == 0


def test_what_was_typed_wrongly_comes_back(site_app: Flask, site: Site, host_contact: StrictClient) -> None:
    host_contact.get(path(site))
    wrong = {
        "Het einde ligt niet na het begin.": {"ends": "09:30"},
        "Kies een tijd die nog komt.": {"day": "2020-01-07"},
        "Deze tijd bestaat niet": {"day": "2027-03-28", "begins": "02:30", "ends": "04:00"},
        "Vul een dag in.": {"day": ""},
        "Gebruik hoogstens 500 tekens.": {"reason": "x" * 501},
        "Open deze pagina opnieuw.": {"version": "x"},
    }
    for words, values in wrong.items():
        answer = host_contact.submit(path(site), **typed(site_app, site, step="move") | values)
        assert words in answer.text
    assert slot_of(site_app, site).calendar_sequence == 0


def test_a_host_withdraws_a_slot(site_app: Flask, site: Site, host_contact: StrictClient) -> None:
    assert path(site, "intrekken") in host_contact.get(home(site)).text
    assert "De Eiken, groep 7/8" in host_contact.get(path(site, "intrekken")).text
    done = host_contact.submit(path(site, "intrekken"), reason="Wij verhuizen.")
    assert done.location == home(site)
    assert slot_of(site_app, site).state is SlotState.WITHDRAWN
    page = host_contact.get(home(site)).text
    assert "Het tijdvak is ingetrokken." in page
    assert path(site) not in page
    again = host_contact.submit(path(site, "intrekken"), reason="Wij verhuizen.")
    assert "was al ingetrokken" in host_contact.get(again.location).text


def test_an_organiser_does_it_in_the_hosts_place(
    site_app: Flask, site: Site, organiser: StrictClient
) -> None:
    organiser.get(path(site))
    organiser.submit(path(site), **typed(site_app, site, step="move"))
    assert slot_of(site_app, site).starts_at == new_start()


def test_foreign_slots_are_missing(site: Site, host_contact: StrictClient) -> None:
    for what in ("verzetten", "intrekken"):
        foreign = f"/aanbieder/{site.own.host_id}/tijdvak/{site.other.slot_id}/{what}"
        assert host_contact.get(foreign).status_code == 404
