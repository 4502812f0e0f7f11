"""Who gets which mail when a round is published."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from matchmaker.domain.kinds import MessageKind
from matchmaker.domain.runs import MessageState
from matchmaker.models.message import BULK_LANE, URGENT_LANE
from matchmaker.notifications.facts import Contact, SignInFacts
from matchmaker.notifications.publication import (
    MOST_OVERVIEWS,
    PublicationFacts,
    compose_publication,
    list_unreachable,
)
from matchmaker.notifications.sign_in import compose_sign_in
from tests.unit.notifications.calendar_readers import read_with_ical_js
from tests.unit.notifications.publication_facts import (
    BEUK,
    EIKEN,
    LINDE,
    METAAL,
    MOMENT,
    PUBLICATION,
    ROBOTS,
    SETTINGS,
    TRAILER,
)
from tests.unit.notifications.reading_mail import calendar_of, html_of, parse_mail, text_of

MANAGER = Contact(name="Bovenschools coördinator", email="techniek@bestuur.example", user_id=31)
MESSAGES = compose_publication(PUBLICATION, SETTINGS)


def test_each_person_gets_an_overview_and_one_mail_per_visit() -> None:
    counted = Counter((message.recipient, message.kind.value) for message in MESSAGES)
    assert counted == {
        ("wt@de-eiken.example", "result_school"): 1,
        ("wt@de-eiken.example", "visit_school"): 2,
        ("wt@de-linde.example", "result_school"): 1,
        ("wt@de-linde.example", "visit_school"): 1,
        ("groep7@de-linde.example", "result_school"): 1,
        ("groep7@de-linde.example", "visit_school"): 1,
        ("techniek@beukcollege.example", "result_school"): 1,
        ("scholen@ijsselstroom.example", "result_host"): 1,
        ("scholen@ijsselstroom.example", "visit_host"): 1,
        ("planning@trailer.example", "result_host"): 1,
        ("planning@trailer.example", "visit_host"): 1,
    }


def test_one_mail_has_one_recipient_and_one_attendee() -> None:
    for message in MESSAGES:
        mail = parse_mail(message)
        assert [address.addr_spec for address in mail["To"].addresses] == [message.recipient]
        assert mail["Cc"] is mail["Bcc"] is None
        ics = calendar_of(mail)
        if ics:
            (event,) = read_with_ical_js(ics)[0]["events"]
            assert [a["address"] for a in event["attendees"]] == [f"mailto:{message.recipient}"]


def test_rows_are_unique_queued_and_due_at_once() -> None:
    keys = {(m.cause, m.recipient, m.kind, m.sequence) for m in MESSAGES}
    assert len(keys) == len({m.message_id for m in MESSAGES}) == len(MESSAGES)
    assert {m.next_attempt_at for m in MESSAGES} == {MOMENT}
    assert {m.lane for m in MESSAGES} == {BULK_LANE}
    assert {m.region_id for m in MESSAGES} == {1}
    assert {m.organisation_id for m in MESSAGES} == {11, 12, 13, 21, 22}


def test_visits_carry_the_uid_of_booking_and_slot() -> None:
    uids = {m.cause: _event(m)["uid"] for m in MESSAGES if calendar_of(parse_mail(m))}
    assert uids == {cause: cause.partition(":")[2] for cause in uids}
    assert len(uids) == 5


def _event(message: object) -> dict[str, object]:
    ics = calendar_of(parse_mail(message))  # type: ignore[arg-type]
    assert ics
    return read_with_ical_js(ics)[0]["events"][0]  # type: ignore[no-any-return]


def test_calendars_hold_no_contact_data() -> None:
    for message in MESSAGES:
        ics = calendar_of(parse_mail(message))
        if ics:
            event = read_with_ical_js(ics)[0]["events"][0]
            shown = " ".join(str(event[name]) for name in ("summary", "location", "description"))
            assert "@" not in shown
            assert "0315" not in shown


def test_replies_go_to_the_region_and_the_sender_is_ours() -> None:
    for message in MESSAGES:
        mail = parse_mail(message)
        assert mail["From"].addresses[0].addr_spec == "boekingen@techniek.example"
        assert mail["Reply-To"].addresses[0].addr_spec == "bureau@techniekpact.example"


def test_a_region_without_contact_asks_nobody_to_answer() -> None:
    facts = replace(PUBLICATION, region=replace(PUBLICATION.region, contact_email=""))
    for message in compose_publication(facts, SETTINGS):
        mail = parse_mail(message)
        assert mail["Reply-To"] is None
        assert "Antwoord" not in text_of(mail) + html_of(mail)


def test_a_group_without_a_place_is_told_so_and_why() -> None:
    (message,) = [m for m in MESSAGES if m.recipient == "wt@de-linde.example" and not m.cause.startswith("b")]
    text = text_of(parse_mail(message))
    assert "geen plek gevonden" in text
    assert "scholen met minder" in text


def test_a_slot_that_nobody_comes_to_is_in_the_overview_only() -> None:
    (overview,) = [
        m for m in MESSAGES if m.kind is MessageKind.RESULT_HOST and m.organisation_id == METAAL.id
    ]
    assert ROBOTS.activity in text_of(parse_mail(overview))
    assert f"slot:{ROBOTS.calendar_uid}" not in {m.cause for m in MESSAGES}


def test_somebody_without_usable_address_stops_nobody_else() -> None:
    broken = replace(EIKEN, contacts=(Contact(name="Fout", email="geen adres"),))
    facts = replace(PUBLICATION, schools=(broken, LINDE, BEUK))
    messages = compose_publication(facts, SETTINGS)
    assert {m.organisation_id for m in messages} == {12, 13, 21, 22}
    assert [organisation.name for organisation in list_unreachable(facts)] == ["De Eiken"]
    assert list_unreachable(PUBLICATION) == []


def test_one_address_in_two_roles_gets_one_mail() -> None:
    twice = replace(TRAILER, contacts=TRAILER.contacts * 2)
    facts = replace(PUBLICATION, hosts=(METAAL, twice))
    assert len(compose_publication(facts, SETTINGS)) == len(MESSAGES)


def test_the_same_facts_give_the_same_bytes() -> None:
    again = compose_publication(PUBLICATION, SETTINGS)
    assert [m.body for m in again] == [m.body for m in MESSAGES]


def test_another_content_has_another_message_id() -> None:
    facts = replace(PUBLICATION, round=replace(PUBLICATION.round, name="Najaar"))
    changed = {
        m.message_id for m in compose_publication(facts, SETTINGS) if m.kind is MessageKind.RESULT_HOST
    }
    assert not changed & {m.message_id for m in MESSAGES}


def test_mail_to_sign_in_overtakes_the_rest_and_belongs_to_no_region() -> None:
    facts = SignInFacts(token_id=7, contact=EIKEN.contacts[0], path="/inloggen/link/abc", code="012345")
    message = compose_sign_in(facts, SETTINGS, MOMENT)
    mail = parse_mail(message)
    assert (message.lane, message.region_id, message.cause) == (URGENT_LANE, None, "sign_in_token:7")
    assert message.state in (None, MessageState.QUEUED)
    assert "https://techniek.example/inloggen/link/abc" in text_of(mail)
    assert "012 345" in text_of(mail)
    assert "012" not in message.subject


def share_schools(number: int) -> PublicationFacts:
    """Return a publication in which one person answers for so many schools."""
    schools = tuple(
        replace(PUBLICATION.schools[0], id=100 + n, name=f"School {n}", contacts=(MANAGER,))
        for n in range(number)
    )
    group = replace(PUBLICATION.groups[0], school_id=100)
    booking = replace(PUBLICATION.bookings[0], group_id=group.id)
    return replace(PUBLICATION, schools=schools, groups=(group,), bookings=(booking,))


@pytest.mark.parametrize(
    ("number", "overviews"),
    [
        (MOST_OVERVIEWS, [MessageKind.RESULT_SCHOOL] * MOST_OVERVIEWS),
        (MOST_OVERVIEWS + 1, [MessageKind.RESULT_SCHOOLS]),
    ],
)
def test_who_answers_for_many_schools_gets_one_overview_and_every_invitation(
    number: int, overviews: list[MessageKind]
) -> None:
    facts = share_schools(number)
    own = [m for m in compose_publication(facts, SETTINGS) if m.recipient == MANAGER.email]
    assert [m.kind for m in own if m.kind != MessageKind.VISIT_SCHOOL] == overviews
    assert [m.kind for m in own].count(MessageKind.VISIT_SCHOOL) == 1
    text = "".join(text_of(parse_mail(m)) for m in own).upper()
    assert all(school.name.upper() in text for school in facts.schools)
