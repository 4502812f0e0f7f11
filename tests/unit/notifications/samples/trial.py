"""The mail that somebody sends to themselves to try the way out."""

from __future__ import annotations

from matchmaker.notifications.composing import Letterhead
from matchmaker.notifications.trial import compose_trial
from tests.unit.notifications.publication_facts import EIKEN, MOMENT, REGION, SETTINGS
from tests.unit.notifications.sampling import Sample, sample


def samples() -> dict[str, Sample]:
    """Return a trial in the name of a region, and one of the site itself to a bare address."""
    return {
        "trial": sample(compose_trial, EIKEN.contacts[0], Letterhead(SETTINGS, REGION, MOMENT), "1"),
        "trial-site": sample(compose_trial, EIKEN.contacts[0], Letterhead(SETTINGS, None, MOMENT), "1"),
    }
