"""The mails around asking to join."""

from __future__ import annotations

from dataclasses import replace

from matchmaker.notifications.composing import Letterhead
from matchmaker.notifications.facts import Contact
from matchmaker.notifications.joining import (
    JoinFacts,
    compose_join_asked,
    compose_join_received,
    compose_join_refused,
)
from tests.unit.notifications.publication_facts import MOMENT, REGION, SETTINGS
from tests.unit.notifications.sampling import Sample, sample

ASKS = JoinFacts(
    id=4,
    contact=Contact(name="W&T-coördinator De Eiken", email="wt@de-eiken.example"),
    place="De Eiken",
    reason="De Eiken heeft al een coördinator.\nVraag haar om u uit te nodigen.",
)
ORGANISER = Contact(name="Regiobureau", email="bureau@techniekpact.example")
PAGE = "/organisator/achterhoek/verzoeken"


def samples() -> dict[str, Sample]:
    """Return the receipts, the refusal and the note to the organisers."""
    around = (REGION, SETTINGS, MOMENT)
    return {
        "join_received-school": sample(compose_join_received, ASKS, *around),
        "join_received-new_host": sample(compose_join_received, replace(ASKS, place=""), *around),
        "join_refused": sample(compose_join_refused, ASKS, *around),
        "join_asked": sample(
            compose_join_asked,
            ORGANISER,
            PAGE,
            "join_requests:1:2026-12-23",
            Letterhead(SETTINGS, REGION, MOMENT),
            MOMENT,
        ),
    }
