"""Every text of the site exists in every language, and an English page is English throughout."""

from __future__ import annotations

import re
from collections.abc import Iterator
from gettext import GNUTranslations
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest
import sqlalchemy as sa
from babel.messages.catalog import Catalog, Message
from flask import Flask

from matchmaker import clock
from matchmaker.extensions import db
from matchmaker.models import AllocationRun, Booking
from scripts.translations import CATALOGUES, extract_texts, is_translated, list_catalogues, read_catalogue
from tests.site import Site, StrictClient, build_site, sign_in_as
from tests.site.insight import add_insight, add_wishing_round

ENGLISH = CATALOGUES / "en" / "LC_MESSAGES" / "messages.po"
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[^(\s]")
INSIGHT = [
    "/organisator/{slug}/ronde/{round_id}/verkennen",
    "/organisator/{slug}/ronde/{round_id}/vergelijken?run=1&run=2",
    "/organisator/{slug}/ronde/{round_id}/witte-vlekken",
    "/organisator/{slug}/run/{run_id}/uitleg",
    "/organisator/{slug}/run/{run_id}/uitleg?school={school_id}",
]
MAIL = [
    "/organisator/{slug}/berichten/pauze",
    "/organisator/{slug}/berichten?stand=failed",
    "/organisator/{slug}/adressen",
    "/organisator/{slug}/mail-controle",
]
OWN_DATA = ["/mijn/gegevens", "/mijn/account-verwijderen"]
PRIVACY = ["/privacy", "/privacy/register", "/toegankelijkheid"]
ACCOUNT = ["/mijn/profiel", "/mijn/wachtwoord", "/mijn/bevestigen", "/mijn/tweede-stap", *OWN_DATA]
PAGES = {
    None: [
        "/",
        "/regio/{slug}",
        "/regio/{slug}/aanbod",
        "/regio/{slug}/aanbod?q=zzz",
        "/regio/{slug}/aanbod/{activity_id}",
        "/inloggen",
        "/inloggen/link/{token}",
        "/inloggen/wachtwoord",
        "/nergens",
        *PRIVACY,
    ],
    "coordinator": ["/school/{school_id}", *ACCOUNT],
    "host_contact": ["/aanbieder/{host_id}"],
    "organiser": [
        "/organisator/{slug}",
        "/organisator/{slug}/ronde/{round_id}",
        "/organisator/{slug}/run/{run_id}",
        "/organisator/{slug}/run/{run_id}/publiceren",
        *INSIGHT,
        "/organisator/{slug}/berichten",
        "/organisator/{slug}/berichten/{message_id}",
        *MAIL,
    ],
    "newcomer": ["/mijn"],
}
VISITS = [(who, path) for who, paths in PAGES.items() for path in paths]

SAME_IN_ENGLISH = {
    "open",
    "Contact",
    "Website",
    "%(count)s school",
    "Account",
    "Contact:",
    "Privacy",
    "Run",
    "Run %(number)s",
    "School",
    "run %(number)s",
    "workshop",
}
"""Texts that English writes as Dutch does."""

STAY_DUTCH = {"Techniekdag", "technieklokaal"}
"""Names of things that keep their Dutch name; English explains them."""

ALSO_ENGLISH = {"%(num)s data"}
"""Dutch texts whose words mean something else in English."""

SAME_ON_PAGES = {
    "Nederlands",
    "English",
    "Matchmaker",
    "km",
    *("Windows", "Firefox"),
    *("From", "To", "Subject", "Message-ID", "Techniek <afzender@techniek.example>"),
}
"""What stands on a page in both languages without being a text to translate."""

PEOPLE_WRITE = {
    "address", "contact_email", "contact_phone", "description", "email", "lottery_seed", "name", "place",
    "message_id", "practical", "recipient", "street", "subject", "title",
}  # fmt: skip
LETTER = re.compile(r"[^\W\d_]")
SPOKEN_ATTRIBUTES = ("alt", "aria-label", "data-label", "placeholder", "title")
UNSPOKEN = {"code", "pre", "script", "style"}


@pytest.fixture
def site(site_app: Flask) -> Site:
    """Two regions with everything a page can show, answers of the engine included."""
    with site_app.app_context():
        built = build_site()
        add_insight(built.own)
        return built


@pytest.fixture(scope="module")
def texts() -> Catalog:
    """Every text of templates and code."""
    return extract_texts()


@pytest.fixture(params=list_catalogues(), ids=lambda path: path.parts[-3])
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    """Each language in turn."""
    return read_catalogue(request.param)


def list_messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def forms_of(text: Any) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, (list, tuple)) else (text,)


def test_the_english_catalogue_exists() -> None:
    assert ENGLISH in list_catalogues()


def test_texts_of_templates_code_plurals_and_forms_are_found(texts: Catalog) -> None:
    assert "Onze groepen" in texts
    assert "U bent uitgelogd." in texts
    assert ("leerling", "leerlingen") in {message.id for message in texts}
    assert "Vul uw e-mailadres in." in texts
    assert "bedrijfsbezoek" in texts


def test_every_text_is_translated(texts: Catalog, catalogue: Catalog) -> None:
    translated = {message.id for message in catalogue if is_translated(message)}
    missing = [message.id for message in list_messages(texts) if message.id not in translated]
    assert missing == [], "run: make translations, and fill in what is empty"


def test_no_translation_is_a_guess(catalogue: Catalog) -> None:
    assert [message.id for message in list_messages(catalogue) if message.fuzzy] == []


def test_no_translation_is_left_over(texts: Catalog, catalogue: Catalog) -> None:
    wanted = {message.id for message in texts}
    kept = [message.id for message in list_messages(catalogue) if message.id not in wanted]
    assert kept + list(catalogue.obsolete) == [], "run: make translations"


def test_translations_keep_the_placeholders(catalogue: Catalog) -> None:
    wrong = []
    for message in list_messages(catalogue):
        sources, translations = forms_of(message.id), forms_of(message.string)
        for number, translation in enumerate(translations):
            source = sources[min(number, len(sources) - 1)]
            if sorted(PLACEHOLDER.findall(source)) != sorted(PLACEHOLDER.findall(translation)):
                wrong.append((source, translation))
    assert wrong == []


def test_only_listed_texts_are_the_same_in_english() -> None:
    english = read_catalogue(ENGLISH)
    same = [set(forms_of(m.id)) & set(forms_of(m.string)) for m in list_messages(english)]
    assert set(filter(has_words, set().union(*same))) == SAME_IN_ENGLISH


@pytest.mark.parametrize("path", list_catalogues(), ids=lambda path: path.parts[-3])
def test_the_site_reads_what_the_catalogue_says(path: Path) -> None:
    with path.with_suffix(".mo").open("rb") as file:
        compiled = GNUTranslations(file)
    stale = [
        message.id
        for message in list_messages(read_catalogue(path))
        if compiled.gettext(forms_of(message.id)[0]) != forms_of(message.string)[0]
    ]
    assert stale == [], "run: make setup-dev"


def open_page(app: Flask, site: Site, who: str | None, path: str, language: str) -> StrictClient:
    """Open a page of the first region as somebody who chose a language."""
    client = sign_in_as(app, getattr(site, who) if who else None)
    with client.session_transaction() as session:
        session["language"] = language
    client.get(path.format(**site.own.arguments()))
    return client


def read_aloud(page: Element | None, written_by_people: list[str]) -> Iterator[str]:
    """Yield every text that somebody sees or hears; what people wrote themselves is left out of it."""
    assert page is not None
    for element in page.iter():
        spoken = [element.tail]
        if isinstance(element.tag, str) and element.tag not in UNSPOKEN:
            spoken += [element.text, *(element.get(name) for name in SPOKEN_ATTRIBUTES)]
        for text in spoken:
            words = " ".join((text or "").split())
            for name in written_by_people:
                words = words.replace(name, "…")
            if LETTER.search(words):
                yield words


def list_written_by_people(app: Flask) -> list[str]:
    """Return names, titles and addresses in the database, the longest first."""
    with app.app_context(), db.engine.connect() as connection:
        columns = [
            column for table in db.metadata.sorted_tables for column in table.c if column.name in PEOPLE_WRITE
        ]
        values = {value for column in columns for value in connection.scalars(sa.select(column)) if value}
    return sorted(values, key=len, reverse=True)


def has_words(source: str) -> bool:
    """Tell whether a source holds more than facts and marks between them."""
    return LETTER.search(PLACEHOLDER.sub("", source)) is not None


def sentence_pattern(source: str) -> re.Pattern[str]:
    """Return what finds a source as words of their own, with any facts in its places."""
    parts = [re.escape(part) for part in PLACEHOLDER.split(source)]
    return re.compile(r"(?<!\w)" + r"\S+".join(parts) + r"(?!\w)")


@pytest.mark.parametrize(("who", "path"), VISITS)
def test_an_english_page_holds_no_dutch_text(
    site_app: Flask, site: Site, texts: Catalog, who: str | None, path: str
) -> None:
    sources = {form for message in list_messages(texts) for form in forms_of(message.id)}
    dutch = sources - SAME_IN_ENGLISH - STAY_DUTCH - ALSO_ENGLISH
    patterns = {
        source: sentence_pattern(source) for source in dutch if LETTER.search(PLACEHOLDER.sub("", source))
    }
    page = open_page(site_app, site, who, path, "en").page
    found = [
        (source, spoken)
        for spoken in read_aloud(page, list_written_by_people(site_app))
        for source, pattern in patterns.items()
        if pattern.search(spoken)
    ]
    assert found == []


@pytest.mark.parametrize(("who", "path"), VISITS)
def test_no_text_of_a_page_goes_past_the_catalogue(
    site_app: Flask, site: Site, who: str | None, path: str
) -> None:
    names = list_written_by_people(site_app)
    dutch, english = (
        set(read_aloud(open_page(site_app, site, who, path, language).page, names))
        for language in ("nl", "en")
    )
    assert len(english) > 5
    same = re.compile("|".join(sentence_pattern(text).pattern for text in SAME_IN_ENGLISH | SAME_ON_PAGES))
    assert [text for text in dutch & english if LETTER.search(same.sub("", text))] == []


@pytest.mark.parametrize(("who", "path"), [("organiser", "/organisator/{slug}/ronde/{round_id}")])
def test_prospects_are_told_in_english(site_app: Flask, site: Site, who: str, path: str) -> None:
    with site_app.app_context():
        round_id = add_wishing_round(site.own)
    text = open_page(site_app, site, who, path.replace("{round_id}", str(round_id)), "en").text()
    assert "guarantee cannot be promised" in text
    assert "At least 1 school stays below 2 activities." in text


def test_an_english_page_writes_days_and_times_as_english_does(site_app: Flask, site: Site) -> None:
    with site_app.app_context():
        booking = db.session.get_one(Booking, site.own.booking_id)
        starts_at = clock.local(booking.starts_at)
    page = open_page(site_app, site, "coordinator", "/school/{school_id}", "en").text()
    days = f"{starts_at:%a} {starts_at.day} {starts_at:%b}"
    assert days in page
    assert f"{starts_at.hour}:{starts_at:%M}–" in page


def test_an_english_page_writes_numbers_as_english_does(site_app: Flask, site: Site) -> None:
    with site_app.app_context():
        run = db.session.get_one(AllocationRun, site.own.run_id)
        run.figures = {**run.figures, "kilometres": 7518}
        db.session.commit()
    client = open_page(site_app, site, "organiser", "/organisator/{slug}/run/{run_id}", "en")
    assert "7,518 kilometres, one way" in client.text()


def test_a_form_says_in_english_what_is_wrong(site_app: Flask, site: Site) -> None:
    client = open_page(site_app, site, None, "/inloggen", "en")
    client.submit("/inloggen", email="nobody")
    assert "Enter an email address such as name@school.nl." in client.text()
    client.submit("/inloggen", email="nobody@school.example")
    client.get("/inloggen/code")
    client.submit("/inloggen/code", code="12")
    assert "The code has 6 digits." in client.text()
    assert "Sign in" in client.text()
