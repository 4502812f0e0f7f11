"""Runs, placements and bookings."""

from __future__ import annotations

import factory

from matchmaker.domain.bookings import HOLDING_STATES, BookingSource, BookingState
from matchmaker.domain.runs import RunState, Verdict
from matchmaker.extensions import db
from matchmaker.models import AllocationRun, Booking, Placement
from tests.factories.base import RowFactory
from tests.factories.demand import GroupFactory
from tests.factories.offer import SlotFactory
from tests.factories.regions import the_region, the_round


class AllocationRunFactory(RowFactory):
    """A finished run that the checker passed."""

    class Meta:
        model = AllocationRun

    round = factory.LazyFunction(lambda: the_round(the_region().id))
    region_id = factory.SelfAttribute("round.region_id")
    number = factory.Sequence(lambda n: n + 1)
    state = RunState.FINISHED
    verdict = Verdict.PASSED
    limit_seconds = 60
    problem_json = "{}"
    problem_sha256 = "0" * 64


class PlacementFactory(RowFactory):
    """A group in a slot, its first wish."""

    class Meta:
        model = Placement

    run = factory.SubFactory(AllocationRunFactory)
    region_id = factory.SelfAttribute("run.region_id")
    group = factory.SubFactory(GroupFactory)
    slot = factory.SubFactory(SlotFactory)
    rank = 1
    km = 12.5


class BookingFactory(RowFactory):
    """A confirmed booking; the slot's taken places are kept right when it holds places."""

    class Meta:
        model = Booking

    group = factory.SubFactory(GroupFactory)
    slot = factory.SubFactory(SlotFactory)
    region_id = factory.SelfAttribute("slot.region_id")
    starts_at = factory.SelfAttribute("slot.starts_at")
    state = BookingState.CONFIRMED
    source = BookingSource.ALLOCATION
    rank = 1
    km = 12.5
    calendar_uid = factory.Sequence(lambda n: f"boeking-{n:032x}@techniek.example")

    @factory.post_generation
    def _take_places(self: Booking, create: bool, _extracted: object, **_: object) -> None:
        if create and self.state in HOLDING_STATES:
            self.slot.taken_groups += 1
            self.slot.taken_pupils += self.group.pupils
            db.session.flush()
