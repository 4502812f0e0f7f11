"""Messages in the outbox, without going through composing."""

from __future__ import annotations

from datetime import UTC, datetime

import factory

from matchmaker.domain.kinds import MessageKind
from matchmaker.models import Message
from tests.factories.base import RowFactory


class MessageFactory(RowFactory):
    """A queued message that is due."""

    class Meta:
        model = Message

    recipient = factory.Sequence(lambda n: f"ontvanger{n}@school.example")
    kind = MessageKind.VISIT_SCHOOL
    cause = factory.Sequence(lambda n: f"booking:{n + 1}")
    sequence = 0
    subject = "Uw bezoek"
    message_id = factory.Sequence(lambda n: f"<test.{n}@techniek.example>")
    next_attempt_at = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)

    @factory.lazy_attribute
    def body(self) -> bytes:
        lines = (
            "From: Techniek <afzender@techniek.example>",
            f"To: {self.recipient}",
            f"Subject: {self.subject}",
            f"Message-ID: {self.message_id}",
            "",
            "Beste collega,",
            "",
        )
        return "\r\n".join(lines).encode()
