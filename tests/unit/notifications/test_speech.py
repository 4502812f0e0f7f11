"""Mails speak the language of who gets them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from matchmaker.notifications.calendar import CalendarEntry, Mailbox
from matchmaker.notifications.facts import Contact
from matchmaker.notifications.speech import gettext, has_words, ngettext, speaking, spoken_language
from matchmaker.notifications.visits import invite, withdraw
from matchmaker.notifications.wording import format_day, format_levels, format_times, format_words

NINE = datetime(2027, 1, 12, 8, tzinfo=UTC)
ELEVEN = datetime(2027, 1, 12, 10, tzinfo=UTC)


def test_dutch_is_spoken_where_nothing_is_said() -> None:
    assert spoken_language() == "nl"
    assert format_day(NINE) == "dinsdag 12 januari 2027"
    assert format_times(NINE, ELEVEN) == "9.00–11.00 uur"


def test_days_times_and_words_follow_the_language() -> None:
    with speaking("en"):
        assert format_day(NINE) == "Tuesday 12 January 2027"
        assert format_times(NINE, ELEVEN) == "9:00–11:00"
        assert format_levels(["po7", "po8"]) == "group 7/8"
        assert format_words(["a", "b", "c"]) == "a, b and c"
        assert gettext("Onze groepen") == "Our groups"
    assert gettext("Onze groepen") == "Onze groepen"


def test_one_and_many_are_told_apart() -> None:
    assert ngettext("%(num)s mail", "%(num)s mails", 1) == "1 mail"
    assert ngettext("%(num)s mail", "%(num)s mails", 2) == "2 mails"


@pytest.mark.parametrize("language", ["", "xx", "../en", "en/../en", "nl_NL\n"])
def test_a_language_without_words_speaks_dutch(language: str) -> None:
    assert not has_words(language)
    with speaking(language):
        assert spoken_language() == "nl"
        assert format_words(["a", "b"]) == "a en b"


@pytest.mark.parametrize(
    ("language", "moved", "gone"), [("nl", "uitnodiging", "afzegging"), ("en", "invitation", "cancellation")]
)
def test_files_for_calendars_have_a_name_in_the_language(language: str, moved: str, gone: str) -> None:
    entry = CalendarEntry(
        uid="boekingen-1@techniek.example",
        sequence=1,
        stamp=NINE,
        starts_at=NINE,
        ends_at=ELEVEN,
        summary="Lassen",
        organiser=Mailbox(name="Techniekpact", email="boekingen@techniek.example"),
    )
    person = Contact(name="", email="wt@de-eiken.example", language=language)
    assert invite(entry, person).filename == f"{moved}.ics"
    assert withdraw(entry, person).filename == f"{gone}.ics"
