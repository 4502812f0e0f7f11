"""What is wrong with a mail and what helps, in plain words: for pages, mails and the terminal."""

from __future__ import annotations

from collections.abc import Mapping

from matchmaker.domain.mail_problems import MailProblem


def N_(text: str) -> str:  # noqa: N802 - gettext's own word for "translated where it is shown"
    """Mark a text for the catalogues."""
    return text


_ASK_OPERATOR = N_("Dit geldt voor alle mails. Vraag de beheerder om naar de mail-controle te kijken.")
PROBLEMS: Mapping[MailProblem, tuple[str, str]] = {
    MailProblem.UNKNOWN_ADDRESS: (
        N_("Dit adres bestaat niet of niet meer."),
        N_("Vraag een ander adres en nodig de persoon daarop uit."),
    ),
    MailProblem.UNKNOWN_DOMAIN: (
        N_("Het deel achter de @ bestaat niet."),
        N_("Kijk of er een typefout in het adres staat."),
    ),
    MailProblem.MAILBOX_FULL: (
        N_("De mailbox is vol."),
        N_("Bel de persoon, of stuur de mail later opnieuw."),
    ),
    MailProblem.TOO_BIG: (N_("De mail is te groot voor deze mailbox."), N_("Bel de persoon.")),
    MailProblem.HELD_BACK: (
        N_("De mailserver van de ontvanger houdt onze mail tegen."),
        N_("Vraag de beheerder om naar de mail-controle te kijken."),
    ),
    MailProblem.TOO_FAST: (
        N_("We stuurden te veel mails in korte tijd."),
        N_("Stuur de mail later opnieuw."),
    ),
    MailProblem.LATER: (
        N_("De mailserver van de ontvanger vroeg om het later te proberen."),
        N_("Stuur de mail later opnieuw."),
    ),
    MailProblem.LOGIN_REFUSED: (N_("Onze mailserver laat de site niet inloggen."), _ASK_OPERATOR),
    MailProblem.SENDER_REFUSED: (N_("De mailserver staat ons afzenderadres niet toe."), _ASK_OPERATOR),
    MailProblem.NOT_SECURE: (
        N_("De verbinding met de mailserver was niet veilig. Er is niets verstuurd."),
        _ASK_OPERATOR,
    ),
    MailProblem.UNREACHABLE: (N_("De mailserver was niet te bereiken."), _ASK_OPERATOR),
    MailProblem.INTERRUPTED: (
        N_("De verbinding brak af tijdens het versturen."),
        N_("Stuur de mail opnieuw."),
    ),
    MailProblem.OTHER: (N_("De mailserver nam de mail niet aan."), N_("Lees hieronder wat die server zei.")),
}
"""What is wrong in one sentence, and what to do about it; both as in the catalogues."""
