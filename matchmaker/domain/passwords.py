"""What a password must be like. Nobody needs one; who wants one gets a good one."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from zxcvbn import zxcvbn

SHORTEST = 12
LONGEST = 256
# Ten to this power guesses, by the estimate of zxcvbn (D. L. Wheeler, USENIX Security 2016).
LEAST_GUESSES = 9
# The estimate looks at so many characters; it takes long over more, and they only add to the strength.
_LOOKED_AT = 72
# Words that people here try first, beside the English lists that the estimate knows.
_LOCAL_WORDS = (
    "wachtwoord", "welkom", "geheim", "inloggen", "techniek", "matchmaker", "school", "basisschool",
    "leerkracht", "juf", "meester", "klas", "groep", "voetbal", "feyenoord", "degraafschap", "ajax",
    "achterhoek", "liemers", "doetinchem", "zevenaar", "winterswijk", "gelderland", "arnhem",
    "nederland", "lente", "zomer", "herfst", "winter", "voorjaar", "najaar", "vakantie", "januari",
    "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
    "november", "december", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "hallo",
    "ikhouvanjou", "schatje", "liefde", "konijn", "poes", "hond", "fiets", "computer",
)  # fmt: skip


class Weakness(StrEnum):
    """Why a password is refused."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    EASY_TO_GUESS = "easy_to_guess"


def find_weakness(password: str, about: Sequence[str]) -> Weakness | None:
    """Return why a password cannot be used, or None.

    Parameters
    ----------
    password
        As typed; every character counts, blanks too.
    about
        What others know of the person, such as name and e-mail address: words of it make a bad password.
    """
    if len(password) < SHORTEST:
        return Weakness.TOO_SHORT
    if len(password) > LONGEST:
        return Weakness.TOO_LONG
    estimate = zxcvbn(password[:_LOOKED_AT], user_inputs=[*_split(about), *_LOCAL_WORDS])
    return Weakness.EASY_TO_GUESS if float(estimate["guesses_log10"]) < LEAST_GUESSES else None


def _split(texts: Sequence[str]) -> list[str]:
    separators = str.maketrans(dict.fromkeys("@.-_&,'", " "))
    return [word for text in texts for word in [text, *text.translate(separators).split()] if len(word) > 2]
