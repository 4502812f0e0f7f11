"""Asking a teacher and answering by link, as the pages do it, on both databases."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from matchmaker import clock, scope
from matchmaker.domain.kinds import MessageKind
from matchmaker.domain.questions import Answer, QuestionPurpose
from matchmaker.domain.throttles import MOST_DEAD_LINKS
from matchmaker.extensions import db
from matchmaker.models import AttemptCount, Booking, Message, SignedQuestion
from tests.conftest import database_url, make_settings
from tests.factories import SignedQuestionFactory
from tests.site import Site, StrictClient, build_site, open_site_app, sign_in_as
from tests.unit.notifications.reading_mail import parse_mail, text_of

__all__ = ["database_url"]


def ask_path(site: Site) -> str:
    return f"/school/{site.own.school_id}/bezoek/{site.own.booking_id}/vraag"


def answer_path(site: Site) -> str:
    return f"/vraag/{site.own.question_token}"


def ask(client: StrictClient, site: Site, name: str = "Leerkracht", email: str = "l@school.example") -> None:
    client.get(ask_path(site))
    assert client.submit(ask_path(site), name=name, email=email).location == ask_path(site)


def newest_link(app: Flask) -> str:
    with app.app_context(), scope.unscoped("what a test looks at"):
        statement = sa.select(Message).where(Message.kind == MessageKind.QUESTION)
        mail = db.session.scalars(statement.order_by(Message.id.desc()).limit(1)).one()
        found = re.search(r"/vraag/[\w-]{43}", text_of(parse_mail(mail)))
    assert found is not None
    return found[0]


def the_question(app: Flask, site: Site) -> SignedQuestion:
    with app.app_context(), scope.unscoped("what a test looks at"):
        return db.session.get_one(SignedQuestion, site.own.question_id)


def make_past(app: Flask, site: Site) -> None:
    """Let the visit be over and ask how it was, by the same link."""
    with app.app_context(), scope.unscoped("what a test makes"):
        booking = db.session.get_one(Booking, site.own.booking_id)
        booking.slot.starts_at = booking.starts_at = clock.now() - timedelta(days=1, hours=2)
        booking.slot.ends_at = clock.now() - timedelta(days=1)
        question = db.session.get_one(SignedQuestion, site.own.question_id)
        question.purpose = QuestionPurpose.FEEDBACK
        question.expires_at = clock.now() + timedelta(days=29)
        db.session.commit()


def test_from_the_question_to_the_mark_at_the_visit(
    site_app: Flask, site: Site, coordinator: StrictClient
) -> None:
    ask(coordinator, site)
    coordinator.get(ask_path(site))
    assert "De vraag is onderweg naar l@school.example" in coordinator.text()
    link, phone = newest_link(site_app), sign_in_as(site_app, None)
    phone.get(link)
    assert "Gaat dit bezoek door?" in phone.text()
    assert phone.submit(link, answer="cannot_come", remark="Schoolfotograaf").location == link
    phone.get(link)
    assert "U antwoordde: wij kunnen niet. Schoolfotograaf" in phone.text()
    coordinator.get(ask_path(site))
    assert "nee, wij kunnen niet" in coordinator.text()
    assert "Schoolfotograaf" in coordinator.text()
    coordinator.get(f"/school/{site.own.school_id}")
    assert "Leerkracht: kan niet – overleg, en zeg zo nodig af" in coordinator.text()


def test_a_confirmation_is_a_calm_mark(site_app: Flask, site: Site, coordinator: StrictClient) -> None:
    coordinator.get(f"/school/{site.own.school_id}")
    assert "Leerkracht: nog geen antwoord" in coordinator.text()
    phone = sign_in_as(site_app, None)
    phone.get(answer_path(site))
    phone.submit(answer_path(site), answer="coming")
    coordinator.get(f"/school/{site.own.school_id}")
    assert "Leerkracht: wij komen" in coordinator.text()


def test_opening_answers_nothing_whatever_the_link_preselects(site_app: Flask, site: Site) -> None:
    scanner = sign_in_as(site_app, None)
    for chosen in ("", "?antwoord=ja", "?antwoord=nee", "?answer=coming", "?antwoord=<x>"):
        for _ in range(3):
            assert scanner.get(answer_path(site) + chosen).status_code == 200
            assert scanner.head(answer_path(site) + chosen).status_code == 200
    assert the_question(site_app, site).answer is None
    assert "answer" not in {name for name, _ in scanner.get(answer_path(site)).headers}
    scanner.submit(answer_path(site), answer="coming")
    assert the_question(site_app, site).answer == Answer.COMING


def test_the_link_of_no_opens_the_reason(site: Site, visitor: StrictClient) -> None:
    page = visitor.get(answer_path(site) + "?antwoord=nee").get_data(as_text=True)
    assert '<details class="refusal" open>' in page
    assert '<details class="refusal">' in visitor.get(answer_path(site)).get_data(as_text=True)


def test_a_reason_belongs_to_a_no_only(site_app: Flask, site: Site, visitor: StrictClient) -> None:
    visitor.get(answer_path(site))
    visitor.submit(answer_path(site), answer="coming", remark="toch getypt")
    assert the_question(site_app, site).remark == ""


@pytest.mark.parametrize("answer", ["", "took_place", "ja", "x" * 3000])
def test_what_is_no_answer_is_asked_again(
    site_app: Flask, site: Site, visitor: StrictClient, answer: str
) -> None:
    visitor.get(answer_path(site))
    visitor.submit(answer_path(site), answer=answer)
    assert "Kies een van de antwoorden" in visitor.text()
    assert the_question(site_app, site).answer is None


def test_a_remark_is_shown_as_it_was_typed_and_never_as_markup(
    site_app: Flask, site: Site, visitor: StrictClient, organiser: StrictClient
) -> None:
    remark = "<script>alert(1)</script> ’t Hoekje\n{{ 7*7 }}"
    visitor.get(answer_path(site))
    visitor.submit(answer_path(site), answer="cannot_come", remark=remark)
    for client, path in ((visitor, answer_path(site)), (organiser, "/organisator/achterhoek/antwoorden")):
        assert html.escape(remark, quote=False) in client.get(path).get_data(as_text=True)


def test_a_long_remark_is_refused_at_the_field(site_app: Flask, site: Site, visitor: StrictClient) -> None:
    visitor.get(answer_path(site))
    visitor.submit(answer_path(site), answer="cannot_come", remark="a" * 501)
    assert "hoogstens 500 tekens" in visitor.text()
    assert the_question(site_app, site).answer is None


def test_feedback_takes_a_rating_in_words_and_one_remark(
    site_app: Flask, site: Site, visitor: StrictClient, coordinator: StrictClient
) -> None:
    make_past(site_app, site)
    visitor.get(answer_path(site) + "?antwoord=ja")
    assert "Hoe was dit bezoek?" in visitor.text()
    visitor.submit(answer_path(site), answer="took_place")
    assert "Kies hoe het was" in visitor.text()
    visitor.submit(answer_path(site), answer="took_place", rating="4", remark="Lassen!")
    visitor.get(answer_path(site))
    assert "U antwoordde: het ging door, goed." in visitor.text()
    coordinator.get(f"/school/{site.own.school_id}")
    assert "Leerkracht: ging door, goed" in coordinator.text()


def test_a_visit_that_was_not_held_needs_no_rating_and_worries_the_organiser(
    site_app: Flask, site: Site, visitor: StrictClient, organiser: StrictClient
) -> None:
    make_past(site_app, site)
    visitor.get(answer_path(site))
    visitor.submit(answer_path(site), answer="not_held")
    assert the_question(site_app, site).answer == Answer.NOT_HELD
    organiser.get("/organisator/achterhoek")
    assert "1 leerkracht meldt dat een bezoek niet doorgaat" in organiser.text()


def test_the_organiser_sees_what_to_do_and_settles_it(
    site_app: Flask, site: Site, visitor: StrictClient, organiser: StrictClient
) -> None:
    visitor.get(answer_path(site))
    visitor.submit(answer_path(site), answer="cannot_come", remark="Schoolfotograaf")
    organiser.get("/organisator/achterhoek/antwoorden")
    text = organiser.text()
    assert "De Eiken, groep 7/8" in text
    assert "coordinator@achterhoek.example" in text
    assert "host_contact@achterhoek.example" in text
    assert "Schoolfotograaf" in text
    path = f"/organisator/achterhoek/antwoorden/{site.own.question_id}/afgehandeld"
    assert organiser.submit(path).location == "/organisator/achterhoek/antwoorden"
    organiser.get("/organisator/achterhoek/antwoorden")
    assert "Er wacht niets op u" in organiser.text()
    assert organiser.submit(path).status_code == 404


def test_board_members_see_neither_the_worry_nor_whom_it_is_about(
    site_app: Flask, site: Site, visitor: StrictClient
) -> None:
    visitor.get(answer_path(site))
    visitor.submit(answer_path(site), answer="cannot_come")
    viewer = sign_in_as(site_app, site.viewer)
    viewer.get("/organisator/achterhoek")
    assert "meldt dat een bezoek" not in viewer.text()
    assert viewer.get("/organisator/achterhoek/antwoorden").status_code == 404


def test_who_was_asked_can_be_asked_again_and_the_question_withdrawn(
    site_app: Flask, site: Site, coordinator: StrictClient, visitor: StrictClient
) -> None:
    ask(coordinator, site)
    first = newest_link(site_app)
    ask(coordinator, site)
    second = newest_link(site_app)
    assert visitor.get(first).status_code == 404
    assert visitor.get(second).status_code == 200
    coordinator.get(ask_path(site))
    numbers = re.findall(r"vraag/(\d+)/intrekken", coordinator.get(ask_path(site)).get_data(as_text=True))
    coordinator.submit(f"{ask_path(site)}/{numbers[0]}/intrekken")
    assert visitor.get(second).status_code == 404
    assert visitor.get(answer_path(site)).status_code == 200


@pytest.mark.parametrize("email", ["", "x", "a@b", "é@school.example", "a" * 250 + "@school.example"])
def test_an_address_that_cannot_get_mail_is_refused_at_the_field(
    site: Site, coordinator: StrictClient, email: str
) -> None:
    coordinator.get(ask_path(site))
    page = coordinator.submit(ask_path(site), name="Leerkracht", email=email).get_data(as_text=True)
    assert 'href="#email"' in page


def test_too_many_mails_to_one_address_are_refused_in_words(site: Site, coordinator: StrictClient) -> None:
    for _ in range(6):
        ask(coordinator, site)
    coordinator.get(ask_path(site))
    assert "Er gingen vandaag al veel vragen naar dit adres" in coordinator.text()


def test_nothing_can_be_asked_during_the_visit(
    site_app: Flask, site: Site, coordinator: StrictClient
) -> None:
    with site_app.app_context(), scope.unscoped("what a test makes"):
        booking = db.session.get_one(Booking, site.own.booking_id)
        booking.slot.starts_at = clock.now() - timedelta(minutes=5)
        db.session.commit()
    coordinator.get(ask_path(site))
    assert "Over dit bezoek valt nu niets te vragen" in coordinator.text()
    coordinator.submit(ask_path(site), name="Leerkracht", email="l@school.example")
    coordinator.get(ask_path(site))
    assert "het is aan de gang" in coordinator.text()


def test_the_page_shows_this_visit_and_nobodys_contact_data(site: Site, visitor: StrictClient) -> None:
    page = visitor.get(answer_path(site)).get_data(as_text=True)
    text = visitor.text()
    assert "Lassen in achterhoek" in text
    assert "De Eiken, groep 7/8" in text
    for hidden in ("coordinator@", "host_contact@", "organiser@", "0314 111 111", "elders", "De Buren"):
        assert hidden not in page


@pytest.mark.parametrize(
    ("answer", "words"),
    [(Answer.COMING, "Een collega liet weten: ja, wij komen"), (Answer.CANNOT_COME, "Overleg met elkaar")],
)
def test_the_page_says_what_a_colleague_answered_and_not_who(
    site_app: Flask, site: Site, visitor: StrictClient, answer: Answer, words: str
) -> None:
    with site_app.app_context(), scope.unscoped("what a test makes"):
        booking = db.session.get_one(Booking, site.own.booking_id)
        SignedQuestionFactory(booking=booking, name="De ander", answer=answer, answered_at=clock.now())
        db.session.commit()
    visitor.get(answer_path(site))
    assert words in visitor.text()
    assert "De ander" not in visitor.text()


def test_who_cannot_come_and_is_signed_in_is_led_to_calling_off(
    site: Site, visitor: StrictClient, coordinator: StrictClient
) -> None:
    visitor.get(answer_path(site))
    visitor.submit(answer_path(site), answer="cannot_come", remark="")
    path = f"/school/{site.own.school_id}/bezoek/{site.own.booking_id}/afzeggen"
    assert path not in visitor.get(answer_path(site)).get_data(as_text=True)
    assert path in coordinator.get(answer_path(site)).get_data(as_text=True)
    assert coordinator.get(path).status_code == 200


def test_the_page_leads_nowhere_but_to_the_region(site: Site, visitor: StrictClient) -> None:
    visitor.get(answer_path(site))
    assert visitor.page is not None
    links = {link.get("href") for link in visitor.page.iter("a")}
    assert links == {"#main", "/regio/achterhoek"}
    assert {form.get("action") for form in visitor.page.iter("form")} == {answer_path(site)}


def test_the_link_opens_nothing_else(site_app: Flask, site: Site, visitor: StrictClient) -> None:
    visitor.get(answer_path(site))
    visitor.submit(answer_path(site), answer="coming")
    for path in (
        "/mijn",
        f"/school/{site.own.school_id}",
        ask_path(site),
        f"/school/{site.own.school_id}/bezoek/{site.own.booking_id}.ics",
        "/organisator/achterhoek",
    ):
        assert visitor.get(path).location == "/inloggen", path
    token = site.own.question_token
    assert visitor.submit(f"/inloggen/link/{token}").location == "/inloggen"
    for path in (f"/vraag/{token}/x", f"/vraag/{site.own.question_id}", f"/vraag/{token[:-1]}"):
        assert visitor.get(path).status_code == 404, path


def test_fields_of_a_form_reach_no_other_question_or_booking(
    site_app: Flask, site: Site, visitor: StrictClient
) -> None:
    visitor.get(answer_path(site))
    foreign = {
        "id": str(site.other.question_id),
        "question_id": str(site.other.question_id),
        "booking_id": str(site.other.booking_id),
        "region_id": str(site.other.region_id),
        "question_token": site.other.question_token,
    }
    visitor.submit(answer_path(site), answer="coming", **foreign)
    with site_app.app_context(), scope.unscoped("what a test looks at"):
        rows = {row.id: row for row in db.session.scalars(sa.select(SignedQuestion))}
    assert rows[site.own.question_id].answer == Answer.COMING
    assert rows[site.own.question_id].booking_id == site.own.booking_id
    assert rows[site.other.question_id].answer is None


def test_a_question_of_one_region_shows_nothing_of_another(site: Site, visitor: StrictClient) -> None:
    page = visitor.get(f"/vraag/{site.other.question_token}").get_data(as_text=True)
    assert "De Eiken" not in page
    assert "achterhoek" not in page.lower()


def test_unknown_withdrawn_and_expired_look_the_same(
    site_app: Flask, site: Site, visitor: StrictClient
) -> None:
    tokens = {"unknown": "u" * 43, "withdrawn": "w" * 43, "expired": "e" * 43}
    with site_app.app_context(), scope.unscoped("what a test makes"):
        booking = db.session.get_one(Booking, site.own.booking_id)
        SignedQuestionFactory(booking=booking, token=tokens["withdrawn"], voided_at=clock.now())
        SignedQuestionFactory(booking=booking, token=tokens["expired"], expires_at=clock.now())
        db.session.commit()
    answers = []
    for token in tokens.values():
        response = visitor.get(f"/vraag/{token}")
        headers = [(name, value) for name, value in response.headers if name != "Set-Cookie"]
        answers.append((response.status_code, headers, response.data))
        visitor.get(answer_path(site))
        assert visitor.submit(f"/vraag/{token}", answer="coming").status_code == 404
    assert answers[0][0] == 404
    assert answers[1:] == answers[:1] * 2
    assert "Deze vraag is er niet meer" in answers[0][2].decode()


def test_the_token_leaves_neither_by_referrer_nor_search_engine_nor_cache(
    site: Site, visitor: StrictClient
) -> None:
    for path in (answer_path(site), f"/vraag/{'x' * 43}"):
        headers = visitor.get(path).headers
        assert headers["Referrer-Policy"] == "strict-origin"
        assert headers["X-Robots-Tag"] == "noindex, nofollow"
        assert headers["Cache-Control"] == "no-store"


def test_on_https_the_form_works_although_the_browser_sends_only_the_origin(
    tmp_path_factory: pytest.TempPathFactory, sqlite_url: str
) -> None:
    settings = make_settings(
        tmp_path_factory.mktemp("https"), sqlite_url, base_url="https://techniek.example"
    )
    with open_site_app(settings) as app:
        with app.app_context():
            site = build_site()
        client = sign_in_as(app, None)
        client.get(answer_path(site), base_url="https://techniek.example")
        response = client.post(
            answer_path(site),
            base_url="https://techniek.example",
            data={"csrf_token": client.csrf_token(), "answer": "coming"},
            headers={"Referer": "https://techniek.example/", "Origin": "https://techniek.example"},
        )
    assert response.location == answer_path(site)


@pytest.fixture
def _one_window() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=UTC), tick=False):
        yield


@pytest.mark.usefixtures("_one_window")
def test_guessing_links_is_told_to_wait_and_keeps_neighbours_and_signing_in_alone(
    site_app: Flask, site: Site, visitor: StrictClient
) -> None:
    for number in range(MOST_DEAD_LINKS):
        assert visitor.get(f"/vraag/{number:043}").status_code == 404
    refused = visitor.get(f"/vraag/{99:043}")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "300")
    assert visitor.get(answer_path(site)).status_code == 429
    neighbour = sign_in_as(site_app, None)
    neighbour.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert neighbour.get(answer_path(site)).status_code == 200
    visitor.get("/inloggen")
    assert visitor.submit("/inloggen", email="coordinator@achterhoek.example").status_code == 302


@pytest.mark.usefixtures("_one_window")
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("guesses", [400, pytest.param(100_000, marks=pytest.mark.nightly)])
def test_however_many_guesses_none_hits(site_app: Flask, site: Site, guesses: int) -> None:
    client = site_app.test_client()
    seen: dict[int, int] = {}
    for number in range(guesses):
        # A handful of addresses, each over its limit soon.
        client.environ_base["REMOTE_ADDR"] = f"198.51.100.{number % 5}"
        status = client.head(f"/vraag/{number:043x}").status_code
        seen[status] = seen.get(status, 0) + 1
    assert seen == {404: 5 * MOST_DEAD_LINKS, 429: guesses - 5 * MOST_DEAD_LINKS}


def test_following_a_link_that_works_is_never_counted(site_app: Flask, site: Site) -> None:
    client = sign_in_as(site_app, None)
    for _ in range(MOST_DEAD_LINKS + 5):
        assert client.get(answer_path(site)).status_code == 200
    with site_app.app_context():
        assert db.session.scalars(sa.select(AttemptCount)).all() == []
