"""Link an account elsewhere to an account here, sign in with it, and take the link away.

Only issuer and subject count. A provider's word about a name or an e-mail address links nobody: it may be
somebody else's, and addresses pass on.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from matchmaker import clock
from matchmaker.config import Settings
from matchmaker.domain.errors import IdentityTakenError, NotFoundError, UnknownIdentityError
from matchmaker.domain.outside_identities import OutsideIdentity
from matchmaker.domain.security_events import SecurityEvent
from matchmaker.models import LinkedIdentity, User
from matchmaker.queries import outside_identities
from matchmaker.services import audit
from matchmaker.services.devices import end_devices
from matchmaker.services.security_notices import Occurrence, find_device_kind, tell_owner
from matchmaker.services.transaction import write_transaction
from matchmaker.services.unrecorded import IDENTITY_USE


def link_identity(user_id: int, identity: OutsideIdentity, *, device_id: int | None = None) -> None:
    """Let somebody sign in with this identity from now on; linking it once more changes nothing.

    Parameters
    ----------
    user_id
        Somebody who proved just now who they are here; that is not checked.
    identity
        What `openid.come_back` proved; that is not checked either.
    device_id
        The device on which this is done, where it is known.

    Raises
    ------
    IdentityTakenError
        When it is linked to somebody else.
    """
    try:
        with write_transaction() as session:
            session.get_one(User, user_id, with_for_update=True)
            known = outside_identities.find_linked_identity(identity.issuer, identity.subject)
            if known is not None and known.user_id != user_id:
                raise IdentityTakenError
            if known is not None:
                return
            link = LinkedIdentity(
                user_id=user_id,
                issuer=identity.issuer,
                subject=identity.subject,
                linked_at=clock.now(),
            )
            session.add(link)
            session.flush()
            audit.record(
                "link_identity",
                "outside_identity",
                link.id,
                actor_id=user_id,
                after={"issuer": identity.issuer},
            )
            _tell(user_id, SecurityEvent.IDENTITY_LINKED, identity.issuer, device_id)
    except IntegrityError:
        # Somebody else linked it at the same moment.
        raise IdentityTakenError from None


def use_identity(identity: OutsideIdentity) -> int:
    """Sign in with an identity; return the id of the user.

    Raises
    ------
    UnknownIdentityError
        When it is linked to nobody, or to somebody who may not sign in: both look the same.
    """
    with write_transaction(IDENTITY_USE):
        link = outside_identities.find_linked_identity(identity.issuer, identity.subject)
        if link is None or not link.user.active:
            raise UnknownIdentityError
        link.last_used_at = clock.now()
        return link.user_id


def unlink_identity(user_id: int, identity_id: int, *, keep_device_id: int) -> None:
    """Take a link away; every other device of the person is signed out.

    Raises
    ------
    NotFoundError
        When there is no such link, or it is somebody else's.
    """
    statement = (
        delete(LinkedIdentity)
        .where(LinkedIdentity.id == identity_id, LinkedIdentity.user_id == user_id)
        .returning(LinkedIdentity.issuer)
    )
    with write_transaction() as session:
        issuer = session.scalars(statement).one_or_none()
        if issuer is None:
            raise NotFoundError
        end_devices(user_id, user_id, keep_id=keep_device_id)
        audit.record(
            "unlink_identity",
            "outside_identity",
            identity_id,
            actor_id=user_id,
            before={"issuer": issuer},
        )
        _tell(user_id, SecurityEvent.IDENTITY_UNLINKED, issuer, keep_device_id)


def _tell(user_id: int, event: SecurityEvent, issuer: str, device_id: int | None) -> None:
    """Tell the owner of the account; the provider by its name here, else by its address."""
    settings: Settings = current_app.config["SETTINGS"]
    names = {provider.issuer.rstrip("/"): provider.name for provider in settings.providers}
    name = names.get(issuer.rstrip("/")) or urlsplit(issuer).hostname or issuer
    tell_owner(user_id, Occurrence(event, find_device_kind(device_id), provider=name))
