"""A provider in a thread whose every word can be bent; where it is not bent it keeps to the standard."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey

CLIENT_ID, SECRET = "techniek", "geheim & lang"


class BentProvider:
    """What it publishes, which tokens it writes, and how it misbehaves.

    `published`, `claims`, `header` and `told` are laid over what it would say; None takes a word out.
    `answers` replaces whole answers by path: status and body. `hangs` names the paths that never answer,
    `drips` those that answer byte by byte.
    """

    def __init__(self) -> None:
        self.published: dict[str, Any] = {}
        self.claims: dict[str, Any] = {}
        self.header: dict[str, Any] = {}
        self.told: dict[str, Any] = {}
        self.answers: dict[str, tuple[int, str]] = {}
        self.hangs: set[str] = set()
        self.drips: set[str] = set()
        self.asked: list[str] = []
        self.key = make_key("first")
        self.known_keys: list[Any] | None = None
        self.algorithm = "ES256"
        self.released = threading.Event()
        self._codes: dict[str, dict[str, str]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._server.daemon_threads = True

    @classmethod
    @contextmanager
    def started(cls) -> Iterator[BentProvider]:
        """Let it answer meanwhile."""
        provider = cls()
        thread = threading.Thread(target=provider._server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield provider
        finally:
            provider.stop()
            thread.join()

    def stop(self) -> None:
        """Be gone: nothing listens there any more."""
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def issuer(self) -> str:
        """Return the name under which it signs."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def sign_in(self, address: str, subject: str = "person-1") -> dict[str, str]:
        """Sign in there; return the parameters with which the browser is sent back."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT_ID
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self._codes[code] = {**asked, "subject": subject}
        return {"code": code, "state": asked["state"]}

    def answer(self, path: str, form: dict[str, str], authorization: str) -> tuple[int, Any]:
        """Return status and document for a request."""
        if path in self.answers:
            return self.answers[path]
        return {
            "/.well-known/openid-configuration": self._publish,
            "/token": lambda: self._hand_out(form, authorization),
            "/keys": lambda: (200, {"keys": self._list_keys()}),
            "/userinfo": lambda: (200, _laid_over({"sub": "person-1"}, self.told)),
        }.get(path, lambda: (404, {}))()

    def _publish(self) -> tuple[int, Any]:
        document = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
        }
        return 200, _laid_over(document, self.published)

    def _hand_out(self, form: dict[str, str], authorization: str) -> tuple[int, Any]:
        known = self._codes.pop(form.get("code", ""), None)
        if not self._is_client(form, authorization):
            return 401, {"error": "invalid_client"}
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if known is None or known["code_challenge"] != challenge:
            return 400, {"error": "invalid_grant"}
        if known["redirect_uri"] != form.get("redirect_uri"):
            return 400, {"error": "invalid_grant"}
        token = self._write_token(known)
        return 200, {"access_token": "access", "token_type": "Bearer", "id_token": token, "expires_in": 60}

    def _is_client(self, form: dict[str, str], authorization: str) -> bool:
        if self.published.get("token_endpoint_auth_methods_supported") == ["client_secret_post"]:
            return (form.get("client_id"), form.get("client_secret")) == (CLIENT_ID, SECRET)
        name, _, password = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        # Both are encoded as in a form before they are joined (RFC 6749, section 2.3.1).
        return (unquote_plus(name), unquote_plus(password)) == (CLIENT_ID, SECRET)

    def _write_token(self, known: dict[str, str]) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": known["subject"],
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": known["nonce"],
        }
        header = _laid_over({"alg": self.algorithm, "kid": self.key.kid}, self.header)
        return jwt.encode(header, _laid_over(claims, self.claims), self.key, algorithms=[header["alg"]])

    def _list_keys(self) -> list[Any]:
        return [self.key.as_dict(private=False)] if self.known_keys is None else self.known_keys


def make_key(name: str) -> ECKey:
    """Make a key for signatures."""
    return ECKey.generate_key("P-256", {"kid": name, "use": "sig", "alg": "ES256"})


def _laid_over(words: dict[str, Any], bends: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**words, **bends}.items() if value is not None}


def _handler_of(provider: BentProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer(dict(parse_qsl(body)))

        def _answer(self, form: dict[str, str]) -> None:
            path = urlsplit(self.path).path
            provider.asked.append(path)
            if path in provider.hangs:
                provider.released.wait(30)
                return
            status, document = provider.answer(path, form, self.headers.get("Authorization", ""))
            body = (document if isinstance(document, str) else json.dumps(document)).encode()
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", body.decode())
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if path in provider.drips:
                self._drip(body)
            else:
                self.wfile.write(body)

        def _drip(self, body: bytes) -> None:
            try:
                for byte in body:
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    if provider.released.wait(0.1):
                        return
            except OSError:
                return

        def log_message(self, *_: Any) -> None:
            return

    return Handler
