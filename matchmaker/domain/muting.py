"""Which mails a person may do without. Everything else tells something that has to be acted on."""

from __future__ import annotations

from collections.abc import Iterable

from matchmaker.domain.kinds import MessageKind

# Overviews of a result: each visit in them comes in a mail of its own as well.
MUTABLE = (MessageKind.RESULT_SCHOOL, MessageKind.RESULT_HOST)


def is_wanted(kind: MessageKind, mutes: Iterable[str]) -> bool:
    """Tell whether somebody gets mails of a kind.

    Parameters
    ----------
    mutes
        Values of the kinds that the person does not want; one that may not be muted has no effect.
    """
    return kind not in MUTABLE or kind.value not in set(mutes)
