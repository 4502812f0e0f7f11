"""Schools and hosts: the organisations of a region."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.inventory import FACT, Purpose, held_for
from matchmaker.domain.kinds import CoordinateSource, HolidayRegion, HostKind, Sector, TravelMode
from matchmaker.domain.retention import Retention
from matchmaker.extensions import Base
from matchmaker.models.columns import Identified, RegionScoped, ShortText, Title, enum_type
from matchmaker.models.region import Region


class Organisation(Identified, RegionScoped, Base):
    """A school location or a host. `code` is its stable key in files: BRIN + location code for schools."""

    __tablename__ = "organisation"
    __data__ = held_for(
        Purpose.PROGRAMME,
        Retention.PROGRAMME,
        FACT,
        facts="code name street postcode place municipality website",
        technical="type",
    )
    __table_args__: Any = (
        UniqueConstraint("region_id", "code"),
        CheckConstraint("(lat IS NULL) = (lon IS NULL)", name="both_coordinates"),
        CheckConstraint("(lat IS NULL) = (coordinate_source IS NULL)", name="coordinates_have_source"),
        CheckConstraint("lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180", name="coordinates_in_range"),
    )

    type: Mapped[ShortText]
    code: Mapped[ShortText]
    name: Mapped[Title]
    street: Mapped[Title] = mapped_column(default="")
    postcode: Mapped[ShortText] = mapped_column(default="")
    place: Mapped[Title] = mapped_column(default="")
    municipality: Mapped[Title] = mapped_column(default="")
    website: Mapped[Title] = mapped_column(default="")
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    coordinate_source: Mapped[CoordinateSource | None] = mapped_column(
        enum_type(CoordinateSource, "coordinate_source")
    )
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    region: Mapped[Region] = relationship()

    __mapper_args__ = {  # noqa: RUF012 - SQLAlchemy's own shape
        "polymorphic_on": "type",
        "polymorphic_identity": "organisation",
        "version_id_col": version,
    }


class School(Organisation):
    """A school location; `code` is its BRIN and location code, such as ``00AB00``."""

    __tablename__ = "school"
    __data__ = held_for(Purpose.PROGRAMME, Retention.PROGRAMME, FACT, facts="school_type board")
    __table_args__: Any = (CheckConstraint("pupils IS NULL OR pupils >= 0", name="pupils_not_negative"),)

    id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True)
    sector: Mapped[Sector] = mapped_column(enum_type(Sector, "sector"))
    school_type: Mapped[Title] = mapped_column(default="")
    holiday_region: Mapped[HolidayRegion] = mapped_column(enum_type(HolidayRegion, "holiday_region"))
    board: Mapped[Title] = mapped_column(default="")
    pupils: Mapped[int | None]
    travel_mode: Mapped[TravelMode | None] = mapped_column(enum_type(TravelMode, "travel_mode"))

    __mapper_args__ = {"polymorphic_identity": "school"}  # noqa: RUF012


class Host(Organisation):
    """A company, technieklokaal, science centre, Techniekdag, mobile lab or competition."""

    __tablename__ = "host"
    __data__ = held_for(Purpose.PROGRAMME, Retention.PROGRAMME, FACT, facts="branches")
    __table_args__: Any = (
        CheckConstraint("max_slots_per_day IS NULL OR max_slots_per_day >= 1", name="max_slots_positive"),
    )

    id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[HostKind] = mapped_column(enum_type(HostKind, "kind"))
    branches: Mapped[list[str]] = mapped_column(JSON, default=list)
    max_slots_per_day: Mapped[int | None]

    __mapper_args__ = {"polymorphic_identity": "host"}  # noqa: RUF012
