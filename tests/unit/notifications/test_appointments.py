"""An appointment goes with a mail for who wants it so, and for who has it from a mail already."""

from __future__ import annotations

import re
from dataclasses import Field
from typing import Any

import pytest

from matchmaker.domain.kinds import MessageKind
from matchmaker.models import Message
from matchmaker.notifications.facts import Contact
from matchmaker.notifications.publication import compose_publication
from tests.unit.notifications.publication_facts import PUBLICATION, SETTINGS
from tests.unit.notifications.reading_mail import calendar_of, html_of, parse_mail, text_of
from tests.unit.notifications.samples import SAMPLES
from tests.unit.notifications.test_muting import with_contacts

VISITS = {MessageKind.VISIT_SCHOOL, MessageKind.VISIT_HOST}
FOLLOWED = "agenda die u via een link volgt"
INVITATION = "uitnodiging"


def compose(**change: object) -> list[Message]:
    return compose_publication(with_contacts(user_id=17, **change), SETTINGS)


def do_without(owner: Any, item: Field[Any], value: Any) -> Any:
    """Let everybody follow a link instead."""
    return False if isinstance(owner, Contact) and item.name == "wants_calendar" else value


def text(message: Message) -> str:
    return re.sub(r"\s+", " ", text_of(parse_mail(message)) + html_of(parse_mail(message)))


def test_mails_about_visits_have_an_appointment_and_say_so() -> None:
    for message in compose():
        has_part = calendar_of(parse_mail(message)) is not None
        assert message.with_calendar is has_part is (message.kind in VISITS)
        if message.kind in VISITS:
            assert INVITATION in text(message)
            assert FOLLOWED not in text(message)


def test_whoever_follows_a_link_gets_mails_without_it_that_say_where_the_visit_is() -> None:
    messages = compose(wants_calendar=False)
    assert {m.kind for m in messages} >= VISITS
    for message in messages:
        assert b"text/calendar" not in message.body
        assert b"application/ics" not in message.body
        assert not message.with_calendar
        assert INVITATION not in text(message)
        assert (FOLLOWED in text(message)) is (message.kind in VISITS)


def test_an_appointment_that_came_by_mail_is_kept_right_by_mail() -> None:
    booking = f"booking:{PUBLICATION.bookings[0].calendar_uid}"
    messages = [m for m in compose(wants_calendar=False, invited=frozenset({booking})) if m.kind in VISITS]
    assert {m.cause for m in messages if m.with_calendar} == {booking}
    assert len({m.cause for m in messages}) > 1


@pytest.mark.parametrize("name", [n for n in SAMPLES if n.startswith(("visit_changed_", "visit_cancelled_"))])
def test_a_change_says_what_the_calendar_does_in_either_case(name: str) -> None:
    with_part = SAMPLES[name].message()
    without = SAMPLES[name].changed(do_without).message()
    assert with_part.with_calendar is not name.startswith("visit_changed_office")
    assert not without.with_calendar
    if with_part.with_calendar:
        assert FOLLOWED in text(without)
        assert FOLLOWED not in text(with_part)
