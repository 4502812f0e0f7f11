"""Taking in mail, on both databases: each once, whatever it is; words of people reach people."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from matchmaker import scope
from matchmaker.config import Settings
from matchmaker.domain.incoming import (
    MOST_PASSED_ON,
    MOST_PASSED_ON_IN_REGION,
    IncomingKind,
    IncomingOutcome,
)
from matchmaker.domain.kinds import MessageKind
from matchmaker.extensions import db
from matchmaker.models import Region
from matchmaker.notifications.incoming import LARGEST_MAIL
from matchmaker.services.incoming import receive_mail
from matchmaker.services.retention import clean_up_tonight
from tests.factories import MessageFactory
from tests.integration.incoming import programs
from tests.integration.incoming.conftest import CONTACT, NOW, Place, entries, mails
from tests.unit.notifications.reading_mail import parse_mail, text_of
from tests.unit.notifications.test_incoming import damage

COORDINATOR = "wt@de-eiken.example"


def test_a_person_s_words_reach_the_region_s_contact(place: Place) -> None:
    raw = programs.words(COORDINATOR, "Kunnen wij ruilen?\r\n\r\nGroet")
    assert receive_mail(raw).reason == "passed_on"
    (mail,) = mails(MessageKind.PASSED_ON)
    parsed = parse_mail(mail)
    assert (mail.recipient, mail.subject) == (CONTACT, "Doorgestuurd van W&T-coördinator: Ruilen")
    assert "Kunnen wij ruilen?\n\nGroet" in text_of(parsed)
    assert "wt@de-eiken.example" in str(parsed["Reply-To"])
    assert parsed["Auto-Submitted"] == "auto-generated"


def test_without_a_contact_the_organisers_read_it(place: Place) -> None:
    set_contact(place, "")
    receive_mail(programs.words(COORDINATOR))
    assert [mail.recipient for mail in mails(MessageKind.PASSED_ON)] == ["organisator@regio.example"]


def set_contact(place: Place, email: str) -> None:
    with scope.within(place.region_id):
        db.session.get_one(Region, place.region_id).contact_email = email
        db.session.commit()


def test_the_site_never_writes_to_itself(place: Place) -> None:
    """Each such mail would come back as one to pass on."""
    set_contact(place, "Boekingen+x@techniek.example")
    receive_mail(programs.words(COORDINATOR))
    assert [mail.recipient for mail in mails(MessageKind.PASSED_ON)] == ["organisator@regio.example"]


@pytest.mark.parametrize("sender", ["boekingen@techniek.example", "boekingen+abc@techniek.example"])
def test_what_says_to_be_our_own_mail_goes_nowhere(place: Place, sender: str) -> None:
    assert receive_mail(programs.words(sender, about=place.school.message_id)).reason == "own_mail"
    assert mails(MessageKind.PASSED_ON) == []


def test_a_stranger_is_not_passed_on(place: Place) -> None:
    assert receive_mail(programs.words("verkoop@elders.example")).reason == "stranger"
    assert mails(MessageKind.PASSED_ON) == []


def test_who_answers_a_mail_of_ours_is_heard_from_any_address(place: Place) -> None:
    raw = programs.words("thuis@elders.example", about=place.school.message_id)
    assert receive_mail(raw).reason == "passed_on"
    assert "thuis@elders.example" in mails(MessageKind.PASSED_ON)[0].subject


def test_nobody_fills_the_inbox_of_the_contact(place: Place, clock_hand: Any) -> None:
    for number in range(MOST_PASSED_ON):
        assert receive_mail(programs.words(COORDINATOR, f"{number}")).reason == "passed_on"
    assert receive_mail(programs.words(COORDINATOR, "nog een")).reason == "too_many"
    assert receive_mail(programs.words("scholen@metaal.example")).reason == "passed_on"
    clock_hand.shift(timedelta(days=1, minutes=1))
    assert receive_mail(programs.words(COORDINATOR, "morgen")).reason == "passed_on"


def test_many_senders_do_not_either(place: Place) -> None:
    for number in range(MOST_PASSED_ON_IN_REGION):
        MessageFactory(
            region_id=place.region_id, kind=MessageKind.PASSED_ON, cause=f"words:x{number}:", created_at=NOW
        )
    db.session.commit()
    assert receive_mail(programs.words(COORDINATOR)).reason == "too_many"


def test_a_refusal_from_a_file_that_was_downloaded_is_seen_by_people(place: Place) -> None:
    """Its organiser is the plain address: nobody can know who answered."""
    plain = replace(place.school, organiser="boekingen@techniek.example")
    assert receive_mail(programs.outlook(plain, "DECLINED", NOW)).reason == "passed_on"
    assert "uit een agenda: de uitnodiging is afgeslagen" in text_of(
        parse_mail(mails(MessageKind.PASSED_ON)[0])
    )
    assert place.replies() == []
    assert receive_mail(programs.outlook(plain, "ACCEPTED", NOW)).reason == "plain_address"


def test_out_of_office_changes_nothing_but_is_counted(place: Place) -> None:
    received = receive_mail(programs.out_of_office(place.school))
    assert (received.kind, received.outcome) == (IncomingKind.AUTOMATIC, IncomingOutcome.NOTED)
    assert [entry.kind for entry in entries()] == [IncomingKind.AUTOMATIC]
    assert place.replies() == mails(MessageKind.PASSED_ON) == []


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"x" * (LARGEST_MAIL + 1), "larger than 5 MB"),
        (b"", "no_sender"),
        (b"\x00\xff" * 100, "no_sender"),
        (b"From: a\x00b@c.example\r\n\r\nhallo", "stranger"),
        (b"From: \xf0\x9f\x92\xa9@c.example\r\n\r\nhallo", "no_sender"),
    ],
)
def test_what_cannot_be_read_is_refused_and_noted(place: Place, raw: bytes, reason: str) -> None:
    received = receive_mail(raw)
    assert received.outcome is IncomingOutcome.REFUSED
    assert received.reason in {reason, "no_sender"}
    assert len(entries()) == 1
    assert receive_mail(raw).outcome is IncomingOutcome.REPEATED


def test_two_workers_with_one_mail_do_it_once(place: Place, app: Flask) -> None:
    raw = programs.outlook(place.school, "DECLINED", NOW)

    def receive(_: int) -> IncomingOutcome:
        with app.app_context():
            return receive_mail(raw).outcome

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(receive, range(4)))
    assert outcomes == [IncomingOutcome.HANDLED, *[IncomingOutcome.REPEATED] * 3]
    assert len(place.replies()) == len(mails(MessageKind.CALENDAR_ANSWER)) == 1


def test_two_answers_at_once_are_both_heard(place: Place, app: Flask) -> None:
    raws = [programs.outlook(place.school, "DECLINED", NOW), programs.outlook(place.host, "DECLINED", NOW)]

    def receive(raw: bytes) -> IncomingOutcome:
        with app.app_context():
            return receive_mail(raw).outcome

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(receive, raws)) == [IncomingOutcome.HANDLED] * 2


def test_what_came_in_is_forgotten_after_a_month(place: Place, clock_hand: Any) -> None:
    receive_mail(programs.out_of_office(place.school))
    clock_hand.shift(timedelta(days=31))
    clean_up_tonight()
    assert entries() == []


class TestFuzzing:
    """Damaged mails: nothing but an outcome ever comes out."""

    @pytest.fixture
    def database_url(self, sqlite_url: str) -> str:
        return sqlite_url

    @pytest.mark.parametrize("number", [500, pytest.param(10_000, marks=pytest.mark.nightly)])
    def test_no_mail_crashes_the_house(self, place: Place, settings: Settings, number: int) -> None:
        for seed in range(number):
            # Made anew each time: a mail with an id that came before is not looked at.
            receive_mail(damage(Random(seed), fuzzed_samples(place)))
        noted = {entry.kind for entry in entries()}
        # The damage is neither too light nor too heavy: every kind still comes in.
        assert noted >= set(IncomingKind) - {IncomingKind.UNREADABLE}
        assert settings.read_replies
        assert (
            db.session.scalars(sa.text("SELECT count(*) FROM booking WHERE state = 'confirmed'")).one() == 1
        )


def fuzzed_samples(place: Place) -> list[bytes]:
    """One mail of every shape, so that damage lands in all branches."""
    return [
        programs.outlook(place.school, "DECLINED", NOW),
        programs.google(place.host, "ACCEPTED", NOW),
        programs.apple(place.school, "TENTATIVE", NOW),
        programs.exchange_counter(place.school, NOW, timedelta(hours=1)),
        programs.postfix_bounce(place.school),
        programs.exchange_bounce(place.host),
        programs.gmail_bounce(place.school),
        programs.delay(place.school),
        programs.complaint(place.host),
        programs.out_of_office(place.school),
        programs.words(COORDINATOR),
    ]
