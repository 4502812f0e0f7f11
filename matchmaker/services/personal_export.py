"""The data of one person as a document: the same keys for everybody, made from the inventory."""

from __future__ import annotations

import json
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from matchmaker import clock
from matchmaker.domain.errors import NotFoundError
from matchmaker.domain.security_events import SecurityEvent
from matchmaker.extensions import db
from matchmaker.models import User
from matchmaker.queries import people
from matchmaker.queries.personal_data import Portion, list_portions, traces_of
from matchmaker.services import audit
from matchmaker.services.security_notices import Occurrence, tell_owner
from matchmaker.services.transaction import write_transaction

FORMAT = "matchmaker-person/1"


def export_person(user_id: int, *, actor_id: int | None = None) -> str:
    """Return all that is kept about a person as JSON, and write down that it was taken out.

    Returns
    -------
    str
        An object with `format`, `made_at` and three groups of tables: `about` (the person is the
        subject), `done` (what the person did) and `mentioned` (texts that hold the person's address or
        number). Each maps the name of a table to a list of rows, by id. Moments are ISO 8601 in UTC.
        Passwords, codes and tokens are left out, and so are the texts of mails.
    """
    with write_transaction():
        audit.record("export_person", "user", user_id, actor_id=actor_id)
        tell_owner(user_id, Occurrence(SecurityEvent.DATA_EXPORTED))
    user = db.session.get_one(User, user_id)
    return json.dumps(_document(list_portions(traces_of(user))), ensure_ascii=False, indent=2) + "\n"


def export_by_email(email: str) -> str:
    """Return what `export_person` gives for the person with this address, as the operator.

    Raises
    ------
    NotFoundError
        When nobody has this address.
    """
    user_id = people.find_user_id(email)
    if user_id is None:
        raise NotFoundError
    return export_person(user_id)


def _document(portions: list[Portion]) -> dict[str, Any]:
    groups: dict[str, dict[str, Any]] = {"about": {}, "done": {}, "mentioned": {}}
    for portion in portions:
        groups[portion.relation][portion.table] = [
            {name: _plain(value) for name, value in row.items()} for row in portion.rows
        ]
    return {"format": FORMAT, "made_at": _plain(clock.now()), **groups}


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, date | datetime) else value
