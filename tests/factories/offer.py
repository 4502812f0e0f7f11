"""Activities and slots."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import factory

from matchmaker.domain.kinds import ActivityKind
from matchmaker.models import Activity, Slot
from tests.factories.base import RowFactory
from tests.factories.organisations import HostFactory
from tests.factories.regions import the_round


class ActivityFactory(RowFactory):
    """A visit to a metal company, for the upper years of primary school."""

    class Meta:
        model = Activity

    host = factory.SubFactory(HostFactory)
    region_id = factory.SelfAttribute("host.region_id")
    code = factory.Sequence(lambda n: f"A{n:03}")
    kind = ActivityKind.COMPANY_VISIT
    title = factory.Sequence(lambda n: "Lassen zonder vonken" if n == 0 else f"Lassen zonder vonken {n}")
    description = "Rondleiding en zelf een sleutelhanger maken."
    practical = "Meld u bij de receptie. Draag dichte schoenen."
    levels = factory.LazyFunction(lambda: ["po7", "po8"])
    min_pupils = 8
    max_pupils = 32
    duration_minutes = 120


class SlotFactory(RowFactory):
    """A morning from 9.00 to 11.00; the first on Tuesday 12 January 2027, each next one a day later."""

    class Meta:
        model = Slot

    activity = factory.SubFactory(ActivityFactory)
    region_id = factory.SelfAttribute("activity.region_id")
    round = factory.LazyAttribute(lambda slot: the_round(slot.region_id))
    code = factory.Sequence(lambda n: f"S{n:03}")
    starts_at = factory.Sequence(lambda n: datetime(2027, 1, 12, 8, 0, tzinfo=UTC) + timedelta(days=n % 60))
    ends_at = factory.LazyAttribute(lambda slot: slot.starts_at + timedelta(hours=2))
    capacity_groups = 2
    capacity_pupils = 60
    min_groups = 0
    calendar_uid = factory.Sequence(lambda n: f"tijdvak-{n:032x}@techniek.example")
