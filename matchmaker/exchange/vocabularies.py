"""The Dutch words that sheets use for the fixed vocabularies."""

from __future__ import annotations

from matchmaker.domain.kinds import (
    ActivityKind,
    ApprovalState,
    ClosedDayReason,
    HolidayRegion,
    HostKind,
    Sector,
    SlotState,
    TravelMode,
)
from matchmaker.domain.phases import Phase
from matchmaker.exchange.columns import Vocabulary

SECTORS = Vocabulary(
    {
        Sector.PRIMARY: ("basisonderwijs", "bo", "po", "primair", "basisschool"),
        Sector.SECONDARY: ("voortgezet onderwijs", "vo", "voortgezet", "middelbaar"),
        Sector.SPECIAL: (
            "speciaal onderwijs", "so", "sbo", "sbao", "vso", "(v)so", "so/vso", "speciaal",
            "speciaal basisonderwijs",
        ),
    }
)  # fmt: skip
HOLIDAY_REGIONS = Vocabulary(
    {
        HolidayRegion.NORTH: ("Noord",),
        HolidayRegion.MIDDLE: ("Midden",),
        HolidayRegion.SOUTH: ("Zuid",),
    }
)
TRAVEL_MODES = Vocabulary(
    {
        TravelMode.WALK: ("lopend", "te voet"),
        TravelMode.BICYCLE: ("fiets", "fietsend", "op de fiets"),
        TravelMode.PARENTS_CARS: ("auto's van ouders", "auto", "auto's"),
        TravelMode.BUS: ("bus", "touringcar"),
        TravelMode.PUBLIC_TRANSPORT: ("openbaar vervoer", "ov"),
    }
)
HOST_KINDS = Vocabulary(
    {
        HostKind.COMPANY: ("bedrijf",),
        HostKind.TECHNIEKLOKAAL: ("technieklokaal",),
        HostKind.SCIENCE_CENTRE: ("science center", "sciencecentrum", "science centre", "ontdekcentrum"),
        HostKind.TECHNIEKDAG: ("techniekdag",),
        HostKind.MOBILE_LAB: ("mobiel lab", "techniektrailer"),
        HostKind.TRAINING_COMPANY: ("opleidingsbedrijf",),
        HostKind.COMPETITION: ("wedstrijd",),
    }
)
ACTIVITY_KINDS = Vocabulary(
    {
        ActivityKind.COMPANY_VISIT: ("bedrijfsbezoek",),
        ActivityKind.TECHNIEKLOKAAL: ("technieklokaal", "les in het technieklokaal"),
        ActivityKind.SCIENCE_CENTRE: ("science center", "sciencecentrum", "science centre", "ontdekcentrum"),
        ActivityKind.TECHNIEKDAG: ("techniekdag",),
        ActivityKind.MOBILE_LESSON: ("les op school", "mobiele les", "mobiel lab"),
        ActivityKind.WORKSHOP: ("workshop",),
        ActivityKind.COMPETITION: ("wedstrijd",),
    }
)
APPROVALS = Vocabulary(
    {
        ApprovalState.APPROVED: ("goedgekeurd",),
        ApprovalState.SUBMITTED: ("ingediend",),
        ApprovalState.DRAFT: ("concept",),
        ApprovalState.REFUSED: ("afgewezen",),
    }
)
SLOT_STATES = Vocabulary(
    {
        SlotState.OPEN: ("open",),
        SlotState.WITHDRAWN: ("ingetrokken",),
    }
)
PHASES = Vocabulary(
    {
        Phase.PREPARING: ("voorbereiden",),
        Phase.OFFERING: ("aanbod verzamelen", "aanbieden"),
        Phase.WISHING: ("wensen verzamelen", "wensen"),
        Phase.ALLOCATING: ("toewijzen",),
        Phase.REVIEWING: ("controleren",),
        Phase.PUBLISHED: ("gepubliceerd",),
        Phase.CLOSED: ("afgesloten",),
    }
)
CLOSED_DAY_REASONS = Vocabulary(
    {
        ClosedDayReason.STUDY_DAY: ("studiedag",),
        ClosedDayReason.CLOSED: ("gesloten",),
        ClosedDayReason.SCHOOL_HOLIDAY: ("schoolvakantie", "vakantie"),
        ClosedDayReason.PUBLIC_HOLIDAY: ("feestdag",),
    }
)
