"""Who is trying to get in, as the request tells; and the mark of a browser that got in before."""

from __future__ import annotations

import secrets
from datetime import timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address

from flask import current_app, request, session
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from matchmaker import clock
from matchmaker.config import Settings
from matchmaker.domain.throttles import Caller
from matchmaker.services.sign_in import LIFETIME, MOST_LINKS
from matchmaker.services.throttling import mark_subject

KNOWN_FOR = timedelta(days=180)
_ASKED = "sign_in_asked"


def find_caller(email: str = "") -> Caller:
    """Return who tries to get in to the account with this address."""
    return Caller(_network_of(request.remote_addr or ""), email, _find_known_device(email) if email else "")


def count_own_request(email: str) -> None:
    """Keep in this browser's own session when it asked for a mail to this address."""
    moments = [*_list_requests(email), clock.now().timestamp()]
    session[_ASKED] = [email, *moments[-MOST_LINKS - 1 :]]


def has_asked_too_often(email: str) -> bool:
    """Tell whether this browser asked for more mails than go out, whether the address is known or not."""
    return len(_list_requests(email)) > MOST_LINKS


def _list_requests(email: str) -> list[float]:
    """Return the moments within the life of a mail at which this browser asked for one."""
    address, *moments = session.get(_ASKED, [""])
    since = (clock.now() - LIFETIME).timestamp()
    return [moment for moment in moments if address == email and moment > since]


def remember_device(response: Response, email: str) -> None:
    """Let this browser be known to the account from now on; that alone opens nothing."""
    name, secure = _cookie_name()
    nonce = _find_known_device(email) or secrets.token_urlsafe(16)
    response.set_cookie(
        name,
        _signer().dumps([_account_mark(email), nonce]),
        max_age=KNOWN_FOR,
        secure=secure,
        httponly=True,
        samesite="Lax",
    )


def _find_known_device(email: str) -> str:
    try:
        account, nonce = _signer().loads(
            request.cookies.get(_cookie_name()[0], ""), max_age=int(KNOWN_FOR.total_seconds())
        )
    except (BadSignature, ValueError, TypeError):
        return ""
    return str(nonce) if account == _account_mark(email) else ""


def _account_mark(email: str) -> str:
    return mark_subject(f"known:{email.strip().lower()}")


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.config["SECRET_KEY"]), salt="known device")


def _cookie_name() -> tuple[str, bool]:
    settings: Settings = current_app.config["SETTINGS"]
    secure = settings.base_url.startswith("https:")
    return ("__Host-known" if secure else "known"), secure


def _network_of(address: str) -> str:
    """Return the address; of IPv6 the network of 64 bits, because one house has all addresses in it."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(IPv6Network((int(parsed), 64), strict=False).network_address)
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)
