"""The words of every mail in every language, compared with those kept in tests/golden/email.

After a change on purpose: ``UPDATE_GOLDEN=1 .venv/bin/pytest tests/unit/notifications/test_golden.py``,
then read the difference.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from matchmaker.domain.kinds import MessageKind
from tests.unit.notifications.reading_mail import calendar_of, html_of, parse_mail, text_of
from tests.unit.notifications.samples import SAMPLES

ROOT = Path(__file__).resolve().parents[3]
GOLDEN = ROOT / "tests" / "golden" / "email"
LANGUAGES = ("nl", "en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_mail_reads_as_agreed(name: str, language: str) -> None:
    mail = parse_mail(SAMPLES[name].in_language(language).message())
    parts = {
        "txt": f"To: {mail['To']}\nSubject: {mail['Subject']}\n\n{text_of(mail)}",
        "html": html_of(mail),
    }
    ics = calendar_of(mail)
    if ics:
        parts["ics"] = ics.decode().replace("\r\n", "\n")
    for suffix, content in parts.items():
        _compare(GOLDEN / language / f"{name}.{suffix}", content)


def _compare(path: Path, content: str) -> None:
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    assert content == path.read_text(encoding="utf-8")


def test_no_file_is_left_of_a_mail_that_is_no_more() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == set(LANGUAGES)
    for language in LANGUAGES:
        assert {path.stem for path in (GOLDEN / language).iterdir()} == set(SAMPLES)


def test_a_sample_is_named_after_its_kind() -> None:
    assert [
        name for name, sample in SAMPLES.items() if name.split("-")[0] != sample.message().kind.value
    ] == []


@pytest.mark.parametrize("kind", MessageKind)
def test_every_kind_has_a_sample_and_three_templates(kind: MessageKind) -> None:
    assert any(name.split("-")[0] == kind.value for name in SAMPLES)
    folder = ROOT / "templates" / "email" / kind.value
    assert {path.name for path in folder.iterdir()} >= {"subject.txt", "body.txt", "body.html"}
