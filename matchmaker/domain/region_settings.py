"""What organisers decide about their region."""

from __future__ import annotations

from dataclasses import dataclass

MOST_GUARANTEED = 10
MOST_DETOUR = 3.0
RETENTION_MONTHS = (6, 60)
# What the log of changes may repeat; of the others it only says that they changed.
LOGGED = frozenset(
    {
        "guarantee_primary",
        "guarantee_secondary",
        "guarantee_special",
        "detour_factor",
        "joining_open",
        "retention_months",
    }
)


@dataclass(frozen=True, slots=True)
class RegionSettings:
    """The settings of a region, each under the name of its column.

    Parameters
    ----------
    sender_name
        In whose name mails go out; empty: the region's name.
    guarantee_primary, guarantee_secondary, guarantee_special
        Participations that each school of the sector must have in a school year, from 0.
    detour_factor
        Road kilometres per great-circle kilometre, from 1.
    joining_open
        Whether people may ask to join on the region's page.
    retention_months
        How long people's data stay after they were last needed, 6 to 60.
    """

    name: str
    sender_name: str
    contact_email: str
    contact_phone: str
    guarantee_primary: int
    guarantee_secondary: int
    guarantee_special: int
    detour_factor: float
    joining_open: bool
    retention_months: int
