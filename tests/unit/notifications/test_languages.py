"""No mail mixes languages: what is Dutch in the Dutch one is not left in the English one."""

from __future__ import annotations

import re
from itertools import count

import pytest
from html5lib import parse
from icalendar import Calendar

from tests.unit.notifications.reading_mail import calendar_of, html_of, parse_mail, text_of
from tests.unit.notifications.samples import SAMPLES

# Of each language, words that hardly any sentence does without and that the other does not have.
COMMON = {
    "nl": "aan aanbieder bezoek bij de deze dit door een en er groep groepen het komt krijgt leerlingen met "
    "naar niet om omdat op tijdvak tot u uit uw van voor wij wie",
    "en": "all and are because calendar email for from group groups host on pupils receive slot that the "
    "this to until visit who with you your",
}


def words_of(name: str, language: str) -> list[str]:
    """Return the words of a mail in order, a number in place of each text that somebody typed."""
    number = count()
    sample = SAMPLES[name].in_language(language).with_texts(lambda _: f"9{next(number)}9")
    mail = parse_mail(sample.message())
    html = re.sub(r"<!--.*?-->", "", html_of(mail))
    shown = " . ".join(parse(html, namespaceHTMLElements=False).find("body").itertext())
    ics = calendar_of(mail)
    events = Calendar.from_ical(ics).events if ics else []
    calendar = [str(event.get(key, "")) for event in events for key in ("summary", "location", "description")]
    everything = " . ".join([str(mail["Subject"]), text_of(mail), shown, *calendar])
    without_addresses = re.sub(r"\S+://\S+|\S+@\S+", " . ", everything)
    return re.findall(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*|\d+|[^\w\s]", without_addresses.lower())


@pytest.mark.parametrize("name", SAMPLES)
def test_no_three_words_in_a_row_are_the_same_in_both_languages(name: str) -> None:
    dutch, english = (_list_threes(words_of(name, language)) for language in ("nl", "en"))
    assert dutch & english == set()


def _list_threes(words: list[str]) -> set[tuple[str, ...]]:
    threes = zip(words, words[1:], words[2:], strict=False)
    return {three for three in threes if all(word[0].isalpha() for word in three)}


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize(("language", "other"), [("nl", "en"), ("en", "nl")])
def test_no_common_word_of_the_other_language_is_in_it(name: str, language: str, other: str) -> None:
    assert set(words_of(name, language)) & set(COMMON[other].split()) == set()


@pytest.mark.parametrize("language", COMMON)
def test_every_mail_has_common_words_of_its_language(language: str) -> None:
    poor = [
        name for name in SAMPLES if len(set(words_of(name, language)) & set(COMMON[language].split())) < 3
    ]
    assert poor == []
