"""Who muted overviews still gets every mail about a visit."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from matchmaker.domain.kinds import MessageKind
from matchmaker.notifications.publication import compose_publication
from tests.unit.notifications.publication_facts import PUBLICATION, SETTINGS

OVERVIEWS = {MessageKind.RESULT_SCHOOL, MessageKind.RESULT_HOST}


def test_whoever_muted_overviews_gets_all_the_rest() -> None:
    muted = ("result_school", "result_host")
    schools, hosts = (
        tuple(
            replace(o, contacts=tuple(replace(contact, mutes=muted) for contact in o.contacts))
            for o in organisations
        )
        for organisations in (PUBLICATION.schools, PUBLICATION.hosts)
    )
    before = Counter(m.kind for m in compose_publication(PUBLICATION, SETTINGS))
    after = Counter(
        m.kind for m in compose_publication(replace(PUBLICATION, schools=schools, hosts=hosts), SETTINGS)
    )
    assert set(before) >= OVERVIEWS
    assert after == Counter({kind: n for kind, n in before.items() if kind not in OVERVIEWS})
