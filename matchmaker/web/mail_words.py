"""Why a mail did not arrive and what to do about it, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from matchmaker.domain.mail_problems import MailProblem, classify_answer
from matchmaker.domain.mail_trouble import MailTrouble

_ASK_OPERATOR = _l("Dit geldt voor alle mails. Vraag de beheerder om naar de mail-controle te kijken.")
_WORDS: Mapping[MailProblem, tuple[Any, Any]] = {
    MailProblem.UNKNOWN_ADDRESS: (
        _l("Dit adres bestaat niet of niet meer."),
        _l("Vraag een ander adres en nodig de persoon daarop uit."),
    ),
    MailProblem.UNKNOWN_DOMAIN: (
        _l("Het deel achter de @ bestaat niet."),
        _l("Kijk of er een typefout in het adres staat."),
    ),
    MailProblem.MAILBOX_FULL: (
        _l("De mailbox is vol."),
        _l("Bel de persoon, of stuur de mail later opnieuw."),
    ),
    MailProblem.TOO_BIG: (_l("De mail is te groot voor deze mailbox."), _l("Bel de persoon.")),
    MailProblem.HELD_BACK: (
        _l("De mailserver van de ontvanger houdt onze mail tegen."),
        _l("Vraag de beheerder om naar de mail-controle te kijken."),
    ),
    MailProblem.TOO_FAST: (
        _l("We stuurden te veel mails in korte tijd."),
        _l("Stuur de mail later opnieuw."),
    ),
    MailProblem.LATER: (
        _l("De mailserver van de ontvanger vroeg om het later te proberen."),
        _l("Stuur de mail later opnieuw."),
    ),
    MailProblem.LOGIN_REFUSED: (_l("Onze mailserver laat de site niet inloggen."), _ASK_OPERATOR),
    MailProblem.SENDER_REFUSED: (_l("De mailserver staat ons afzenderadres niet toe."), _ASK_OPERATOR),
    MailProblem.NOT_SECURE: (
        _l("De verbinding met de mailserver was niet veilig. Er is niets verstuurd."),
        _ASK_OPERATOR,
    ),
    MailProblem.UNREACHABLE: (_l("De mailserver was niet te bereiken."), _ASK_OPERATOR),
    MailProblem.INTERRUPTED: (
        _l("De verbinding brak af tijdens het versturen."),
        _l("Stuur de mail opnieuw."),
    ),
    MailProblem.OTHER: (_l("De mailserver nam de mail niet aan."), _l("Lees hieronder wat die server zei.")),
}
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
    title, advice = _WORDS[problem]
    return str(title), str(advice)


def explain_answer(answer: str) -> ProblemWords:
    """Return what an answer of a mail server means."""
    return ProblemWords(*word_problem(classify_answer(answer)), answer)


def explain_trouble(trouble: MailTrouble, reason: str) -> ProblemWords:
    """Return what is wrong with an address; a refusal is explained by what the mail server said."""
    title, advice = (str(words) for words in _TROUBLES[trouble])
    if trouble is not MailTrouble.REFUSED:
        return ProblemWords(title, advice, reason)
    return explain_answer(reason) if reason else ProblemWords(title, advice)
