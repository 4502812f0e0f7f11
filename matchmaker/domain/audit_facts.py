"""What the audit log keeps of a change: states and ids, never what could name a person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

MASK = "█"
# Names of facts that hold something personal, whatever they are about; the labels of columns name more.
PERSONAL_FACTS = frozenset(
    {
        "address",
        "contact",
        "contact_email",
        "contact_name",
        "contact_phone",
        "email",
        "ip",
        "organiser_email",
        "organiser_name",
        "person",
        "phone",
        "recipient",
        "sender_email",
        "user_agent",
    }
)
_EMAIL = re.compile(r"[^\s<>@]+@[^\s<>@]+")


def mask_personal(
    facts: Mapping[str, Any] | None, columns: AbstractSet[str] = frozenset()
) -> dict[str, Any] | None:
    """Return the facts with █ in the place of everything personal: that it changed is all that stays.

    Parameters
    ----------
    facts
        Values as JSON knows them; also inside lists and mappings every name and every text is looked at,
        and an e-mail address is masked under any name.
    columns
        What else is personal of the thing that the facts are about: of a person the ``name`` is, of a
        round it is not.
    """
    if facts is None:
        return None
    personal = PERSONAL_FACTS | columns
    return {
        name: MASK if name in personal and value else _mask(personal, value) for name, value in facts.items()
    }


def _mask(personal: frozenset[str], value: Any) -> Any:
    if isinstance(value, str):
        return _EMAIL.sub(MASK, value)
    if isinstance(value, Mapping):
        return {
            name: MASK if name in personal and inner else _mask(personal, inner)
            for name, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [_mask(personal, inner) for inner in value]
    return value
