"""Column types and mixins that the tables share."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import JSON, DateTime, Dialect, Enum, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from matchmaker import clock


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware in Python, UTC in the database. A naive value is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware value into UTC; SQLite stores it without offset."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Give the moment back aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enum_type(kind: type[StrEnum], name: str, *, checked: bool = True) -> Enum:
    """Return a column type that stores the enum's value and lets the database check it.

    A vocabulary that grows with every release is better not `checked` by the database: each new word
    would rebuild the table. Python refuses unknown words all the same.
    """
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=checked,
        validate_strings=True,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


Moment = Annotated[datetime, mapped_column(UtcDateTime)]
ShortText = Annotated[str, mapped_column(String(80))]
Title = Annotated[str, mapped_column(String(200))]
LongText = Annotated[str, mapped_column(Text, default="")]
Levels = Annotated[list[str], mapped_column(JSON)]
Facts = Annotated[dict[str, Any], mapped_column(JSON, default=dict)]


class Identified:
    """A surrogate key and the moment of making."""

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[Moment] = mapped_column(UtcDateTime, default=clock.now)


class Changing:
    """The moment of the last change, for readers that ask what is new."""

    changed_at: Mapped[Moment] = mapped_column(UtcDateTime, default=clock.now, onupdate=clock.now)


class OfRegion:
    """Rows that the session finds only within the scope of their region; see `models.scoping`."""

    region_id: Any


class RegionScoped(OfRegion):
    """Belongs to one region; nothing of one region is visible in another."""

    region_id: Mapped[int] = mapped_column(ForeignKey("region.id", ondelete="CASCADE"), index=True)


class RegionOrNone(OfRegion):
    """Belongs to one region, or to none: what people do with their own account is of no region."""

    region_id: Mapped[int | None] = mapped_column(ForeignKey("region.id", ondelete="CASCADE"))
