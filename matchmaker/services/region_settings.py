"""Change the settings of a region."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from matchmaker import scope
from matchmaker.domain.errors import EditConflictError
from matchmaker.domain.region_settings import LOGGED, RegionSettings
from matchmaker.models import Region
from matchmaker.queries.regions import lock_region
from matchmaker.services import audit
from matchmaker.services.transaction import write_transaction


def change_region_settings(region_id: int, version: int, settings: RegionSettings, actor_id: int) -> bool:
    """Save the settings; return whether anything was different.

    Parameters
    ----------
    version
        That of the region when its settings were shown to the person.

    Raises
    ------
    EditConflictError
        When somebody saved the region after that.
    """
    with scope.within(region_id), write_transaction() as session:
        lock_region(region_id)
        region = session.get_one(Region, region_id)
        if region.version != version:
            raise EditConflictError
        wanted = asdict(settings)
        changed = {key: value for key, value in wanted.items() if getattr(region, key) != value}
        if not changed:
            return False
        before = {key: getattr(region, key) for key in changed}
        for key, value in changed.items():
            setattr(region, key, value)
        session.flush()
        audit.record(
            "change_region_settings",
            "region",
            region_id,
            region_id=region_id,
            actor_id=actor_id,
            before=_without_names(before),
            after=_without_names(changed),
        )
        return True


def _without_names(values: dict[str, Any]) -> dict[str, Any]:
    """Keep numbers and choices; of names and addresses only say that there was one."""
    return {key: value if key in LOGGED else bool(value) for key, value in values.items()}
