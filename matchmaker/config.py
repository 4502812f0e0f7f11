"""Typed settings from the environment and `instance/settings.env`; every problem is reported at once."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from matchmaker.providers import OPENID, Provider, read_providers
from matchmaker.signing_key import find_key_problem

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "MATCHMAKER_"
LOCAL_URL = "http://127.0.0.1:8000"
LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
# What nobody guesses.
SHORTEST_SECRET = 24
UNSPECIFIED = "0.0.0.0"  # noqa: S104 - read from an address, nothing listens on it


class SettingsError(Exception):
    """The settings cannot be used; `problems` holds one sentence per setting that is wrong."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("These settings cannot be used:\n" + "\n".join(f"  - {p}" for p in problems))


def _text(value: str) -> str:
    return value.strip()


def _secret(value: str) -> str:
    if len(value.strip()) < SHORTEST_SECRET or not value.isascii():
        raise ValueError(f"use at least {SHORTEST_SECRET} letters, digits and signs")
    return value.strip()


def _boolean(value: str) -> bool:
    word = value.strip().lower()
    if word in {"1", "true", "yes", "on"}:
        return True
    if word in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError("use true or false")


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        try:
            number = int(value)
        except ValueError:
            raise ValueError("use a whole number") from None
        if not low <= number <= high:
            raise ValueError(f"use a number from {low} to {high}")
        return number

    return parse


def _base_url(value: str) -> str:
    parts = urlsplit(value.strip())
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ValueError("use an address such as https://techniek.example")
    return value.strip().rstrip("/")


def _host_names(value: str) -> str:
    names = [name.strip().lower().rstrip(".") for name in value.split(",") if name.strip()]
    try:
        encoded = [name.encode("idna").decode() for name in names]
    except UnicodeError:
        encoded = [""]
    if not all(re.fullmatch(r"[a-z0-9.-]+", name) for name in encoded):
        raise ValueError("use names such as www.techniek.example, without https:// and without a port")
    return ",".join(encoded)


def _database_url(value: str) -> str:
    url = value.strip()
    for old in ("postgres://", "postgresql://"):
        if url.startswith(old):
            return "postgresql+psycopg://" + url.removeprefix(old)
    if not url.startswith(("sqlite:", "postgresql+psycopg:")):
        raise ValueError("use sqlite:///… or postgresql://…")
    return url


def _setting(default: object, parse: Callable[[str], object], meaning: str) -> Any:
    return field(default=default, metadata={"parse": parse, "meaning": meaning})


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator can set; environment variables carry the prefix ``MATCHMAKER_``.

    `database_url`, `secret_key` and `mail_directory` fall back to files in the instance folder, so
    that a first start needs no settings at all.
    """

    instance_path: Path = field(default=ROOT / "instance", metadata={"meaning": "folder for local data"})
    database_url: str = _setting("", _database_url, "SQLite or PostgreSQL; empty: instance/matchmaker.sqlite")
    secret_key: str = _setting("", _text, "signs sessions; empty: made once in instance/secret_key")
    base_url: str = _setting(LOCAL_URL, _base_url, "address of the site in links of mails")
    hosts: str = _setting("", _host_names, "other names of the site, with commas between")
    proxies: int | None = _setting(None, _whole(0, 5), "reverse proxies in front; empty: 1 on https, else 0")
    require_second_factor: bool = _setting(True, _boolean, "ask who manages a region for a second step")
    demo: bool = _setting(False, _boolean, "show sign-in codes on screen (example region only)")
    language: str = _setting("nl", _text, "language of visitors who did not choose: nl or en")
    mail_server: str = _setting("", _text, "SMTP host; empty: mails are written to instance/mail")
    mail_port: int = _setting(587, _whole(1, 65535), "SMTP port")
    mail_username: str = _setting("", _text, "SMTP user")
    mail_password: str = _setting("", _text, "SMTP password")
    mail_tls: str = _setting("starttls", _text, "starttls, ssl or none")
    mail_domain: str = _setting(
        "techniek.example", _text, "domain of message ids, calendar ids and the sender"
    )
    read_replies: bool = _setting(
        False, _boolean, "read what calendars answer: invitations get an address of their own for it"
    )
    imap_server: str = _setting("", _text, "IMAP host of the mailbox for replies; empty: nothing is polled")
    imap_port: int = _setting(993, _whole(1, 65535), "IMAP port, with TLS from the first byte on")
    imap_username: str = _setting("", _text, "IMAP user")
    imap_password: str = _setting("", _text, "IMAP password")
    imap_folder: str = _setting("INBOX", _text, "folder of the mailbox that is read")
    dkim_selector: str = _setting("", _text, "name of the key that signs mails; empty: they are not signed")
    dkim_key_file: str = _setting("", _text, "file with that private RSA key, in PEM")
    mail_per_minute: int = _setting(
        0, _whole(0, 100_000), "most mails in any minute that the provider takes; 0: no limit"
    )
    quiet_hours: bool = _setting(
        True, _boolean, "let mail that nobody waits for leave Monday to Saturday from 7.00 to 21.00 only"
    )
    invitations_per_minute: int = _setting(60, _whole(1, 600), "how fast the mails of a list of people leave")
    metrics_token: str = _setting("", _secret, "opens /metrics to who sends it; empty: there is no such page")
    solve_seconds: int = _setting(60, _whole(1, 3600), "time limit of an allocation run")
    providers: tuple[Provider, ...] = ()

    @property
    def host_names(self) -> frozenset[str]:
        """Names under which the site answers; on a local address also the other local names."""
        own = urlsplit(self.base_url).hostname or ""
        local = LOCAL_NAMES if own in LOCAL_NAMES or own == UNSPECIFIED else frozenset[str]()
        return local | {own} | {name for name in self.hosts.split(",") if name}

    @property
    def trusted_proxies(self) -> int:
        """How many proxies stand in front; https means that there is one."""
        if self.proxies is not None:
            return self.proxies
        return int(self.base_url.startswith("https:"))

    @property
    def keeps_quiet_hours(self) -> bool:
        """Whether mail waits for the day; a demonstration disturbs nobody at any hour."""
        return self.quiet_hours and not self.demo

    def find_provider(self, key: str) -> Provider | None:
        """Return the provider with this key, or None."""
        return next((provider for provider in self.providers if provider.key == key), None)

    @property
    def mail_directory(self) -> Path:
        """Where mails are written as .eml files when no SMTP server is set."""
        return self.instance_path / "mail"


def load_settings(environ: Mapping[str, str] | None = None, instance_path: Path | None = None) -> Settings:
    """Read all settings; environment variables win over ``instance/settings.env``.

    Raises
    ------
    SettingsError
        With one sentence for each setting that cannot be used.
    """
    environ = os.environ if environ is None else environ
    instance = instance_path or Path(environ.get(PREFIX + "INSTANCE_PATH", str(ROOT / "instance")))
    instance.mkdir(parents=True, exist_ok=True)
    raw = {
        **_read_file(instance / "settings.env"),
        **{k: v for k, v in environ.items() if k.startswith(PREFIX)},
    }
    values, problems = _parse(raw)
    if problems:
        raise SettingsError(problems)
    values.setdefault("database_url", f"sqlite:///{instance / 'matchmaker.sqlite'}")
    values.setdefault("secret_key", _local_secret(instance / "secret_key"))
    return Settings(instance_path=instance, **values)


def _parse(raw: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    values: dict[str, Any] = {}
    problems: list[str] = []
    known = {PREFIX + f.name.upper(): f for f in fields(Settings) if "parse" in f.metadata}
    for key in sorted(raw):
        if key == PREFIX + "INSTANCE_PATH" or key.startswith(OPENID) or not raw[key].strip():
            continue
        if key not in known:
            problems.append(f"{key} is not a setting of matchmaker.")
            continue
        try:
            values[known[key].name] = known[key].metadata["parse"](raw[key])
        except ValueError as error:
            problems.append(f"{key}: {error}.")
    openid = {key: raw[key] for key in raw if key.startswith(OPENID) and raw[key].strip()}
    values["providers"], wrong_providers = read_providers(openid)
    problems += wrong_providers
    problems += _contradictions(values)
    return values, problems


def _contradictions(values: Mapping[str, Any]) -> list[str]:
    problems = []
    if values.get("language", "nl") not in {"nl", "en"}:
        problems.append(f"{PREFIX}LANGUAGE: use nl or en.")
    if values.get("mail_tls", "starttls") not in {"starttls", "ssl", "none"}:
        problems.append(f"{PREFIX}MAIL_TLS: use starttls, ssl or none.")
    return problems + _signing_problems(values.get("dkim_selector", ""), values.get("dkim_key_file", ""))


def _signing_problems(selector: str, key_file: str) -> list[str]:
    if not selector and not key_file:
        return []
    if not selector or not key_file:
        return [f"{PREFIX}DKIM_SELECTOR and {PREFIX}DKIM_KEY_FILE: set both or none."]
    problems = []
    if not re.fullmatch(r"[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?", selector):
        problems.append(f"{PREFIX}DKIM_SELECTOR: use a short name such as techniek2026, in small letters.")
    if problem := find_key_problem(Path(key_file)):
        problems.append(f"{PREFIX}DKIM_KEY_FILE: {problem}.")
    return problems


def _read_file(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {key.strip(): value.strip() for key, _, value in pairs}


def _local_secret(path: Path) -> str:
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return path.read_text(encoding="ascii").strip()
