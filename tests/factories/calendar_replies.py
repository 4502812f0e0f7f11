"""Answers of calendars."""

from __future__ import annotations

from datetime import datetime

import factory

from matchmaker import clock
from matchmaker.domain.calendar_answers import CalendarAnswer
from matchmaker.models import CalendarReply
from tests.factories.allocation import BookingFactory
from tests.factories.base import RowFactory


class CalendarReplyFactory(RowFactory):
    """A calendar declined a visit of a school; with `slot` and without `booking`, one of a host's dates."""

    class Meta:
        model = CalendarReply

    booking = factory.SubFactory(BookingFactory)
    slot = None
    email = factory.Sequence(lambda n: f"coordinator{n}@school.example")
    answer = CalendarAnswer.DECLINED
    sequence = 0
    stamp = factory.LazyFunction(clock.now)
    mail_digest = factory.Sequence(lambda n: f"{n:064x}")

    @factory.lazy_attribute
    def region_id(self) -> int:
        return int(self.booking.region_id if self.booking else self.slot.region_id)

    @factory.lazy_attribute
    def about_starts_at(self) -> datetime:
        starts_at: datetime = (self.booking or self.slot).starts_at
        return starts_at
