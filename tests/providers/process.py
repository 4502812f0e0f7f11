"""The package oidc-provider-mock in a process of its own."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests


@dataclass(frozen=True)
class MockProvider:
    """A provider under the name ``localhost``, so that for a browser it is another site than 127.0.0.1."""

    port: int

    @property
    def issuer(self) -> str:
        """Return the name under which it signs."""
        return f"http://localhost:{self.port}"

    @classmethod
    @contextmanager
    def started(cls, *people: Mapping[str, Any]) -> Iterator[MockProvider]:
        """Start it with people, as the claims about each of them."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [sys.executable, "-m", "oidc_provider_mock", "-p", str(port), "-r", "true", "-n", "true"]
        for person in people:
            command += ["--user-claims", json.dumps(person)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                provider = cls(port)
                provider._wait()
                yield provider
            finally:
                process.terminate()

    def register(self, redirect_uri: str) -> tuple[str, str]:
        """Register the site as a client that is sent back to this address; return id and secret."""
        answer = requests.post(
            f"{self.issuer}/oauth2/clients", json={"redirect_uris": [redirect_uri]}, timeout=10
        )
        assert answer.status_code == 201, answer.text
        return answer.json()["client_id"], answer.json()["client_secret"]

    def sign_in(self, address: str, subject: str) -> dict[str, str]:
        """Sign in there as a browser would; return the parameters with which it is sent back."""
        return self._press(address, {"sub": subject})

    def deny(self, address: str) -> dict[str, str]:
        """Stop there; return the parameters with which the browser is sent back."""
        return self._press(address, {"action": "deny"})

    def _press(self, address: str, form: Mapping[str, str]) -> dict[str, str]:
        answer = requests.post(address, data=form, allow_redirects=False, timeout=10)
        assert answer.status_code == 302, answer.text
        return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))

    def _wait(self) -> None:
        for _attempt in range(300):
            with suppress(requests.ConnectionError):
                requests.get(self.issuer, timeout=5)
                return
            time.sleep(0.1)
        raise AssertionError("the provider did not start")
