"""A key that cannot sign mails is told at the start, in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from matchmaker.config import SettingsError, load_settings


def write_key(path: Path, key: object, password: bytes | None = None) -> Path:
    hidden = BestAvailableEncryption(password) if password else NoEncryption()
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, hidden))  # type: ignore[attr-defined]
    return path


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def problems_of(folder: Path, **settings: str) -> list[str]:
    try:
        load_settings({f"MATCHMAKER_{name.upper()}": value for name, value in settings.items()}, folder)
    except SettingsError as error:
        return error.problems
    return []


def test_a_selector_and_a_key_are_enough(tmp_path: Path, key: rsa.RSAPrivateKey) -> None:
    path = write_key(tmp_path / "key.pem", key)
    assert problems_of(tmp_path, dkim_selector="techniek2026", dkim_key_file=str(path)) == []


@pytest.mark.parametrize("given", [{"dkim_selector": "a"}, {"dkim_key_file": "/etc/key.pem"}])
def test_one_without_the_other_is_refused(tmp_path: Path, given: dict[str, str]) -> None:
    (problem,) = problems_of(tmp_path, **given)
    assert "set both or none" in problem


def test_a_selector_that_is_no_name_is_refused(tmp_path: Path, key: rsa.RSAPrivateKey) -> None:
    path = write_key(tmp_path / "key.pem", key)
    (problem,) = problems_of(tmp_path, dkim_selector="Techniek 2026;", dkim_key_file=str(path))
    assert problem.startswith("MATCHMAKER_DKIM_SELECTOR:")


def test_every_file_that_is_no_key_is_refused_with_what_is_wrong(
    tmp_path: Path, key: rsa.RSAPrivateKey
) -> None:
    (tmp_path / "text.pem").write_text("geen sleutel")
    small = rsa.generate_private_key(65537, 1024)
    files = {
        tmp_path / "missing.pem": "No such file",
        tmp_path / "text.pem": "no private key",
        write_key(tmp_path / "locked.pem", key, b"geheim"): "without a password",
        write_key(tmp_path / "other.pem", ed25519.Ed25519PrivateKey.generate()): "RSA key",
        write_key(tmp_path / "small.pem", small): "at least 2048 bits",
    }
    for path, word in files.items():
        (problem,) = problems_of(tmp_path, dkim_selector="a", dkim_key_file=str(path))
        assert problem.startswith("MATCHMAKER_DKIM_KEY_FILE:")
        assert word in problem
