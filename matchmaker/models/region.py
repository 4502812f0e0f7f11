"""Regions, school years and rounds, and the days on which nobody comes."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.inventory import FACT, Purpose, held_for
from matchmaker.domain.kinds import ClosedDayReason, HolidayRegion, Sector
from matchmaker.domain.phases import Phase
from matchmaker.domain.retention import Retention
from matchmaker.extensions import Base
from matchmaker.models.columns import (
    Identified,
    LongText,
    Moment,
    RegionScoped,
    ShortText,
    Title,
    enum_type,
)


class Region(Identified, Base):
    """The outermost noun: a regional programme. One installation serves many."""

    __tablename__ = "region"
    __data__ = held_for(
        Purpose.PROGRAMME,
        Retention.PROGRAMME,
        facts="name slug time_zone sender_name contact_email contact_phone",
    )
    __table_args__ = (
        UniqueConstraint("slug"),
        CheckConstraint(
            "guarantee_primary >= 0 AND guarantee_secondary >= 0 AND guarantee_special >= 0",
            name="guarantee_not_negative",
        ),
        CheckConstraint("detour_factor >= 1", name="detour_at_least_one"),
        CheckConstraint("retention_months BETWEEN 6 AND 60", name="retention_in_range"),
    )

    name: Mapped[Title]
    slug: Mapped[ShortText]
    time_zone: Mapped[ShortText] = mapped_column(default="Europe/Amsterdam")
    sender_name: Mapped[Title] = mapped_column(default="")
    # A region of invented organisations: only there may the demonstration show sign-in codes.
    is_example: Mapped[bool] = mapped_column(default=False)
    contact_email: Mapped[Title] = mapped_column(default="")
    contact_phone: Mapped[ShortText] = mapped_column(default="")
    guarantee_primary: Mapped[int] = mapped_column(default=2)
    guarantee_secondary: Mapped[int] = mapped_column(default=2)
    guarantee_special: Mapped[int] = mapped_column(default=2)
    # Road kilometres per great-circle kilometre; see docs/allocation.md.
    detour_factor: Mapped[float] = mapped_column(default=1.3)
    # Whether people may ask to join on the region's own page; nothing is granted by that.
    joining_open: Mapped[bool] = mapped_column(default=True)
    # How long people's data stay after they were last needed.
    retention_months: Mapped[int] = mapped_column(default=24)
    # Since when an organiser lets the region's mail wait.
    mail_paused_at: Mapped[Moment | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own shape

    def guarantee_for(self, sector: Sector) -> int:
        """Return how many participations a school of this sector must have in a school year."""
        return {
            Sector.PRIMARY: self.guarantee_primary,
            Sector.SECONDARY: self.guarantee_secondary,
            Sector.SPECIAL: self.guarantee_special,
        }[sector]


class PostcodePlace(Base):
    """Centroid of a four-digit postcode, loaded by the operator; shared by all regions."""

    __tablename__ = "postcode_place"
    __data__ = held_for(Purpose.OPERATION, Retention.PROGRAMME, facts="place municipality")

    postcode4: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[Title]
    municipality: Mapped[Title]
    lat: Mapped[float]
    lon: Mapped[float]


class SchoolYear(Identified, RegionScoped, Base):
    """A school year of a region; holds groups and rounds."""

    __tablename__ = "school_year"
    __data__ = held_for(Purpose.PROGRAMME, Retention.PROGRAMME, FACT, facts="name")
    __table_args__ = (
        UniqueConstraint("region_id", "name"),
        CheckConstraint("starts_on < ends_on", name="dates_in_order"),
    )

    name: Mapped[ShortText]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    rounds: Mapped[list[Round]] = relationship(back_populates="school_year", order_by="Round.visits_from")


class Round(Identified, RegionScoped, Base):
    """One allocation round of a school year, in exactly one phase."""

    __tablename__ = "round"
    __data__ = held_for(Purpose.PROGRAMME, Retention.PROGRAMME, FACT, facts="name", technical="lottery_seed")
    __table_args__ = (
        UniqueConstraint("school_year_id", "name"),
        CheckConstraint(
            "offering_on <= wishing_on AND wishing_on <= wishing_until AND wishing_until <= result_on"
            " AND result_on <= visits_from AND visits_from <= visits_until",
            name="dates_in_order",
        ),
        CheckConstraint("fairness_band >= 0 AND fairness_band <= 0.05", name="fairness_band_in_range"),
        CheckConstraint("min_gap_minutes >= 0", name="min_gap_not_negative"),
    )

    school_year_id: Mapped[int] = mapped_column(ForeignKey("school_year.id", ondelete="CASCADE"), index=True)
    name: Mapped[Title]
    phase: Mapped[Phase] = mapped_column(enum_type(Phase, "phase"), default=Phase.PREPARING)
    offering_on: Mapped[date]
    wishing_on: Mapped[date]
    wishing_until: Mapped[date]
    result_on: Mapped[date]
    visits_from: Mapped[date]
    visits_until: Mapped[date]
    min_gap_minutes: Mapped[int] = mapped_column(default=30)
    fairness_band: Mapped[float] = mapped_column(default=0.001)
    # The published draw: every school's lottery number follows from this text and the school's code.
    lottery_seed: Mapped[ShortText]
    # From this day on, places reserved for a programme are open to all schools.
    reserved_until: Mapped[date | None]
    published_at: Mapped[Moment | None]
    version: Mapped[int] = mapped_column(default=1)

    school_year: Mapped[SchoolYear] = relationship(back_populates="rounds")
    region: Mapped[Region] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own shape


class ClosedDay(Identified, RegionScoped, Base):
    """Days off: for the whole region, for one holiday region, or for one organisation."""

    __tablename__ = "closed_day"
    __data__ = held_for(Purpose.PROGRAMME, Retention.PROGRAMME, FACT, facts="half_day name", notes="source")
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="days_in_order"),
        CheckConstraint("organisation_id IS NULL OR holiday_region IS NULL", name="one_scope"),
        CheckConstraint("half_day IS NULL OR half_day IN ('morning', 'afternoon')", name="half_day_known"),
        Index("ix_closed_day_region_days", "region_id", "first_day", "last_day"),
    )

    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    holiday_region: Mapped[HolidayRegion | None] = mapped_column(enum_type(HolidayRegion, "holiday_region"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    half_day: Mapped[ShortText | None]
    reason: Mapped[ClosedDayReason] = mapped_column(enum_type(ClosedDayReason, "reason"))
    name: Mapped[Title] = mapped_column(default="")
    source: Mapped[LongText]
