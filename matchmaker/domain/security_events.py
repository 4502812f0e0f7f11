"""What happens to an account that its owner must know of, whoever did it."""

from __future__ import annotations

from enum import StrEnum


class SecurityEvent(StrEnum):
    """A change of how somebody gets in, of what they may do here, or of who has their data."""

    PASSWORD_SET = "password_set"  # noqa: S105 - an event, not a password
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - an event, not a password
    PASSWORD_REMOVED = "password_removed"  # noqa: S105 - an event, not a password
    SECOND_STEP_ADDED = "second_step_added"
    SECOND_STEP_REMOVED = "second_step_removed"
    RECOVERY_CODE_USED = "recovery_code_used"
    NEW_DEVICE = "new_device"
    IDENTITY_LINKED = "identity_linked"
    IDENTITY_UNLINKED = "identity_unlinked"
    ROLE_GIVEN = "role_given"
    ROLE_ENDED = "role_ended"
    DATA_EXPORTED = "data_exported"


# What others may do to somebody's account; the rest only who is in the account can have done.
BY_OTHERS = frozenset({SecurityEvent.ROLE_GIVEN, SecurityEvent.ROLE_ENDED})
