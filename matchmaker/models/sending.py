"""Whether mail may leave, and what keeps it from leaving."""

from __future__ import annotations

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.domain.inventory import Purpose, held_for
from matchmaker.domain.retention import Retention
from matchmaker.extensions import Base
from matchmaker.models.columns import Identified, LongText, Moment, ShortText

THE_ONE = 1


class SendingState(Identified, Base):
    """The one row about the way out that all mail shares; a region's own pause is `Region.mail_paused_at`."""

    __tablename__ = "sending_state"
    __data__ = held_for(Purpose.OPERATION, Retention.PROGRAMME, technical="problem")
    __table_args__ = (CheckConstraint(f"id = {THE_ONE}", name="one_row"),)

    # Somebody decided that nothing leaves for now; sign-in mail leaves all the same.
    paused_at: Mapped[Moment | None]
    # Why the mail server took nothing the last time, in its own words; empty: it took mail.
    problem: Mapped[LongText] = mapped_column(server_default="")
    problem_since: Mapped[Moment | None]
    # Nobody tries again before this moment.
    held_until: Mapped[Moment | None]


class MailDeparture(Base):
    """A mail that counts towards what a provider takes in a minute; `token` is that of its lease."""

    __tablename__ = "mail_departure"
    __data__ = held_for(Purpose.OPERATION, Retention.PROGRAMME, technical="token")

    token: Mapped[ShortText] = mapped_column(primary_key=True)
    counts_until: Mapped[Moment] = mapped_column(index=True)
