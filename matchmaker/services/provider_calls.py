"""Requests to a provider that end: in time, with an answer of bounded size, and without detours."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Any

from authlib.integrations.requests_client import OAuth2Session
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests.exceptions import ReadTimeout, RequestException
from urllib3.exceptions import HTTPError as BrokenAnswer

from matchmaker.domain.errors import ProviderAnswerError, ProviderUnreachableError
from matchmaker.extensions import db
from matchmaker.providers import Provider, is_safe_address

# For one request, and for all requests of one step together.
REQUEST_SECONDS = 5.0
STEP_SECONDS = 10.0
LARGEST_ANSWER = 2**20
# A provider that hangs must not keep all threads of the site waiting.
_seats = BoundedSemaphore(4)

log = logging.getLogger(__name__)


class BoundedAdapter(HTTPAdapter):
    """Sends requests of one step, and reads each answer to its end before handing it on."""

    def __init__(self) -> None:
        super().__init__(max_retries=0)
        self.deadline = time.monotonic() + STEP_SECONDS

    def send(self, request: PreparedRequest, *_: Any, **options: Any) -> Response:
        """Send the request; refuse to wait longer or to read more."""
        until = min(self.deadline, time.monotonic() + REQUEST_SECONDS)
        left = max(0.1, until - time.monotonic())
        response = super().send(request, **{**options, "stream": True, "timeout": (left, left)})
        try:
            response._content = _read(response, until)
        finally:
            response.close()
        return response


def _read(response: Response, until: float) -> bytes:
    content = bytearray()
    # Piece by piece as it comes in: a provider that drips must not be waited for.
    for piece in iter(lambda: response.raw.read1(8192, decode_content=True), b""):
        content += piece
        if time.monotonic() > until:
            raise ReadTimeout("the answer takes too long")
        if len(content) > LARGEST_ANSWER:
            raise RequestException("the answer is too large")
    return bytes(content)


@contextmanager
def calling(provider: Provider, redirect_uri: str) -> Iterator[OAuth2Session]:
    """Open a session with a provider for one step; what goes wrong becomes an error of the domain.

    Nothing is kept open in the database meanwhile.

    Raises
    ------
    ProviderUnreachableError
        When the provider cannot be reached, takes too long, or too many wait for it already.
    """
    db.session.commit()
    if not _seats.acquire(timeout=1):
        raise ProviderUnreachableError(provider.name)
    try:
        yield _open_session(provider, redirect_uri)
    except (RequestException, BrokenAnswer) as error:
        log.warning("provider %s cannot be reached: %s", provider.key, type(error).__name__)
        raise ProviderUnreachableError(provider.name) from error
    finally:
        _seats.release()


def _open_session(provider: Provider, redirect_uri: str) -> OAuth2Session:
    session = OAuth2Session(
        client_id=provider.client_id,
        client_secret=provider.client_secret,
        scope=provider.scopes,
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
    )
    adapter = BoundedAdapter()
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def read_document(
    session: OAuth2Session, provider: Provider, url: object, *, token: str = ""
) -> dict[str, Any]:
    """Return the JSON object at an address of the provider.

    Raises
    ------
    ProviderUnreachableError
        When it says that it cannot.
    ProviderAnswerError
        When something else than an object is there, or the address is not safe.
    """
    address = require_address(provider, url)
    headers = {"Accept": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    response = session.get(address, headers=headers, withhold_token=True, allow_redirects=False)
    if response.status_code >= 500 or response.status_code == 429:
        log.warning("provider %s answers %s", provider.key, response.status_code)
        raise ProviderUnreachableError(provider.name)
    try:
        document = response.json() if response.status_code == 200 else None
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise refuse(provider, f"no JSON object, status {response.status_code}")
    return document


def require_address(provider: Provider, url: object) -> str:
    """Return the address when requests and people may be sent there, else raise `ProviderAnswerError`."""
    if not isinstance(url, str) or not is_safe_address(url):
        raise refuse(provider, "an address that is not safe")
    return url


def refuse(provider: Provider, why: str) -> ProviderAnswerError:
    """Write down for the operator what is wrong with an answer; return the error to raise."""
    log.warning("the answer of provider %s is refused: %s", provider.key, why)
    return ProviderAnswerError(provider.name)
