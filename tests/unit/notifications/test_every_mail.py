"""Every mail of every kind in every language and size is a mail that any reader understands."""

from __future__ import annotations

import re
from datetime import UTC
from typing import Any

import pytest
import vobject

from matchmaker.notifications.facts import RegionFacts
from tests.unit.notifications.reading_mail import calendar_of, html_of, parse_mail, text_of
from tests.unit.notifications.samples import SAMPLES
from tests.unit.notifications.sampling import Sample
from tests.unit.notifications.test_golden import LANGUAGES

BASE_URL = "https://techniek.example"
OURS = f"{BASE_URL}/"


def without_region_details(sample: Sample) -> Sample:
    """Return the mail of a region that gave neither a sender's name nor a way to reach it."""

    def forget(owner: Any, item: Any, value: Any) -> Any:
        bare = isinstance(owner, RegionFacts) and item.name not in {"id", "name"}
        return item.default if bare else value

    return sample.changed(forget)


def with_least(sample: Sample) -> Sample:
    """Return the mail with every text that may be missing gone, and everybody without a name."""

    def forget(owner: Any, item: Any, value: Any) -> Any:
        return "" if (item.name == "name" and hasattr(owner, "email")) or item.default == "" else value

    return sample.changed(forget)


SIZES = {
    "as it is": lambda sample: sample,
    "one row": lambda sample: sample.with_rows(1),
    "empty": lambda sample: with_least(sample.with_rows(0)),
    "60 rows": lambda sample: sample.with_rows(60),
    "bare region": without_region_details,
}


@pytest.fixture(params=SAMPLES)
def sample(request: pytest.FixtureRequest) -> Sample:
    return SAMPLES[request.param]


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("size", SIZES)
def test_links_lead_to_the_site_only(sample: Sample, language: str, size: str) -> None:
    mail = parse_mail(SIZES[size](sample).in_language(language).message())
    links = re.findall(r'href="([^"]*)"', html_of(mail)) + re.findall(r"\w+://\S+", text_of(mail))
    assert all(link.startswith((OURS, "mailto:")) for link in links)


def test_a_third_reader_understands_the_calendars_too(sample: Sample, language: str) -> None:
    ics = calendar_of(parse_mail(sample.in_language(language).message()))
    if ics:
        calendar = vobject.readOne(ics.decode())
        assert calendar.method.value in {"REQUEST", "CANCEL"}
        assert calendar.vevent.dtstart.value.astimezone(UTC) < calendar.vevent.dtend.value.astimezone(UTC)
