"""Write down who did what, in the transaction of the act itself."""

from __future__ import annotations

from typing import Any

from matchmaker import trace
from matchmaker.domain.audit_facts import mask_personal
from matchmaker.extensions import db
from matchmaker.models import AuditEntry
from matchmaker.queries.inventory import list_personal_columns

# Where the rows of an object are, if the table has another name.
TABLES = {"user": "user_account", "school": "organisation", "host": "organisation"}


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

    Who acts, as what, for which organisation and in which request is taken from `matchmaker.trace`
    where the caller does not say it.

    Parameters
    ----------
    action
        Verb and noun, such as ``publish_run``; the page of the log has a sentence for each.
    object_type, object_id
        What it was done to.
    region_id, organisation_id
        Whose log it stands in; None: the region and organisation of the page, if it is a page of one.
    actor_id
        Who did it; None: who signed in, nobody in tasks and commands.
    before, after
        The facts that changed: states and ids. What is personal is masked all the same.
    """
    now = trace.current()
    personal = list_personal_columns(TABLES.get(object_type, object_type))
    organisation_id = now.organisation_id if organisation_id is None else organisation_id
    db.session.add(
        AuditEntry(
            action=action,
            object_type=object_type,
            object_id=object_id,
            region_id=now.region_id if region_id is None else region_id,
            actor_id=now.actor_id if actor_id is None else actor_id,
            # Who has just proved who they are is no longer anybody.
            acting_as=trace.SELF if actor_id and now.acting_as == trace.VISITOR else now.acting_as,
            on_behalf=now.on_behalf and organisation_id == now.organisation_id,
            organisation_id=organisation_id,
            before=mask_personal(before, personal),
            after=mask_personal(after, personal),
            request_id=now.request_id,
        )
    )
