"""What can be wrong with somebody's e-mail address, and which mail still goes there."""

from __future__ import annotations

from enum import StrEnum


class MailTrouble(StrEnum):
    """What the last mails to an address met, least bad first."""

    # A mail server refused the address while we were talking to it.
    REFUSED = "refused"
    # A mail server took the mail and sent it back later.
    BOUNCED = "bounced"
    # The person called our mail unwanted.
    COMPLAINED = "complained"


_BADNESS = {trouble: badness for badness, trouble in enumerate(MailTrouble)}


def is_worse(new: MailTrouble, known: MailTrouble | None) -> bool:
    """Tell whether trouble says more than what is known already, so that it takes its place."""
    return known is None or _BADNESS[new] > _BADNESS[known]


def ends_with_delivery(trouble: MailTrouble | None) -> bool:
    """Tell whether it is over once a server takes a mail for the address.

    A bounce comes after the server took the mail, and a complaint is about mail that arrived.
    """
    return trouble is MailTrouble.REFUSED


def takes_mail(trouble: MailTrouble | None, *, essential: bool) -> bool:
    """Tell whether a mail goes to an address.

    What people must know is always tried: an address may work again, and nobody can complain a visit
    away. Whatever else goes to addresses without trouble only.
    """
    return essential or trouble is None
