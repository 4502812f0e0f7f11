"""With which settings a run may be published, and how they are written down."""

from __future__ import annotations

import pytest

from matchmaker.domain.run_settings import RunSettings, read_settings

CHOICES = [RunSettings(), RunSettings(without_hosts=(3, 5)), RunSettings(fairness_band=0.0)]
PAPER = [RunSettings(travel=1.5), RunSettings(travel=0.75), RunSettings(doubled_hosts=(3,))]


@pytest.mark.parametrize("settings", CHOICES)
def test_what_an_organiser_may_choose_can_be_published(settings: RunSettings) -> None:
    assert not settings.is_imagined


@pytest.mark.parametrize("settings", PAPER)
def test_what_only_exists_on_paper_cannot_be_published(settings: RunSettings) -> None:
    assert settings.is_imagined
    assert RunSettings(
        without_hosts=(9,), travel=settings.travel, doubled_hosts=settings.doubled_hosts
    ).is_imagined


@pytest.mark.parametrize("settings", CHOICES + PAPER)
def test_settings_are_written_down_and_read_again(settings: RunSettings) -> None:
    assert read_settings(settings.as_document()) == settings


def test_settings_that_differ_in_nothing_leave_nothing_behind() -> None:
    assert RunSettings().is_plain
    assert RunSettings().as_document() == {}
    assert not RunSettings(fairness_band=0.0).is_plain
