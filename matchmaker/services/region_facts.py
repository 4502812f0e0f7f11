"""What mails say of the region in whose name they go."""

from __future__ import annotations

from matchmaker.models import Region
from matchmaker.notifications.facts import RegionFacts


def describe_region(region: Region) -> RegionFacts:
    """Return the facts of a region that stand in its mails."""
    return RegionFacts(
        id=region.id,
        name=region.name,
        sender_name=region.sender_name,
        contact_email=region.contact_email,
        contact_phone=region.contact_phone,
    )
