"""Why a mail did not arrive and what to do about it, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from matchmaker.domain.mail_problems import MailProblem, classify_answer
from matchmaker.domain.mail_trouble import MailTrouble
from matchmaker.notifications.mail_problem_words import PROBLEMS
from matchmaker.web.language import gettext as _

_TROUBLES: Mapping[MailTrouble, tuple[Any, Any]] = {
    MailTrouble.REFUSED: (_l("Mails worden geweigerd."), ""),
    MailTrouble.BOUNCED: (
        _l("Mails komen terug."),
        _l("Vraag een ander adres. Werkt dit adres weer, kies dan ‘Probeer opnieuw’."),
    ),
    MailTrouble.COMPLAINED: (
        _l("De persoon heeft onze mail als ongewenst gemeld."),
        _l("Bel en vraag wat er is. Wat iemand moet weten, blijven we mailen; ander nieuws niet."),
    ),
}


@dataclass(frozen=True)
class ProblemWords:
    """A problem in one sentence, what to do about it, and what the mail server itself said."""

    title: str
    advice: str
    server: str = ""


def word_problem(problem: MailProblem) -> tuple[str, str]:
    """Return what is wrong and what to do about it."""
    title, advice = PROBLEMS[problem]
    return _(title), _(advice)


def explain_answer(answer: str) -> ProblemWords:
    """Return what an answer of a mail server means."""
    return ProblemWords(*word_problem(classify_answer(answer)), answer)


def explain_trouble(trouble: MailTrouble, reason: str) -> ProblemWords:
    """Return what is wrong with an address; a refusal is explained by what the mail server said."""
    title, advice = (str(words) for words in _TROUBLES[trouble])
    if trouble is not MailTrouble.REFUSED:
        return ProblemWords(title, advice, reason)
    return explain_answer(reason) if reason else ProblemWords(title, advice)
