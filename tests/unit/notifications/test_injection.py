"""Whatever somebody types as a name, the mails stay the mails we meant."""

from __future__ import annotations

import pytest

from matchmaker.models import Message
from matchmaker.notifications.publication import compose_publication
from matchmaker.notifications.wording import one_line
from tests.unit.notifications.calendar_readers import read_with_ical_js
from tests.unit.notifications.publication_facts import PUBLICATION, SETTINGS, rename
from tests.unit.notifications.reading_mail import calendar_of, html_of, parse_mail, text_of

EVIL = {
    "line ends": "De Eiken\r\nBcc: spion@evil.example\r\n\r\n<p>boe</p>",
    "line feed": "De Eiken\nATTACH:https://evil.example",
    "carriage return": "De Eiken\rEND:VEVENT",
    "line separator": "De Eiken\u2028ATTACH:https://evil.example\u2029x\x85y\x0bz",
    "nul": "De\x00 Eiken\x07",
    "template": "{{7*7}} {% raw %} {x.__class__} ${7*7} {{ recipient.__class__ }}",
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
KNOWN_HEADERS = {
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
}
HARMLESS = compose_publication(PUBLICATION, SETTINGS)


@pytest.fixture(params=EVIL, ids=str)
def name(request: pytest.FixtureRequest) -> str:
    return EVIL[request.param]


@pytest.fixture
def mails(name: str) -> list[Message]:
    return compose_publication(rename(PUBLICATION, name), SETTINGS)


def test_the_mails_have_the_headers_parts_and_recipients_we_meant(mails: list[Message]) -> None:
    for message, harmless in zip(mails, HARMLESS, strict=True):
        mail, meant = parse_mail(message), parse_mail(harmless)
        assert set(mail.keys()) <= KNOWN_HEADERS
        assert [p.get_content_type() for p in mail.walk()] == [p.get_content_type() for p in meant.walk()]
        assert [a.addr_spec for a in mail["To"].addresses] == [harmless.recipient]
        assert len(mail["From"].addresses) == 1
        assert "\n" not in mail["Subject"]
        assert mail["Subject"] == message.subject
        assert len(message.subject) <= 150


def test_names_are_shown_as_they_were_typed(name: str, mails: list[Message]) -> None:
    clean = one_line(name)
    for message in mails:
        assert clean.upper() in one_line(text_of(parse_mail(message))).upper()


def test_nothing_typed_becomes_markup(mails: list[Message]) -> None:
    for message, harmless in zip(mails, HARMLESS, strict=True):
        html, meant = html_of(parse_mail(message)), html_of(parse_mail(harmless))
        assert html.count("<script") == 0
        assert html.count("<img") == 0
        assert html.count("<a ") == meant.count("<a ")
        assert "evil.example>x" not in html


def test_templates_are_not_run_again(mails: list[Message]) -> None:
    assert all("49 " not in text_of(parse_mail(message)) for message in mails)


def test_calendars_hold_the_properties_we_meant_and_the_name_in_full(name: str, mails: list[Message]) -> None:
    pairs = [
        (calendar_of(parse_mail(a)), calendar_of(parse_mail(b))) for a, b in zip(mails, HARMLESS, strict=True)
    ]
    files = [(evil, meant) for evil, meant in pairs if evil and meant]
    read = read_with_ical_js(*(file for pair in files for file in pair))
    for evil, meant in zip(read[::2], read[1::2], strict=True):
        (event,), (harmless,) = evil["events"], meant["events"]
        assert (evil["method"], evil["zones"]) == ("REQUEST", 1)
        assert sorted(event["properties"]) == sorted(harmless["properties"])
        assert [a["address"] for a in event["attendees"]] == [a["address"] for a in harmless["attendees"]]
        assert one_line(name) in event["summary"]


def test_no_control_character_leaves_the_house(mails: list[Message]) -> None:
    for message in mails:
        text = text_of(parse_mail(message)) + html_of(parse_mail(message))
        assert not {c for c in text if ord(c) < 32 and c != "\n"} & set(map(chr, range(32)))
        assert not set("\x85\u2028\u2029\u202e\x7f") & set(text)
