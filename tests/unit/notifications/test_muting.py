"""Who muted overviews is still sent every mail about a visit; mails say how to do without them."""

from __future__ import annotations

from dataclasses import replace

from matchmaker.config import Settings
from matchmaker.domain.kinds import MessageKind
from matchmaker.domain.mute_tokens import is_mute_token
from matchmaker.domain.muting import FAMILY_OF, MailFamily
from matchmaker.domain.runs import MessageState
from matchmaker.models import Message
from matchmaker.notifications.publication import PublicationFacts, compose_publication
from tests.unit.notifications.publication_facts import PUBLICATION, SETTINGS
from tests.unit.notifications.reading_mail import html_of, parse_mail, text_of

OVERVIEWS = {MessageKind.RESULT_SCHOOL, MessageKind.RESULT_HOST}


def with_contacts(**change: object) -> PublicationFacts:
    """Return the publication with changed people."""
    schools, hosts = (
        tuple(
            replace(o, contacts=tuple(replace(contact, **change) for contact in o.contacts))  # type: ignore[arg-type]
            for o in organisations
        )
        for organisations in (PUBLICATION.schools, PUBLICATION.hosts)
    )
    return replace(PUBLICATION, schools=schools, hosts=hosts)


def compose_all(settings: Settings = SETTINGS, **change: object) -> list[Message]:
    return compose_publication(with_contacts(user_id=17, **change), settings)


def test_whoever_muted_overviews_is_sent_all_the_rest() -> None:
    messages = compose_all(mutes=(MailFamily.OVERVIEWS.value,))
    assert {m.kind for m in messages} >= OVERVIEWS
    for message in messages:
        wanted = message.kind not in OVERVIEWS
        assert message.state == (MessageState.QUEUED if wanted else MessageState.UNWANTED)


def test_only_what_can_be_muted_says_how_and_its_link_is_the_reader_s_own() -> None:
    for message in compose_all():
        mail = parse_mail(message)
        if FAMILY_OF[message.kind].is_essential:
            assert "List-Unsubscribe" not in mail
            assert "/afmelden/" not in text_of(mail) + html_of(mail)
            continue
        address = mail["List-Unsubscribe"].removeprefix("<").removesuffix(">")
        token = address.removeprefix("https://techniek.example/afmelden/")
        assert is_mute_token(token, SETTINGS.secret_key, 17, MailFamily.OVERVIEWS, message.recipient)
        assert f"Geen overzichten van een uitslag meer ontvangen:\n{address}\n" in text_of(mail)
        assert f'href="{address}"' in html_of(mail)
        assert 'href="https://techniek.example/mijn/mails"' in html_of(mail)


def test_the_headers_of_one_click_leave_as_they_are_written() -> None:
    """Folded or encoded, mail programs find no address in them and show no button (RFC 2047, RFC 8058)."""
    (message, *_) = [m for m in compose_all() if m.kind in OVERVIEWS]
    head, _, _ = message.body.partition(b"\r\n\r\n")
    (line,) = [line for line in head.split(b"\r\n") if line.startswith(b"List-Unsubscribe:")]
    assert line.startswith(b"List-Unsubscribe: <https://techniek.example/afmelden/17-overviews-")
    assert line.endswith(b">")
    assert len(line) > 78
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in head
    assert b"=?" not in line


def test_without_encryption_no_program_is_asked_to_click() -> None:
    (message, *_) = [
        m for m in compose_all(replace(SETTINGS, base_url="http://127.0.0.1:8000")) if m.kind in OVERVIEWS
    ]
    assert "List-Unsubscribe" in parse_mail(message)
    assert "List-Unsubscribe-Post" not in parse_mail(message)


def test_the_way_to_stop_is_in_the_language_of_the_reader() -> None:
    (message, *_) = [m for m in compose_all(language="en") if m.kind in OVERVIEWS]
    assert "Stop overviews of results" in text_of(parse_mail(message))


def test_a_person_without_an_account_has_nothing_to_choose() -> None:
    messages = compose_publication(with_contacts(user_id=None), SETTINGS)
    assert not any("List-Unsubscribe" in parse_mail(message) for message in messages)
