"""Every mail of every kind in every language and size is a mail that any reader understands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from html import unescape
from html.parser import HTMLParser
from typing import Any

import html5lib
import pytest
import vobject

from matchmaker.domain.kinds import MessageKind
from matchmaker.models import Message
from matchmaker.notifications.facts import CleanFacts, RegionFacts
from tests.unit.notifications.calendar_readers import read_with_ical_js
from tests.unit.notifications.reading_mail import calendar_of, html_of, parse_mail, text_of
from tests.unit.notifications.samples import SAMPLES
from tests.unit.notifications.sampling import Sample
from tests.unit.notifications.test_golden import LANGUAGES

OURS = "https://techniek.example/"
# Gmail cuts what is longer and hides the end behind a link.
LONGEST_HTML = 100_000


def _without_what_may_be_missing(sample: Sample) -> Sample:
    """Return the mail with no text that may be missing, nobody's name and no way to reach the region."""

    def forget(owner: Any, item: Any, value: Any) -> Any:
        optional = isinstance(owner, CleanFacts) and item.default == "" and item.name not in sample.needs
        return "" if optional or (item.name == "name" and hasattr(owner, "email")) else value

    return sample.changed(forget)


SIZES: dict[str, Callable[[Sample], Sample]] = {
    "region": lambda sample: sample,
    "bare": _without_what_may_be_missing,
    "empty": lambda sample: sample.with_rows(0),
    "one row": lambda sample: sample.with_rows(1),
    "60 rows": lambda sample: sample.with_rows(60),
}


@dataclass(frozen=True)
class Letter:
    """A mail in one language and size, taken apart."""

    language: str
    size: str
    answerable: bool
    message: Message
    mail: EmailMessage
    text: str
    html: str


@pytest.fixture(scope="module", params=SAMPLES)
def letters(request: pytest.FixtureRequest) -> list[Letter]:
    """One mail in all languages and sizes."""
    sample: Sample = SAMPLES[request.param]
    return [_write(sample, language, size) for language in LANGUAGES for size in SIZES]


def _write(sample: Sample, language: str, size: str) -> Letter:
    sized = SIZES[size](sample).in_language(language)
    message = sized.message()
    mail = parse_mail(message)
    answerable = any(region.contact_email for region in sized.find(RegionFacts))
    return Letter(language, size, answerable, message, mail, text_of(mail), html_of(mail))


class _Tags(HTMLParser):
    """Lists elements with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_it_has_one_text_and_one_html_part_and_at_most_one_calendar(letters: list[Letter]) -> None:
    for letter in letters:
        counted = Counter(part.get_content_type() for part in letter.mail.walk() if not part.is_multipart())
        calendars = {"text/calendar": 1, "application/ics": 1} if "text/calendar" in counted else {}
        assert counted == {"text/plain": 1, "text/html": 1} | calendars


def test_no_machine_answers_it_and_answers_of_people_go_to_the_region(letters: list[Letter]) -> None:
    for letter in letters:
        assert letter.mail["Auto-Submitted"] == "auto-generated"
        assert letter.mail["X-Auto-Response-Suppress"] == "All"
        # What somebody wrote to the wrong address is answered to them.
        passed_on = letter.message.kind is MessageKind.PASSED_ON
        assert ("Reply-To" in letter.mail) is (letter.answerable or passed_on)


def test_it_says_and_writes_its_language(letters: list[Letter]) -> None:
    for letter in letters:
        languages = [attributes["lang"] for _, attributes in _Tags(letter.html).found if "lang" in attributes]
        assert languages
        assert set(languages) == {letter.language}


def test_it_holds_no_picture_and_nothing_from_elsewhere(letters: list[Letter]) -> None:
    for letter in letters:
        for tag, attributes in _Tags(letter.html).found:
            assert tag not in {"img", "script", "iframe", "link", "object", "form", "input", "video", "svg"}
            assert not {"src", "srcset", "background", "action", "poster"} & set(attributes)
        assert not re.search(r"url\(|@import|@font-face|expression\(", letter.html)


def test_links_lead_to_the_site_only(letters: list[Letter]) -> None:
    for letter in letters:
        links = [
            attributes["href"] or "" for _, attributes in _Tags(letter.html).found if "href" in attributes
        ]
        links += re.findall(r"\w+://\S+", letter.text)
        assert all(link.startswith((OURS, "mailto:")) for link in links)
        assert set(re.findall(r"https?://[^/\s\"]+/?", letter.html)) <= {OURS}


def test_every_page_of_the_html_is_linked_in_the_text_too(letters: list[Letter]) -> None:
    for letter in letters:
        links = {attributes["href"] or "" for tag, attributes in _Tags(letter.html).found if tag == "a"}
        assert {link for link in links if link.startswith(OURS)} <= set(letter.text.split())


def test_subject_and_lines_have_lengths_that_pass_everywhere(letters: list[Letter]) -> None:
    for letter in letters:
        assert 0 < len(letter.message.subject) <= 150
        assert letter.message.body.isascii()
        assert b"\n" not in letter.message.body.replace(b"\r\n", b"")
        assert max(map(len, letter.message.body.split(b"\r\n"))) <= 998
        assert len(letter.html.encode()) < LONGEST_HTML


def test_the_text_can_be_read_by_itself(letters: list[Letter]) -> None:
    for letter in letters:
        assert not re.search(r"</?[a-z]+[ />]|&[a-z]+;|&#|[{}]|None|Undefined|%\(", letter.text)
        wide = [line for line in letter.text.split("\n") if len(line) > 78 and "://" not in line]
        assert wide == []
        assert "\n\n\n" not in letter.text
        # No sentence has a hole where a name should be; without rows there are no names.
        assert letter.size == "empty" or not re.search(r"[ \t]\n| ,| \.\s|,,|: *,|\(\)|\w  \w", letter.text)


def test_the_html_is_well_formed(letters: list[Letter]) -> None:
    for letter in letters:
        # The same elements sixty times take long and prove nothing more.
        if letter.size != "60 rows":
            document = html5lib.HTMLParser(strict=True).parse(letter.html)
            assert "".join(document.find(".//{*}title").itertext()).strip()


def test_sentences_stand_apart(letters: list[Letter]) -> None:
    for letter in letters:
        body = re.sub(r"<!--.*?-->|(?s:<style>.*?</style>)", "", letter.html)
        shown = re.sub(r"<br>|</(?:p|td|div|li|h1|h2|title)>", " ", body)
        for words in (unescape(re.sub(r"<[^>]*>", "", shown)), letter.text):
            assert not re.findall(r"\w+[^\W\d_][.,:;!?][A-Z]\w*", words)


def test_its_calendar_is_read_by_others(letters: list[Letter]) -> None:
    for letter in letters:
        ics = calendar_of(letter.mail)
        if ics is None:
            continue
        calendar = vobject.readOne(ics.decode())
        assert calendar.method.value in {"REQUEST", "CANCEL"}
        assert calendar.vevent.dtstart.value < calendar.vevent.dtend.value
        assert max(map(len, ics.split(b"\r\n"))) <= 75


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_calendar_program_reads_every_calendar(language: str) -> None:
    mails = [parse_mail(sample.in_language(language).message()) for sample in SAMPLES.values()]
    files = [ics for ics in map(calendar_of, mails) if ics]
    for read in read_with_ical_js(*files):
        (event,) = read["events"]
        assert read["method"] in {"REQUEST", "CANCEL"}
        assert event["summary"]
        assert "url" in event["properties"]
