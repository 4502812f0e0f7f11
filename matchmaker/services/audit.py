"""Write down who did what, in the transaction of the act itself."""

from __future__ import annotations

from typing import Any

from matchmaker.extensions import db
from matchmaker.models import AuditEntry


def record(
    action: str,
    object_type: str,
    object_id: int | None,
    *,
    region_id: int | None = None,
    actor_id: int | None = None,
    organisation_id: int | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Add an entry to the audit log; the caller's transaction commits it.

    Parameters
    ----------
    action
        Verb and noun, such as ``publish_run``.
    before, after
        The facts that changed, without personal data.
    """
    entry = AuditEntry(
        action=action,
        object_type=object_type,
        object_id=object_id,
        region_id=region_id,
        actor_id=actor_id,
        organisation_id=organisation_id,
        before=before,
        after=after,
    )
    db.session.add(entry)
