"""What the settings make of a mail: the facts that the check of the way out judges."""

from __future__ import annotations

import base64
from email import message_from_bytes, policy
from pathlib import Path

from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from matchmaker.domain.mail_check import Dkim, MailSetup
from matchmaker.domain.muting import MailFamily
from matchmaker.notifications.composing import Letterhead
from matchmaker.notifications.facts import Contact
from matchmaker.notifications.signing import Signer, find_signer
from matchmaker.notifications.stopping import describe_stop, list_stop_headers
from matchmaker.notifications.trial import compose_trial

_SOMEBODY = Contact(name="W&T-coördinator", email="coordinator@school.example")
_UID = "mail-controle"


def read_mail_setup(letterhead: Letterhead) -> MailSetup:
    """Return the setup as it shows in a mail of this letterhead, which nobody gets.

    Without a region there is no address for answers to judge.
    """
    settings = letterhead.settings
    mail = message_from_bytes(compose_trial(_SOMEBODY, letterhead, "check").body, policy=policy.default)
    stop = describe_stop(MailFamily.OVERVIEWS, letterhead.link("/"))
    return MailSetup(
        server=settings.mail_server,
        port=settings.mail_port,
        tls=settings.mail_tls,
        has_login=bool(settings.mail_username and settings.mail_password),
        directory=str(settings.mail_directory),
        directory_is_private=_is_private(settings.mail_directory),
        domain=settings.mail_domain,
        base_url=settings.base_url,
        sender=mail["From"].addresses[0].addr_spec,
        message_id=mail["Message-ID"].strip("<>"),
        organiser=letterhead.organiser_of("", _UID, _SOMEBODY).email,
        reply_to=_reply_to(letterhead),
        dkim=_describe_signer(find_signer(settings)),
        unsubscribes="List-Unsubscribe-Post" in dict(list_stop_headers(stop)),
        reads_replies=settings.read_replies,
        per_minute=settings.mail_per_minute or None,
    )


def _describe_signer(signer: Signer | None) -> Dkim | None:
    if signer is None:
        return None
    try:
        key = load_pem_private_key(signer.key_file.read_bytes(), password=None).public_key()
    except (OSError, ValueError, TypeError) as error:
        return Dkim(signer.selector, problem=getattr(error, "strerror", None) or "no private key in PEM")
    # Base64 of the key's own structure (RFC 6376 section 3.6.1).
    published = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return Dkim(signer.selector, base64.b64encode(published).decode("ascii"))


def _reply_to(letterhead: Letterhead) -> str | None:
    if letterhead.region is None:
        return None
    return letterhead.reply_to.email if letterhead.reply_to else ""


def _is_private(directory: Path) -> bool | None:
    """Tell whether only the owner may look into a folder; None when it is not there."""
    return directory.stat().st_mode & 0o077 == 0 if directory.is_dir() else None
