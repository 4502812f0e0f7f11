"""Whatever somebody types anywhere, mails stay as we meant them: every kind, every text of its facts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import EmailMessage
from functools import cache
from html.parser import HTMLParser
from itertools import count

import pytest

from matchmaker.models import Message
from matchmaker.notifications.wording import one_line
from tests.unit.notifications.calendar_readers import read_with_ical_js
from tests.unit.notifications.reading_mail import calendar_of, html_of, parse_mail, text_of
from tests.unit.notifications.samples import SAMPLES
from tests.unit.notifications.test_golden import LANGUAGES

EVIL = {
    "line ends": "De Eiken\r\nBcc: spion@evil.example\r\n\r\n<p>boe</p>",
    "line feed": "De Eiken\nATTACH:https://evil.example",
    "carriage return": "De Eiken\rEND:VEVENT",
    "line separator": "De Eiken\u2028ATTACH:https://evil.example\u2029x\x85y\x0bz",
    "nul": "De\x00 Eiken\x07",
    "template": "{{7*7}} {% raw %} {x.__class__} ${7*7} {{ recipient.__class__ }}",
    "placeholders": "%(name)s %s %d 100% {0} {name}",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><a href=https://evil.example>x</a>",
    "long": "Zeer lange naam " * 56,
    "long word": "x" * 900,
    "direction": "De \u202eneKiE\u202c Eiken",
    "quotes": '"; DROP TABLE message; --\\" , ; : \\n',
    "surrogate": "De \ud83d Eiken",
    "emoji": "De Eiken 🌳 é€ ’t Hoekje",
    "encoded word": "=?utf-8?q?Bcc=3A_a=40b=2Eexample?=",
    "encoded line end": "=?utf-8?q?x=0D=0ABcc=3A_a=40b=2Eexample?=",
}
MARK = re.compile(r"Veld\d+q")


@dataclass(frozen=True)
class Read:
    """A mail as its reader takes it apart."""

    message: Message
    mail: EmailMessage
    text: str
    html: str
    ics: bytes | None


@dataclass(frozen=True)
class Pair:
    """One mail as it is meant, with a mark in every text, and with something evil behind each mark."""

    meant: Read
    evil: Read


@pytest.fixture(scope="module", params=EVIL, ids=str)
def typed(request: pytest.FixtureRequest) -> str:
    return EVIL[request.param]


@pytest.fixture(scope="module")
def pairs(typed: str) -> list[Pair]:
    """Every mail of every kind, half of them in each language and next time the other way round."""
    turn = list(EVIL.values()).index(typed)
    languages = {name: LANGUAGES[(number + turn) % len(LANGUAGES)] for number, name in enumerate(SAMPLES)}
    return [
        Pair(_meant(name, language), _write(name, language, typed)) for name, language in languages.items()
    ]


@cache
def _meant(name: str, language: str) -> Read:
    return _write(name, language, "")


def _write(name: str, language: str, typed: str) -> Read:
    number = count()
    sample = SAMPLES[name].in_language(language)
    message = sample.with_texts(lambda _: f"Veld{next(number)}q {typed}".strip()).message()
    mail = parse_mail(message)
    return Read(message, mail, text_of(mail), html_of(mail), calendar_of(mail))


class _Tags(HTMLParser):
    """Lists elements with the names of their attributes, line ends left out: texts may have several."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "br":
            self.found.append((tag, tuple(name for name, _ in attrs)))


def test_it_is_tried_in_every_kind_and_in_many_texts() -> None:
    marks = {name: set(MARK.findall(_meant(name, "nl").text)) for name in SAMPLES}
    assert [name for name, found in marks.items() if not found] == []
    assert sum(map(len, marks.values())) > 5 * len(marks)


def test_the_mails_have_the_headers_parts_and_recipients_we_meant(pairs: list[Pair]) -> None:
    for pair in pairs:
        mail, meant = pair.evil.mail, pair.meant.mail
        assert mail.keys() == meant.keys()
        assert [p.get_content_type() for p in mail.walk()] == [p.get_content_type() for p in meant.walk()]
        assert [a.addr_spec for a in mail["To"].addresses] == [pair.meant.message.recipient]
        assert len(mail["From"].addresses) == 1
        assert "\n" not in mail["Subject"]
        assert mail["Subject"] == pair.evil.message.subject
        assert len(mail["Subject"]) <= 150
        assert max(map(len, pair.evil.message.body.split(b"\r\n"))) <= 998


def test_texts_are_shown_as_they_were_typed(typed: str, pairs: list[Pair]) -> None:
    for pair in pairs:
        shown = one_line(pair.evil.text).upper()
        for mark in set(MARK.findall(pair.meant.text)):
            assert one_line(f"{mark} {typed}").upper() in shown


def test_nothing_typed_becomes_markup(pairs: list[Pair]) -> None:
    for pair in pairs:
        assert _Tags(pair.evil.html).found == _Tags(pair.meant.html).found


def test_templates_are_not_run_again(pairs: list[Pair]) -> None:
    for pair in pairs:
        for evil, meant in ((pair.evil.text, pair.meant.text), (pair.evil.html, pair.meant.html)):
            assert len(re.findall(r"\b49\b", evil)) == len(re.findall(r"\b49\b", meant))


def test_calendars_hold_the_properties_we_meant_and_the_text_in_full(typed: str, pairs: list[Pair]) -> None:
    files = [file for pair in pairs for file in (pair.evil.ics, pair.meant.ics) if file]
    read = read_with_ical_js(*files)
    assert len(read) % 2 == 0
    for evil, meant in zip(read[::2], read[1::2], strict=True):
        (event,), (harmless,) = evil["events"], meant["events"]
        assert (evil["method"], evil["zones"]) == (meant["method"], 1)
        assert sorted(event["properties"]) == sorted(harmless["properties"])
        assert [a["address"] for a in event["attendees"]] == [a["address"] for a in harmless["attendees"]]
        for name in ("summary", "location", "description"):
            for mark in MARK.findall(harmless[name] or ""):
                assert one_line(f"{mark} {typed}") in one_line(event[name])


def test_no_control_character_leaves_the_house(pairs: list[Pair]) -> None:
    for pair in pairs:
        text = pair.evil.text + pair.evil.html
        assert not {c for c in text if ord(c) < 32 and c != "\n"}
        assert not set("\x85\u2028\u2029\u202e\x7f") & set(text)
