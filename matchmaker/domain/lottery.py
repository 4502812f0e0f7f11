"""The published draw that decides between equal cases."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def draw_numbers(seed: str, codes: Iterable[str]) -> dict[str, int]:
    """Give every school a lottery number, 1 for the first.

    The order is that of the SHA-256 of ``seed:code``, so that anybody can repeat the draw from the
    published seed, and a school that joins later does not change the order of the others.

    Parameters
    ----------
    seed
        The text published with the round before wishes close.
    codes
        The schools' codes, each once.
    """

    def ticket(code: str) -> tuple[str, str]:
        return hashlib.sha256(f"{seed}:{code}".encode()).hexdigest(), code

    return {code: number for number, code in enumerate(sorted(codes, key=ticket), start=1)}
