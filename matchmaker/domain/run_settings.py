"""With which settings a run was made, and what that means for publishing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TRAVEL_FACTORS = (0.5, 0.75, 1.25, 1.5, 2.0)
FAIRNESS_BANDS = (0.0, 0.001, 0.01, 0.05)
RUN_SECONDS = (30, 60, 120, 300)


@dataclass(frozen=True, slots=True)
class RunSettings:
    """What differs from the round as it stands; the default differs in nothing.

    Attributes
    ----------
    without_hosts
        Ids of hosts whose slots are left out.
    doubled_hosts
        Ids of hosts that come twice, as if a host like them took part as well.
    travel
        Factor on every group's farthest distance, above 0; None leaves it.
    fairness_band
        Share of the fairness that later goals may use, 0 … 0.05; None: that of the round.
    """

    without_hosts: tuple[int, ...] = ()
    doubled_hosts: tuple[int, ...] = ()
    travel: float | None = None
    fairness_band: float | None = None

    @property
    def is_plain(self) -> bool:
        """Tell whether the run takes the round as it stands."""
        return self == RunSettings()

    @property
    def is_imagined(self) -> bool:
        """Tell whether the run counts on what is not there, so that its result can never be published.

        Places of a host that does not exist, and visits farther away than schools said they can travel,
        only exist on paper. Hosts left out and another fairness band are choices that an organiser may make:
        every placement is one that can really take place.
        """
        return bool(self.doubled_hosts) or self.travel is not None

    def as_document(self) -> dict[str, Any]:
        """Return what differs as plain JSON values, the rest left out."""
        values = {
            "without_hosts": list(self.without_hosts),
            "doubled_hosts": list(self.doubled_hosts),
            "travel": self.travel,
            "fairness_band": self.fairness_band,
        }
        return {name: value for name, value in values.items() if value not in (None, [])}


def read_settings(document: Mapping[str, Any]) -> RunSettings:
    """Return the settings that `RunSettings.as_document` wrote."""
    return RunSettings(
        without_hosts=tuple(document.get("without_hosts", ())),
        doubled_hosts=tuple(document.get("doubled_hosts", ())),
        travel=document.get("travel"),
        fairness_band=document.get("fairness_band"),
    )
