"""Sign mails with the key of the site (DKIM, RFC 6376). The only importer of dkimpy."""

from __future__ import annotations

from dataclasses import dataclass, replace
from email.parser import BytesHeaderParser
from pathlib import Path

import dkim

from matchmaker.config import Settings
from matchmaker.domain.delivery import HOLDS, Blame
from matchmaker.notifications.transport import MailRefusedError, OutgoingMail, TransportError

_HEADER = b"DKIM-Signature:"


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: the domain of the sender, and where its public key stands (``selector._domainkey``)."""

    domain: str
    selector: str
    key_file: Path


def find_signer(settings: Settings) -> Signer | None:
    """Return who signs mails, or None when nobody does."""
    if not settings.dkim_selector:
        return None
    return Signer(settings.mail_domain, settings.dkim_selector, Path(settings.dkim_key_file))


def is_signed(mail: OutgoingMail) -> bool:
    """Tell whether the bytes carry a signature already."""
    return mail.body.startswith(_HEADER)


def sign(mail: OutgoingMail, signer: Signer) -> OutgoingMail:
    """Return the mail with a signature over all of its headers and the whole text, before everything else.

    Two signatures of one mail differ, because each tells its moment: sign once, and keep the bytes.

    Raises
    ------
    TransportError
        When the key cannot be read any more: then no mail can leave.
    MailRefusedError
        When this mail cannot be signed.
    """
    try:
        key = signer.key_file.read_bytes()
    except OSError as error:
        problem = f"cannot read {signer.key_file}: {error.strerror}"
        raise TransportError(problem, HOLDS[Blame.ACCESS]) from error
    # "From" once more: nobody can add a second one without breaking the signature (section 8.15).
    headers = [*dict.fromkeys(name.lower() for name in BytesHeaderParser().parsebytes(mail.body)), "from"]
    try:
        signature: bytes = dkim.sign(
            mail.body,
            signer.selector.encode(),
            signer.domain.encode(),
            key,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=[name.encode() for name in headers],
        )
    except dkim.DKIMException as error:
        raise MailRefusedError(f"cannot be signed: {error}", Blame.MAIL) from error
    return replace(mail, body=signature + mail.body)
