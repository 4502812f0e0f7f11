"""What people change about themselves."""

from __future__ import annotations

from matchmaker.models import User
from matchmaker.services import audit
from matchmaker.services.transaction import write_transaction


def change_own_details(user_id: int, name: str, phone: str) -> None:
    """Change what others read of a person and how to call them; the address stays.

    Parameters
    ----------
    phone
        Any text of at most 40 characters; empty: others see no number.
    """
    with write_transaction() as session:
        user = session.get_one(User, user_id, with_for_update=True)
        user.name, user.phone = " ".join(name.split()), " ".join(phone.split())
        audit.record("change_own_details", "user", user_id, actor_id=user_id)
