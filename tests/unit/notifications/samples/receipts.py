"""The mails that tell a school which wishes are in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from matchmaker.domain.kinds import ActivityKind
from matchmaker.notifications.composing import Letterhead
from matchmaker.notifications.facts import GroupFacts
from matchmaker.notifications.receipts import (
    BlockedFacts,
    GroupWishes,
    ReceiptFacts,
    WishFacts,
    compose_receipt,
)
from tests.unit.notifications.publication_facts import EIKEN, MOMENT, REGION, ROUND, SETTINGS
from tests.unit.notifications.sampling import Sample, sample

SEVEN = GroupFacts(id=71, school_id=EIKEN.id, name="7/8", levels=("po7", "po8"), pupils=24)
FIVE = replace(SEVEN, id=72, name="5", levels=("po5",))
THREE = replace(SEVEN, id=73, name="3", levels=("po3",))
FIRST = GroupWishes(
    group=SEVEN,
    wanted=2,
    open_to_other=True,
    max_km=12.0,
    wishes=(
        WishFacts(activity="Lassen zonder vonken", host="Metaalwerken IJsselstroom"),
        WishFacts(kind=ActivityKind.TECHNIEKLOKAAL),
    ),
    blocked=(
        BlockedFacts(
            starts_at=datetime(2027, 1, 14, 23, 0, tzinfo=UTC),
            ends_at=datetime(2027, 1, 15, 23, 0, tzinfo=UTC),
            reason="studiedag",
        ),
        BlockedFacts(
            starts_at=datetime(2027, 1, 19, 8, 0, tzinfo=UTC),
            ends_at=datetime(2027, 1, 19, 10, 0, tzinfo=UTC),
        ),
        BlockedFacts(
            starts_at=datetime(2027, 4, 5, 22, 0, tzinfo=UTC), ends_at=datetime(2027, 4, 7, 22, 0, tzinfo=UTC)
        ),
    ),
)
SECOND = GroupWishes(group=FIVE, wanted=1, open_to_other=True, max_km=None, wishes=())
RECEIPT = ReceiptFacts(
    round=ROUND,
    school_id=EIKEN.id,
    school=EIKEN.name,
    sequence=0,
    groups=(SECOND, FIRST),
    without=(THREE,),
    path=f"/school/{EIKEN.id}",
    last_day=date(2026, 12, 18),
    result_on=date(2026, 12, 23),
)


def samples() -> dict[str, Sample]:
    """Return a first receipt, one of a plan that has slipped, and one after all was withdrawn."""
    person = EIKEN.contacts[0]
    answered = Letterhead(SETTINGS, REGION, MOMENT)
    silent = Letterhead(SETTINGS, replace(REGION, contact_email=""), MOMENT)
    late = replace(RECEIPT, without=(), last_day=None, result_on=None, sequence=1)
    withdrawn = replace(RECEIPT, groups=(), without=(FIVE, SEVEN), sequence=2)
    return {
        "wishes_received": sample(compose_receipt, RECEIPT, person, answered),
        "wishes_received-late": sample(compose_receipt, late, person, silent),
        "wishes_received-withdrawn": sample(compose_receipt, withdrawn, person, answered),
    }
