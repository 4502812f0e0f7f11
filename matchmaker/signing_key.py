"""The private key that signs mails: whether the file can be used, told before the first mail leaves."""

from __future__ import annotations

from pathlib import Path

# RFC 8301, section 3.2: what signers should use at least.
LEAST_BITS = 2048


def find_key_problem(path: Path) -> str:
    """Return why the file holds no key to sign mails with, or nothing when it does."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey  # noqa: PLC0415 - slow to load
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        return f"cannot read {path}: {error.strerror}"
    except (ValueError, TypeError):
        return f"{path} holds no private key without a password; make one with: openssl genrsa 2048"
    if not isinstance(key, RSAPrivateKey) or key.key_size < LEAST_BITS:
        return f"{path} must hold an RSA key of at least {LEAST_BITS} bits"
    return ""
