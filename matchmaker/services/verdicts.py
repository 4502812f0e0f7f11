"""What becomes of a mail that came in."""

from __future__ import annotations

from dataclasses import dataclass

from matchmaker.domain.calendar_answers import AnswerRefusal
from matchmaker.domain.incoming import IncomingOutcome


@dataclass(frozen=True, slots=True)
class Verdict:
    """An outcome with its reason, in a word or a few, for logs."""

    outcome: IncomingOutcome
    reason: str = ""

    @property
    def is_untraced(self) -> bool:
        """Tell whether it is an answer to an address that anybody knows, which may be meant all the same."""
        return self.reason == AnswerRefusal.PLAIN_ADDRESS
